import { budgets } from '../../budgets.ts';
import { proxyError } from '../../errors.ts';
import type { HeldBytes } from '../types/exchange.ts';

/** The bytes of all bodies that are held at once: of requests until their answers begin, of long answers until they are sent. */
export class BodyBudget {
  readonly #limit: number;
  #held = 0;
  readonly #waiting = new Set<Account>();
  /** Those that are being received or sent. */
  readonly #moving = new Set<Account>();
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
    account.wanted = bytes;
    return new Promise((resolve, reject) => {
      let before = this.#sizes();
      const drop = setInterval(() => {
        this.#dropStalled(before);
        before = this.#sizes();
      }, budgets.bodyStall);
      const timer = setTimeout(() => {
        account.stop?.();
        reject(proxyError('bodiesWaited'));
      }, budgets.bodyWait);
      account.stop = () => {
        clearInterval(drop);
        clearTimeout(timer);
        this.#waiting.delete(account);
      };
      account.goOn = () => {
        account.stop?.();
        this.#add(account, bytes);
        resolve();
      };
      this.#waiting.add(account);
    });
  }

  #sizes(): ReadonlyMap<Account, number> {
    return new Map([...this.#moving].map((one) => [one, one.own]));
  }

  /** Gives up what has hardly grown or shrunk since: clients that send or read slowly must not keep the room from others. */
  #dropStalled(before: ReadonlyMap<Account, number>): void {
    const stalled = [...this.#moving].filter((one) => {
      const moved = Math.abs(one.own - (before.get(one) ?? -Infinity));
      return one.own > 0 && moved < budgets.bodyFree && !this.#waiting.has(one);
    });
    for (const one of stalled) one.drop?.();
  }

  /** `drop` gives up what is being received or sent; returns what says that it is complete. */
  move(account: Account, drop: () => void): () => void {
    account.drop = drop;
    this.#moving.add(account);
    return () => {
      this.#moving.delete(account);
      // it holds the body
      account.drop = undefined;
    };
  }

  give(account: Account, bytes: number): void {
    this.#held -= bytes;
    account.own -= bytes;
    if (this.#held <= this.#limit || (this.#ahead === account && account.own === 0)) this.#ahead = undefined;
    for (const next of this.#waiting) {
      if (this.#held + next.wanted > this.#limit) {
        if (this.#ahead) return;
        this.#ahead = next;
      }
      next.goOn?.();
    }
  }
}

class Account implements HeldBytes {
  readonly #budget: BodyBudget;
  #free: number = budgets.bodyFree;
  own = 0;
  /** What it waits for. */
  wanted = 0;
  drop: (() => void) | undefined;
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

  moving(drop: () => void): () => void {
    return this.#budget.move(this, drop);
  }

  give(bytes: number): void {
    this.#budget.give(this, Math.min(bytes, this.own));
  }

  release(): void {
    this.stop?.();
    this.#budget.give(this, this.own);
  }
}
