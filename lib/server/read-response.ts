import { ProxyError } from '../error.ts';
import { isObject } from '../json.ts';
import type { Response, ResponseEvent } from '../wire/responses.ts';
import type { UpstreamAnswer } from './upstream.ts';

/** Bytes of a whole Response, at most: room for several images. */
const maxResponse = 256 * 1024 * 1024;

/** A Response that came whole, as the event that ends a stream of it. Throws a ProxyError 502 for what is none. */
export async function readResponse({ body }: UpstreamAnswer): Promise<ResponseEvent & { response: Response }> {
  const bytes = await body?.readAll(maxResponse);
  let response: unknown;
  try {
    response = JSON.parse(bytes?.toString('utf8') ?? '');
  } catch {
    response = undefined;
  }
  if (!isObject(response)) throw new ProxyError(502, "The upstream's answer is no Response object.", { code: 'upstream_invalid_answer' });
  return { type: response['status'] === 'failed' ? 'response.failed' : 'response.completed', response: response as Response };
}
