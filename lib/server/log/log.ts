import { bytePieces, bytesOf } from '../byte-text.ts';
import { openLogFile } from './log-file.ts';
import { escapeUnseen } from './quote.ts';
import type { Side } from '../secrets/members.ts';
import { redactHeaders } from '../secrets/redact-http.ts';
import { redactUrl } from '../secrets/redact-url.ts';
import { redactorFor } from '../secrets/redact.ts';
import type { RedactingStream } from '../secrets/redact.ts';
import type { BodyLog, Direction, ExchangeLog, Log, LogLines, LogSink } from '../types/log.ts';

/** In bytes. A longer body is cut; of an event stream, whose end shows how it went, only a single chunk is. */
const LONGEST_BODY = 1024 * 1024;
const CUT = ' [cut at 1 MiB]';

/** The text of a body, one character for each byte of its UTF-8; of a body that is not text, its type and length. */
type Body = string | { type: string; length: number };

/** In bytes. */
const LIMIT = 64 * 1024 * 1024;

/**
 * Returns a log of what goes in and out: one JSON object a line, with `time`, `port`, `id`, `direction`, `path`, and `method`, `status`,
 * `headers` and `body` if the entry has them, without the credentials of the requests.
 */
export function createLog(sinks: readonly LogSink[], now: () => number = Date.now): Log {
  const time = timestamps(now);
  return {
    exchange: (exchange) => exchangeLog(inOne(sinks.map((sink) => sink.exchange(exchange.id))), time, exchange),
    close: async () => void (await Promise.all(sinks.map((sink) => sink.close()))),
  };
}

function inOne(all: readonly LogLines[]): LogLines {
  if (all.length === 1) return all[0] as LogLines;
  return {
    append(line) {
      for (const lines of all) lines.append(line);
    },
    appendQuoting(before, text, after) {
      for (const lines of all) lines.appendQuoting(before, text, after);
    },
    end() {
      for (const lines of all) lines.end();
    },
  };
}

interface LogFileSettings {
  /** Called once, when the log can't be written; stderr if not given. */
  warn?(text: string): void;
  limit?: number;
  now?(): number;
}

/**
 * Opens a file for the lines of a log. Emptied at the start, readable by its owner only. No line is waited for: what does not fit into
 * `limit` bytes (64 MiB) of lines not yet written is dropped, and an entry says how many were.
 *
 * @throws Error with one line that says why the file is unusable.
 */
export function openLogSink(file: string, options: LogFileSettings = {}): LogSink {
  const { limit = LIMIT, now = Date.now, warn = (text) => void process.stderr.write(`${text}\n`) } = options;
  const time = timestamps(now);
  const { append, appendQuoting, close } = openLogFile(file, {
    limit,
    warn,
    dropped: (count) => `{"time":"${time()}","port":0,"id":"","direction":"note","path":"","body":"${count} entries were dropped"}`,
  });
  const lines: LogLines = { append, appendQuoting, end() {} };
  return { exchange: () => lines, close };
}

/** Opens a log that is a file. */
export function openLog(file: string, options: LogFileSettings = {}): Log {
  return createLog([openLogSink(file, options)], options.now);
}

