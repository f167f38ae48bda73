import { ProxyError } from '../../error.ts';
import { proxyError } from '../../errors.ts';
import type { Exchange, HeldBytes } from '../types/exchange.ts';
import type { Headers } from '../http/headers.ts';
import { forUpstream } from '../http/headers.ts';
import type { BodyLog } from '../types/log.ts';
import { asBuffer } from '../http/body.ts';
import { inLine, logWork, othersFirst } from '../http/others-first.ts';
import { Pieces } from '../../pieces.ts';
import { isOwnFetch } from './dispatcher.ts';
import { Upload } from './upload.ts';
import { nodeCodeOf, upstreamFailure } from './upstream-failure.ts';

export interface UpstreamRequest {
  method: string;
  /** Below the base URL, with its query: `/responses?include=x`. */
  path: string;
  headers: Headers;
  /** Whole, in pieces that go out one after the other, or as it comes. */
  body?: readonly Uint8Array[] | ReadableStream<Uint8Array> | undefined;
  /** What ends it early; the exchange's own signal if not given. */
  signal?: AbortSignal;
}

export interface UpstreamAnswer {
  /** 200 to 599. */
  status: number;
  /** As they came, names in lower case; for a client they still go through `forClient`. */
  headers: Headers;
  /** The body came compressed; what is read of it is not. */
  decoded: boolean;
  /** undefined if there is none: HEAD, 204, 304, … */
  body: UpstreamBody | undefined;
}

/** The compressions that `fetch` takes off by itself. Anything else would reach the client under a name that may not be true. */
const decodings = new Set(['gzip', 'x-gzip', 'deflate', 'br']);

/** Returns the headers for an upstream request on behalf of a client; the caller may change them. */
export function upstreamHeaders({ request, state }: Exchange): Headers {
  return forUpstream(request.headers, state.openai, `1.1 openai-proxy-${state.instance}`);
}

/**
 * Sends one request to the upstream and returns its answer once the head has arrived, whatever its status.
 *
 * @throws ProxyError 502 or 504 if there is no answer; the signal's reason if it was aborted.
 */
export async function callUpstream(exchange: Exchange, request: UpstreamRequest): Promise<UpstreamAnswer> {
  const { method, path, headers, body, signal = exchange.signal } = request;
  const { state, settings } = exchange;
  const { dispatcher } = state;
  const whole = body instanceof ReadableStream ? undefined : body;
  if (exchange.log) {
    const logged = whole && inOne(whole);
    exchange.log.entry('upstream-request', { path, method, headers, ...(logged && { body: logged }) });
    if (logged) await othersFirst(signal, logWork * logged.length);
  }
  const upload = whole && dispatcher && isOwnFetch(settings.fetch) ? new Upload(dispatcher, whole) : undefined;
  const init = {
    method,
    headers,
    signal,
    redirect: 'manual',
    dispatcher: upload ?? dispatcher,
    body: upload ? undefined : whole ? inOne(whole) : body,
    duplex: 'half',
  } as RequestInit;
  let response: Response;
  try {
    response = await settings.fetch(settings.upstream + path, init);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    const failure = upstreamFailure(error, state.upstreamHost, 'head');
    const code = nodeCodeOf(error);
    if (code !== '' && failure.code !== 'upstream_reset') exchange.report.unreachable = code;
    throw failure;
  } finally {
    upload?.release();
  }
  const received: Headers = {};
  // oxlint-disable-next-line unicorn/no-array-for-each -- half the cost of its iterator
  response.headers.forEach((value, name) => {
    received[name] = value;
  });
  const { status } = response;
  exchange.log?.entry('upstream-response', { path, status, headers: received });
  const { refused, decoded } = encodingOf(method === 'HEAD' ? undefined : received['content-encoding']);
  if (refused || status < 200 || status > 599) {
    void response.body?.cancel().catch(ignore);
    throw proxyError(refused ? 'answerEncoding' : 'answerStatus', { host: state.upstreamHost });
  }
  const log = response.body ? exchange.log?.body('upstream-response-chunk', received['content-type'] ?? '') : undefined;
  return {
    status,
    headers: received,
    decoded,
    body: response.body ? new UpstreamBody(response.body, state.upstreamHost, signal, log) : undefined,
  };
}

/** Joins the pieces; one piece, as in most requests, is not copied. */
function inOne(pieces: readonly Uint8Array[]): Uint8Array {
  return pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces);
}

