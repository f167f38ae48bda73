import { failureOf } from '../../answer/failures.ts';
import { proxyError } from '../../errors.ts';
import { isObject } from '../../json.ts';
import type { Response, ResponseEvent } from '../../wire/responses.ts';
import type { UpstreamAnswer } from '../upstream/upstream.ts';

/** Bytes of a whole Response, at most: room for several images. */
const maxResponse = 256 * 1024 * 1024;

/** A Response that came whole, as the event that ends a stream of it. Throws a ProxyError: 502 for what is none, its own for one that failed. */
export async function readResponse({ body }: UpstreamAnswer): Promise<ResponseEvent & { response: Response }> {
  const bytes = await body?.readAll(maxResponse);
  let response: unknown;
  try {
    response = JSON.parse(bytes?.toString('utf8') ?? '');
  } catch {
    response = undefined;
  }
  // some servers answer with success, and say in the body that it was none
  if (isObject(response) && isObject(response['error'])) throw failureOf(response['error']);
  if (!isObject(response) || (!Array.isArray(response['output']) && response['status'] !== 'failed')) {
    throw proxyError('answerNotResponse');
  }
  return { type: response['status'] === 'failed' ? 'response.failed' : 'response.completed', response: response as Response };
}
