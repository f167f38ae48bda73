import { ProxyError } from '../error.ts';
import type { Exchange } from './exchange.ts';
import { describeFault } from './fault.ts';

/**
 * Translates something that the upstream sent. What no one has foreseen, such as a field of a type that the API does not give it, is the
 * upstream's failure, and is noted for the operator.
 *
 * @throws ProxyError 502 in place of any other error.
 */
export function translating<Result>({ told }: Exchange, translate: () => Result): Result {
  try {
    return translate();
  } catch (error) {
    if (error instanceof ProxyError) throw error;
    told.notes.push(describeFault(error));
    throw new ProxyError(502, 'The upstream sent an answer that is not what the API promises.', { code: 'upstream_invalid_answer' });
  }
}

/** The same for what the answer to the client does not depend on: it goes on. */
export function observing({ told }: Exchange, observe: () => void): void {
  try {
    observe();
  } catch (error) {
    told.notes.push(describeFault(error));
  }
}
