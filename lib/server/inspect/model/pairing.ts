import type { Gist } from './kinds.ts';

/** A piece of a stream, at its time. */
export interface Piece extends Gist {
  /** Milliseconds since the exchange began. */
  at: number;
  /** What its `data:` lines hold. */
  data: string;
}

/** What the upstream sent, with what the client got for it. */
export interface Step extends Piece {
  chunks: Piece[];
}

/** How many events are looked at for one chunk, so that the time for a stream stays linear. */
const REACH = 200;

/**
 * Puts the chunks that a client gets beside the events that they were made of. The log does not say which; but the proxy translates what it has read
 * before it reads on. So a chunk goes to one of the events since the chunks before it: to the first that brings the same text, else to the first of
 * its kind, else to the newest.
 */
export class Pairing {
  readonly steps: Step[] = [];
  /** No chunk belongs to an event before this one. */
  #from = 0;
  #isAnswered = false;

  received(piece: Piece): void {
    if (this.#isAnswered) this.#from = this.steps.length;
    this.#isAnswered = false;
    this.steps.push({ ...piece, chunks: [] });
  }

  answered(chunk: Piece): void {
    const { steps } = this;
    this.#isAnswered = true;
    const end = Math.min(steps.length, this.#from + REACH);
    let found: number | undefined;
    for (let at = this.#from; at < end; at += 1) {
      const { kind, text, chunks } = steps[at] as Step;
      // what a hosted tool did is reported as reasoning
      if (kind === 'tool' && chunk.kind === 'reasoning') found = at;
      if (kind !== chunk.kind) continue;
      found ??= at;
      if (text === '' || chunks.length > 0 || !chunk.text.endsWith(text)) continue;
      found = at;
      break;
    }
    const at = found ?? steps.length - 1;
    if (at < 0) {
      // nothing was received yet: a sign of life
      steps.push({ kind: chunk.kind, name: '', text: '', at: chunk.at, data: '', chunks: [chunk] });
      return;
    }
    steps[at]?.chunks.push(chunk);
    this.#from = at;
  }
}
