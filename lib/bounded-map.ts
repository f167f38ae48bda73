export interface Bounds<Key, Value> {
  /** The most that the map holds: entries, or the sum of their weights. */
  limit: number;
  /** The weight of an entry, one if not given. */
  weigh?: (value: Value) => number;
  /** Milliseconds after its last use at which an entry is forgotten, which may depend on its value; never if not given. */
  lifetime?: number | ((value: Value) => number);
  /** The time in milliseconds; needed with a lifetime. */
  now?: () => number;
  /** Called with each entry that is deleted, replaced, or had to go. */
  onDrop?: (key: Key, value: Value) => void;
}

interface Entry<Value> {
  readonly value: Value;
  readonly weight: number;
  used: number;
}

/** A map that does not grow beyond a limit: the entries that were not used for the longest time go first. To set an entry is to use it. */
export class BoundedMap<Key, Value> {
  readonly #bounds: Bounds<Key, Value>;
  /** The least recently used first. */
  readonly #entries = new Map<Key, Entry<Value>>();
  #weight = 0;

  constructor(bounds: Bounds<Key, Value>) {
    this.#bounds = bounds;
  }

  /** The sum of the weights of all entries. */
  get weight(): number {
    return this.#weight;
  }

  /** Returns the value, which does not count as a use; undefined if there is none, or if its lifetime is over. */
  get(key: Key): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry && this.#isOver(entry)) this.delete(key);
    else return entry?.value;
    return undefined;
  }

  /** Marks an entry as used now. */
  touch(key: Key): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    entry.used = this.#now();
    this.#entries.delete(key);
    this.#entries.set(key, entry);
  }

  /** Sets an entry. Returns false if it is heavier than the limit: then it is not kept, and pushes nothing out. */
  set(key: Key, value: Value): boolean {
    const { limit, weigh } = this.#bounds;
    this.delete(key);
    const weight = weigh ? weigh(value) : 1;
    if (weight > limit) return false;
    this.#entries.set(key, { value, weight, used: this.#now() });
    this.#weight += weight;
    for (const [oldest, entry] of this.#entries) {
      if (this.#weight <= limit && !this.#isOver(entry)) break;
      this.delete(oldest);
    }
    return true;
  }

  delete(key: Key): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#entries.delete(key);
    this.#weight -= entry.weight;
    this.#bounds.onDrop?.(key, entry.value);
  }

  /** The entries whose lifetime is not over, the least recently used first. */
  *[Symbol.iterator](): Generator<[Key, Value]> {
    for (const [key, entry] of this.#entries) if (!this.#isOver(entry)) yield [key, entry.value];
  }

  #isOver({ used, value }: Entry<Value>): boolean {
    const { lifetime } = this.#bounds;
    return lifetime !== undefined && this.#now() - used >= (typeof lifetime === 'number' ? lifetime : lifetime(value));
  }

  #now(): number {
    return this.#bounds.now?.() ?? 0;
  }
}
