import type { Exchange } from '../types/exchange.ts';

let loading: Promise<typeof import('./bridge.ts')> | undefined;

/** Loads the bridge, half of the program's files, unless that was done: a start need not wait for what the first request needs. */
export function loadBridge(): Promise<typeof import('./bridge.ts')> {
  return (loading ??= import('./bridge.ts'));
}

/** As `bridge` in bridge.ts. */
export async function bridge(exchange: Exchange, body: Buffer<ArrayBuffer>, how: { additions: boolean }): Promise<void> {
  const loaded = await loadBridge();
  return loaded.bridge(exchange, body, how);
}
