import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LogSink } from './log.ts';

/** The page that shows the last exchanges. */
export interface Inspector {
  /** Where the page is, with its token: `/inspect?token=…`. */
  readonly path: string;
  /** Takes what the page shows. */
  readonly sink: LogSink;
  /** Whether a request, by its raw target and its normalised path, is for the inspector; so is any that names the token, which must go nowhere else. */
  owns(url: string, path: string): boolean;
  serve(request: IncomingMessage, response: ServerResponse): void;
}
