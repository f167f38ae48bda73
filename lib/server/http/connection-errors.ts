import { STATUS_CODES } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ProxyError } from '../../error.ts';
import { proxyError } from '../../errors.ts';

/** The errors that Node's codes stand for; any other is `invalidHttp`. */
const kinds = new Map<string, 'headTooLarge' | 'invalidChunks' | 'requestTimeout'>([
  ['HPE_HEADER_OVERFLOW', 'headTooLarge'],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', 'invalidChunks'],
  ['ERR_HTTP_REQUEST_TIMEOUT', 'requestTimeout'],
]);

/** Answers bytes that never became a request with an error in OpenAI's shape, and closes the connection. */
export function answerConnectionError(error: Error & { code?: string }, socket: Duplex): void {
  // An answer that is on its way must not get another one into its middle.
  const { _httpMessage: current } = socket as { _httpMessage?: ServerResponse | null };
  if (error.code === 'ECONNRESET' || !socket.writable || current?.headersSent) {
    socket.destroy();
    return;
  }
  refuseConnection(socket, proxyError(kinds.get(error.code ?? '') ?? 'invalidHttp'));
}

/** Answers `CONNECT`, which asks for a tunnel. */
export function refuseTunnel(_request: unknown, socket: Duplex): void {
  refuseConnection(socket, proxyError('tunnelRefused'));
}

function refuseConnection(socket: Duplex, error: ProxyError): void {
  const body = JSON.stringify(error.body());
  const head = [
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.on('error', () => {});
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
