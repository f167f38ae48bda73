import { isObject, objectOf, stringOf, type JsonObject } from '../json.ts';
import type { ResponsesRequest } from '../wire/responses.ts';

/** Returns the `text` of a Responses request for `response_format`, `verbosity` and a Responses `text`; undefined if none says anything. */
export function toText(chat: JsonObject): JsonObject | undefined {
  const format = toFormat(chat['response_format']);
  const text = { ...objectOf(chat['text']), ...(format && { format }), ...(chat['verbosity'] != null && { verbosity: chat['verbosity'] }) };
  return Object.keys(text).length > 0 ? text : undefined;
}

/** Whether the answer is to be JSON. */
export function asksForJson({ text }: ResponsesRequest): boolean {
  return stringOf(objectOf(text?.format)['type']).startsWith('json');
}

/** `strict` is always sent: the servers refuse a lax schema without it, though `false` is the published default. */
function toFormat(format: unknown): JsonObject | undefined {
  if (!isObject(format) || format['type'] === 'text') return undefined;
  const nested = format['json_schema'];
  if (format['type'] !== 'json_schema' || !isObject(nested)) return format;
  const { name, schema, strict, description } = nested;
  return { type: 'json_schema', name, schema, strict: strict ?? false, ...(description != null && { description }) };
}
