import { ProxyError, UpstreamRefusal } from '../../error.ts';
import { isObject, type JsonObject } from '../../json.ts';
import { forClient } from '../http/headers.ts';
import type { UpstreamAnswer } from '../upstream/upstream.ts';

/** Bytes of an error answer, at most. */
const maxError = 1024 * 1024;

/** Returns the error that the upstream answered with: its status, words and headers. An UpstreamRefusal if the request is invalid. */
export async function upstreamError(answer: UpstreamAnswer): Promise<ProxyError> {
  const { status, body } = answer;
  const text = (await body?.readAll(maxError))?.toString('utf8') ?? '';
  const { 'content-type': _, 'content-length': __, 'content-encoding': ___, ...headers } = forClient(answer.headers, answer.decoded);
  const error = parseError(text);
  const message =
    typeof error['message'] === 'string' ? error['message'] : `The upstream answered with status ${status} and no error message.`;
  const { type, param, code } = error;
  return new (status === 400 ? UpstreamRefusal : ProxyError)(status, message, {
    ...(typeof type === 'string' && { type }),
    param: typeof param === 'string' ? param : null,
    code: typeof code === 'string' ? code : typeof code === 'number' ? String(code) : null,
    headers,
  });
}

function parseError(text: string): JsonObject {
  try {
    const body: unknown = JSON.parse(text);
    const error = isObject(body) ? body['error'] : undefined;
    if (isObject(error)) return error;
    return { message: typeof error === 'string' ? error : isObject(body) ? (body['message'] ?? body['detail']) : undefined };
  } catch {
    return {};
  }
}
