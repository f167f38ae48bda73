import type { Dispatcher } from './upstream/dispatcher.ts';
import type { Exchange } from './exchange.ts';
import type { Log } from './log/log.ts';
import type { Lessons } from '../memory/lessons.ts';
import type { Memory } from '../memory/memory.ts';
import type { Addition } from '../request/defaults.ts';
import type { Models } from './models.ts';
import type { ProxySettings } from './settings.ts';

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
  /** The turns that made calls, for the requests that bring the results. */
  readonly memory: Memory;
  /** What upstreams refused of the proxy's additions. */
  readonly lessons: Lessons<Addition>;
  readonly log: Log | undefined;
  /** Tells the operator, in one line. */
  readonly warn: (message: string) => void;
  /** Called once for each exchange, when its answer has ended or was given up. */
  readonly onFinish: ((exchange: Exchange) => void) | undefined;
  /** The exchanges that have not ended, each with what aborts its signal. */
  readonly running: Map<Exchange, AbortController>;
  /** Set at a shutdown: no connection is kept for another request. */
  closing: boolean;
}
