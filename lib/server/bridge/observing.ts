import type { Exchange } from '../exchange.ts';
import { describeFault } from '../fault.ts';

/** For what the answer to the client does not depend on: whatever an upstream's odd data does there, it goes on, and the operator is told. */
export function observing({ told }: Exchange, observe: () => void): void {
  try {
    observe();
  } catch (error) {
    told.notes.push(describeFault(error));
  }
}
