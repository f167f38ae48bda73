import { budgets } from '../../budgets.ts';
import type { Exchange } from '../types/exchange.ts';

/** In milliseconds. */
const pause = 500;

/** How many uploads are being read ahead. */
let count = 0;

/**
 * Reads more and more of an upload of which the upstream takes nothing, until the answer ends. That a client has left comes behind all that it had
 * sent: nobody would learn of it before the time to send a request is over.
 *
 * @param taken Returns how many bytes have gone to the upstream.
 */
export function readAhead({ request, response, settings }: Exchange, taken: () => number): void {
  let before = 0;
  let isAhead = false;
  const timer = setInterval(() => {
    const waiting = request.readableLength;
    const isStalled = waiting > 0 && waiting < settings.maxBody && !request.complete && taken() === before;
    before = taken();
    if (!isStalled || (!isAhead && count === budgets.uploadsAhead)) return;
    if (!isAhead) count += 1;
    isAhead = true;
    // returns nothing, but Node fills the buffer of a stream as far as one has ever asked for
    request.read(waiting + budgets.uploadAhead);
  }, pause);
  response.once('close', () => {
    clearInterval(timer);
    if (isAhead) count -= 1;
  });
}
