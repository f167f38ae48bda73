import type { Dispatcher } from '../types/dispatcher.ts';

type Agent = new (options: object) => Partial<Dispatcher>;

/** As it was at the start. A program may put another one in its place, which may want to see what is sent. */
const ownFetch = globalThis.fetch;

/** Whether this is Node's own `fetch`. */
export function isOwnFetch(fetch: unknown): boolean {
  return fetch === ownFetch;
}

/**
 * Returns an agent for Node's `fetch` without its limits of 300 seconds to the headers and between two pieces of a body, which no
 * `AbortSignal` lifts and which a model that thinks for long runs into.
 *
 * It is built by the constructor of the agent that `fetch` uses by itself, whatever its class: with `NODE_USE_ENV_PROXY=1` that is the
 * one that honours `HTTPS_PROXY`, and so does ours.
 *
 * @param connectTimeout Milliseconds to connect.
 * @returns undefined if this `fetch` is built another way; its limits stay then.
 */
export function createDispatcher(connectTimeout: number): Dispatcher | undefined {
  // Node loads undici, and with it the global agent, when one of its classes is touched for the first time.
  void globalThis.Headers;
  for (const version of [2, 1]) {
    const found: unknown = Reflect.get(globalThis, Symbol.for(`undici.globalDispatcher.${version}`));
    if (typeof found !== 'object' || found === null) continue;
    try {
      const agent = new (found.constructor as Agent)({ headersTimeout: 0, bodyTimeout: 0, connect: { timeout: connectTimeout } });
      if (typeof agent.dispatch === 'function') return agent as Dispatcher;
    } catch {
      // Some versions put a wrapper there that cannot be constructed: the next one, or none.
    }
  }
  return undefined;
}
