import type { IncomingMessage, ServerResponse } from 'node:http';
import { budgets } from '../budgets.ts';
import { describeFault } from './fault.ts';
import { corsHeaders } from './http/cors.ts';
import { watchHalfClosed } from './http/half-closed.ts';
import type { Target } from './http/target.ts';
import { credentialHash } from './secrets/credential-hash.ts';
import { credentialsOf } from './secrets/credentials.ts';
import { modeOf, type Mode, type ProxySettings } from './settings.ts';
import type { Exchange, HeldBytes, ProxyState, Report } from './types/exchange.ts';
import type { ExchangeLog } from './types/log.ts';

/** The reason of an abort: the client left, so that nobody is there to answer. */
export class ClientLeft extends Error {
  constructor() {
    super('the client left');
    this.name = 'ClientLeft';
  }
}

let count = 0;

/** A class, since getters in an object literal would give each exchange a hidden class of its own. */
class OpenExchange implements Exchange {
  readonly id: string = String(++count);
  readonly state: ProxyState;
  readonly settings: ProxySettings;
  readonly port: number;
  readonly mode: Mode;
  readonly method: string;
  readonly path: string;
  readonly search: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly started: number = performance.now();
  readonly cors: Exchange['cors'];
  readonly log: ExchangeLog | undefined;
  readonly signal: AbortSignal;
  readonly report: Report = { added: [], notes: [] };
  signOfLife: Exchange['signOfLife'];
  #held: HeldBytes | undefined;
  #secrets: readonly string[] | undefined;
  #credential: string | undefined;

  constructor(
    state: ProxyState,
    port: number,
    { path, search }: Target,
    request: IncomingMessage,
    response: ServerResponse,
    signal: AbortSignal,
  ) {
    const { settings } = state;
    const { origin, host } = request.headers;
    this.state = state;
    this.settings = settings;
    this.port = port;
    this.mode = modeOf(settings.mode, port, host);
    this.method = request.method ?? 'GET';
    this.path = path;
    this.search = search;
    this.request = request;
    this.response = response;
    this.cors = origin === undefined ? undefined : (corsHeaders(origin, state.openai, settings.cors) ?? 'refused');
    this.signal = signal;
    this.log = state.log?.exchange({ id: this.id, port, path: path + search, secrets: this.secrets });
  }

  /** Nothing is held any more, if anything ever was. */
  releaseHeld(): void {
    this.#held?.release();
  }

  get held(): HeldBytes {
    return (this.#held ??= this.state.bodies.open());
  }

  get secrets(): readonly string[] {
    return (this.#secrets ??= credentialsOf(this.request));
  }

  get credential(): string {
    return (this.#credential ??= credentialHash(this.request));
  }
}

/** Opens an exchange; it is among `state.running` until its answer has ended, or the client has left. */
export function openExchange(
  state: ProxyState,
  port: number,
  target: Target,
  request: IncomingMessage,
  response: ServerResponse,
): Exchange {
  const controller = new AbortController();
  const exchange = new OpenExchange(state, port, target, request, response, controller.signal);
  state.running.set(exchange, controller);
  // A write after the client has left is reported here; the abort below is what ends the work.
  response.on('error', ignore);
  const { socket } = request;
  const halfClosed = (): void => watchHalfClosed(exchange);
  if (socket.readableEnded) halfClosed();
  else socket.on('end', halfClosed);
  // Not the request's `close`, which comes as soon as its body has been read.
  response.on('close', () => {
    state.running.delete(exchange);
    socket.off('end', halfClosed);
    exchange.releaseHeld();
    logNotes(exchange);
    if (!response.writableFinished) {
      exchange.log?.entry('note', { body: 'the connection closed before the answer was complete' });
      controller.abort(new ClientLeft());
    } else if (state.closing) socket.destroySoon();
    exchange.log?.end();
    try {
      state.onFinish?.(exchange);
    } catch (error) {
      // An observer must not end the process.
      state.warn(`request ${exchange.id}: ${describeFault(error)}`);
    }
  });
  return exchange;
}

function logNotes({ log, report }: Exchange): void {
  if (!log) return;
  const { notes } = report;
  for (const note of notes.slice(0, budgets.notes)) log.entry('note', { body: note });
  if (notes.length > budgets.notes) log.entry('note', { body: `and ${notes.length - budgets.notes} more notes` });
}

function ignore(): void {}