function encodingOf(header: string | undefined): { refused: boolean; decoded: boolean } {
  if (header === undefined) return { refused: false, decoded: false };
  const names = header
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== 'identity' && name !== '');
  return { refused: names.some((name) => !decodings.has(name)), decoded: names.length > 0 };
}

function ignore(): void {}

/** What has arrived is read without a pause; of an upstream that sends single bytes this would keep everybody else waiting. */
const readsAtOnce = 256;

/** Milliseconds of work on what was read, after which others go first: on one read, and on several. */
const [longWork, workAtOnce] = [2, 10];

/** In bytes: the work on shorter reads is not measured, since it is as short, and what others do meanwhile would count. */
const longRead = 16_384;

/** The bytes of an answer, as they arrive. It must be read to its end or cancelled, else its connection stays open for ever. */
export class UpstreamBody {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #host: string;
  readonly #signal: AbortSignal;
  #log: BodyLog | undefined;
  /** Since others went first: how often was read, and for how many milliseconds what was read was worked on. */
  #reads = 0;
  #worked = 0;
  #readAt = 0;

  constructor(stream: ReadableStream<Uint8Array>, host: string, signal: AbortSignal, log: BodyLog | undefined) {
    this.#reader = stream.getReader();
    this.#host = host;
    this.#signal = signal;
    this.#log = log;
  }

  /**
   * Returns the next bytes, undefined at the end.
   *
   * @throws ProxyError 502 if the upstream broke off; the signal's reason if it was aborted.
   */
  read(): Promise<Uint8Array | undefined> {
    const work = this.#readAt > 0 ? performance.now() - this.#readAt : 0;
    this.#worked += work;
    this.#reads += 1;
    // an async function would keep twice as much for each stream that waits here
    return work < longWork && this.#worked < workAtOnce && this.#reads < readsAtOnce ? this.#next() : this.#afterOthers();
  }

  #afterOthers(): Promise<Uint8Array | undefined> {
    this.#reads = 0;
    this.#worked = 0;
    return inLine().then(() => this.#next());
  }

  #next(): Promise<Uint8Array | undefined> {
    return this.#reader.read().then(this.#taken, this.#failed);
  }

  readonly #taken = ({ value }: { value?: Uint8Array | undefined }): Uint8Array | undefined => {
    this.#readAt = value && value.length >= longRead ? performance.now() : 0;
    if (value) this.#log?.chunk(value);
    else this.#endLog();
    return value;
  };

  readonly #failed = (error: unknown): never => {
    this.#endLog();
    throw this.#signal.aborted ? this.#signal.reason : upstreamFailure(error, this.#host, 'body');
  };

  /**
   * Returns all bytes that are still to come.
   *
   * @param limit In bytes.
   * @param held  Where they count as long as they are held.
   * @throws as `read`, and ProxyError 502 if there are more than `limit`.
   */
  async readAll(limit: number, held?: HeldBytes): Promise<Buffer> {
    const pieces = new Pieces();
    for (let piece = await this.read(); piece; piece = await this.read()) {
      pieces.add(piece);
      await held?.take(piece.length);
      if (pieces.length > limit) {
        this.cancel();
        throw proxyError('answerTooLarge', { host: this.#host });
      }
    }
    return asBuffer(pieces.join());
  }

  /**
   * Returns the first bytes that are still to come, about as many as `limit` at most, and cancels the rest. An error answer that breaks off
   * is an error all the same: then what came of it is returned.
   *
   * @throws the signal's reason if it was aborted.
   */
  async readFirst(limit: number): Promise<Buffer> {
    const pieces = new Pieces();
    try {
      for (let piece = await this.read(); piece; piece = await this.read()) {
        pieces.add(piece);
        if (pieces.length > limit) {
          this.cancel();
          break;
        }
      }
    } catch (error) {
      if (!(error instanceof ProxyError) || this.#signal.aborted) throw error;
    }
    return asBuffer(pieces.join());
  }

  /** Reads what is left, so that the connection can serve another request; cancels it if the upstream takes more than a second. */
  finish(): void {
    const limit = setTimeout(() => this.cancel(), 1000).unref();
    void (async () => {
      while (await this.read());
    })()
      .catch(ignore)
      .finally(() => clearTimeout(limit));
  }

  /** Cancels the rest; the upstream sees its connection close. */
  cancel(): void {
    this.#endLog();
    void this.#reader.cancel().catch(ignore);
  }

  #endLog(): void {
    this.#log?.end();
    this.#log = undefined;
  }
}
