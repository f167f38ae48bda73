import type { Exchange } from '../types/exchange.ts';
import { describeFault } from '../fault.ts';

/** For what the answer to the client does not depend on: whatever an upstream's odd data does there, it goes on, and the operator is told. */
export function observing({ report }: Exchange, observe: () => void): void {
  try {
    observe();
  } catch (error) {
    report.notes.push(describeFault(error));
  }
}
