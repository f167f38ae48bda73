import { BoundedMap } from '../bounded-map.ts';

/** What refusals have taught, by a key that the caller chooses: upstream, credential and model. Bounded in number and time. */
export interface Lessons<Name extends string> {
  /** @param values What the upstream takes under that name; empty if it takes nothing. */
  learn(key: string, name: Name, values: readonly string[]): void;
  /** Returns the lessons for this key in a map of the caller's own; empty if there are none. The key is asked for only if there are any lessons at all. */
  of(key: () => string): Map<Name, readonly string[]>;
}

export interface LessonsOptions {
  /** How many keys are kept; the ones that learned nothing for the longest time go first. */
  limit?: number;
  /** Milliseconds after which a lesson is forgotten, since servers and accounts change. */
  lifetime?: number;
  /** The time in milliseconds. */
  now(): number;
}

export function createLessons<Name extends string>({ limit = 10_000, lifetime = 3_600_000, now }: LessonsOptions): Lessons<Name> {
  const lessons = new BoundedMap<string, BoundedMap<Name, readonly string[]>>({ limit });

  return {
    learn(key, name, values) {
      const known = lessons.get(key) ?? new BoundedMap<Name, readonly string[]>({ limit: Infinity, lifetime, now });
      known.set(name, values);
      lessons.set(key, known);
    },
    of(key) {
      const known = lessons.weight > 0 ? lessons.get(key()) : undefined;
      return new Map(known);
    },
  };
}
