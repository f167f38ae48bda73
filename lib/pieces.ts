/** In bytes. A smaller piece is copied: an object for each byte that comes alone would take a hundred times what was sent. */
const smallest = 4096;
/** In bytes, of what small pieces are copied into. */
const blockSize = 65_536;

/** In bytes. */
const joinedAtOnce = 8_388_608;

/** The bytes of a body, as they come. */
export class Pieces {
  readonly #whole: Uint8Array[] = [];
  #block = new Uint8Array();
  #start = 0;
  #end = 0;
  /** In bytes. */
  length = 0;

  add(piece: Uint8Array): void {
    this.length += piece.length;
    // most bodies are one piece
    if (piece.length >= smallest || this.#whole.length === 0) {
      this.#closeBlock();
      this.#whole.push(piece);
      return;
    }
    if (this.#block.length - this.#end < piece.length) {
      this.#closeBlock();
      this.#block = new Uint8Array(blockSize);
      this.#start = this.#end = 0;
    }
    this.#block.set(piece, this.#end);
    this.#end += piece.length;
  }

  /** Returns them joined; one piece is not copied. */
  join(): Uint8Array {
    const steps = this.joinInSteps();
    let step = steps.next();
    while (!step.done) step = steps.next();
    return step.value;
  }

  /** As `join`, in steps of about 8 MiB. */
  *joinInSteps(): Generator<void, Uint8Array> {
    this.#closeBlock();
    const [first] = this.#whole;
    if (this.#whole.length === 1 && first) return first;
    const all = new Uint8Array(this.length);
    let at = 0;
    let step = joinedAtOnce;
    for (const piece of this.#whole) {
      all.set(piece, at);
      at += piece.length;
      if (at < step) continue;
      yield;
      step = at + joinedAtOnce;
    }
    return all;
  }

  #closeBlock(): void {
    if (this.#end > this.#start) this.#whole.push(this.#block.subarray(this.#start, this.#end));
    this.#start = this.#end;
  }
}
