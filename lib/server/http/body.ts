import { isAscii, isUtf8 } from 'node:buffer';
import type { ProxyError } from '../../error.ts';
import { proxyError } from '../../errors.ts';
import { isObject, type JsonObject } from '../../json.ts';
import { assertShallow } from '../../request/depth.ts';
import type { Exchange } from '../types/exchange.ts';

/**
 * Returns the whole request body.
 *
 * @throws ProxyError 413 for one over the limit, before any of it is read if its length is announced; the signal's reason if the client
 *         left on the way.
 */
export function readBody(exchange: Exchange): Promise<Buffer<ArrayBuffer>> {
  const { request, settings, signal } = exchange;
  admitBody(exchange);
  return new Promise((resolve, reject) => {
    const parts: Buffer<ArrayBuffer>[] = [];
    let length = 0;
    const stop = (): void => {
      request.off('data', take).off('end', finish);
      signal.removeEventListener('abort', abort);
    };
    const take = (part: Buffer<ArrayBuffer>): void => {
      length += part.length;
      parts.push(part);
      if (length <= settings.maxBody) return;
      stop();
      reject(tooLarge(settings.maxBody));
    };
    const finish = (): void => {
      stop();
      resolve(parts.length === 1 ? parts[0]! : Buffer.concat(parts, length));
    };
    const abort = (): void => {
      stop();
      reject(signal.reason);
    };
    request.on('data', take).on('end', finish);
    signal.addEventListener('abort', abort);
  });
}

/**
 * Returns the request body as a stream that is read only as fast as it is taken, undefined if the request has none.
 *
 * @throws ProxyError 413, also from the stream.
 */
export function streamBody(exchange: Exchange): ReadableStream<Uint8Array> | undefined {
  const { request, settings, log } = exchange;
  const { 'content-length': announced, 'transfer-encoding': encoding } = request.headers;
  // fetch sends no body with these, and what one would mean is undefined anyway.
  if (request.method === 'GET' || request.method === 'HEAD' || (encoding === undefined && Number(announced ?? 0) === 0)) return undefined;
  admitBody(exchange);
  const parts = request.iterator({ destroyOnReturn: false });
  const logged = log?.body('downstream-request', request.headers['content-type']);
  let length = 0;
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = (await parts.next()) as IteratorResult<Buffer, undefined>;
        if (done) {
          logged?.end();
          return controller.close();
        }
        logged?.chunk(value);
        length += value.length;
        if (length > settings.maxBody) throw tooLarge(settings.maxBody);
        controller.enqueue(value);
      },
      async cancel() {
        logged?.end();
        await parts.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}

/** Refuses a body that is announced as too large, and asks for one that the client holds back (`Expect: 100-continue`). */
function admitBody({ request, response, settings }: Exchange): void {
  if (Number(request.headers['content-length'] ?? 0) > settings.maxBody) throw tooLarge(settings.maxBody);
  if (request.headers.expect !== undefined) response.writeContinue();
}

function tooLarge(limit: number): ProxyError {
  return proxyError('bodyTooLarge', { mebibytes: limit / 1024 / 1024 });
}

/**
 * Parses a request body as a JSON object.
 *
 * @throws ProxyError 400, with a text that quotes nothing of the body.
 */
export function parseObject(body: Buffer): JsonObject {
  const value = tryParse(textOf(body));
  if (value === undefined) throw proxyError('bodyNotJson');
  if (!isObject(value)) throw proxyError('bodyNotObject');
  assertShallow(value);
  return value;
}

/** Returns undefined for what is not UTF-8. A body with images is ASCII most often, which is read in half the time. */
function textOf(body: Buffer): string | undefined {
  if (isAscii(body)) return body.toString('latin1');
  return isUtf8(body) ? body.toString('utf8') : undefined;
}

/** Returns undefined for what is not JSON; JSON itself has no undefined. */
function tryParse(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
