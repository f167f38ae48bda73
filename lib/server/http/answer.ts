import type { Socket } from 'node:net';
import { ProxyError } from '../../error.ts';
import type { Exchange } from '../types/exchange.ts';
import type { Headers } from './headers.ts';
import { jsonBytes } from './json-bytes.ts';
import { large, othersFirst } from './others-first.ts';
import { redact } from '../secrets/redact.ts';
import { endAnswer, holdsBack } from './unread.ts';

/**
 * Writes the head of an answer: the given headers and those that every answer carries (route, notes, CORS).
 * What is noted after this call reaches the terminal and the log only.
 */
export function writeHead(exchange: Exchange, status: number, headers: Headers): void {
  const { report, mode, cors, response } = exchange;
  headers['x-openai-proxy-route'] = report.route ?? mode;
  if (report.notes.length) headers['x-openai-proxy-notes'] = notesHeader(report.notes);
  if (typeof cors === 'object') {
    const { vary } = headers;
    Object.assign(headers, cors);
    if (vary) headers['vary'] = `${vary}, ${cors['vary']}`;
  }
  if (exchange.state.closing || holdsBack(exchange.request)) response.shouldKeepAlive = false;
  exchange.log?.entry('downstream-response', { status, headers });
  response.writeHead(status, headers);
}

/** In characters, of the header. */
const longestNotes = 1024;

/** Returns at most 1 KiB of ASCII; notes that do not fit are counted. */
export function notesHeader(notes: readonly string[]): string {
  let text = '';
  for (const [at, note] of notes.entries()) {
    const longer = `${text}${at ? '; ' : ''}${redact(note.slice(0, longestNotes + 1), []).replace(/[^\x20-\x7e]/g, '?')}`;
    const rest = ` and ${notes.length - at} more`;
    if (longer.length > longestNotes - rest.length) return `${text}${rest}`.trimStart();
    text = longer;
  }
  return text;
}

const json = 'application/json; charset=utf-8';

/** Answers with a JSON document; its type and length are set. */
export function sendJson(exchange: Exchange, status: number, value: unknown, headers: Headers = {}): void {
  headers['content-type'] = json;
  sendText(exchange, status, JSON.stringify(value), headers);
}

/** As `sendJson`, of a long value: others go first between its pieces, and the client is given time to read. */
export async function sendLongJson(exchange: Exchange, status: number, value: unknown, headers: Headers): Promise<void> {
  const { report, log, signal, response, held } = exchange;
  const pieces = await jsonBytes(value, signal);
  headers['content-type'] = json;
  headers['content-length'] = String(pieces.reduce((sum, { length }) => sum + length, 0));
  writeHead(exchange, status, headers);
  const logged = log?.body('downstream-response-chunk', json);
  report.firstOutput ??= performance.now();
  const sent = held.moving(() => void response.destroy());
  try {
    for (let piece = pieces.shift(); piece; piece = pieces.shift()) {
      logged?.chunk(piece);
      if (!response.write(piece)) await drained(exchange);
      held.give(piece.length);
      await othersFirst(signal, large);
    }
  } finally {
    sent();
    logged?.end();
  }
  endAnswer(exchange);
}

/** Answers with a whole text; its length is set, its type must be among the headers. */
export function sendText(exchange: Exchange, status: number, text: string, headers: Headers): void {
  const { report, log } = exchange;
  headers['content-length'] = String(Buffer.byteLength(text));
  writeHead(exchange, status, headers);
  if (log) {
    const body = log.body('downstream-response-chunk', headers['content-type'] ?? '');
    body.chunk(Buffer.from(text));
    body.end();
  }
  report.firstOutput ??= performance.now();
  endAnswer(exchange, text);
}

/**
 * Answers with an error in OpenAI's shape. If the head was sent already, the error cannot be sent any more: the connection is cut, so that the
 * answer does not look whole.
 */
export function sendError(exchange: Exchange, error: ProxyError): void {
  exchange.log?.entry('error', { status: error.status, body: error.message });
  exchange.report.failure = error.message;
  if (exchange.response.headersSent) cut(exchange);
  else sendJson(exchange, error.status, error.body(), { ...error.headers });
}

/** Ends the connection, after what was written, in a way that no client takes for the end of an answer. */
export function cut({ request, response }: Exchange): void {
  const { socket } = response;
  if (!socket) response.destroy();
  // In HTTP/1.0 a body ends when the connection ends: only a reset shows that it is not whole.
  else if (request.httpVersion === '1.0') reset(socket);
  // Not before what was written in this turn has reached the socket.
  else process.nextTick(() => socket.destroySoon());
}

/** Resets a connection. A socket that is being ended refuses that, and would stay open for ever: it is just closed. */
function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}

/** Resolves when there is room to write again after a full buffer, or the client has left. */
export function drained({ response }: Exchange): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
    if (response.closed) done();
  });
}
