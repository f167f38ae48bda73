import type { IncomingMessage, ServerResponse } from 'node:http';
import { budgets } from '../budgets.ts';
import { ProxyError } from '../error.ts';
import { proxyError } from '../errors.ts';
import { version } from './about.ts';
import { cut, sendError, sendJson, writeHead } from './http/answer.ts';
import { readBody } from './http/body.ts';
import { bridge } from './bridge/load.ts';
import { forwardChat } from './forward/chat.ts';
import { mayCall, preflightHeaders } from './http/cors.ts';
import { openExchange } from './open-exchange.ts';
import { describeFault } from './fault.ts';
import { forward } from './forward/forward.ts';
import { logWork, othersFirst } from './http/others-first.ts';
import { repeatedHeader } from './http/headers.ts';
import { isOwnHost } from './http/host.ts';
import { responsesRequest } from './forward/responses.ts';
import { findWork } from './http/routes.ts';
import type { Work } from './http/routes.ts';
import type { Exchange, ProxyState } from './types/exchange.ts';
import { parseTarget } from './http/target.ts';
import type { Target } from './http/target.ts';

/** Answers one request; whatever happens, it never throws. */
export async function handle(state: ProxyState, port: number, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const target = parseTarget(request.url ?? '');
  // before anything is kept or printed of it
  if (state.inspector?.owns(request.url ?? '', target.path)) return state.inspector.serve(request, response);
  const exchange = openExchange(state, port, target, request, response);
  try {
    await answer(exchange, target);
  } catch (error) {
    conclude(exchange, error);
  }
}

function answer(exchange: Exchange, target: Target): Promise<void> | void {
  admit(exchange, target);
  if (exchange.method === 'OPTIONS' && exchange.cors) return preflight(exchange);
  const name = findWork(exchange.method, exchange.path);
  if (name !== 'completion') {
    exchange.log?.entry('downstream-request', { method: exchange.method, headers: exchange.request.headers });
  }
  return work[name](exchange);
}

/** Checks what holds for every request, whatever its path. */
function admit({ state, request, cors }: Exchange, target: Target): void {
  if (request.rawHeaders.length > 2 * budgets.headers) throw proxyError('tooManyHeaders', { limit: budgets.headers });
  if (target.fault !== undefined) throw proxyError(target.fault);
  const { host } = request.headers;
  if (host === undefined && request.httpVersion !== '1.0') throw proxyError('hostMissing');
  const header = repeatedHeader(request.rawHeaders);
  if (header) throw proxyError('headerRepeated', { header });
  if (cors === 'refused') throw proxyError('originNotAllowed');
  const { origin, 'sec-fetch-site': site } = request.headers;
  if (origin === undefined && site === 'cross-site' && !mayCall('', state.openai, state.settings.cors))
    throw proxyError('crossSiteRefused');
  // OpenAI needs a key, which a page does not have; another upstream may need none
  if (!state.openai && host !== undefined && !isOwnHost(host, state.settings.cors)) throw proxyError('hostNotAllowed');
  const { upgrade, via } = request.headers;
  // Some HTTP clients offer HTTP/2 with each request and go on with HTTP/1.1 when that is not taken up.
  if (upgrade !== undefined && upgrade.toLowerCase() !== 'h2c') throw proxyError('upgradeNotSupported');
  if (via?.includes(`openai-proxy-${state.instance}`)) throw proxyError('proxyLoop');
}

const work: Record<Work, (exchange: Exchange) => Promise<void> | void> = {
  forward,
  responses: responsesRequest,
  async completion(exchange) {
    const body = await readBody(exchange);
    if (exchange.log) {
      exchange.log.entry('downstream-request', { method: exchange.method, headers: exchange.request.headers, body });
      await othersFirst(exchange.signal, logWork * body.length);
    }
    if (exchange.mode === 'responses') return bridge(exchange, body, { additions: true });
    return forwardChat(exchange, body, () => bridge(exchange, body, { additions: false }));
  },
  async models(exchange) {
    sendJson(exchange, 200, { object: 'list', data: await exchange.state.models.list(exchange) });
  },
  async model(exchange) {
    const model = await exchange.state.models.find(exchange, decode(exchange.path.slice('/v1/models/'.length)));
    if (!model) throw proxyError('modelNotListed');
    sendJson(exchange, 200, model);
  },
  about(exchange) {
    sendJson(exchange, 200, { name: 'openai-proxy', version: version(), mode: exchange.mode, upstream: exchange.state.upstreamHost });
  },
};

function decode(escaped: string): string {
  try {
    return decodeURIComponent(escaped);
  } catch {
    throw proxyError('pathNotUtf8');
  }
}

function preflight(exchange: Exchange): void {
  const { headers } = exchange.request;
  const requested = {
    headers: headers['access-control-request-headers'] as string | undefined,
    privateNetwork: headers['access-control-request-private-network'] === 'true',
  };
  writeHead(exchange, 204, preflightHeaders(requested));
  exchange.response.end();
}

/** Answers with the error, if the client is still there and can still get it. */
function conclude(exchange: Exchange, error: unknown): void {
  const { state, signal, response, id } = exchange;
  if (response.closed) return;
  const reason: unknown = signal.aborted ? signal.reason : error;
  if (reason instanceof ProxyError) return sendError(exchange, reason);
  state.warn(`request ${id}: ${describeFault(reason)}`);
  if (response.headersSent) cut(exchange);
  else sendError(exchange, proxyError('proxyFailed'));
}
