import { proxyError } from '../errors.ts';
import type { ResponseEvent } from '../wire/responses.ts';
import { createSseParser, type ServerSentEvent, type SseParser } from './parse.ts';

export interface EventReader {
  /** The events that the next bytes complete. Throws a ProxyError 502 for what is no event of the API. */
  push(bytes: Uint8Array): ResponseEvent[];
  /** The end of the bytes. */
  end(): ResponseEvent[];
}

/**
 * Reads the events of a Response stream from its bytes.
 *
 * @param isWanted Asked with an event's type before the rest of it is parsed; what it does not want is left out.
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

  push(bytes: Uint8Array): ResponseEvent[] {
    try {
      return this.#read(this.#parser.push(bytes));
    } catch (error) {
      throw error instanceof RangeError ? proxyError('eventTooLarge') : error;
    }
  }

  end(): ResponseEvent[] {
    return this.#read(this.#parser.end());
  }

  #read(found: readonly ServerSentEvent[]): ResponseEvent[] {
    const events: ResponseEvent[] = [];
    for (const { data } of found) {
      if (data === '[DONE]') continue; // compatible servers end their streams as Chat does
      const type = leadingType(data);
      if (type !== undefined && !this.#isWanted(type)) continue;
      events.push(parse(data));
    }
    return events;
  }
}

/** The servers write the type first, so that it can be told without parsing; undefined where it is not there. */
function leadingType(data: string): string | undefined {
  const start = '{"type":"';
  return data.startsWith(start) ? data.slice(start.length, data.indexOf('"', start.length)) : undefined;
}

function parse(data: string): ResponseEvent {
  let event: unknown;
  try {
    event = JSON.parse(data);
  } catch {
    throw proxyError('eventNotJson');
  }
  if (typeof event !== 'object' || event === null) throw proxyError('eventNotObject');
  const { type } = event as { type?: unknown };
  if (typeof type === 'string') return event as ResponseEvent;
  // a chat-style error line has no type
  if ('error' in event) return { ...(event as object), type: 'error' };
  throw proxyError('eventWithoutType');
}
