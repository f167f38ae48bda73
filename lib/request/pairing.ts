import { arrayOf, isObject, objectOf, stringOf, type JsonObject } from '../json.ts';
import { longest, shortName } from './short-names.ts';

/** A tool call of the conversation. */
export interface Call {
  kind: 'function' | 'custom';
  /** Where it stands in its message: `tool_calls[2]`, `function_call`. */
  place: string;
  /** The field of the call that holds its name and arguments; undefined if they stand in the call itself. */
  nesting: 'function' | 'custom' | undefined;
  /** The client's id, undefined for a call without one, as the deprecated `function_call` is. */
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
 * Finds the call that each tool message answers, in linear time.
 *
 * An id may be used again by a later message: an output belongs to the latest call of its id, and if one message has the id several times, to the
 * first of these that has no output. An output without an id belongs to a call without an output: by the function's name if it gives one, else by
 * position; of the latest message that has such a call, the first. So does an output whose id no call has, but only to a call without an id.
 */
export function pairCalls(messages: readonly unknown[]): Pairing {
  const calls = new Map<number, readonly Call[]>();
  const answers = new Map<number, Call>();
  const freeId = idSource();
  const byId = new Map<string, Waiting>();
  const all = namedCalls();
  const withoutId = namedCalls();

  for (const [at, message] of messages.entries()) {
    if (!isObject(message)) continue;
    if (message['role'] === 'assistant') {
      const made = callsOf(message, freeId);
      if (made.length === 0) continue;
      calls.set(at, made);
      for (const { id } of made) if (id !== undefined) byId.set(id, []);
      // from the last one, so that the first call of a message is on top
      for (let last = made.length - 1; last >= 0; last -= 1) {
        const call = made[last]!;
        if (call.id !== undefined) byId.get(call.id)!.push(call);
        else withoutId.add(call);
        all.add(call);
      }
    } else if (message['role'] === 'tool' || message['role'] === 'function') {
      const call = callFor(idOf(message), stringOf(message['name']));
      if (!call) continue;
      call.answered = true;
      answers.set(at, call);
    }
  }
  return { calls, answers };

  function callFor(id: string | undefined, name: string): Call | undefined {
    if (id === undefined) return all.take(name);
    const waiting = byId.get(id);
    return waiting ? take(waiting) : withoutId.take(name);
  }
}

/** Calls in the order in which they are answered, the next one at the end; some of them may have been answered otherwise. */
type Waiting = Call[];

function take(waiting: Waiting | undefined): Call | undefined {
  for (let call = waiting?.pop(); call; call = waiting?.pop()) if (!call.answered) return call;
  return undefined;
}

/** Calls that an output may find by the function's name, or, if it gives none, by position. */
function namedCalls(): { add(call: Call): void; take(name: string): Call | undefined } {
  const inOrder: Waiting = [];
  const byName = new Map<string, Waiting>();
  return {
    add(call) {
      inOrder.push(call);
      const same = byName.get(call.name);
      if (same) same.push(call);
      else byName.set(call.name, [call]);
    },
    take: (name) => take(name === '' ? inOrder : byName.get(name)),
  };
}

/** In characters: `_999999`. */
const longestSuffix = 7;

/** Returns a function that gives each call an id to send: its own, shortened, with a suffix if an earlier call has it. */
function idSource(): (id: string | undefined) => string {
  const sent = new Set<string>();
  const repeats = new Map<string, number>();
  let unnamed = 0;
  return (id) => {
    const wanted = shortName(id ?? `call_fn_${unnamed++}`);
    let free = wanted;
    // goes on where the last search ended for ids that begin so, which have the same candidates: a hostile list may repeat a million of them
    const beginning = wanted.slice(0, longest - longestSuffix);
    for (let again = repeats.get(beginning) ?? 2; sent.has(free); again += 1) {
      const suffix = `_${again}`;
      free = wanted.slice(0, longest - suffix.length) + suffix;
      repeats.set(beginning, again + 1);
    }
    sent.add(free);
    return free;
  };
}

/** The id of the call that a tool message answers; an empty one counts as none. */
export function idOf(message: JsonObject): string | undefined {
  return stringOf(message['tool_call_id']) || stringOf(message['call_id']) || undefined;
}

function callsOf(message: JsonObject, freeId: (id: string | undefined) => string): Call[] {
  const made = arrayOf(message['tool_calls']).map((call, at) => toCall(objectOf(call), `tool_calls[${at}]`, freeId));
  const legacy = message['function_call'];
  return isObject(legacy) && made.length === 0 ? [toCall(legacy, 'function_call', freeId)] : made;
}

function toCall(call: JsonObject, place: string, freeId: (id: string | undefined) => string): Call {
  const kind = call['type'] === 'custom' || isObject(call['custom']) ? 'custom' : 'function';
  const nested = call[kind];
  const isNested = isObject(nested);
  const own = isNested ? nested : call;
  const id = stringOf(call['id']) || undefined;
  return {
    kind,
    place,
    nesting: isNested ? kind : undefined,
    id,
    name: stringOf(own['name']),
    input: writtenInput(kind === 'custom' ? own['input'] : own['arguments']),
    callId: freeId(id),
    answered: false,
  };
}

/** Returns the arguments of a call as a string, which they must be; some clients send the object. */
export function writtenInput(input: unknown): string {
  return typeof input === 'string' ? input : JSON.stringify(input ?? {});
}