function exchangeLog(log: LogLines, time: () => string, { id, port, path, secrets }: Parameters<Log['exchange']>[0]): ExchangeLog {
  const redactor = redactorFor(secrets);
  const pathJson = (target: string): string => quoted(redactor.redact(redactUrl(target)));
  const beforeDirection = `","port":${port},"id":${quoted(id)},"direction":"`;
  const ownPath = pathJson(path);
  const append = (afterTime: string, body: Body | undefined): void => {
    const before = `{"time":"${time()}${afterTime}`;
    if (body === undefined) log.append(`${before}}`);
    else if (typeof body === 'string') log.appendQuoting(`${before},"body":`, body, '}');
    else log.append(`${before},"body":{"type":${quoted(redactor.redact(body.type))},"length":${body.length}}}`);
  };
  return {
    entry(direction, { path: otherPath, method, status, headers, body, contentType = textual(headers?.['content-type']) }) {
      let afterTime = `${beforeDirection}${direction}","path":${otherPath === undefined ? ownPath : pathJson(otherPath)}`;
      if (method !== undefined) afterTime += `,"method":${quoted(method)}`;
      if (status !== undefined) afterTime += `,"status":${status}`;
      if (headers !== undefined) afterTime += `,"headers":${escapeUnseen(JSON.stringify(redactHeaders(headers, redactor)))}`;
      if (body === undefined || (typeof body !== 'string' && !isText(contentType))) {
        append(afterTime, body && { type: contentType, length: body.length });
        return;
      }
      const { text, isWhole } = textOf(body);
      // A stream for what is cut, because a credential that was cut through is not seen as one any more.
      const side = sideOf(direction);
      append(afterTime, isWhole ? redactor.redactBody(text, side) : redactor.stream(side).push(text) + CUT);
    },
    body(direction, contentType = '') {
      const afterTime = `${beforeDirection}${direction}","path":${ownPath}`;
      const write = (body: Body): void => append(afterTime, body);
      return isText(contentType) ? textBody(contentType, () => redactor.stream(sideOf(direction)), write) : otherBody(contentType, write);
    },
    end() {
      log.end();
    },
  };
}

function sideOf(direction: Direction): Side {
  return direction.endsWith('-request') ? 'request' : 'answer';
}

/** The time as it stands in an entry. What changes only with the second is kept: to write all of it takes microseconds. */
function timestamps(now: () => number): () => string {
  let last = NaN;
  let upToSecond = '';
  return () => {
    const time = now();
    const second = Math.floor(time / 1000);
    if (second !== last) upToSecond = new Date((last = second) * 1000).toISOString().slice(0, -'000Z'.length);
    return `${upToSecond}${String(time - second * 1000).padStart(3, '0')}Z`;
  };
}

function quoted(text: string): string {
  return escapeUnseen(JSON.stringify(text));
}

function textual(header: string | readonly string[] | undefined): string {
  return typeof header === 'string' ? header : '';
}

/** Without a type a body is taken as text, which it is in practice; in another charset it would be looked through in vain. */
function isText(contentType: string): boolean {
  if (/charset=(?!["']?(?:utf-?8|us-ascii|iso-8859-1)\b)/i.test(contentType)) return false;
  const type = essence(contentType);
  return type === '' || type.startsWith('text/') || /[/+.-](?:json|jsonl|ndjson|xml|yaml|javascript|x-www-form-urlencoded)$/.test(type);
}

function essence(contentType: string): string {
  const semicolon = contentType.indexOf(';');
  return (semicolon === -1 ? contentType : contentType.slice(0, semicolon)).trim().toLowerCase();
}

/** The beginning of a body, at most 1 MiB. */
function textOf(body: Uint8Array | string): { text: string; isWhole: boolean } {
  const bytes = typeof body === 'string' ? Buffer.from(body.slice(0, LONGEST_BODY + 1)) : body;
  if (bytes.length <= LONGEST_BODY) return { text: bytesOf(bytes), isWhole: true };
  return { text: bytePieces().push(bytes.subarray(0, LONGEST_BODY)), isWhole: false };
}

function textBody(contentType: string, open: () => RedactingStream, write: (text: string) => void): BodyLog {
  const isEventStream = essence(contentType) === 'text/event-stream';
  // In bytes; negative once the body has been cut.
  let left = LONGEST_BODY;
  let pieces = bytePieces();
  let stream = open();
  return {
    chunk(bytes) {
      if (isEventStream) left = LONGEST_BODY;
      if (left < 0) return;
      if (bytes.length <= left) {
        const text = stream.push(pieces.push(bytes));
        if (text !== '') write(text);
        left -= bytes.length;
        return;
      }
      write(stream.push(pieces.push(bytes.subarray(0, left))) + CUT);
      left = -1;
      pieces = bytePieces();
      stream = open();
    },
    end() {
      const text = stream.push(pieces.end()) + stream.end();
      if (text !== '') write(text);
    },
  };
}

function otherBody(type: string, write: (body: Body) => void): BodyLog {
  let length = 0;
  let ended = false;
  return {
    chunk(bytes) {
      length += bytes.length;
    },
    end() {
      if (!ended) write({ type, length });
      ended = true;
    },
  };
}
