import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { proxyError } from '../../errors.ts';
import { version } from '../about.ts';
import { parseTarget } from '../http/target.ts';
import type { Inspector } from '../types/inspector.ts';
import { refusalOf } from './admission.ts';
import { readPage, sendPage, sendRefusal, writeSafeHead } from './page.ts';
import { createRecordings } from './recordings.ts';
import { pageLine, sendRecordings } from './send.ts';

/** Pages that may be open at a time. */
const MOST_PAGES = 16;

/** Writes lines of a log, and some of `pageLine`, to a page until it is closed. */
type Feed = (response: ServerResponse) => Promise<void>;

interface Parts {
  /** The name of the file that is shown; undefined for a proxy. */
  file?: string | undefined;
  /** The page may send examples. */
  demo?: boolean | undefined;
  named?: readonly string[] | undefined;
  feed: Feed;
}

/** Returns the inspector of a proxy. */
export function createInspector({ named, demo }: Pick<Parts, 'named' | 'demo'> = {}): Inspector {
  const recordings = createRecordings();
  const sink = { exchange: recordings.open, close: async () => {} };
  return { ...createPageServer({ named, demo, feed: (response) => sendRecordings(recordings, response) }), sink };
}

/** Returns what serves the page, and to the page its lines. */
export function createPageServer({ file, demo, named, feed }: Parts): Omit<Inspector, 'sink'> {
  const page = readPage();
  const token = randomBytes(24).toString('base64url');
  let open = 0;

  async function sendLines(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (open >= MOST_PAGES) return sendRefusal(response, page, proxyError('inspectorBusy'));
    writeSafeHead(response, page, 200, 'application/x-ndjson; charset=utf-8', { 'x-accel-buffering': 'no' });
    if (request.method === 'HEAD') return void response.end();
    open += 1;
    // a page that closes its side has no use for more
    const leave = (): void => void response.destroy();
    request.socket.on('end', leave);
    try {
      response.write(pageLine({ inspector: 'hello', version: version(), file, demo }));
      await feed(response);
      response.end();
    } catch {
      response.destroy();
    } finally {
      request.socket.off('end', leave);
      open -= 1;
    }
  }

  const paths = new Map<string, (request: IncomingMessage, response: ServerResponse) => unknown>([
    ['/inspect', (_, response) => sendPage(response, page)],
    ['/inspect/log', sendLines],
  ]);

  return {
    path: `/inspect?token=${token}`,
    owns: (url, path) => path === '/inspect' || path.startsWith('/inspect/') || url.includes(token),
    serve(request, response) {
      response.on('error', () => {});
      const target = parseTarget(request.url ?? '');
      const work = paths.get(target.path);
      const refusal = refusalOf(request, target, { token, named }) ?? (work ? undefined : proxyError('unknownPath'));
      if (refusal) sendRefusal(response, page, refusal);
      else work?.(request, response);
    },
  };
}
