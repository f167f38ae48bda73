import { isAscii, isUtf8 } from 'node:buffer';
import { StringDecoder } from 'node:string_decoder';
import type { ProxyError } from '../../error.ts';
import { proxyError } from '../../errors.ts';
import { isObject, type JsonObject } from '../../json.ts';
import type { Exchange } from '../types/exchange.ts';
import { Pieces } from '../../pieces.ts';
import { inLine, inSteps, othersFirst } from './others-first.ts';
import { readAhead } from './read-ahead.ts';
import { hasBody } from './unread.ts';

/** In bytes; and how many of them are taken before others go first: Node.js itself takes microseconds for each chunk of HTTP. */
const smallPiece = 64;
const smallAtOnce = 1000;

/**
 * Returns the whole request body.
 *
 * @throws ProxyError 413 for one over the limit, before any of it is read if its length is announced; 503 when the bodies of others left no
 *         room for it; 408 when it came too slowly while others waited for its room; the signal's reason if the client left on the way.
 */
export async function readBody(exchange: Exchange): Promise<Buffer<ArrayBuffer>> {
  const { signal } = exchange;
  admitBody(exchange);
  const pieces = await receive(exchange);
  return asBuffer(await inSteps(pieces.joinInSteps(), signal, pieces.length));
}

function receive({ request, settings, signal, held }: Exchange): Promise<Pieces> {
  return new Promise((resolve, reject) => {
    const pieces = new Pieces();
    const received = held.moving(() => {
      fail(proxyError('bodyStalled'));
      held.release();
    });
    const stop = (): void => {
      received();
      request.off('data', take).off('end', finish);
      signal.removeEventListener('abort', abort);
    };
    let small = 0;
    const take = (piece: Buffer): void => {
      pieces.add(piece);
      if (piece.length < smallPiece && (small += 1) === smallAtOnce) {
        small = 0;
        request.pause();
        void inLine().then(() => request.resume());
      }
      if (pieces.length > settings.maxBody) return fail(tooLarge(settings.maxBody));
      const room = held.take(piece.length);
      if (!room) return undefined;
      request.pause();
      return void room.then(() => request.resume(), fail);
    };
    const fail = (error: unknown): void => {
      stop();
      reject(error);
    };
    const finish = (): void => {
      stop();
      resolve(pieces);
    };
    const abort = (): void => fail(signal.reason);
    request.on('data', take).on('end', finish);
    signal.addEventListener('abort', abort);
  });
}

/** The same bytes, not copied. */
export function asBuffer({ buffer, byteOffset, length }: Uint8Array): Buffer<ArrayBuffer> {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, length);
}

/**
 * Returns the request body as a stream that is read only as fast as it is taken, undefined if the request has none.
 *
 * @param peek Gets the first piece before it is passed on.
 * @throws ProxyError 413, also from the stream.
 */
export function streamBody(exchange: Exchange, peek: (first: Buffer) => void): ReadableStream<Uint8Array> | undefined {
  const { request, settings, log } = exchange;
  // fetch sends no body with these, and what one would mean is undefined anyway.
  if (request.method === 'GET' || request.method === 'HEAD' || !hasBody(request)) return undefined;
  admitBody(exchange);
  const logged = log?.body('downstream-request', request.headers['content-type']);
  let length = 0;
  let wake = (): void => {};
  const awake = (): void => wake();
  const stop = (): void => {
    logged?.end();
    request.off('readable', awake).off('end', awake);
  };
  request.on('readable', awake).on('end', awake);
  readAhead(exchange, () => length);
  return new ReadableStream(
    {
      async pull(controller) {
        let next: Buffer | null;
        while ((next = request.read() as Buffer | null) === null && !request.readableEnded) {
          await new Promise<void>((resolve) => (wake = resolve));
        }
        if (next === null) {
          stop();
          return controller.close();
        }
        // All that is there: a body may come in chunks of one byte, and some versions of Node.js give one at a time.
        const pieces = new Pieces();
        for (; next !== null; next = request.read() as Buffer | null) pieces.add(next);
        const bytes = asBuffer(pieces.join());
        logged?.chunk(bytes);
        if (length === 0) peek(bytes);
        length += bytes.length;
        if (length > settings.maxBody) {
          stop();
          throw tooLarge(settings.maxBody);
        }
        // Until the next turn of the event loop more comes together: of chunks of one byte each would be passed on alone.
        await new Promise(setImmediate);
        controller.enqueue(bytes);
      },
      cancel: stop,
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
 * Parses a request body as a JSON object. What is in it must have been counted before: see `parseCut`.
 *
 * @throws ProxyError 400, with a text that quotes nothing of the body; the signal's reason if the client left meanwhile.
 */
export async function parseObject(body: Buffer, signal: AbortSignal): Promise<JsonObject> {
  const text = await textOf(body, signal);
  await othersFirst(signal, body.length);
  const value = tryParse(text);
  if (value === undefined) throw proxyError('bodyNotJson');
  if (!isObject(value)) throw proxyError('bodyNotObject');
  return value;
}

/** In bytes: other text than ASCII is decoded in pieces, since 64 MiB of it take a quarter of a second. */
const decoded = 16 * 1024 * 1024;

/** Returns undefined for what is not UTF-8. A body with images is ASCII most often, which is read in half the time. */
async function textOf(body: Buffer, signal: AbortSignal): Promise<string | undefined> {
  if (isAscii(body)) return body.toString('latin1');
  if (!isUtf8(body)) return undefined;
  const decoder = new StringDecoder('utf8');
  const texts: string[] = [];
  for (let at = 0; at < body.length; at += decoded) {
    const piece = body.subarray(at, at + decoded);
    texts.push(decoder.write(piece));
    await othersFirst(signal, piece.length);
  }
  return texts.join('');
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
