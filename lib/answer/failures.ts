import { ProxyError, UpstreamRefusal } from '../error.ts';
import { proxyError } from '../errors.ts';
import { isObject, objectOf, type JsonObject } from '../json.ts';
import type { ErrorEvent, FailedEvent, Response, ResponseError } from '../wire/responses.ts';

const tooMany = new Set(['rate_limit_exceeded', 'insufficient_quota']);
const refusalCodes = new Set([
  'unsupported_value',
  'unsupported_parameter',
  'unknown_parameter',
  'invalid_value',
  'invalid_encrypted_content',
]);
const clientsFault = new Set(['invalid_prompt', 'bio_policy', 'data_residency_mismatch']);

/** Returns the HTTP status for the code of a failed Response: the one that the API answers with before it streams anything. */
function statusOf({ code, type }: ResponseError): number {
  if (code && tooMany.has(code)) return 429;
  if (code && (clientsFault.has(code) || code.includes('image'))) return 400;
  return type === 'invalid_request_error' ? 400 : 500;
}

/** Returns the error of a Response that failed. */
export function failureOf(error: ResponseError | null | undefined): ProxyError {
  return errorFrom(ProxyError, error);
}

/**
 * Returns the error of an `error` event, nested as the servers send it or flat as it is published, or of `response.failed`.
 * It is an UpstreamRefusal if the event says that the request is invalid.
 */
export function eventFailure(event: FailedEvent | ErrorEvent): ProxyError {
  if (event.type === 'response.failed') return failureOf(objectOf(event.response)['error'] as ResponseError | null | undefined);
  if (event.error) return errorFrom(event.error.type === 'invalid_request_error' ? UpstreamRefusal : ProxyError, event.error);
  const { message = '', code = null, param = null } = event;
  // the flat form has no type of its own, but names the field or says in its code what is wrong with it
  const refused = param !== null || (code !== null && refusalCodes.has(code));
  return errorFrom(refused || code === null ? UpstreamRefusal : ProxyError, {
    message,
    code,
    param,
    ...(refused && { type: 'invalid_request_error' }),
  });
}

function errorFrom(kind: typeof ProxyError, error: ResponseError | null | undefined): ProxyError {
  const given = isObject(error) ? texts(error) : {};
  const status = statusOf(given);
  const type =
    given.type ?? (status === 429 ? (given.code === 'insufficient_quota' ? 'insufficient_quota' : 'rate_limit_error') : undefined);
  return new kind(status, given.message || 'The upstream failed without saying why.', {
    ...(type !== undefined && { type }),
    param: given.param ?? null,
    code: given.code ?? null,
  });
}

/** Returns the fields of an error, as the strings that they should be. */
function texts(error: JsonObject): ResponseError {
  const fields = ['message', 'type', 'param', 'code'].map((name) => [name, error[name]] as const);
  return Object.fromEntries(
    fields.flatMap(([name, value]) => (typeof value === 'string' || typeof value === 'number' ? [[name, String(value)]] : [])),
  );
}

/** Throws if a Response is not an answer: failed, cancelled, or unfinished. */
export function assertAnswered(response: Response): void {
  if (response.status === 'failed') throw failureOf(response.error);
  if (response.status === 'cancelled' || response.status === 'queued' || response.status === 'in_progress') {
    throw proxyError('answerUnfinished', { status: response.status });
  }
}
