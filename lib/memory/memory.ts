import { BoundedMap } from '../bounded-map.ts';
import { arrayOf, isObject, objectOf, stringOf } from '../json.ts';
import type { CallItem, OutputItem } from '../wire/responses.ts';

/** A turn of the model as it was, reasoning included, in place of what a chat client kept of it. */
export interface RecalledTurn {
  /** Tells one turn from another. */
  readonly key: object;
  /** The output items, without their item ids, which the server does not know while `store` is false. */
  readonly items: readonly object[];
}

/**
 * Returns the turn that made this call, if its name and arguments are the same, and `text` (the client's copy of the turn's text) is the
 * turn's own or empty.
 */
export type Recall = (call: { id: string; name: string; input: string }, text: string) => RecalledTurn | undefined;

/** The turns of models, in this process's memory. */
export interface Memory {
  /** Keeps the output of a finished turn if it made calls and there is more to it than a chat client will send back. */
  keep(scope: string, output: readonly OutputItem[]): void;
  /** Looks for turns that were kept under `scope`: everything that must be the same, such as upstream, credential and model. */
  recall(scope: string): Recall;
  /** Forgets a turn that the upstream refused. */
  forget(turn: RecalledTurn): void;
  /** What is kept now, in bytes. */
  readonly bytes: number;
}

export interface MemoryOptions {
  /** In bytes, 64 MiB if not given; the turns that were used least recently go first. */
  limit?: number;
  /** Milliseconds since its last use after which a turn is forgotten, an hour if not given. */
  lifetime?: number;
  /** The time in milliseconds. */
  now(): number;
}

interface Turn {
  /** The items as JSON; undefined if two different turns had the same call id: then it is unknown which one is meant. */
  readonly packed: Uint8Array | undefined;
  /** Scope and call id of each of its calls. */
  readonly keys: readonly string[];
  readonly bytes: number;
}

/** Bytes of a turn, and of each of its calls, beside the items and keys: the objects and the entries of two maps. A generous guess. */
const overhead = 512;

/**
 * Keeps the turns of a model that called tools, for the requests that bring their results: a chat client returns only the calls, and the
 * reasoning that led to them would be lost. An id under which two different turns were seen stands for neither.
 */
export function createMemory({ limit = 64 * 1024 * 1024, lifetime = 3_600_000, now }: MemoryOptions): Memory {
  const byCall = new Map<string, Turn>();
  const turns = new BoundedMap<Turn, Turn>({
    limit,
    lifetime,
    now,
    weigh: ({ bytes }) => bytes,
    onDrop({ keys }) {
      for (const key of keys) byCall.delete(key);
    },
  });

  return {
    keep(scope, output) {
      const items = returnable(output).map(({ id: _, ...item }) => item as OutputItem);
      const ids = items.flatMap((item) => callOf(item)?.call_id ?? []);
      if (ids.length === 0 || new Set(ids).size < ids.length || !items.some(isHidden)) return;
      const keys = ids.map((id) => keyOf(scope, id));
      const whole = new TextEncoder().encode(JSON.stringify(items));
      const before = keys.flatMap((key) => byCall.get(key) ?? []);
      const packed = before.every((one) => one.packed && equal(one.packed, whole)) ? whole : undefined;
      for (const one of before) turns.delete(one);
      const turn: Turn = {
        packed,
        keys,
        bytes: (packed?.length ?? 0) + overhead + keys.reduce((sum, key) => sum + overhead + 2 * key.length, 0),
      };
      if (!turns.set(turn, turn)) return;
      for (const key of keys) byCall.set(key, turn);
    },

    recall(scope) {
      // the calls of a turn are asked for one by one: it is read once
      const read = new Map<Turn, RecalledTurn>();
      return ({ id, name, input }, text) => {
        const turn = byCall.get(keyOf(scope, id));
        if (!turn?.packed || !turns.get(turn)) return undefined;
        const found = read.get(turn) ?? { key: turn, items: JSON.parse(new TextDecoder().decode(turn.packed)) as OutputItem[] };
        read.set(turn, found);
        const items = found.items as readonly OutputItem[];
        const call = items.map(callOf).find((item) => item?.call_id === id);
        if (!call || call.name !== name || !sameInput(inputOf(call), input) || !isOwnText(text, items)) return undefined;
        turns.touch(turn);
        return found;
      };
    },

    forget: ({ key }) => turns.delete(key as Turn),
    get bytes() {
      return turns.weight;
    },
  };
}

function equal(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

function keyOf(scope: string, callId: string): string {
  return `${scope}\n${callId}`;
}

/** The types of item that a request may bring back without an id; the published schema demands one of all the others. */
const returnableTypes: ReadonlySet<string> = new Set(['message', 'function_call', 'custom_tool_call']);

/** Leaves out reasoning that the server would ignore or refuse: it must be encrypted or have its text, and stand before the item that it led to. */
function returnable(output: readonly OutputItem[]): OutputItem[] {
  const kept: OutputItem[] = [];
  let led = false;
  for (const item of output.toReversed()) {
    const isReasoning = item.type === 'reasoning';
    if (!isReasoning) led = returnableTypes.has(item.type);
    if (led && (!isReasoning || item.encrypted_content || item.content?.length)) kept.push(item);
  }
  return kept.toReversed();
}

/** What a chat client does not send back. */
function isHidden(item: OutputItem): boolean {
  return item.type === 'reasoning' || (item.type === 'message' && item.phase != null);
}

function callOf(item: OutputItem): CallItem | undefined {
  return item.type === 'function_call' || item.type === 'custom_tool_call' ? item : undefined;
}

function inputOf(call: CallItem): string {
  return stringOf(call.type === 'function_call' ? call.arguments : call.input);
}

/**
 * Whether a client's text is what it got of the turn: the answer messages, none twice, or the one of them that a JSON format takes.
 * Clients trim, so that blanks do not count.
 */
function isOwnText(text: string, items: readonly OutputItem[]): boolean {
  const said = squeezed(text);
  if (said === '') return true;
  const own = [...new Set(items.map(textOf))].map(squeezed).filter((one) => one !== '');
  return own.includes(said) || own.join(' ') === said;
}

function squeezed(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function textOf(item: OutputItem): string {
  if (item.type !== 'message' || item.phase === 'commentary') return '';
  return arrayOf(item.content)
    .map(objectOf)
    .map((part) => (part['type'] === 'output_text' ? stringOf(part['text']) : ''))
    .join('');
}

/** Clients that parse the arguments write them anew: neither blanks nor the order of the keys count. */
function sameInput(one: string, other: string): boolean {
  return one === other || (canonical(one) ?? one) === (canonical(other) ?? other);
}

function canonical(json: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(json || '{}'), (_, value: unknown) =>
      isObject(value) ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))) : value,
    );
  } catch {
    return undefined;
  }
}
