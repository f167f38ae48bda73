import type { IncomingMessage, ServerResponse } from 'node:http';
import { ProxyError } from '../error.ts';
import { version } from './about.ts';
import { cut, sendError, sendJson, writeHead } from './http/answer.ts';
import { readBody } from './http/body.ts';
import { bridge } from './bridge/load.ts';
import { forwardChat } from './forward/chat.ts';
import { preflightHeaders } from './http/cors.ts';
import { openExchange } from './open-exchange.ts';
import { describeFault } from './fault.ts';
import { forward } from './forward/forward.ts';
import { repeatedHeader } from './http/headers.ts';
import { responsesRequest } from './forward/responses.ts';
import { findWork } from './http/routes.ts';
import type { Work } from './http/routes.ts';
import type { Exchange, ProxyState } from './types/exchange.ts';
import { parseTarget } from './http/target.ts';
import type { Target } from './http/target.ts';

/** Answers one request; whatever happens, it never throws. */
export async function handle(state: ProxyState, port: number, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const target = parseTarget(request.url ?? '');
  const exchange = openExchange(state, port, target, request, response);
  if (state.closing) response.shouldKeepAlive = false;
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
  if (name !== 'completion') exchange.log?.entry('downstream-request', { headers: exchange.request.headers });
  return work[name](exchange);
}

/** What holds for every request, whatever its path. */
function admit({ state, request, cors }: Exchange, target: Target): void {
  if (target.fault !== undefined) throw new ProxyError(400, target.fault, { code: 'invalid_request_target' });
  if (request.headers.host === undefined && request.httpVersion !== '1.0') {
    throw new ProxyError(400, 'The request has no Host header.', { code: 'missing_header' });
  }
  const repeated = repeatedHeader(request.rawHeaders);
  if (repeated) throw new ProxyError(400, `The request has more than one ${repeated} header.`, { code: 'repeated_header' });
  if (cors === 'refused') {
    throw new ProxyError(403, 'Pages of this origin may not call this proxy; --cors names those that may.', { code: 'origin_not_allowed' });
  }
  const { upgrade, via } = request.headers;
  // Some HTTP clients offer HTTP/2 with each request and go on with HTTP/1.1 when that is not taken up.
  if (upgrade !== undefined && upgrade.toLowerCase() !== 'h2c') {
    throw new ProxyError(426, 'This proxy speaks HTTP only, no WebSocket: send the request with POST.', { code: 'upgrade_not_supported' });
  }
  if (via?.includes(`openai-proxy-${state.instance}`)) {
    throw new ProxyError(508, 'The upstream of this proxy leads back to the proxy itself.', { code: 'proxy_loop' });
  }
}

const work: Record<Work, (exchange: Exchange) => Promise<void> | void> = {
  forward,
  responses: responsesRequest,
  async completion(exchange) {
    const body = await readBody(exchange);
    exchange.log?.entry('downstream-request', { headers: exchange.request.headers, body });
    const defaults = exchange.mode === 'responses';
    const translate = (): Promise<void> => bridge(exchange, body, { defaults });
    return defaults ? translate() : forwardChat(exchange, body, translate);
  },
  async models(exchange) {
    sendJson(exchange, 200, { object: 'list', data: await exchange.state.models.list(exchange) });
  },
  async model(exchange) {
    const model = await exchange.state.models.find(exchange, decode(exchange.path.slice('/v1/models/'.length)));
    if (!model) {
      const message = 'This model is not on the list of this port. A request may name it all the same.';
      throw new ProxyError(404, message, { param: 'model', code: 'model_not_found' });
    }
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
    throw new ProxyError(400, 'The path is not valid UTF-8.', { code: 'invalid_request_target' });
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

/** Answers for what went wrong, as far as someone is there and can still be told. */
function conclude(exchange: Exchange, error: unknown): void {
  const { state, signal, response, id } = exchange;
  if (response.closed) return;
  const reason: unknown = signal.aborted ? signal.reason : error;
  if (reason instanceof ProxyError) return sendError(exchange, reason);
  state.warn(`request ${id}: ${describeFault(reason)}`);
  if (response.headersSent) cut(exchange);
  else sendError(exchange, new ProxyError(500, 'The proxy failed; its terminal says where.', { code: 'proxy_error' }));
}
