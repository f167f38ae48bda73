import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BoundedMap } from '../../bounded-map.ts';
import type { Refusals } from '../../memory/refusals.ts';
import type { Memory } from '../../memory/memory.ts';
import type { Store } from '../../memory/store.ts';
import type { WireModel } from '../../models/list.ts';
import type { Route } from '../../request/routing.ts';
import type { Mode, ProxySettings } from '../settings.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { Inspector } from './inspector.ts';
import type { ExchangeLog, Log } from './log.ts';

/** The tokens of an answer; `cached` is part of the input, `reasoning` part of the output. */
export interface TokenUsage {
  input: number;
  output: number;
  cached: number;
  reasoning: number;
}

/** What the terminal line of a request reports beside its time, port, path and status. */
export interface Report {
  route?: Route;
  model?: string;
  /** What the proxy added to the request: `web_search`, `effort`, … */
  added: string[];
  /** What was dropped, raised or replaced, in the order in which it was found. */
  notes: string[];
  /** `performance.now()` of the first output that went to the client. */
  firstOutput?: number;
  usage?: TokenUsage;
  /** Web searches that are billed. */
  searches?: number;
  /** Why the request failed, in the words that the client reads, or would have. */
  failure?: string;
  /** Node's code for why the upstream gave no answer: `ECONNREFUSED`. */
  unreachable?: string;
}

/** The bytes that one exchange holds, among those of all. */
export interface HeldBytes {
  /**
   * Adds bytes. undefined if there is room for them, else what resolves when there is.
   * @throws ProxyError 503 through the promise, when there was none for too long.
   */
  take(bytes: number): Promise<void> | undefined;
  /**
   * A body is being received, or sent. `drop` is called if others wait for room while hardly anything of it is taken or given back.
   * Returns what is to be called when the body is complete or given up.
   */
  moving(drop: () => void): () => void;
  /** Gives back some of the bytes. */
  give(bytes: number): void;
  /** Nothing is held any more. May be called any number of times. */
  release(): void;
}

/** One client request on its way through the proxy. */
export interface Exchange {
  /** The proxy that serves it. */
  readonly state: ProxyState;
  /** Unique among the requests of this process; the log's `id`. */
  readonly id: string;
  readonly port: number;
  readonly mode: Mode;
  readonly method: string;
  /** The normalised path, with `/v1` in front if the API has it: `/v1/chat/completions`. */
  readonly path: string;
  /** The query string as it came, with its `?`; empty for none and for a bare `?`. */
  readonly search: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly settings: ProxySettings;
  /** `performance.now()` when the request's head had arrived. */
  readonly started: number;
  /** What every answer to a browser carries; undefined if the request names no origin, `refused` if its origin may not call. */
  readonly cors: Record<string, string> | 'refused' | undefined;
  /** undefined without `--log` and `--inspect`, so that nothing is prepared for it. */
  readonly log: ExchangeLog | undefined;
  /** Every credential in the request's headers and target. */
  readonly secrets: readonly string[];
  /** A hash that tells clients apart; empty for a request without a credential. */
  readonly credential: string;
  /** Aborted, with an Error as its reason, when the client left (`ClientLeft`) or the proxy must stop (a ProxyError, which the client still gets). */
  readonly signal: AbortSignal;
  readonly report: Report;
  /** The bytes of its bodies that are held. */
  readonly held: HeldBytes;
  /** Sends the client something that means nothing; set once the answer has begun, if it takes such a thing. */
  signOfLife: (() => void) | undefined;
}

/** The models that the proxy lists. */
export interface Models {
  /** What `/v1/models` shows in the mode of the exchange. */
  list(exchange: Exchange): Promise<WireModel[]>;
  /** The listed model of any mode, in responses mode also by an alias; undefined for an unknown one. */
  find(exchange: Exchange, id: string): Promise<WireModel | undefined>;
  /** Where the models come from, for people. */
  source: string;
}

/** What lives as long as the proxy. */
export interface ProxyState {
  readonly settings: ProxySettings;
  /** Names this proxy in `via`, so that it knows its own requests. */
  readonly instance: string;
  /** The upstream's host and port, for messages. */
  readonly upstreamHost: string;
  /** The upstream is OpenAI itself. */
  readonly openai: boolean;
  readonly dispatcher: Dispatcher | undefined;
  readonly models: Models;
  /** The turns of models, for the requests that go on with them. */
  readonly memory: Memory;
  /** Returns the store that several proxies share, as the client of this request may see it; undefined if what is kept is this process's own. */
  readonly sharedStore: ((request: IncomingMessage) => Store) | undefined;
  /** What upstreams refused of the proxy's additions. */
  readonly refusals: Refusals;
  /** What chat mode sends to `/v1/responses` at once. */
  readonly upgrades: BoundedMap<string, true>;
  readonly log: Log | undefined;
  /** undefined without `--inspect`. */
  readonly inspector: Inspector | undefined;
  /** Informs the operator, in one line. */
  readonly warn: (message: string) => void;
  /** The time in milliseconds. */
  readonly now: () => number;
  /** Called once for each exchange, when its answer has ended or was given up. */
  readonly onFinish: ((exchange: Exchange) => void) | undefined;
  /** The exchanges that have not ended, each with what aborts its signal. */
  readonly running: Map<Exchange, AbortController>;
  /** The bytes of all bodies that are held at once. */
  readonly bodies: { open(): HeldBytes };
  /** Set at a shutdown: no connection is kept for another request. */
  closing: boolean;
}
