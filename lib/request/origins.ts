import { isObject, objectOf, stringOf, type JsonObject } from '../json.ts';
import type { Call } from './pairing.ts';

/** Where an item of the input comes from, to name the client's own fields in errors. */
export interface Origin {
  /** `messages[3]`, or `messages[3].tool_calls[0]` for a call. */
  path: string;
  /** The client's name of each field of the item. */
  fields: Fields;
  /** The same for each part of its content. undefined if the parts are not the client's one by one. */
  parts: readonly Fields[] | undefined;
}

/** Where the items of the input come from. It holds nothing of what they say: an error may come long after the request was sent. */
export interface Origins {
  /** Notes the origin of the next item. `message` is the one that it comes from, `at` that message's index. */
  add(item: unknown, message: JsonObject, at: number): void;
  /** Returns the origin of an item by its index; undefined if there is none. */
  of(index: number): Origin | undefined;
}

/** The form of an item for the client. Most items share one. */
interface Form {
  fields: Fields;
  /** Where it stands in its message, with a dot before it. */
  place?: string;
  parts?: readonly Fields[];
}

/** Name of a field as sent → the client's name or path; a field that is not there has no counterpart. */
export type Fields = ReadonlyMap<string, string>;

const fields = (names: Record<string, string>): Fields => new Map(Object.entries(names));

const ofMessage = fields({ role: 'role', content: 'content' });
const ofOutput = fields({ call_id: 'tool_call_id', output: 'content' });
const ofFlatCall = fields({ call_id: 'id', name: 'name', arguments: 'arguments', input: 'input' });
const ofFunction = fields({ call_id: 'id', name: 'function.name', arguments: 'function.arguments' });
const ofCustom = fields({ call_id: 'id', name: 'custom.name', input: 'custom.input' });
const none = fields({});

/** Parts that are as flat for the client as they are sent. */
const ofFlatPart = fields(
  Object.fromEntries(
    ['type', 'text', 'refusal', 'detail', 'image_url', 'file_id', 'file_url', 'file_data', 'filename', 'prompt_cache_breakpoint'].map(
      (name) => [name, name],
    ),
  ),
);
const nestedIn = (field: string, names: Record<string, string>): Fields =>
  new Map([...ofFlatPart, ...Object.entries(names).map(([name, own]) => [name, `${field}.${own}`] as const)]);
const ofImage = nestedIn('image_url', { image_url: 'url', file_id: 'file_id', detail: 'detail' });
const ofFile = nestedIn('file', { file_id: 'file_id', file_url: 'file_url', file_data: 'file_data', filename: 'filename' });

const message: Form = { fields: ofMessage };
const output: Form = { fields: ofOutput };
const other: Form = { fields: none };

export function createOrigins(calls: ReadonlyMap<number, readonly Call[]>): Origins {
  const byCallId = new Map<string, { at: number; form: Form }>();
  for (const [at, made] of calls) for (const call of made) byCallId.set(call.callId, { at, form: callForm(call) });
  const messages: number[] = [];
  const forms: Form[] = [];

  return {
    add(item, own, at) {
      const origin = originOf(objectOf(item), own, at);
      messages.push(origin.at);
      forms.push(origin.form);
    },
    of(index) {
      const form = forms[index];
      return form && { path: `messages[${messages[index]}]${form.place ?? ''}`, fields: form.fields, parts: form.parts };
    },
  };

  function originOf(item: JsonObject, own: JsonObject, at: number): { at: number; form: Form } {
    if (item['role'] !== undefined) return { at, form: withParts(message, own['content'], item['content']) };
    const call = byCallId.get(stringOf(item['call_id']));
    if (!stringOf(item['type']).endsWith('_output')) return call ?? { at, form: other };
    if (own['role'] !== 'assistant') return { at, form: withParts(output, own['content'], item['output']) };
    // an output in place of one that is missing
    return call ? { at: call.at, form: { ...call.form, fields: none } } : { at, form: other };
  }
}

function callForm({ place, nesting }: Call): Form {
  return { place: `.${place}`, fields: nesting === undefined ? ofFlatCall : nesting === 'function' ? ofFunction : ofCustom };
}

function withParts(form: Form, content: unknown, sent: unknown): Form {
  if (!Array.isArray(content) || !Array.isArray(sent) || content.length !== sent.length) return form;
  return { ...form, parts: content.map(partFields) };
}

function partFields(part: unknown): Fields {
  if (!isObject(part)) return none;
  if (isObject(part['image_url'])) return ofImage;
  return isObject(part['file']) ? ofFile : ofFlatPart;
}
