import { isObject, objectOf, type JsonObject } from '../json.ts';

/**
 * What becomes of a field of a chat request:
 * `same` goes out under its own name, `responses` likewise though Chat does not have it, `mapped` is carried over in another form,
 * `emulated` is done by the proxy, `dropped` has no form in Responses and is left out with a note.
 */
export type FieldFate = 'same' | 'responses' | 'mapped' | 'emulated' | 'dropped';

/** Every field that is known. Any other is dropped with a note. */
export const fieldFates: ReadonlyMap<string, FieldFate> = new Map<string, FieldFate>([
  ...all('same', [
    'stream',
    'metadata',
    'service_tier',
    'user',
    'safety_identifier',
    'prompt_cache_key',
    'prompt_cache_retention',
    'prompt_cache_options',
    'moderation',
    'temperature',
    'top_p',
    'top_logprobs',
    'parallel_tool_calls',
  ]),
  ...all('responses', [
    'instructions',
    'truncation',
    'previous_response_id',
    'conversation',
    'prompt',
    'max_tool_calls',
    'context_management',
    'image',
    'access_programs',
  ]),
  ...all('mapped', [
    'messages',
    'input',
    'model',
    'store',
    'tools',
    'tool_choice',
    'functions',
    'function_call',
    'web_search_options',
    'response_format',
    'verbosity',
    'text',
    'reasoning',
    'reasoning_effort',
    'max_tokens',
    'max_completion_tokens',
    'max_output_tokens',
    'logprobs',
    'include',
    'stream_options',
    'background',
  ]),
  ...all('emulated', ['stop']),
  ...all('dropped', ['seed', 'frequency_penalty', 'presence_penalty', 'logit_bias', 'prediction', 'n', 'modalities', 'audio']),
]);

function all(fate: FieldFate, names: string[]): [string, FieldFate][] {
  return names.map((name) => [name, fate]);
}

/** Asks for nothing: SDKs and frameworks send such values without being told to. */
export function isNeutral(name: string, value: unknown): boolean {
  if (value == null || value === '' || (Array.isArray(value) && value.length === 0)) return true;
  if (isObject(value)) return Object.keys(value).length === 0;
  if (name === 'n' || name === 'temperature' || name === 'top_p') return value === 1;
  if (name === 'modalities') return Array.isArray(value) && !value.includes('audio');
  return value === false || (value === 0 && name.endsWith('_penalty'));
}

/** The fields that go out as they came, and the names of those that are left out. */
export function sameFields(chat: JsonObject): { fields: Record<string, unknown>; dropped: string[] } {
  const fields: Record<string, unknown> = {};
  const dropped: string[] = [];
  for (const [name, value] of Object.entries(chat)) {
    if (value == null) continue;
    const fate = fieldFates.get(name);
    if (fate === 'same' || fate === 'responses') fields[name] = value;
    else if ((fate === undefined || fate === 'dropped') && !isNeutral(name, value)) dropped.push(name);
  }
  return { fields, dropped };
}

/** `response_format`, `verbosity` and a Responses `text`, merged into one `text`; undefined where there is nothing to say. */
export function toText(chat: JsonObject): JsonObject | undefined {
  const format = toFormat(chat['response_format']);
  const text = { ...objectOf(chat['text']), ...(format && { format }), ...(chat['verbosity'] != null && { verbosity: chat['verbosity'] }) };
  return Object.keys(text).length > 0 ? text : undefined;
}

/** `strict` is always sent: the servers refuse a lax schema without it, though `false` is the published default. */
function toFormat(format: unknown): JsonObject | undefined {
  if (!isObject(format) || format['type'] === 'text') return undefined;
  const nested = format['json_schema'];
  if (format['type'] !== 'json_schema' || !isObject(nested)) return format;
  const { name, schema, strict, description } = nested;
  return { type: 'json_schema', name, schema, strict: strict ?? false, ...(description != null && { description }) };
}

const reasoningFields = new Set(['effort', 'summary', 'generate_summary', 'context', 'mode']);

/** A `reasoning` object of the client's without what the API does not know: some clients' own switches share the name. */
export function reasoningOf(chat: JsonObject): { reasoning: Record<string, unknown>; dropped: string[] } {
  const entries = Object.entries(objectOf(chat['reasoning'])).filter(([, value]) => value != null);
  return {
    reasoning: Object.fromEntries(entries.filter(([name]) => reasoningFields.has(name))),
    dropped: entries.filter(([name]) => !reasoningFields.has(name)).map(([name]) => `reasoning.${name}`),
  };
}

/** The smallest `max_output_tokens` that the API takes. */
export const leastTokens = 16;

/** The client's token limit and the field that it stands in; visible text and reasoning together, as in both APIs. */
export function tokenLimit(chat: JsonObject): { field: string; limit: unknown } | undefined {
  const field = ['max_completion_tokens', 'max_tokens', 'max_output_tokens'].find((name) => chat[name] != null);
  return field === undefined ? undefined : { field, limit: chat[field] };
}
