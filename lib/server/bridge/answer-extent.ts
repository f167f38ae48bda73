import { isAscii } from 'node:buffer';
import { budgets } from '../../budgets.ts';
import { proxyError } from '../../errors.ts';

/** How much of a streamed answer has come: its text is kept until it ends, and so is what cannot go to the client yet. */
export class AnswerExtent {
  #bytes = 0;
  #quietBytes = 0;
  #quietEvents = 0;
  #begun = 0;
  #heldBytes = 0;
  #isWide = false;
  /** Items that are done. */
  items = 0;

  /** More has come than the head of an answer without anything for the client: what is kept of it counts among the bodies. */
  get isLarge(): boolean {
    return this.#quietBytes > budgets.quietFree;
  }

  /** @throws ProxyError 502 for an answer that goes beyond its budget; the same below. */
  read(bytes: number): void {
    this.#bytes += bytes;
    this.#quietBytes += bytes;
    if (this.#bytes > budgets.streamedAnswer || this.#quietBytes > budgets.quietBytes) throw proxyError('answerTooQuiet');
  }

  /** Returns how many more bytes are held with these: as text, whose characters take two bytes each as soon as one of them is not ASCII. */
  hold(bytes: Uint8Array): number {
    this.#heldBytes += bytes.length;
    if (this.#isWide) return 2 * bytes.length;
    if (isAscii(bytes)) return bytes.length;
    this.#isWide = true;
    return bytes.length + this.#heldBytes;
  }

  /** @param isQuiet The client gets nothing of it now. */
  event(type: string, isQuiet: boolean): void {
    if (!isQuiet) this.#quietBytes = 0;
    else if ((this.#quietEvents += 1) > budgets.quietEvents) throw proxyError('answerTooQuiet');
    if (type === 'response.output_item.added') this.#begun += 1;
    if (type === 'response.output_item.done') this.items += 1;
    if (Math.max(this.#begun, this.items) > budgets.items) throw proxyError('answerTooManyItems', { limit: budgets.items });
  }
}
