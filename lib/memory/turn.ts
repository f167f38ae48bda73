import { budgets } from '../budgets.ts';
import { isBeyond } from '../json-extent.ts';
import { arrayOf, isObject, objectOf, stringOf } from '../json.ts';
import type { CallItem, OutputItem } from '../wire/responses.ts';
import { plainId, trimmed } from './marks.ts';

/** A turn of a model as it was, reasoning included, in place of what a chat client keeps of it. */
export interface KeptTurn {
  /** What the client had sent since the turn before, as `fingerprint` gives it. */
  readonly sent: readonly string[];
  /** The output items, without the item ids that the server does not know while `store` is false. */
  readonly items: readonly OutputItem[];
  /** The client got the first call as the deprecated `function_call`, without its id. */
  readonly isLegacy?: boolean;
}

/** The types of item that a request may bring back without an id; the published schema demands one of most others. */
const withoutId: ReadonlySet<string> = new Set([
  'message',
  'reasoning',
  'function_call',
  'function_call_output',
  'custom_tool_call',
  'custom_tool_call_output',
  'tool_search_call',
  'tool_search_output',
]);

/** Items that need their id, and need nothing that the server keeps: a program comes with its code and a fingerprint of its state. */
const withId: ReadonlySet<string> = new Set(['program', 'program_output']);

/** Returns the items of an output as a later request may bring them back; undefined if a chat client returns all that is in them. */
export function itemsToKeep(output: readonly OutputItem[]): readonly OutputItem[] | undefined {
  const items = returnable(output).map((item) => {
    if (withId.has(item.type)) return item;
    const { id: _, ...rest } = item;
    return rest as OutputItem;
  });
  const calls = clientCalls(items).map(({ call_id }) => plainId(stringOf(call_id)));
  if (new Set(calls).size < calls.length || calls.includes('')) return undefined;
  const messages = items.filter(({ type }) => type === 'message').length;
  return messages > 1 || items.some(isHidden) ? items : undefined;
}

/** Leaves out reasoning that the server would ignore or refuse: it must be encrypted or have its text, and stand before the item that it led to. */
function returnable(output: readonly OutputItem[]): OutputItem[] {
  const kept: OutputItem[] = [];
  let led = false;
  for (const item of output.toReversed()) {
    const isReasoning = item.type === 'reasoning';
    if (!isReasoning) led = withoutId.has(item.type) || withId.has(item.type);
    if (led && (!isReasoning || item.encrypted_content || item.content?.length)) kept.push(item);
  }
  return kept.toReversed();
}

/** Whether there is more in an item than a chat client sends back. */
function isHidden(item: OutputItem): boolean {
  switch (item.type) {
    case 'message':
      return item.phase != null;
    case 'function_call':
    case 'custom_tool_call':
      return item.namespace != null || item.caller != null;
    default:
      return true;
  }
}

/** Returns the calls that the client was asked to make: those whose output stands beside them were made by the server. */
export function clientCalls(items: readonly OutputItem[]): CallItem[] {
  const answered = new Set(items.map((item) => (item.type.endsWith('_call_output') ? objectOf(item)['call_id'] : undefined)));
  return items.filter(
    (item): item is CallItem => (item.type === 'function_call' || item.type === 'custom_tool_call') && !answered.has(item.call_id ?? ''),
  );
}

/**
 * Returns what a chat client may have got as the text of a turn: its answer messages, none twice, or the one of them that a JSON format takes.
 * Commentary counts if there is nothing else, and what was refused if nothing was said.
 */
export function textsOf(turn: KeptTurn): readonly string[] {
  let known = texts.get(turn);
  if (!known) texts.set(turn, (known = textsIn(turn.items)));
  return known;
}

/** Each request of a conversation asks for them again. */
const texts = new WeakMap<KeptTurn, readonly string[]>();

function textsIn(items: readonly OutputItem[]): string[] {
  const answers = messageTexts(items, 'output_text', false);
  const isAnswered = answers.length > 0 || clientCalls(items).length > 0;
  const refusals = isAnswered ? [] : messageTexts(items, 'refusal', false);
  const all = isAnswered ? answers : refusals.length > 0 ? refusals : messageTexts(items, 'output_text', true);
  return [...new Set([all.join('\n\n'), ...all].map(trimmed))];
}

function messageTexts(items: readonly OutputItem[], type: 'output_text' | 'refusal', ofCommentary: boolean): string[] {
  const name = type === 'refusal' ? 'refusal' : 'text';
  const said = items.map((item) => {
    if (item.type !== 'message' || (item.phase === 'commentary') !== ofCommentary) return '';
    const parts = arrayOf(item.content).map(objectOf);
    return parts.map((part) => (part['type'] === type ? stringOf(part[name]) : '')).join('');
  });
  return [...new Set(said)].filter((text) => text !== '');
}

/**
 * Whether a client's text is what it got of these turns, or none. Blanks do not count beside calls: how a client joins the texts of several turns is
 * its own affair.
 */
export function isTextOf(turns: readonly KeptTurn[], said: string): boolean {
  if (said.length > longestRewritten) return turns.some((turn) => textsOf(turn).includes(trimmed(said)));
  const own = squeezed(said);
  if (own === '') return true;
  const all = turns.map((turn) => textsOf(turn).map((text) => (text.length > longestRewritten ? text : squeezed(text))));
  if (all.some((each) => each.includes(own))) return true;
  return turns.length > 1 && bare(all.map(([whole]) => whole).join('')) === bare(said);
}

/** In characters. No model says more in a turn: longer texts and arguments must be the same, since to rewrite them would take long. */
const longestRewritten = 1_000_000;

function squeezed(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function bare(text: string): string {
  return text.replace(/\s+/g, '');
}

/** Whether a client's call is this one. Clients that parse arguments write them anew: neither blanks nor the order of the keys count in them. */
export function isSameCall(call: CallItem, { name, input }: { name: string; input: string }): boolean {
  if (call.name !== name) return false;
  if (call.type === 'custom_tool_call') return stringOf(call.input) === input;
  const own = stringOf(call.arguments);
  return own === input || (canonical(own) ?? own) === (canonical(input) ?? input);
}

/** Returns a call in a form that counts: see `isSameCall`. */
export function callText(name: string, input: string): string {
  return `${name}\n${canonical(input) ?? input}`;
}

/** undefined for what is no JSON, or would take too long to read and write. */
function canonical(json: string): string | undefined {
  if (json.length > longestRewritten || isBeyond(json, budgets.values, budgets.depth)) return undefined;
  try {
    return JSON.stringify(JSON.parse(json || '{}'), (_, value: unknown) =>
      isObject(value) ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))) : value,
    );
  } catch {
    return undefined;
  }
}

/** Returns the items without these calls, and without the reasoning that led to nothing but them. */
export function withoutCalls(items: readonly OutputItem[], left: ReadonlySet<OutputItem>): OutputItem[] {
  const kept: OutputItem[] = [];
  let reasoning: OutputItem[] = [];
  let wasReasoning = false;
  for (const item of items) {
    const isReasoning = item.type === 'reasoning';
    if (isReasoning && !wasReasoning) reasoning = []; // that before led only to calls which are left out
    if (isReasoning) reasoning.push(item);
    else if (!left.has(item)) kept.push(...reasoning.splice(0), item);
    wasReasoning = isReasoning;
  }
  return kept;
}
