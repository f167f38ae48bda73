import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getHeapStatistics } from 'node:v8';
import { budgets } from '../budgets.ts';
import { isBeyond } from '../json-extent.ts';
import { createRefusals } from '../memory/refusals.ts';
import { createMemory } from '../memory/memory.ts';
import { createMemoryStore, type Store } from '../memory/store.ts';
import { loadBridge } from './bridge/load.ts';
import { answerConnectionError, refuseTunnel } from './http/connection-errors.ts';
import { createDispatcher } from './upstream/dispatcher.ts';
import type { Dispatcher } from './types/dispatcher.ts';
import { createUpgrades } from './forward/upgrades.ts';
import { handle } from './handler.ts';
import { BodyBudget } from './http/held-bytes.ts';
import { inTurn } from './http/in-turn.ts';
import { createInspector } from './inspect/inspector.ts';
import { createLog, openLogSink } from './log/log.ts';
import { createModels } from './models.ts';
import { defaultSettings, isOpenAI, toBaseUrl, type ProxySettings } from './settings.ts';
import { credentialText } from './secrets/credential-hash.ts';
import { clientStore } from './store/client-store.ts';
import { patientStore } from './store/patient-store.ts';
import { shutDown } from './shutdown.ts';
import type { Exchange, ProxyState } from './types/exchange.ts';
import { keepEarlyAnswers } from './upstream/early-answers.ts';
import { callUpstream, upstreamHeaders } from './upstream/upstream.ts';

export { openRedisStore, type RedisStore } from './store/redis-store.ts';
export { createMemoryStore, type MemoryStore, type MemoryStoreOptions, type Store } from '../memory/store.ts';
export type { Route } from '../request/routing.ts';
export type { Exchange, Report, TokenUsage } from './types/exchange.ts';
export type { Mode, ProxySettings } from './settings.ts';

type Optional<Type> = { [Key in keyof Type]?: Type[Key] | undefined };

/** Every setting has a default; see `ProxySettings` for what each does. */
export interface ProxyOptions extends Optional<ProxySettings> {
  /** The file that every request and answer is written to, emptied at the start. */
  log?: string | undefined;
  /**
   * Serve a page at `/inspect` that shows the last requests and what became of them; see `Proxy.inspectPath`. With `demo` the page offers to
   * send examples.
   */
  inspect?: boolean | 'demo' | undefined;
  /** Takes what an operator should know, a line each; standard error if not given. */
  warn?: ((message: string) => void) | undefined;
  /** Called once for each request, when its answer has ended or was given up. */
  onFinish?: ((exchange: Exchange) => void) | undefined;
  /**
   * Keeps the turns of models, and the refused additions, where other proxies find them as well; this process's memory if not given. What it gets is
   * encrypted. A store that fails or takes longer than `storeTimeout` costs nothing but what was kept.
   */
  store?: Store | undefined;
  /** The time in milliseconds, for what is forgotten after a while; `Date.now` if not given. */
  now?: (() => number) | undefined;
}

/** A proxy; it listens only after a call of `listen`. */
export interface Proxy {
  /** What it was set up with, defaults included. */
  readonly settings: ProxySettings;
  /** Where the models come from, for people. */
  readonly models: string;
  /** Where the inspector is, with its token: `/inspect?token=…`; undefined without it. */
  readonly inspectPath: string | undefined;
  /** What it listens on. */
  readonly listeners: readonly AddressInfo[];
  /**
   * Listens on a port, 0 for any that is free, of one address (127.0.0.1 if none is given). May be called more than once.
   *
   * @throws Node's error (`EADDRINUSE`, `EACCES`, …) if it cannot listen on the port.
   */
  listen(port: number, host?: string): Promise<AddressInfo>;
  /**
   * Stops: no new connections, and running answers get `settings.grace` milliseconds to finish, then end as errors.
   *
   * @param options `graceful: false` ends them at once.
   */
  close(options?: { graceful?: boolean }): Promise<void>;
}

/**
 * Makes a proxy; call `listen` on it. A chat completion on `/v1/chat/completions` is served by the upstream's Chat
 * Completions or by its Responses API, `/v1/models` from its own list, everything else under `/v1/` is passed on.
 *
 * @throws TypeError if the upstream is not a base URL, Error if the log or the file of models cannot be used.
 */
