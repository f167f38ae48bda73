import { STATUS_CODES } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { ProxyError } from '../../error.ts';

/** The statuses of Node's codes; the rest is 400. */
const statuses = new Map([
  ['HPE_HEADER_OVERFLOW', 431],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', 413],
  ['ERR_HTTP_REQUEST_TIMEOUT', 408],
]);

const messages: Record<number, string> = {
  400: 'The request is not valid HTTP.',
  408: 'The request did not arrive in time.',
  413: 'The request body is not valid HTTP.',
  431: 'The head of the request is larger than 16 KiB.',
};

/** Answers what never became a request, in OpenAI's shape, and closes the connection. */
export function answerConnectionError(error: Error & { code?: string }, socket: Duplex): void {
  // An answer that is on its way must not get another one into its middle.
  const { _httpMessage: current } = socket as { _httpMessage?: ServerResponse | null };
  if (error.code === 'ECONNRESET' || !socket.writable || current?.headersSent) {
    socket.destroy();
    return;
  }
  const status = statuses.get(error.code ?? '') ?? 400;
  refuseConnection(socket, new ProxyError(status, messages[status] as string));
}

/** Answers `CONNECT`, which asks for a tunnel. */
export function refuseTunnel(_request: unknown, socket: Duplex): void {
  refuseConnection(socket, new ProxyError(405, 'This is not a forward proxy: use its address as the base URL.'));
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
