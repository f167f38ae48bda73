import { isObject, objectOf, stringOf, type JsonObject } from '../../../json.ts';

/** What an event is about: the lanes of the time line, and what is in none of them. */
export type Kind = 'begin' | 'reasoning' | 'tool' | 'call' | 'text' | 'end' | 'error' | 'idle' | 'other';

/** What is shown of an event, or of a chunk, without opening it. */
export interface Gist {
  kind: Kind;
  /** The event's type without `response.`; for a chunk the field of its delta. */
  name: string;
  /** What it brings: a delta, the type of an item, … */
  text: string;
}

const begins = new Set(['created', 'queued', 'in_progress']);

/** The first that fits counts. */
const eventKinds: readonly (readonly [type: RegExp, kind: Kind])[] = [
  [/^reasoning/, 'reasoning'],
  [/^(?:output_text|refusal|content_part)/, 'text'],
  [/^(?:function_call_arguments|custom_tool_call_input)/, 'call'],
  [/_call/, 'tool'],
  [/^(?:mcp|code_interpreter|image_generation)/, 'tool'],
  [/^(?:completed|incomplete)$/, 'end'],
  [/^(?:failed|error)$/, 'error'],
  [/^keepalive$/, 'idle'],
];

const itemKinds = new Map<unknown, Kind>([
  ['message', 'text'],
  ['reasoning', 'reasoning'],
  ['function_call', 'call'],
  ['custom_tool_call', 'call'],
]);

/** Returns the gist of what a `data:` line holds, of either API. */
export function gistOf(data: string, value: unknown): Gist {
  if (data === '[DONE]') return { kind: 'end', name: '[DONE]', text: '' };
  if (!isObject(value)) return { kind: 'other', name: 'not JSON', text: data };
  if (Array.isArray(value['choices'])) return chunkGist(value, value['choices']);
  if (typeof value['type'] === 'string' && value['type'] !== '') return eventGist(value['type'], value);
  if (isObject(value['error'])) return { kind: 'error', name: 'error', text: stringOf(value['error']['message']) };
  return { kind: 'other', name: 'no type', text: '' };
}

function eventGist(type: string, event: JsonObject): Gist {
  const name = type.startsWith('response.') ? type.slice('response.'.length) : type;
  if (begins.has(name)) return { kind: 'begin', name, text: '' };
  if (name.startsWith('output_item.')) {
    const item = objectOf(event['item']);
    const text = [item['type'], item['name']].filter((part) => typeof part === 'string').join(' ');
    return { kind: itemKinds.get(item['type']) ?? 'tool', name, text };
  }
  const kind = eventKinds.find(([pattern]) => pattern.test(name))?.[1] ?? 'other';
  const error = objectOf(objectOf(event['response'])['error'] ?? event['error'] ?? event);
  return { kind, name, text: kind === 'error' ? stringOf(error['message']) : stringOf(event['delta']) };
}

function chunkGist(chunk: JsonObject, choices: readonly unknown[]): Gist {
  const choice = objectOf(choices[0]);
  const delta = objectOf(choice['delta']);
  const reasoning = delta['reasoning_content'] ?? delta['reasoning'];
  if (typeof reasoning === 'string' && reasoning !== '') return { kind: 'reasoning', name: 'reasoning_content', text: reasoning };
  if (Array.isArray(delta['tool_calls'])) return { kind: 'call', name: 'tool_calls', text: callText(objectOf(delta['tool_calls'][0])) };
  if (isObject(delta['function_call']))
    return { kind: 'call', name: 'function_call', text: callText({ function: delta['function_call'] }) };
  for (const name of ['content', 'refusal']) {
    const text = delta[name];
    if (typeof text === 'string' && text !== '') return { kind: 'text', name, text };
  }
  if (typeof choice['finish_reason'] === 'string') return { kind: 'end', name: 'finish_reason', text: choice['finish_reason'] };
  if (isObject(chunk['usage'])) return { kind: 'end', name: 'usage', text: '' };
  if (typeof delta['role'] === 'string') return { kind: 'begin', name: 'role', text: delta['role'] };
  return { kind: 'other', name: 'chunk', text: '' };
}

function callText(call: JsonObject): string {
  const { name, arguments: args } = objectOf(call['function'] ?? call['custom']);
  return stringOf(name) + stringOf(args);
}
