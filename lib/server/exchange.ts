import type { IncomingMessage, ServerResponse } from 'node:http';
import { corsHeaders } from './http/cors.ts';
import { describeFault } from './fault.ts';
import type { ExchangeLog } from './log/log.ts';
import { credentialsOf } from './log/redact.ts';
import type { ProxySettings } from './settings.ts';
import type { ProxyState } from './state.ts';
import type { Target } from './http/target.ts';

/** How a port serves a chat completion: passed through, or by `/v1/responses`. */
export type Mode = 'chat' | 'responses';
/** The upstream's API that served a request. */
export type Route = 'chat' | 'responses';

/** What the terminal line of a request tells beside its time, port, path and status. */
export interface Told {
  route?: Route;
  model?: string;
  /** What the proxy added to the request: `web_search`, `effort`, … */
  added: string[];
  /** What was dropped, raised or replaced, in the order in which it was found. */
  notes: string[];
  /** `performance.now()` of the first output that went to the client. */
  firstOutput?: number;
  usage?: { input: number; output: number; cached: number; reasoning: number };
  /** Why the request failed, in the words that the client reads, or would have. */
  failure?: string;
  /** Node's code for why the upstream gave no answer: `ECONNREFUSED`. */
  unreachable?: string;
}

/** One client request on its way through the proxy. */
export interface Exchange {
  /** Unique among the requests of this process; the log's `id`. */
  readonly id: string;
  readonly port: number;
  readonly mode: Mode;
  readonly method: string;
  /** The normalised path, always with `/v1` in front where the API has it: `/v1/chat/completions`. */
  readonly path: string;
  /** The query string as it came, with its `?`; empty for none and for a bare `?`. */
  readonly search: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly settings: ProxySettings;
  /** `performance.now()` when the request's head had arrived. */
  readonly started: number;
  /** What every answer to a browser carries; undefined where the request names no origin, `refused` where its origin may not call. */
  readonly cors: Record<string, string> | 'refused' | undefined;
  /** undefined without `--log`, so that nothing is prepared for it. */
  readonly log: ExchangeLog | undefined;
  /**
   * Aborted, with an Error as its reason, when the client left (`ClientLeft`) or the proxy must stop (a ProxyError, which the client
   * is still told).
   */
  readonly signal: AbortSignal;
  readonly told: Told;
}

/** The reason of an abort: there is no one left to answer. */
export class ClientLeft extends Error {
  constructor() {
    super('the client left');
    this.name = 'ClientLeft';
  }
}

let count = 0;

/** Opens an exchange; it is among `state.running` until its answer has ended, or the client has left. */
export function openExchange(
  state: ProxyState,
  port: number,
  target: Target,
  request: IncomingMessage,
  response: ServerResponse,
): Exchange {
  const { settings } = state;
  const { origin, host } = request.headers;
  const id = String(++count);
  const controller = new AbortController();
  const exchange: Exchange = {
    id,
    port,
    mode: modeOf(settings.mode, port, host),
    method: request.method ?? 'GET',
    path: target.path,
    search: target.search,
    request,
    response,
    settings,
    started: performance.now(),
    cors: origin === undefined ? undefined : (corsHeaders(origin, state.openai, settings.cors) ?? 'refused'),
    log: state.log?.exchange({
      id,
      port,
      path: target.path + target.search,
      secrets: credentialsOf({ headers: request.headers, url: request.url ?? '' }),
    }),
    signal: controller.signal,
    told: { added: [], notes: [] },
  };
  state.running.set(exchange, controller);
  // A write after the client has left is reported here; the abort below is what ends the work.
  response.on('error', ignore);
  // Not the request's `close`, which comes as soon as its body has been read.
  response.on('close', () => {
    state.running.delete(exchange);
    for (const note of exchange.told.notes) exchange.log?.entry('note', { body: note });
    if (!response.writableFinished) {
      exchange.log?.entry('note', { body: 'the connection closed before the answer was complete' });
      controller.abort(new ClientLeft());
    } else if (state.closing) request.socket.destroySoon();
    try {
      state.onFinish?.(exchange);
    } catch (error) {
      // An observer must not end the process.
      state.warn(`request ${id}: ${describeFault(error)}`);
    }
  });
  return exchange;
}

function ignore(): void {}

/**
 * The mode of a request. A container may map both of the host's ports to one: then the port that the client names in `Host` tells them
 * apart.
 */
export function modeOf(mode: ProxySettings['mode'], port: number, host = ''): Mode {
  if (mode !== 'auto') return mode;
  if (host.endsWith(':5101')) return 'chat';
  return host.endsWith(':5102') || port === 5102 ? 'responses' : 'chat';
}
