/** One event of a `text/event-stream`, as the WHATWG HTML standard (9.2.6) parses it, without `id` and `retry`. */
export interface ServerSentEvent {
  /** The `event:` field; empty if there was none. */
  event: string;
  /** The `data:` lines, joined by a line feed. */
  data: string;
}

export interface SseParser {
  /**
   * Takes the next bytes, wherever they were cut, and returns the events that they complete.
   * Throws a RangeError when one event grows beyond the limit.
   */
  push(bytes: Uint8Array): ServerSentEvent[];
  /**
   * The end of the bytes. The standard drops an event without its closing blank line; servers that forget it after their last event
   * exist, so what is there is returned. The caller must find out whether it was cut off.
   */
  end(): ServerSentEvent[];
}

const lineFeed = 10;
const carriageReturn = 13;

/** One for all streams: it gets whole lines only, so it has no state. The BOM of a stream is at its beginning only. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Returns a parser of event streams. Lines end in LF, CR or CRLF; a leading BOM is dropped; the time taken is linear, however the bytes were cut.
 *
 * @param limit Of one event, in bytes; a decoded character counts as one. 32 Mi if not given.
 */
export function createSseParser(limit: number = 32 * 1024 * 1024): SseParser {
  return new Parser(limit);
}

/** Of an event's data. */
const blockLines = 4096;

const nothing = new Uint8Array();

/** In bytes: of a longer line, what has come is decoded, so that its end does not take that much longer. */
const decodedAtOnce = 1_048_576;

class Parser implements SseParser {
  readonly #limit: number;
  // the beginning of a line whose end has not come: of a long one as text, but for what came last
  #texts: string[] = [];
  #ownDecoder: InstanceType<typeof TextDecoder> | undefined;
  #decodedBytes = 0;
  #waiting = nothing;
  #waitingBytes = 0;
  #atStart = true;
  #event = '';
  /** Its lines; many of them are put together, since each one alone takes ten times its length. */
  #data: string[] = [];
  #blocks: string[] = [];
  #size = 0;
  #afterCarriageReturn = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  push(bytes: Uint8Array): ServerSentEvent[] {
    const end = afterLastLine(bytes);
    const found = end === 0 ? [] : this.#lines(this.#decode(bytes.subarray(0, end)));
    if (end < bytes.length) {
      this.#wait(bytes.subarray(end));
      this.#assertSmall(this.#decodedBytes + this.#waitingBytes);
    }
    return found;
  }

  end(): ServerSentEvent[] {
    return this.#lines(`${this.#decode(nothing)}\n\n`);
  }

  #wait(bytes: Uint8Array): void {
    const length = this.#waitingBytes + bytes.length;
    if (length > this.#waiting.length) {
      const larger = new Uint8Array(length * 2);
      larger.set(this.#waiting.subarray(0, this.#waitingBytes));
      this.#waiting = larger;
    }
    this.#waiting.set(bytes, this.#waitingBytes);
    this.#waitingBytes = length;
    if (length < decodedAtOnce) return;
    this.#ownDecoder ??= new TextDecoder('utf-8', { ignoreBOM: true });
    this.#texts.push(this.#ownDecoder.decode(this.#taken(), { stream: true }));
    this.#decodedBytes += length;
  }

  #taken(): Uint8Array {
    const taken = this.#waiting.subarray(0, this.#waitingBytes);
    this.#waiting = nothing;
    this.#waitingBytes = 0;
    return taken;
  }

  /** The text of what waited and of the bytes that end it. */
  #decode(bytes: Uint8Array): string {
    let whole = bytes;
    if (this.#waitingBytes > 0) {
      this.#wait(bytes);
      whole = this.#taken();
    }
    const text = this.#texts.length > 0 ? this.#longText(whole) : decoder.decode(whole);
    const hasMark = this.#atStart && text.startsWith('\ufeff');
    this.#atStart = false;
    return hasMark ? text.slice(1) : text;
  }

  #longText(bytes: Uint8Array): string {
    const text = [...this.#texts, this.#ownDecoder?.decode(bytes)].join('');
    this.#texts = [];
    this.#decodedBytes = 0;
    return text;
  }

  /** The events in a text of whole lines. */
  #lines(text: string): ServerSentEvent[] {
    const found: ServerSentEvent[] = [];
    let start = 0;
    // CRLF may be cut between its two characters
    if (this.#afterCarriageReturn && text.charCodeAt(0) === lineFeed) start = 1;
    this.#afterCarriageReturn = false;
    let nextReturn = text.indexOf('\r', start);
    for (;;) {
      let end = text.indexOf('\n', start);
      if (nextReturn !== -1 && nextReturn < start) nextReturn = text.indexOf('\r', start);
      if (nextReturn !== -1 && (end === -1 || nextReturn < end)) end = nextReturn;
      if (end === -1) return found;
      this.#line(text.slice(start, end), found);
      start = end + 1;
      if (text.charCodeAt(end) === carriageReturn) {
        if (start === text.length) this.#afterCarriageReturn = true;
        else if (text.charCodeAt(start) === lineFeed) start += 1;
      }
    }
  }

  #line(text: string, found: ServerSentEvent[]): void {
    if (text === '') {
      if (this.#data.length > 0 || this.#blocks.length > 0) found.push({ event: this.#event, data: this.#wholeData() });
      this.#event = '';
      this.#size = 0;
      return;
    }
    const colon = text.indexOf(':');
    if (colon === 0) return; // a comment
    const field = colon < 0 ? text : text.slice(0, colon);
    if (field !== 'data' && field !== 'event') return;
    const value = colon < 0 ? '' : text.slice(text.charCodeAt(colon + 1) === 32 ? colon + 2 : colon + 1);
    if (field === 'event') this.#event = value;
    else this.#addData(value);
    this.#assertSmall(text.length);
    this.#size += text.length;
  }

  #addData(line: string): void {
    if (this.#data.push(line) < blockLines) return;
    this.#blocks.push(this.#data.join('\n'));
    this.#data = [];
  }

  #wholeData(): string {
    // most events have one line
    const data = this.#data.length === 1 && this.#blocks.length === 0 ? this.#data[0]! : [...this.#blocks, ...this.#data].join('\n');
    this.#data = [];
    if (this.#blocks.length > 0) this.#blocks = [];
    return data;
  }

  #assertSmall(more: number): void {
    if (this.#size + more > this.#limit) throw new RangeError(`an event of the stream is longer than ${this.#limit} bytes`);
  }
}

/** Where the last line that ends in the bytes ends; 0 where none does. */
function afterLastLine(bytes: Uint8Array): number {
  const end = bytes.lastIndexOf(lineFeed) + 1;
  return end + bytes.subarray(end).lastIndexOf(carriageReturn) + 1;
}
