import { isGiven, isObject, objectOf, stringOf, type JsonObject } from '../json.ts';
import type { ResponsesRequest } from '../wire/responses.ts';

/** Returns the `text` of a Responses request for `response_format`, `verbosity` and a Responses `text`; undefined if none says anything. */
export function toText(chat: JsonObject): JsonObject | undefined {
  const { format: own, ...more } = objectOf(chat['text']);
  const format = toFormat(chat['response_format']) ?? (isObject(own) ? toFormat(own) : own);
  const text = {
    ...Object.fromEntries(Object.entries(more).filter(([, value]) => isGiven(value))),
    ...(isGiven(format) && { format }),
    ...(isGiven(chat['verbosity']) && { verbosity: chat['verbosity'] }),
  };
  return Object.keys(text).length > 0 ? text : undefined;
}

/** The formats that some clients name without an object around them. */
const namedFormats: ReadonlyMap<unknown, JsonObject> = new Map([
  ['text', { type: 'text' }],
  ['json', { type: 'json_object' }],
  ['json_object', { type: 'json_object' }],
]);

/** Whether a `response_format` is of a form that is read. */
export function isFormat(format: unknown): boolean {
  return isObject(format) || namedFormats.has(format);
}

/** Whether the answer is to be JSON. */
export function asksForJson({ text }: ResponsesRequest): boolean {
  return stringOf(objectOf(text?.format)['type']).startsWith('json');
}

/**
 * Chat nests a schema under `json_schema`, Responses does not. `strict` is always sent: the servers refuse a lax schema without it, though
 * `false` is the published default.
 */
function toFormat(given: unknown): JsonObject | undefined {
  const format = isObject(given) ? given : namedFormats.get(given);
  if (!format) return undefined;
  const { json_schema, ...beside } = format;
  const type = stringOf(format['type']) || (isObject(json_schema) ? 'json_schema' : 'text');
  if (type === 'text') return undefined;
  if (type !== 'json_schema') return format;
  const { strict, description, ...own } = { ...beside, ...objectOf(json_schema) };
  return { ...own, type, strict: strict ?? false, ...(description != null && { description }) };
}
