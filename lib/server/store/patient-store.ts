import type { Store } from '../../memory/store.ts';

export interface PatienceOptions {
  /** Informs the operator, in one line. */
  warn: (message: string) => void;
  /** The time in milliseconds. */
  now: () => number;
  /** Milliseconds to wait for what was kept. */
  timeout: number;
}

/** In bytes: no turn of ordinary use is larger, and a request reads up to thousands of values at once. */
const largestValue = 512 * 1024;
/** In bytes, of what is on its way to the store: a store that hangs must not fill the memory. */
const mostPending = 16 * 1024 * 1024;
/** In milliseconds. */
const betweenWarnings = 3_600_000;

/**
 * Returns a store that never fails and never takes long: what a store does not give in time counts as not there. While an answer is still due
 * nothing more is asked. The operator gets one line about it, and another one after an hour at the earliest.
 */
export function patientStore(store: Store, { warn, now, timeout }: PatienceOptions): Store {
  let warned = -Infinity;
  let overdue = 0;
  let pending = 0;

  function report(reason: string): void {
    if (now() - warned < betweenWarnings) return;
    warned = now();
    warn(`the store ${reason}; requests go on without what is kept there`);
  }

  /** Settles with undefined when the time is over. */
  function inTime<Value>(answer: Promise<Value>): Promise<Value | undefined> {
    return new Promise((resolve) => {
      let isLate = false;
      let isSettled = false;
      const giveUp = (): void => {
        if (isSettled) return;
        isLate = true;
        overdue += 1;
        report(`does not answer within ${timeout} ms`);
        resolve(undefined);
      };
      // if it was this process that was busy, the answer may be there to be read, which comes first
      const timer = setTimeout(() => setImmediate(giveUp), timeout);
      const settle = (value?: Value): void => {
        isSettled = true;
        clearTimeout(timer);
        if (isLate) overdue -= 1;
        resolve(value);
      };
      answer.then(settle, (error: unknown) => {
        report(`failed: ${messageOf(error)}`);
        settle();
      });
    });
  }

  return {
    async get(keys) {
      if (overdue > 0) return [];
      return (await inTime(call(() => store.get(keys)))) ?? [];
    },
    async set(key, value, seconds) {
      if (overdue > 0 || value.length > largestValue || pending + value.length > mostPending) return;
      pending += value.length;
      try {
        await call(() => store.set(key, value, seconds));
      } catch (error) {
        report(`failed: ${messageOf(error)}`);
      } finally {
        pending -= value.length;
      }
    },
  };
}

/** The store's own words; it knows nothing of a request but hashes and encrypted values. */
function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1).join('').slice(0, 200);
}

/** A store of someone else's may throw instead of rejecting. */
async function call<Value>(ask: () => Promise<Value>): Promise<Value> {
  return ask();
}
