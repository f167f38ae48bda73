import { budgets } from '../../budgets.ts';
import { proxyError } from '../../errors.ts';
import type { HeldBytes } from '../types/exchange.ts';

/** The bytes of all bodies that are held at once: of requests until their answers begin, of answers that must be whole. */
export class BodyBudget {
  readonly #limit: number;
  #held = 0;
  readonly #waiting = new Set<Account>();
  /** The one that goes on beyond the limit: else several that are half there would wait for each other. */
  #ahead: Account | undefined;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Returns the account of one exchange. */
  open(): HeldBytes {
    return new Account(this);
  }

  /** undefined if there is room. */
  take(account: Account, bytes: number): Promise<void> | undefined {
    if (this.#held + bytes > this.#limit && this.#ahead !== account) {
      if (this.#ahead) return this.#wait(account, bytes);
      this.#ahead = account;
    }
    this.#add(account, bytes);
    return undefined;
  }

  #add(account: Account, bytes: number): void {
    account.own += bytes;
    this.#held += bytes;
  }

  #wait(account: Account, bytes: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(account);
        reject(proxyError('bodiesWaited'));
      }, budgets.bodyWait);
      account.goOn = () => {
        clearTimeout(timer);
        this.#waiting.delete(account);
        this.#add(account, bytes);
        resolve();
      };
      account.stop = () => {
        clearTimeout(timer);
        this.#waiting.delete(account);
      };
      this.#waiting.add(account);
    });
  }

  give(account: Account): void {
    account.stop?.();
    this.#held -= account.own;
    account.own = 0;
    if (this.#ahead === account) this.#ahead = undefined;
    const [next] = this.#waiting;
    if (!next || this.#ahead) return;
    this.#ahead = next;
    next.goOn?.();
  }
}

class Account implements HeldBytes {
  readonly #budget: BodyBudget;
  #free: number = budgets.bodyFree;
  own = 0;
  goOn: (() => void) | undefined;
  stop: (() => void) | undefined;

  constructor(budget: BodyBudget) {
    this.#budget = budget;
  }

  take(bytes: number): Promise<void> | undefined {
    const counted = Math.max(0, bytes - this.#free);
    this.#free -= bytes - counted;
    return counted === 0 ? undefined : this.#budget.take(this, counted);
  }

  release(): void {
    this.#budget.give(this);
  }
}
