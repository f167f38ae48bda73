import { proxyError } from '../errors.ts';
import type { SentEvent } from '../wire/responses.ts';
import { createSseParser, type ServerSentEvent, type SseParser } from './parse.ts';

export interface EventReader {
  /** Returns the events that the next bytes complete. Throws a ProxyError 502 for data that is not an event. */
  push(bytes: Uint8Array): SentEvent[];
  /** The end of the bytes: returns what is left. */
  end(): SentEvent[];
}

/**
 * Returns a reader of the events of a Response stream.
 *
 * @param isWanted Called with an event's type before the rest is parsed; events that it does not want are left out.
 * @param limit    Of one event, in characters; 32 Mi if not given.
 */
export function createEventReader(isWanted: (type: string) => boolean = () => true, limit?: number): EventReader {
  return new Reader(isWanted, limit);
}

class Reader implements EventReader {
  readonly #isWanted: (type: string) => boolean;
  readonly #parser: SseParser;

  constructor(isWanted: (type: string) => boolean, limit: number | undefined) {
    this.#isWanted = isWanted;
    this.#parser = createSseParser(limit);
  }

  push(bytes: Uint8Array): SentEvent[] {
    try {
      return this.#read(this.#parser.push(bytes));
    } catch (error) {
      throw error instanceof RangeError ? proxyError('eventTooLarge') : error;
    }
  }

  end(): SentEvent[] {
    return this.#read(this.#parser.end());
  }

  #read(found: readonly ServerSentEvent[]): SentEvent[] {
    const events: SentEvent[] = [];
    for (const { data } of found) {
      if (data === '[DONE]') continue; // compatible servers end their streams as Chat does
      const type = leadingType(data);
      if (type !== undefined && !this.#isWanted(type)) continue;
      events.push(parse(data));
    }
    return events;
  }
}

/** Returns the type of an event without parsing it: servers write it first. undefined if it is not there. */
function leadingType(data: string): string | undefined {
  const start = '{"type":"';
  return data.startsWith(start) ? data.slice(start.length, data.indexOf('"', start.length)) : undefined;
}

function parse(data: string): SentEvent {
  let event: unknown;
  try {
    event = JSON.parse(data);
  } catch {
    throw proxyError('eventNotJson');
  }
  if (typeof event !== 'object' || event === null) throw proxyError('eventNotObject');
  const { type } = event as { type?: unknown };
  if (typeof type === 'string') return event as SentEvent;
  // a chat-style error line has no type
  if ('error' in event) return { ...(event as object), type: 'error' };
  throw proxyError('eventWithoutType');
}
