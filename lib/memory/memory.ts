import type { OutputItem } from '../wire/responses.ts';

/** A turn of the model's as it was, reasoning included, in place of what a chat client kept of it. */
export interface RecalledTurn {
  /** Tells one turn from another. */
  readonly key: object;
  /** The output items, without their item ids, which the server does not know while `store` is false. */
  readonly items: readonly object[];
}

/** The turn that made this call, when its name and arguments are the same and `text`, what the client sends of its text, is the turn's own. */
export type Recall = (call: { id: string; name: string; input: string }, text: string) => RecalledTurn | undefined;

export interface Memory {
  /** Keeps the output of a finished turn if it made calls and there is more to it than a chat client will send back. */
  keep(scope: string, output: readonly OutputItem[]): void;
  /** Looks for turns that were kept under `scope`: everything that must be the same, such as upstream, credential and model. */
  recall(scope: string): Recall;
  /** Forgets a turn that the upstream refused. */
  forget(turn: RecalledTurn): void;
  /** What is kept now. */
  readonly bytes: number;
}

export interface MemoryOptions {
  /** In bytes; the turns that were used least recently go first. */
  limit?: number;
  /** Milliseconds since its last use after which a turn is forgotten. */
  lifetime?: number;
  /** The time in milliseconds. */
  now(): number;
}

interface Turn {
  /** The items as JSON; undefined where two different turns had the same call id: then no one can say which is meant. */
  readonly packed: Uint8Array | undefined;
  readonly text: string;
  /** `scope` and call id → name and input of the call. */
  readonly calls: ReadonlyMap<string, { name: string; input: string }>;
  readonly bytes: number;
  used: number;
}

/** What a turn takes beside its items: the entries of two maps and the strings in them. A generous guess. */
const overhead = 512;

/**
 * Keeps the turns of a model that called tools, for the requests that bring their results: a chat client returns only the calls, and the
 * reasoning that led to them would be lost. An id under which two different turns were seen stands for neither.
 */
export function createMemory({ limit = 64 * 1024 * 1024, lifetime = 3_600_000, now }: MemoryOptions): Memory {
  const turns = new Set<Turn>(); // the least recently used first
  const byCall = new Map<string, Turn>();
  let bytes = 0;

  function drop(turn: Turn): void {
    if (!turns.delete(turn)) return;
    bytes -= turn.bytes;
    for (const key of turn.calls.keys()) if (byCall.get(key) === turn) byCall.delete(key);
  }

  function dropOld(): void {
    for (const turn of turns) {
      if (bytes <= limit && now() - turn.used <= lifetime) return;
      drop(turn);
    }
  }

  return {
    keep(scope, output) {
      const items = output.filter(canReturn).map(({ id: _, ...item }) => item as OutputItem);
      if (!items.some(isHidden)) return;
      const calls = new Map(
        items.flatMap(({ call_id, name = '', arguments: args, input }) =>
          call_id ? [[keyOf(scope, call_id), { name, input: args ?? input ?? '' }]] : [],
        ),
      );
      if (calls.size === 0) return;
      const packed = new TextEncoder().encode(JSON.stringify(items));
      const text = items.map(textOf).join('');
      const before = [...calls.keys()].flatMap((key) => byCall.get(key) ?? []);
      const same = before.every((one) => one.packed && equal(one.packed, packed));
      for (const one of before) drop(one);
      const turn: Turn = {
        packed: same ? packed : undefined,
        text,
        calls,
        bytes: packed.length + 2 * text.length + overhead * (1 + calls.size),
        used: now(),
      };
      if (turn.bytes > limit) return;
      for (const key of calls.keys()) byCall.set(key, turn);
      turns.add(turn);
      bytes += turn.bytes;
      dropOld();
    },

    recall: (scope) => (call, text) => {
      const key = keyOf(scope, call.id);
      const turn = byCall.get(key);
      if (!turn?.packed) return undefined;
      if (now() - turn.used > lifetime) {
        drop(turn);
        return undefined;
      }
      const own = turn.calls.get(key)!;
      if (own.name !== call.name || !sameInput(own.input, call.input) || (text !== '' && text !== turn.text)) return undefined;
      turn.used = now();
      turns.delete(turn);
      turns.add(turn);
      return { key: turn, items: JSON.parse(new TextDecoder().decode(turn.packed)) as object[] };
    },

    forget: ({ key }) => drop(key as Turn),
    get bytes() {
      return bytes;
    },
  };
}

function equal(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

function keyOf(scope: string, callId: string): string {
  return `${scope}\n${callId}`;
}

/** The items that may be sent without an id. Reasoning that is neither sealed nor open says nothing to the server. */
function canReturn({ type, encrypted_content, content }: OutputItem): boolean {
  if (type === 'reasoning') return Boolean(encrypted_content) || Boolean(content?.length);
  return type === 'message' || type === 'function_call' || type === 'custom_tool_call';
}

/** What a chat client does not send back. */
function isHidden({ type, phase }: OutputItem): boolean {
  return type === 'reasoning' || (type === 'message' && phase != null);
}

/** The text that a chat client has got of the turn. */
function textOf({ type, phase, content }: OutputItem): string {
  if (type !== 'message' || phase === 'commentary') return '';
  return (content ?? []).map((part) => (part.type === 'output_text' ? (part.text ?? '') : '')).join('');
}

/** Clients that parse the arguments write them anew: blanks between them do not count. */
function sameInput(one: string, other: string): boolean {
  return one === other || (compact(one) ?? one) === (compact(other) ?? other);
}

function compact(json: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(json));
  } catch {
    return undefined;
  }
}
