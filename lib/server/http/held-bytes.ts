import { budgets } from '../../budgets.ts';
import { proxyError } from '../../errors.ts';
import type { HeldBytes } from '../types/exchange.ts';

/** The bytes of all bodies that are held at once: of requests until their answers begin, of answers that must be whole. */
export class BodyBudget {
  readonly #limit: number;
  #held = 0;
  readonly #waiting = new Set<Account>();
  /** Those that are still being received. */
  readonly #uploads = new Set<Account>();
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
    return new Map([...this.#uploads].map((upload) => [upload, upload.own]));
  }

  /** Refuses uploads that have hardly grown since: clients that send slowly must not keep the room from others. */
  #dropStalled(before: ReadonlyMap<Account, number>): void {
    const stalled = [...this.#uploads].filter((upload) => {
      const grown = upload.own - (before.get(upload) ?? -Infinity);
      return upload.own > 0 && grown < budgets.bodyFree && !this.#waiting.has(upload);
    });
    for (const upload of stalled) upload.drop?.();
  }

  /** `drop` gives up what is being received; returns what says that it is complete. */
  upload(account: Account, drop: () => void): () => void {
    account.drop = drop;
    this.#uploads.add(account);
    return () => {
      this.#uploads.delete(account);
      // it holds the body
      account.drop = undefined;
    };
  }

  give(account: Account): void {
    account.stop?.();
    this.#held -= account.own;
    account.own = 0;
    if (this.#ahead === account) this.#ahead = undefined;
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

  receiving(drop: () => void): () => void {
    return this.#budget.upload(this, drop);
  }

  release(): void {
    this.#budget.give(this);
  }
}
