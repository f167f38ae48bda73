import { isObject } from '../json.ts';
import { isLongerThan } from '../json-pieces.ts';
import type { OutputItem } from '../wire/responses.ts';
import { callMark, functionMark, textMark } from './marks.ts';
import type { Store } from './store.ts';
import { callText, clientCalls, itemsToKeep, textsOf, type KeptTurn } from './turn.ts';

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** Kept turns by the marks under which a request looks for them. */
export type Turns = ReadonlyMap<string, KeptTurn>;

/** The turns of models. `scope` is everything that must be the same for a turn to count, such as upstream, credential and model. */
export interface Memory {
  /** Returns the turns with these marks; they are read from the store at once. */
  read(scope: string, marks: readonly string[]): Promise<Turns>;
  /**
   * Keeps a finished turn if there is more in it than a chat client sends back. Nobody needs to wait for it.
   *
   * @param sent     What the client had sent since the turn before: see `sentLast`.
   * @param isLegacy The client got a call as the deprecated `function_call`.
   */
  keep(scope: string, output: readonly OutputItem[], sent: readonly string[], isLegacy?: boolean): Promise<void>;
  /** Forgets a turn that the upstream refused. */
  forget(scope: string, turn: KeptTurn): Promise<void>;
}

/** In characters, of a turn that is kept, and of all turns that a request gets back: several images. Longer ones would keep others waiting. */
const longestTurn = 16_000_000;

/** Seconds after its last use at which a turn is forgotten. */
const lifetime = 3600;

/** Bytes of the turns that were read last and need not be parsed again: 8 MiB. */
const mostReady = 8_388_608;

/** What stands for two different turns with one mark: it is unknown which one is meant, so none is put back. */
const ambiguous = encoder.encode('null');
const nothing = new Uint8Array(0);

/** Returns a memory that keeps its turns in `store`. A turn is kept once for each of its marks, so that one read finds all turns of a request. */
export function createMemory(store: Store): Memory {
  /** A store in this process returns the same bytes each time, and each request of a conversation asks for all its turns. */
  const ready = new ReadyTurns();
  const readTurn = (value: Uint8Array, read: Map<string, KeptTurn | undefined>): KeptTurn | undefined => {
    const text = decoder.decode(value);
    if (!read.has(text)) read.set(text, parse(text));
    const turn = read.get(text);
    if (turn) ready.set(value, turn);
    return turn;
  };
  const keysOf = (scope: string, turn: KeptTurn): string[] => marksOf(turn).map((mark) => `${scope}\n${mark}`);
  const setAll = (keys: Iterable<string>, value: Uint8Array): Promise<unknown> =>
    Promise.all([...keys].map((key) => store.set(key, value, lifetime)));

  return {
    async read(scope, marks) {
      const turns = new Map<string, KeptTurn>();
      if (marks.length === 0) return turns;
      const values = await store.get(marks.map((mark) => `${scope}\n${mark}`));
      // all calls of a turn bring the same one
      const read = new Map<string, KeptTurn | undefined>();
      let room = longestTurn;
      let last: KeptTurn | undefined;
      let lastLength = 0;
      for (const [at, mark] of marks.entries()) {
        const value = values[at];
        // the calls of a turn follow each other
        if (!value?.length || (room <= 0 && value.length !== lastLength)) continue;
        const turn = ready.get(value) ?? readTurn(value, read);
        if (!turn || (room <= 0 && turn !== last)) continue;
        turns.set(mark, turn);
        if (turn !== last) room -= value.length;
        last = turn;
        lastLength = value.length;
      }
      return turns;
    },

    async keep(scope, output, sent, isLegacy = false) {
      const items = itemsToKeep(output);
      if (!items) return;
      const turn: KeptTurn = { sent, items, ...(isLegacy && { isLegacy }) };
      if (isLongerThan(items, longestTurn)) return;
      const text = JSON.stringify(isLegacy ? [sent, items, true] : [sent, items]);
      const keys = keysOf(scope, turn);
      if (keys.length === 0) return;
      // written before the answer is read, so that the client's next request finds it
      const before = store.get(keys);
      const written = setAll(keys, encoder.encode(text));
      const others = (await before).flatMap((value) => (value?.length ? decoder.decode(value) : [])).filter((one) => one !== text);
      await written;
      if (others.length === 0) return;
      const shared = new Set(keys);
      for (const other of others) {
        const known = parse(other);
        if (known) for (const key of keysOf(scope, known)) shared.add(key);
      }
      await setAll(shared, ambiguous);
    },

    async forget(scope, turn) {
      await setAll(keysOf(scope, turn), nothing);
    },
  };
}

/** The turns of values, as objects: each as long as the store has its value, and as many as were read last. */
class ReadyTurns {
  readonly #turns = new WeakMap<Uint8Array, KeptTurn>();
  /** The oldest first. */
  readonly #values: { value: WeakRef<Uint8Array>; bytes: number }[] = [];
  #bytes = 0;

  get(value: Uint8Array): KeptTurn | undefined {
    return this.#turns.get(value);
  }

  set(value: Uint8Array, turn: KeptTurn): void {
    this.#turns.set(value, turn);
    this.#values.push({ value: new WeakRef(value), bytes: value.length });
    this.#bytes += value.length;
    while (this.#bytes > mostReady) {
      const oldest = this.#values.shift()!;
      this.#bytes -= oldest.bytes;
      const left = oldest.value.deref();
      if (left) this.#turns.delete(left);
    }
  }
}

/** Returns the marks of a turn: those of its calls, or of what it said. */
function marksOf(turn: KeptTurn): string[] {
  const { sent, items, isLegacy } = turn;
  const calls = clientCalls(items);
  const [first] = calls;
  if (isLegacy && first?.type === 'function_call') return [functionMark(sent.at(-1), callText(first.name, first.arguments))];
  if (calls.length > 0) return calls.map(({ call_id }) => callMark(call_id!));
  return textsOf(turn)
    .filter((text) => text !== '')
    .map((text) => textMark(sent.at(-1), text));
}

function parse(text: string): KeptTurn | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(value) || !Array.isArray(value[0]) || !Array.isArray(value[1])) return undefined;
  const [sent, items, isLegacy] = value as [string[], OutputItem[], boolean?];
  const isTurn = items.every((item) => isObject(item) && typeof item.type === 'string');
  return isTurn ? { sent, items, ...(isLegacy === true && { isLegacy }) } : undefined;
}
