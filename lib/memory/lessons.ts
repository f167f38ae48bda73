/** What refusals have taught, by a key of the caller's: upstream, credential and model. Bounded in number and time. */
export interface Lessons<Name extends string> {
  learn(key: string, name: Name, value: string | null): void;
  /** Empty where nothing is known, or no longer. */
  of(key: string): ReadonlyMap<Name, string | null>;
}

export interface LessonsOptions {
  /** How many keys are kept; the oldest go first. */
  limit?: number;
  /** Milliseconds after which a lesson is forgotten, since servers and accounts change. */
  lifetime?: number;
  /** The time in milliseconds. */
  now(): number;
}

export function createLessons<Name extends string>({ limit = 10_000, lifetime = 3_600_000, now }: LessonsOptions): Lessons<Name> {
  const lessons = new Map<string, { values: Map<Name, string | null>; until: number }>();
  const nothing: ReadonlyMap<Name, string | null> = new Map();

  return {
    learn(key, name, value) {
      const values = new Map(this.of(key)).set(name, value);
      lessons.delete(key);
      lessons.set(key, { values, until: now() + lifetime });
      for (const oldest of lessons.keys()) {
        if (lessons.size <= limit) break;
        lessons.delete(oldest);
      }
    },
    of(key) {
      const found = lessons.get(key);
      return found && found.until > now() ? found.values : nothing;
    },
  };
}
