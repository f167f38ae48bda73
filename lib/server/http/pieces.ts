/** In bytes. A smaller piece is copied: an object for each byte that comes alone would take a hundred times what was sent. */
const smallest = 4096;
/** In bytes, of what small pieces are copied into. */
const blockSize = 65_536;

/** The bytes of a body, as they come. */
export class Pieces {
  readonly #whole: Uint8Array[] = [];
  #block = Buffer.alloc(0);
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
      this.#block = Buffer.allocUnsafeSlow(blockSize);
      this.#start = this.#end = 0;
    }
    this.#block.set(piece, this.#end);
    this.#end += piece.length;
  }

  /** Returns them joined; one piece is not copied. */
  join(): Buffer<ArrayBuffer> {
    this.#closeBlock();
    const [first] = this.#whole;
    if (this.#whole.length === 1 && first) return Buffer.from(first.buffer as ArrayBuffer, first.byteOffset, first.length);
    return Buffer.concat(this.#whole, this.length);
  }

  #closeBlock(): void {
    if (this.#end > this.#start) this.#whole.push(this.#block.subarray(this.#start, this.#end));
    this.#start = this.#end;
  }
}
