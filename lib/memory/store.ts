import { BoundedMap } from '../bounded-map.ts';

/** Where values are kept between requests: in this process, or in a database that several proxies share. */
export interface Store {
  /** Returns the value of each key, in the order of the keys; undefined or null for a key without one. To read a value is to use it. */
  get(keys: readonly string[]): Promise<readonly (Uint8Array | null | undefined)[]>;
  /** Keeps a value until so many seconds after its last use. An empty value takes the place of one that must not be found any more. */
  set(key: string, value: Uint8Array, seconds: number): Promise<void>;
}

export interface MemoryStoreOptions {
  /** In bytes, 64 MiB if not given; the values that were used least recently go first. */
  limit?: number;
  /** The time in milliseconds. */
  now(): number;
}

/** A store in this process's memory. */
export interface MemoryStore extends Store {
  /** What is kept now, in bytes. */
  readonly bytes: number;
}

interface Entry {
  readonly value: Uint8Array;
  readonly seconds: number;
  readonly bytes: number;
}

/** Bytes of an entry beside its key and its value: the objects, and the place in the map. A generous guess. */
const overhead = 512;

/** Returns a store in this process's memory. Its functions have done their work when they return, before their promises settle. */
export function createMemoryStore({ limit = 64 * 1024 * 1024, now }: MemoryStoreOptions): MemoryStore {
  const entries = new BoundedMap<string, Entry>({
    limit,
    now,
    weigh: ({ bytes }) => bytes,
    lifetime: ({ seconds }) => seconds * 1000,
  });
  return {
    async get(keys) {
      return keys.map((key) => {
        const entry = entries.get(key);
        if (entry) entries.touch(key);
        return entry?.value;
      });
    },
    async set(key, value, seconds) {
      if (value.length === 0) entries.delete(key);
      else entries.set(key, { value, seconds, bytes: overhead + 2 * key.length + value.length });
    },
    get bytes() {
      return entries.weight;
    },
  };
}
