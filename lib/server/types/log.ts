/** `downstream` is the side of the client. */
export type Direction =
  | 'downstream-request'
  | 'upstream-request'
  | 'upstream-response'
  | 'upstream-response-chunk'
  | 'downstream-response'
  | 'downstream-response-chunk'
  | 'note'
  | 'error';

export interface LogEntry {
  /** The path, if it is not the one that the client asked for. */
  path?: string;
  status?: number;
  headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
  body?: Uint8Array | string;
  /** Of a body in bytes; the one among the headers if not given. */
  contentType?: string;
}

/** A body as it streams by. */
export interface BodyLog {
  /** Writes one entry; for a body that is not text, nothing yet. */
  chunk(bytes: Uint8Array): void;
  /** Writes what was left; for a body that is not text, its type and its length. Must be called in any case, and may be called any number of times. */
  end(): void;
}

/** The entries of one request. */
export interface ExchangeLog {
  entry(direction: Direction, entry: LogEntry): void;
  body(direction: Direction, contentType: string | undefined): BodyLog;
}

export interface Log {
  /** Opens the entries of a request; `path` is the target as the client sent it, `secrets` what none of the entries may show. */
  exchange(exchange: { id: string; port: number; path: string; secrets: readonly string[] }): ExchangeLog;
  /** Writes what waits. Entries that come later are ignored. */
  close(): Promise<void>;
}
