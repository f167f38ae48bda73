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
  method?: string;
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
  /** No entry follows. */
  end(): void;
}

/** The lines of one request, in the form in which a log keeps them. */
export interface LogLines {
  /** Appends a line, given without its line feed. */
  append(line: string): void;
  /** Appends a line of one JSON string between two pieces of JSON; `text` is the string's value, one character for each byte of its UTF-8. */
  appendQuoting(before: string, text: string, after: string): void;
  /** No line follows. */
  end(): void;
}

/** What takes the lines of a log: a file, the inspector. */
export interface LogSink {
  exchange(id: string): LogLines;
  close(): Promise<void>;
}

export interface Log {
  /** Opens the entries of a request; `path` is the target as the client sent it, `secrets` what none of the entries may show. */
  exchange(exchange: { id: string; port: number; path: string; secrets: readonly string[] }): ExchangeLog;
  /** Writes what waits. Entries that come later are ignored. */
  close(): Promise<void>;
}
