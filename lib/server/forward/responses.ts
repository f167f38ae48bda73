import { parseAlias } from '../../models/alias.ts';
import { traitsOf } from '../../models/traits.ts';
import { readBody } from '../http/body.ts';
import { parseCut } from '../http/cut-data.ts';
import { jsonBytes } from '../http/json-bytes.ts';
import type { Exchange } from '../types/exchange.ts';
import { forward } from './forward.ts';

/** Passes a Responses request on; in responses mode an alias in its `model` is resolved on the way. */
export async function responsesRequest(exchange: Exchange): Promise<void> {
  if (exchange.mode !== 'responses') return forward(exchange);
  const body = await readBody(exchange);
  exchange.log?.entry('downstream-request', { method: exchange.method, headers: exchange.request.headers, body });
  return forward(exchange, body.includes(':res-') || body.includes(':mode-') ? await withoutAlias(body, exchange) : body);
}

async function withoutAlias(body: Buffer<ArrayBuffer>, exchange: Exchange): Promise<Buffer<ArrayBuffer>> {
  const { parsed: request, paste } = await parseCut(body, exchange);
  if (typeof request['model'] !== 'string') return body;
  const { model, effort, summary, mode } = parseAlias(request['model']);
  if (model === request['model']) return body;
  const own = typeof request['reasoning'] === 'object' ? request['reasoning'] : {};
  const reasoning = {
    ...(effort === undefined ? {} : { effort }),
    ...(summary === undefined || summary === 'none' ? {} : { summary }),
    ...(mode !== undefined && traitsOf(model).proMode ? { mode } : {}),
    ...own,
  };
  const json = await jsonBytes({ ...request, model, reasoning }, exchange.signal);
  return Buffer.concat(json.flatMap(paste));
}
