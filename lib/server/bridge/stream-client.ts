import type { ChunkText } from '../../answer/chunk-text.ts';
import type { ProxyError } from '../../error.ts';
import { longestSlice, textSlices } from '../../text-slices.ts';
import { drained, writeHead } from '../http/answer.ts';
import { inLine } from '../http/others-first.ts';
import { endAnswer } from '../http/unread.ts';
import type { Exchange } from '../types/exchange.ts';
import { forClient, type Headers } from '../http/headers.ts';
import type { BodyLog } from '../types/log.ts';
import type { UpstreamAnswer } from '../upstream/upstream.ts';

const streamHeaders: Headers = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};

/** The client's side of a streamed answer: the head at the right moment, signs of life in silence, and an end that is not mistaken. */
export class StreamClient {
  readonly #exchange: Exchange;
  readonly #timer: NodeJS.Timeout;
  #text: ChunkText | undefined;
  /** What the upstream's headers are to the client, until they are sent. */
  #received: Headers = {};
  #log: BodyLog | undefined;
  /** The answer has begun: from here on the upstream is not asked again. */
  answered = false;
  /** A line is being written, of which more is to come. */
  #isWithinLine = false;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
    this.#timer = setInterval(this.#signOfLife, exchange.settings.keepAlive);
  }

  get headSent(): boolean {
    return this.#exchange.response.headersSent;
  }

  /** Takes the translation of an attempt. */
  use(text: ChunkText): void {
    this.#text = text;
  }

  /** The upstream's headers go to the client, as far as the head is still to come. */
  receive(answer: UpstreamAnswer): void {
    this.#received = forClient(answer.headers, answer.decoded);
    if ('content-length' in this.#received) delete this.#received['content-length'];
  }

  /** Sends the head: the answer is a success so far. */
  sendHead(): void {
    if (this.headSent) return;
    this.#writeHead();
    this.#exchange.response.flushHeaders();
  }

  #writeHead(): void {
    const { log } = this.#exchange;
    writeHead(this.#exchange, 200, Object.assign(this.#received, streamHeaders));
    this.#exchange.signOfLife = this.#signOfLife;
    this.#received = {};
    this.#log = log?.body('downstream-response-chunk', streamHeaders['content-type']);
  }

  /** False when the client should be given time to read. */
  write(chunks: string): boolean | Promise<boolean> {
    const { report } = this.#exchange;
    this.answered = true;
    report.firstOutput ??= performance.now();
    this.#timer.refresh();
    return chunks.length > longestSlice ? this.#sendInSlices(chunks) : this.#send(chunks);
  }

  /** All of it even if the exchange is over meanwhile: what comes after must not stand within a line. */
  async #sendInSlices(chunks: string): Promise<boolean> {
    const { held, response } = this.#exchange;
    const sent = held.moving(() => void response.destroy());
    this.#isWithinLine = true;
    for (const slice of textSlices(chunks)) {
      if (!this.#send(slice)) await drained(this.#exchange);
      held.give(slice.length);
      await inLine();
    }
    this.#isWithinLine = false;
    sent();
    return true;
  }

  #send(text: string): boolean {
    if (!this.headSent) this.#writeHead();
    if (!this.#log) return this.#exchange.response.write(text);
    const bytes = Buffer.from(text);
    this.#log.chunk(bytes);
    return this.#exchange.response.write(bytes);
  }

  /** Clients and what stands between give up on a silent connection. Xcode is only known to take chunks for a sign of life. */
  readonly #signOfLife = (): void => {
    const { response, request } = this.#exchange;
    if (response.writableNeedDrain || this.#isWithinLine) return;
    if (!request.headers['user-agent']?.startsWith('Xcode/')) this.#send(': keep-alive\n\n');
    else if (this.#text) void this.write(this.#text.idle());
  };

  /** No more signs of life. */
  close(): void {
    clearInterval(this.#timer);
    this.#exchange.signOfLife = undefined;
  }

  end(): void {
    this.close();
    this.#log?.end();
    endAnswer(this.#exchange);
  }

  /**
   * An error after the head: one event with it, and no `[DONE]`. Then the body ends as it should: a connection cut behind the event loses it
   * in some clients, and makes others report the cut.
   */
  fail(error: ProxyError): void {
    const { log, report } = this.#exchange;
    report.failure = error.message;
    log?.entry('error', { status: error.status, body: error.message });
    this.#send(`data: ${JSON.stringify(error.body())}\n\n`);
    this.#log?.end();
    endAnswer(this.#exchange);
  }
}
