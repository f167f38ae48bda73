import { arrayOf, isObject } from '../json.ts';
import type { Store } from './store.ts';

// What one proxy learned of an upstream's refusals, for the others that share a store.

/** The values that the upstream takes for each refused addition; none if it must be left out. */
export type Learned = ReadonlyMap<string, readonly string[]>;

/** Seconds after which a refusal is forgotten, since servers and accounts change: from when it was learned, however often it is read. */
const lifetime = 3600;

const keyOf = (scope: string): string => `${scope}\nrefused`;

/** Returns the refused additions of this scope. */
export async function readRefusals(store: Store, scope: string, now: number): Promise<Learned> {
  const [value] = await store.get([keyOf(scope)]);
  const learned = new Map<string, readonly string[]>();
  if (!value?.length) return learned;
  for (const one of arrayOf(parse(new TextDecoder().decode(value)))) {
    if (!isObject(one) || typeof one['name'] !== 'string' || typeof one['until'] !== 'number' || one['until'] <= now) continue;
    learned.set(
      one['name'],
      arrayOf(one['accepted']).filter((each) => typeof each === 'string'),
    );
  }
  return learned;
}

/** Keeps the refused additions of this scope. */
export function shareRefusals(store: Store, scope: string, refused: Learned, now: number): Promise<void> {
  const entries = [...refused].map(([name, accepted]) => ({ name, accepted, until: now + lifetime * 1000 }));
  return store.set(keyOf(scope), new TextEncoder().encode(JSON.stringify(entries)), lifetime);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
