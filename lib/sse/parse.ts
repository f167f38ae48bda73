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

/**
 * A parser of event streams. Lines end in LF, CR or CRLF; a leading BOM is dropped; the time taken is linear, however the bytes were cut.
 *
 * @param limit Of one event, in characters; 32 Mi if not given.
 */
export function createSseParser(limit: number = 32 * 1024 * 1024): SseParser {
  const decoder = new TextDecoder();
  let rest = ''; // the beginning of a line whose end has not come
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
    grow(text.length);
  }

  function grow(length: number): void {
    if (size + length > limit) throw new RangeError(`an event of the stream is longer than ${limit} characters`);
    size += length;
  }

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
      if (end === -1) break;
      line(rest + text.slice(start, end), found);
      rest = '';
      start = end + 1;
      if (text.charCodeAt(end) === carriageReturn) {
        if (start === text.length) afterCarriageReturn = true;
        else if (text.charCodeAt(start) === lineFeed) start += 1;
      }
    }
    rest += text.slice(start);
    if (size + rest.length > limit) grow(rest.length);
    return found;
  }

  return {
    push: (bytes) => lines(decoder.decode(bytes, { stream: true })),
    end: () => lines(`${decoder.decode()}\n\n`),
  };
}
