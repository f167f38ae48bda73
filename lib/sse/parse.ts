/** One event of a `text/event-stream`, as the WHATWG HTML standard (9.2.6) parses it; `id` and `retry` are of no use here. */
export interface ServerSentEvent {
  /** The `event:` field; empty when there was none. */
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
   * exist, so what is there is returned. Whether it was cut off its reader can tell.
   */
  end(): ServerSentEvent[];
}

const lineFeed = 10;
const carriageReturn = 13;

/** One for all streams: it is given whole lines only, so that it need not remember anything. A stream has its BOM at its beginning only. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * A parser of event streams. Lines end in LF, CR or CRLF; a leading BOM is dropped; the time taken is linear, however the bytes were cut.
 *
 * @param limit Of one event, in bytes, of which a character counts as one once it is decoded; 32 Mi if not given.
 */
export function createSseParser(limit: number = 32 * 1024 * 1024): SseParser {
  // the beginning of a line whose end has not come
  let waiting = nothing;
  let waitingBytes = 0;
  let atStart = true;
  let event = '';
  let data: string | undefined;
  let size = 0;
  let afterCarriageReturn = false;

  function line(text: string, found: ServerSentEvent[]): void {
    if (text === '') {
      if (data !== undefined) found.push({ event, data });
      event = '';
      data = undefined;
      size = 0;
      return;
    }
    const colon = text.indexOf(':');
    if (colon === 0) return; // a comment
    const field = colon < 0 ? text : text.slice(0, colon);
    if (field !== 'data' && field !== 'event') return;
    const value = colon < 0 ? '' : text.slice(text.charCodeAt(colon + 1) === 32 ? colon + 2 : colon + 1);
    if (field === 'event') event = value;
    else data = data === undefined ? value : `${data}\n${value}`;
    assertSmall(text.length);
    size += text.length;
  }

  function assertSmall(more: number): void {
    if (size + more > limit) throw new RangeError(`an event of the stream is longer than ${limit} bytes`);
  }

  /** The events in a text of whole lines. */
  function lines(text: string): ServerSentEvent[] {
    const found: ServerSentEvent[] = [];
    let start = 0;
    // CRLF may be cut between its two characters
    if (afterCarriageReturn && text.charCodeAt(0) === lineFeed) start = 1;
    if (text !== '') afterCarriageReturn = false;
    let nextReturn = text.indexOf('\r', start);
    for (;;) {
      let end = text.indexOf('\n', start);
      if (nextReturn !== -1 && nextReturn < start) nextReturn = text.indexOf('\r', start);
      if (nextReturn !== -1 && (end === -1 || nextReturn < end)) end = nextReturn;
      if (end === -1) return found;
      line(text.slice(start, end), found);
      start = end + 1;
      if (text.charCodeAt(end) === carriageReturn) {
        if (start === text.length) afterCarriageReturn = true;
        else if (text.charCodeAt(start) === lineFeed) start += 1;
      }
    }
  }

  function wait(bytes: Uint8Array): void {
    assertSmall(waitingBytes + bytes.length);
    if (waitingBytes + bytes.length > waiting.length) {
      const larger = new Uint8Array((waitingBytes + bytes.length) * 2);
      larger.set(waiting.subarray(0, waitingBytes));
      waiting = larger;
    }
    waiting.set(bytes, waitingBytes);
    waitingBytes += bytes.length;
  }

  /** The text of what waited and of the bytes that end it. */
  function decode(bytes: Uint8Array): string {
    let whole = bytes;
    if (waitingBytes > 0) {
      wait(bytes);
      whole = waiting.subarray(0, waitingBytes);
      waiting = nothing;
      waitingBytes = 0;
    }
    const text = decoder.decode(whole);
    const hasMark = atStart && text.startsWith('\ufeff');
    if (text !== '') atStart = false;
    return hasMark ? text.slice(1) : text;
  }

  return {
    push(bytes) {
      const end = afterLastLine(bytes);
      const found = end === 0 ? [] : lines(decode(bytes.subarray(0, end)));
      if (end < bytes.length) wait(bytes.subarray(end));
      return found;
    },
    end: () => lines(`${decode(nothing)}\n\n`),
  };
}

const nothing = new Uint8Array();

/** Where the last line that ends in the bytes ends; 0 where none does. */
function afterLastLine(bytes: Uint8Array): number {
  const end = bytes.lastIndexOf(lineFeed) + 1;
  return end + bytes.subarray(end).lastIndexOf(carriageReturn) + 1;
}
