import type { Dispatcher, UndiciRequest } from '../types/dispatcher.ts';

/**
 * A request's body that goes straight to the agent below `fetch`, while `fetch` itself gets none. From a body `fetch` makes a web stream,
 * splits it in two and reads one of them in a generator: a third of what a whole request costs, and two copies of an image.
 */
export class Upload implements Dispatcher {
  readonly #agent: Dispatcher;
  #pieces: readonly Uint8Array[];

  /** @param pieces The body; they are sent one after the other. */
  constructor(agent: Dispatcher, pieces: readonly Uint8Array[]) {
    this.#agent = agent;
    this.#pieces = pieces;
  }

  /** Called by `fetch`; called again if the upstream wants the request on another connection (421). */
  dispatch(request: UndiciRequest, handler: unknown): unknown {
    const headers = { ...request.headers, 'content-length': String(lengthOf(this.#pieces)) };
    // an iterator, since it keeps nothing of what has gone out, and the agent keeps it until the answer ends
    return this.#agent.dispatch({ ...request, headers, body: this.#pieces.values() }, handler);
  }

  /** The answer has come: `fetch` keeps its dispatcher until that ends, which may take minutes. */
  release(): void {
    this.#pieces = [];
  }
}

function lengthOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}
