import type { Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { proxyError } from '../errors.ts';
import type { ProxyState } from './types/exchange.ts';

/** Milliseconds to write and send the errors with which running answers end. */
const lastWords = 500;

/**
 * Ends a proxy: it takes no new connections from now on, and ends running answers as errors after `grace` milliseconds.
 */
export async function shutDown(state: ProxyState, servers: readonly Server[], grace: number): Promise<void> {
  state.closing = true;
  const closed = servers.map((server) => new Promise((resolve) => server.close(resolve)));
  await idle(state, grace);
  for (const controller of state.running.values()) {
    controller.abort(proxyError('proxyShutdown'));
  }
  await idle(state, lastWords);
  for (const server of servers) server.closeAllConnections();
  await Promise.all(closed);
  await state.log?.close();
}

/** Waits until no exchange is running, or the time is over. */
async function idle({ running }: ProxyState, ms: number): Promise<void> {
  const end = performance.now() + ms;
  while (running.size > 0 && performance.now() < end) await delay(10);
}
