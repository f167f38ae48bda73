import { arrayOf, isObject, objectOf, stringOf, type JsonObject } from '../json.ts';
import { longest, shortName } from './short-names.ts';

/** A tool call of the conversation. */
export interface Call {
  kind: 'function' | 'custom';
  /** The client's id, undefined for the deprecated `function_call`, which has none. */
  id: string | undefined;
  name: string;
  input: string;
  /** The id that is sent: at most 64 characters, and no other call's. */
  callId: string;
  answered: boolean;
}

export interface Pairing {
  /** The calls of each assistant message, by the message's index. */
  calls: ReadonlyMap<number, readonly Call[]>;
  /** The call that a tool message answers, by the message's index; none for an output without its call. */
  answers: ReadonlyMap<number, Call>;
}

/**
 * Finds the call that each tool message answers. An id may be used again by a later turn: an output belongs to the first call of its id that
 * has none. A `function` message names only the function: it answers the latest call of it.
 */
export function pairCalls(messages: readonly unknown[]): Pairing {
  const calls = new Map<number, readonly Call[]>();
  const answers = new Map<number, Call>();
  const open = new Map<string, { calls: Call[]; answered: number }>();
  const sent = new Set<string>();
  const repeats = new Map<string, number>();
  let unnamed = 0;

  for (const [at, message] of messages.entries()) {
    if (!isObject(message)) continue;
    if (message['role'] === 'assistant') {
      const made = callsOf(message).map((call) => ({ ...call, callId: freeId(call.id), answered: false }));
      if (made.length > 0) calls.set(at, made);
      for (const call of made) {
        const key = call.id === undefined ? `name ${call.name}` : `id ${call.id}`;
        const same = open.get(key);
        if (same) same.calls.push(call);
        else open.set(key, { calls: [call], answered: 0 });
      }
    } else if (message['role'] === 'tool' || message['role'] === 'function') {
      const id = idOf(message);
      const waiting = open.get(id === undefined ? `name ${stringOf(message['name'])}` : `id ${id}`);
      const call = id === undefined ? waiting?.calls.pop() : waiting?.calls[waiting.answered];
      if (!waiting || !call) continue;
      if (id !== undefined) waiting.answered += 1;
      call.answered = true;
      answers.set(at, call);
    }
  }
  return { calls, answers };

  function freeId(id: string | undefined): string {
    const wanted = shortName(id || `call_fn_${unnamed++}`);
    let free = wanted;
    // goes on where the last search for this id ended: a hostile list may repeat one id a million times
    for (let again = repeats.get(wanted) ?? 2; sent.has(free); again += 1) {
      const suffix = `_${again}`;
      free = wanted.slice(0, longest - suffix.length) + suffix;
      repeats.set(wanted, again + 1);
    }
    sent.add(free);
    return free;
  }
}

/** The id of the call that a tool message answers. */
export function idOf(message: JsonObject): string | undefined {
  const id = message['tool_call_id'] ?? message['call_id'];
  return typeof id === 'string' ? id : undefined;
}

function callsOf(message: JsonObject): Omit<Call, 'callId' | 'answered'>[] {
  const made = arrayOf(message['tool_calls']).map((call) => {
    const { id, type, function: called, custom, name, arguments: args, input } = objectOf(call);
    const kind = type === 'custom' || isObject(custom) ? ('custom' as const) : ('function' as const);
    const own = objectOf(kind === 'custom' ? (custom ?? { name, input }) : (called ?? { name, arguments: args }));
    return { kind, id: stringOf(id), name: stringOf(own['name']), input: written(kind === 'custom' ? own['input'] : own['arguments']) };
  });
  const legacy = message['function_call'];
  if (!isObject(legacy) || made.length > 0) return made;
  return [{ kind: 'function', id: undefined, name: stringOf(legacy['name']), input: written(legacy['arguments']) }];
}

/** Arguments must be a string; some clients send the object. */
function written(input: unknown): string {
  return typeof input === 'string' ? input : JSON.stringify(input ?? {});
}