export function createProxy(options: ProxyOptions = {}): Proxy {
  const { log: logFile, inspect, warn = (message) => console.error(message), onFinish, now = Date.now, store, ...given } = options;
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  const settings: ProxySettings = { ...defaultSettings(), ...Object.fromEntries(set) };
  const upstream = toBaseUrl(settings.upstream);
  if (upstream === undefined) throw new TypeError('The upstream is not a base URL of an HTTP server.');
  settings.upstream = upstream;

  const patient = store && patientStore(store, { warn, now, timeout: settings.storeTimeout });
  const inspector = inspect ? createInspector({ named: settings.cors, demo: inspect === 'demo' }) : undefined;
  const sinks = [...(logFile === undefined ? [] : [openLogSink(logFile, { warn })]), ...(inspector ? [inspector.sink] : [])];
  let dispatcher: { built: Dispatcher | undefined } | undefined;
  const state: ProxyState = {
    settings,
    instance: randomBytes(6).toString('hex'),
    upstreamHost: new URL(upstream).host,
    openai: isOpenAI(upstream),
    get dispatcher() {
      dispatcher ??= { built: dispatcherFor(settings, warn) };
      return dispatcher.built;
    },
    models: createModels(settings, { warn, askUpstream, now }),
    memory: createMemory(createMemoryStore({ now })),
    sharedStore: patient && (({ headers, url }) => clientStore(patient, credentialText({ headers, url }))),
    refusals: createRefusals({ now }),
    upgrades: createUpgrades(now),
    log: sinks.length === 0 ? undefined : createLog(sinks),
    inspector,
    warn,
    now,
    onFinish,
    bodies: new BodyBudget(Math.min(heapLimit() * budgets.bodiesShare, budgets.bodies)),
    running: new Map(),
    closing: false,
  };

  async function askUpstream(exchange: Exchange, signal: AbortSignal): Promise<unknown> {
    const answer = await callUpstream(exchange, {
      method: 'GET',
      path: `/models${exchange.search}`,
      headers: upstreamHeaders(exchange),
      signal,
    });
    const body = await answer.body?.readAll(budgets.modelList);
    if (answer.status !== 200 || !body) throw new Error(`the upstream answered with status ${answer.status}`);
    const json = body.toString('utf8');
    if (isBeyond(json, budgets.values, budgets.depth)) throw new Error('the list of the upstream is too long');
    return JSON.parse(json);
  }

  const servers: Server[] = [];
  return {
    settings,
    models: state.models.source,
    inspectPath: inspector?.path,
    get listeners() {
      return servers.filter((server) => server.listening).map((server) => server.address() as AddressInfo);
    },
    async listen(port, host = '127.0.0.1') {
      const server = serve(state);
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          resolve();
        });
      });
      servers.push(server);
      // The first request should not wait for `fetch` and the bridge to be loaded, nor should the start.
      setImmediate(() => {
        void state.dispatcher;
        void loadBridge();
      });
      return server.address() as AddressInfo;
    },
    close: ({ graceful = true } = {}) => shutDown(state, servers, graceful ? settings.grace : 0),
  };
}

function heapLimit(): number {
  return getHeapStatistics().heap_size_limit;
}

function dispatcherFor(settings: ProxySettings, warn: (message: string) => void): Dispatcher | undefined {
  if (settings.fetch !== globalThis.fetch) return undefined;
  const found = createDispatcher(settings.connectTimeout);
  keepEarlyAnswers(new URL(settings.upstream));
  if (!found) warn('the limits of this fetch cannot be lifted: an upstream that is silent for 300 s is given up');
  return found;
}

function serve(state: ProxyState): Server {
  const { headersTimeout, requestTimeout } = state.settings;
  let port: number | undefined;
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    port ??= (server.address() as AddressInfo).port;
    const serving = port;
    inTurn(request, response, () => void handle(state, serving, request, response));
  };
  const server = createServer(
    {
      headersTimeout: Math.min(headersTimeout, requestTimeout),
      requestTimeout,
      // Node looks for what is overdue this often; its own 30 s would let a slow client live that much longer.
      connectionsCheckingInterval: Math.min(5000, Math.ceil(headersTimeout / 4)),
      // Longer than the balancers in front keep a connection, so that they do not send into one that is just closing.
      keepAliveTimeout: 65_000,
      // Node's own answer to a request without Host has no body.
      requireHostHeader: false,
    },
    onRequest,
  );
  // A client may end its side when it has sent its request; watchHalfClosed finds out those that have left.
  Object.assign(server, { httpAllowHalfOpen: true });
  // Node would leave out what is beyond its limit: that is refused later, see budgets.headers.
  server.maxHeadersCount = 0;
  // Without this Node asks for the body by itself, before its length has been looked at.
  server.on('checkContinue', onRequest);
  server.on('clientError', answerConnectionError);
  server.on('connect', refuseTunnel);
  return server;
}
