import { drained, writeHead } from '../http/answer.ts';
import { streamBody } from '../http/body.ts';
import type { Exchange } from '../types/exchange.ts';
import { endAnswer } from '../http/unread.ts';
import { modelIn, usageIn } from './peek.ts';
import { forClient } from '../http/headers.ts';
import { callUpstream, upstreamHeaders } from '../upstream/upstream.ts';
import type { UpstreamAnswer } from '../upstream/upstream.ts';

/**
 * Passes the request on as it is and its answer back, byte for byte and as it comes.
 *
 * @param body Sent in place of the request's own, which must have been read then.
 * @throws ProxyError before anything was written; later too, if the upstream broke off: the connection must then be cut.
 */
export async function forward(exchange: Exchange, body?: Buffer<ArrayBuffer>): Promise<void> {
  // Not awaited here: this call, and with it the body, would live as long as the answer.
  return sendOn(exchange, body).then((answer) => relay(exchange, answer));
}

/** The first half of `forward`: returns the upstream's answer, of which nothing was read or passed on. */
export function sendOn(exchange: Exchange, body?: Buffer<ArrayBuffer>): Promise<UpstreamAnswer> {
  const { method, path, search, request, report } = exchange;
  report.route ??= path.startsWith('/v1/responses') ? 'responses' : 'chat';
  // The lines of a batch, say, name models too, but not the request's own.
  const isJson = body !== undefined || request.headers['content-type']?.includes('json');
  const peek = (bytes: Buffer): void => {
    const model = isJson ? modelIn(bytes) : undefined;
    if (model !== undefined) report.model ??= model;
  };
  if (body) peek(body);
  const headers = upstreamHeaders(exchange);
  const upload = body ? [body] : streamBody(exchange, peek);
  const length = request.headers['content-length'];
  // Some servers take no body without a length, and a stream has none by itself.
  if (upload instanceof ReadableStream && length !== undefined) headers['content-length'] = length;
  return callUpstream(exchange, { method, path: path.slice('/v1'.length) + search, headers, body: upload });
}

/** The second half: passes the answer back. `read` is what has been read of its body. */
export async function relay(exchange: Exchange, answer: UpstreamAnswer, read: readonly Uint8Array[] = []): Promise<void> {
  const { response, method, report } = exchange;
  exchange.held.release();
  const { status, body } = answer;
  const headers = forClient(answer.headers, answer.decoded);
  if (status === 204) delete headers['content-length'];
  else if (!body && method !== 'HEAD' && status !== 304) headers['content-length'] = '0';
  writeHead(exchange, status, headers);
  if (body) {
    // With a length the body follows at once; without, it may take its time, and the head should not wait for it.
    if (headers['content-length'] === undefined) response.flushHeaders();
    const log = exchange.log?.body('downstream-response-chunk', headers['content-type'] ?? '');
    let last: Uint8Array | undefined;
    let lastButOne: Uint8Array | undefined;
    try {
      for (let at = 0, chunk = read[0] ?? (await body.read()); chunk; chunk = read[++at] ?? (await body.read())) {
        report.firstOutput ??= performance.now();
        log?.chunk(chunk);
        lastButOne = last;
        last = chunk;
        if (!response.write(chunk)) await drained(exchange);
      }
    } finally {
      log?.end();
    }
    const usage = usageIn([lastButOne, last].filter((piece) => piece !== undefined));
    if (usage) report.usage = usage;
  }
  endAnswer(exchange);
}
