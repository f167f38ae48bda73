import { BoundedMap } from '../../bounded-map.ts';
import { arrayOf, stringOf } from '../../json.ts';
import { routeOf } from '../../request/routing.ts';
import { parseCut } from '../http/cut-data.ts';
import type { Exchange, ProxyState } from '../types/exchange.ts';
import { modelIn } from './peek.ts';

/** Returns a memory of the kinds of requests that the upstream refused on Chat Completions and served on `/v1/responses`, each for an hour. */
export function createUpgrades(now: () => number): ProxyState['upgrades'] {
  return new BoundedMap({ limit: 10_000, lifetime: 3_600_000, now });
}

/** Whether the upstream said of a request of this kind that it needs `/v1/responses`. False if only Chat Completions can do what it asks for. */
export async function needsResponses(exchange: Exchange, body: Buffer): Promise<boolean> {
  const { upgrades } = exchange.state;
  if (upgrades.weight === 0) return false;
  // most requests name another model, and need not be parsed
  const model = modelIn(body) ?? '';
  if (!uses.some((use) => upgrades.get(keyOf(exchange, { model, use })))) return false;
  const kind = await kindOf(exchange, body);
  return kind !== undefined && kind.canUpgrade && upgrades.get(keyOf(exchange, kind)) === true;
}

/** Returns a function that remembers the kind of this request, and keeps nothing of its body. */
export async function upgradeOf(exchange: Exchange, body: Buffer): Promise<() => void> {
  const kind = await kindOf(exchange, body);
  if (!kind || kind.model.length > longestName) return () => {};
  const { upgrades } = exchange.state;
  const key = keyOf(exchange, kind);
  return () => upgrades.set(key, true);
}

/** In characters. No model has a longer name. */
const longestName = 256;

/** Chat Completions of some models takes tools at the effort `none` only. */
const uses = ['no tools', 'tools', 'tools at none'] as const;

interface Kind {
  model: string;
  use: (typeof uses)[number];
}

/** undefined for what is not a request: the upstream says so itself. */
async function kindOf(exchange: Exchange, body: Buffer): Promise<(Kind & { canUpgrade: boolean }) | undefined> {
  try {
    const { parsed: chat, work } = await parseCut(body, exchange);
    exchange.held.give(work);
    const hasTools = arrayOf(chat['tools']).length > 0 || arrayOf(chat['functions']).length > 0;
    return {
      model: stringOf(chat['model']),
      use: hasTools ? (chat['reasoning_effort'] === 'none' ? 'tools at none' : 'tools') : 'no tools',
      canUpgrade: routeOf(chat) === 'responses',
    };
  } catch {
    return undefined;
  }
}

function keyOf({ credential }: Exchange, { model, use }: Kind): string {
  return `${credential}\n${use}\n${model}`;
}
