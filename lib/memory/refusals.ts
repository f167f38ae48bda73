import { BoundedMap } from '../bounded-map.ts';

/** What upstreams refused of the proxy's additions, by a key that the caller chooses: upstream, credential and model. */
export interface Refusals {
  /** @param accepted The values that the upstream takes for this addition; empty if it must be left out. */
  learn(key: string, addition: string, accepted: readonly string[]): void;
  /** Returns the refused additions of this key in a map of the caller's own; empty if there are none. The key is asked for only if there are any at all. */
  of(key: () => string): Map<string, readonly string[]>;
}

export interface RefusalsOptions {
  /** How many keys are kept; the ones for which nothing was learned for the longest time go first. */
  limit?: number;
  /** Milliseconds after which a refusal is forgotten, since servers and accounts change. */
  lifetime?: number;
  /** The time in milliseconds. */
  now(): number;
}

export function createRefusals({ limit = 10_000, lifetime = 3_600_000, now }: RefusalsOptions): Refusals {
  const byKey = new BoundedMap<string, BoundedMap<string, readonly string[]>>({ limit });

  return {
    learn(key, addition, accepted) {
      const known = byKey.get(key) ?? new BoundedMap<string, readonly string[]>({ limit: Infinity, lifetime, now });
      known.set(addition, accepted);
      byKey.set(key, known);
    },
    of(key) {
      const known = byKey.weight > 0 ? byKey.get(key()) : undefined;
      return new Map(known);
    },
  };
}
