import { isGiven, isObject, type JsonObject } from '../json.ts';
import { isFormat } from './text-format.ts';

/**
 * What becomes of a field of a chat request:
 * `same` goes out under its own name, `responses` likewise although Chat Completions does not have it, `mapped` is carried over in another form,
 * `emulated` is done by the proxy, `dropped` cannot be expressed in a Responses request and is left out with a note.
 */
export type Handling = 'same' | 'responses' | 'mapped' | 'emulated' | 'dropped';

/** A field of a chat request. */
export interface Field {
  readonly name: string;
  readonly handling: Handling;
  /** What becomes of it, for the documentation. */
  readonly effect: string;
  /** Where it stands in a Responses request, if not under its own name: so that errors about it can name the client's field. */
  readonly path?: string;
}

const carried = 'carried over';
const limit = 'carried over; 1 to 15 becomes 16; 0 and below, which mean no limit, are dropped with a note';
const onChat = 'kept on Chat Completions, byte for byte; dropped with a note for a model, or with tools, that need `/v1/responses`';
const refusedThere = 'kept on Chat Completions, byte for byte; refused with 400 for a model, or with tools, that need `/v1/responses`';
const whileReasoning = 'carried over if the model takes it, dropped with a note while the model reasons';
const own = "Responses' own: carried over";
const switchesOff = 'switched off, it means the lowest effort of the model; else dropped with a note';
const unsupported = 'dropped with a note, unless it asks for nothing (`0`, `null`, …)';

/** Every known field, in the order of the documentation; any other field is dropped with a note. */
export const fields: ReadonlyMap<string, Field> = table([
  ['model', 'mapped', 'carried over, without an effort alias'],
  ['messages', 'mapped', 'carried over, in place and in order, without `name`, which Responses does not take', 'input'],
  ['tools', 'mapped', 'carried over; `strict` is always sent, `false` if the client does not say'],
  ['tool_choice', 'mapped', carried],
  ['parallel_tool_calls', 'same', carried],
  ['functions', 'mapped', 'carried over, and answered in the same old form', 'tools'],
  ['function_call', 'mapped', 'carried over, and answered in the same old form', 'tool_choice'],
  ['web_search_options', 'mapped', 'becomes the tool `web_search`', 'tools'],
  ['response_format', 'mapped', carried, 'text.format'],
  ['verbosity', 'mapped', carried, 'text.verbosity'],
  ['reasoning_effort', 'mapped', carried, 'reasoning.effort'],
  ['max_completion_tokens', 'mapped', limit, 'max_output_tokens'],
  ['max_tokens', 'mapped', limit, 'max_output_tokens'],
  ['temperature', 'same', whileReasoning],
  ['top_p', 'same', whileReasoning],
  ['logprobs', 'mapped', whileReasoning, 'include'],
  ['top_logprobs', 'same', whileReasoning],
  ['store', 'mapped', 'carried over; `false` if the client does not say, as in Chat Completions'],
  ['metadata', 'same', carried],
  ['service_tier', 'same', carried],
  ['user', 'same', carried],
  ['safety_identifier', 'same', carried],
  ['prompt_cache_key', 'same', 'carried over; added if the client sends none'],
  ['prompt_cache_retention', 'same', carried],
  ['prompt_cache_options', 'same', carried],
  ['moderation', 'same', carried],
  ['stream', 'same', carried],
  ['stream_options', 'mapped', 'carried over; the proxy serves `include_usage`'],
  ['stop', 'emulated', 'emulated: the text is cut before the first match, across chunks'],
  ['prediction', 'dropped', onChat],
  ['logit_bias', 'dropped', onChat],
  ['n', 'dropped', refusedThere],
  ['modalities', 'dropped', `with audio ${refusedThere}; images are dropped with a note`],
  ['audio', 'dropped', refusedThere],
  ['seed', 'dropped', unsupported],
  ['frequency_penalty', 'dropped', unsupported],
  ['presence_penalty', 'dropped', unsupported],
  ['input', 'mapped', 'in place of `messages`: carried over'],
  ['reasoning', 'mapped', own],
  ['text', 'mapped', own],
  ['include', 'mapped', own],
  ['max_output_tokens', 'mapped', own],
  ['instructions', 'responses', own],
  ['truncation', 'responses', own],
  ['previous_response_id', 'responses', own],
  ['conversation', 'responses', own],
  ['prompt', 'responses', own],
  ['max_tool_calls', 'responses', own],
  ['context_management', 'responses', own],
  ['image', 'responses', own],
  ['access_programs', 'responses', own],
  ['background', 'mapped', 'refused with 400 if `true`'],
  ['enable_thinking', 'mapped', switchesOff],
  ['thinking', 'mapped', switchesOff],
  ['chat_template_kwargs', 'mapped', `its \`enable_thinking\`: ${switchesOff}`],
  ['include_reasoning', 'mapped', '`false` leaves the reasoning out of the answer'],
  ['cache_control', 'dropped', 'a hint: dropped without a note; in content parts see below'],
]);

function table(rows: readonly (readonly [string, Handling, string, string?])[]): Map<string, Field> {
  return new Map(rows.map(([name, handling, effect, path]) => [name, { name, handling, effect, ...(path !== undefined && { path }) }]));
}

/** Whether a value asks for nothing: SDKs and frameworks send such values unasked. */
export function isNeutral(name: string, value: unknown): boolean {
  if (!isGiven(value) || name === 'cache_control' || (Array.isArray(value) && value.length === 0)) return true;
  if (isObject(value)) return Object.keys(value).length === 0;
  if (name === 'n' || name === 'temperature' || name === 'top_p') return value === 1;
  if (name === 'modalities') return Array.isArray(value) && value.every((one) => one === 'text');
  return value === false || (value === 0 && name.endsWith('_penalty'));
}

/** The forms in which some fields are read; a value in any other is dropped with a note. */
const forms: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ['tools', Array.isArray],
  ['functions', Array.isArray],
  ['include', Array.isArray],
  ['web_search_options', isObject],
  ['stream_options', isObject],
  ['reasoning', isObject],
  ['text', isObject],
  ['response_format', isFormat],
  ['stop', (value) => typeof value === 'string' || Array.isArray(value)],
  ['stream', isBoolean],
  ['store', isBoolean],
  ['logprobs', isBoolean],
]);

function isBoolean(value: unknown): boolean {
  return typeof value === 'boolean';
}

/** The fields that go out as they came, and the names of those that are left out. */
export function sameFields(chat: JsonObject): { same: Record<string, unknown>; dropped: string[] } {
  const same: Record<string, unknown> = {};
  const dropped: string[] = [];
  for (const [name, value] of Object.entries(chat)) {
    if (!isGiven(value)) continue;
    const handling = fields.get(name)?.handling;
    if (forms.get(name)?.(value) === false) dropped.push(name);
    else if (handling === 'same' || handling === 'responses') same[name] = value;
    else if ((handling === undefined || handling === 'dropped') && !isNeutral(name, value)) dropped.push(name);
  }
  return { same, dropped };
}
