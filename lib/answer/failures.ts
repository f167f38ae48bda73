import { ProxyError, UpstreamRefusal } from '../error.ts';
import { arrayOf, isObject, stringOf, type JsonObject } from '../json.ts';

/** The status that the API has for an error of this code, or of this type, where nothing was streamed yet. */
const statuses: ReadonlyMap<string, number> = new Map([
  ...all(400, [
    'context_length_exceeded',
    'invalid_prompt',
    'string_above_max_length',
    'content_filter',
    'cyber_policy',
    'bio_policy',
    'data_residency_mismatch',
    'invalid_request_error',
  ]),
  ...all(403, ['misalignment_policy_violation']),
  ...all(429, [
    'rate_limit_exceeded',
    'too_many_requests',
    'insufficient_quota',
    'credit_balance_exhausted',
    'flex_unavailable',
    'slow_down',
    'rate_limit_error',
  ]),
  ...all(503, ['server_is_overloaded']),
]);

function all(status: number, codes: string[]): [string, number][] {
  return codes.map((code) => [code, status]);
}

const refusalCodes = new Set([
  'unsupported_value',
  'unsupported_parameter',
  'unknown_parameter',
  'invalid_value',
  'invalid_encrypted_content',
]);

/** What is said of an error, each field as the string that it should be. */
export interface ErrorWords {
  message?: string;
  type?: string;
  param?: string;
  code?: string;
  /** What OpenAI says of a `misalignment_policy_violation`. */
  misalignment?: JsonObject;
}

/** How deep an error may be wrapped in others. */
const maxDepth = 4;

/**
 * Returns what a body, or an event, says of an error, in whichever of the usual places: `error` as an object, a text or a list, `errors`,
 * `message`, `detail`. Empty if it says nothing.
 */
export function errorIn(body: unknown, depth: number = 0): ErrorWords {
  if (typeof body === 'string') return body === '' ? {} : { message: body };
  if (depth > maxDepth) return {};
  if (Array.isArray(body)) return errorIn(body[0], depth + 1);
  if (!isObject(body)) return {};
  const words = fieldsOf(body);
  const inner = errorIn(body['error'] ?? body['errors'], depth + 1);
  return { ...words, ...inner };
}

function fieldsOf(error: JsonObject): ErrorWords {
  const words: ErrorWords = {};
  for (const name of ['type', 'param', 'code'] as const) {
    const value = error[name];
    if ((typeof value === 'string' && value !== '') || typeof value === 'number') words[name] = String(value);
  }
  const message = stringOf(error['message']) || detailOf(error['detail']) || stringOf(error['msg']);
  if (message !== '') words.message = message;
  if (isObject(error['misalignment'])) words.misalignment = error['misalignment'];
  return words;
}

/** FastAPI has a list of faults, each with a `msg`. */
function detailOf(detail: unknown): string {
  if (isObject(detail)) return errorIn(detail).message ?? '';
  return (
    stringOf(detail) ||
    arrayOf(detail)
      .flatMap((one) => (isObject(one) ? stringOf(one['msg']) || [] : stringOf(one) || []))
      .join('; ')
  );
}

/** Returns the HTTP status for an error that came with none: the one that the API answers with before it streams anything. */
function statusOf({ code = '', type = '' }: ErrorWords): number {
  const number = Number(code);
  if (Number.isInteger(number) && number >= 400 && number < 600) return number;
  return statuses.get(code) ?? (code.includes('image') ? 400 : statuses.get(type)) ?? 500;
}

/** Returns the error of a Response that failed. */
export function failureOf(error: unknown): ProxyError {
  return errorFrom(ProxyError, errorIn(error));
}

/**
 * Returns the error of an `error` event, nested as the servers send it or flat as it is published, or of `response.failed`.
 * It is an UpstreamRefusal if the event says that the request is invalid.
 */
export function eventFailure(event: JsonObject): ProxyError {
  const { type: eventType, response, ...flat } = event;
  if (eventType === 'response.failed') return failureOf(isObject(response) ? response['error'] : undefined);
  const words = errorIn(flat);
  if (flat['error'] != null) return errorFrom(words.type === 'invalid_request_error' ? UpstreamRefusal : ProxyError, words);
  const { code, param } = words;
  // the flat form has no type of its own, but names the field or says in its code what is wrong with it
  const refused = param !== undefined || (code !== undefined && refusalCodes.has(code));
  return errorFrom(
    refused || code === undefined ? UpstreamRefusal : ProxyError,
    refused ? { type: 'invalid_request_error', ...words } : words,
  );
}

function errorFrom(kind: typeof ProxyError, words: ErrorWords): ProxyError {
  const { message, param, code, misalignment } = words;
  const status = statusOf(words);
  const type = words.type ?? (status === 429 ? (code === 'insufficient_quota' ? 'insufficient_quota' : 'rate_limit_error') : undefined);
  return new kind(status, message ?? 'The upstream failed without saying why.', {
    ...(type !== undefined && { type }),
    param: param ?? null,
    code: code ?? null,
    ...(misalignment && { misalignment }),
  });
}
