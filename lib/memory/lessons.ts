/** What refusals have taught, by a key of the caller's: upstream, credential and model. Bounded in number and time. */
export interface Lessons<Name extends string> {
  /** @param values What is taken under that name; empty where nothing is. */
  learn(key: string, name: Name, values: readonly string[]): void;
  /** Of the caller's own; empty where nothing is known, or no longer. The key is asked for only where anything is known at all. */
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
  const lessons = new Map<string, Map<Name, { values: readonly string[]; until: number }>>();

  return {
    learn(key, name, values) {
      const known = lessons.get(key) ?? new Map<Name, { values: readonly string[]; until: number }>();
      lessons.delete(key);
      lessons.set(key, known.set(name, { values, until: now() + lifetime }));
      for (const oldest of lessons.keys()) {
        if (lessons.size <= limit) break;
        lessons.delete(oldest);
      }
    },
    of(key) {
      const found = new Map<Name, readonly string[]>();
      const known = lessons.size > 0 ? lessons.get(key()) : undefined;
      for (const [name, { values, until }] of known ?? []) if (until > now()) found.set(name, values);
      return found;
    },
  };
}
