import { budgets } from '../budgets.ts';
import { proxyError } from '../errors.ts';
import { isBeyond } from '../json-extent.ts';
import { isObject, stringOf } from '../json.ts';
import type { SentEvent } from '../wire/responses.ts';
import { createSseParser, type ServerSentEvent, type SseParser } from './parse.ts';

export interface EventReader {
  /** Returns the events that the next bytes complete. Throws a ProxyError 502 for one that is too large. */
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
    for (const { event, data } of found) {
      if (data === '[DONE]') continue; // compatible servers end their streams as Chat does
      const type = leadingType(data);
      if (type !== undefined && !this.#isWanted(type)) continue;
      const read = parse(data, event);
      if (type !== undefined || this.#isWanted(read.type)) events.push(read);
    }
    return events;
  }
}

/** Returns the type of an event without parsing it: servers write it first. undefined if it is not there. */
function leadingType(data: string): string | undefined {
  const start = '{"type":"';
  return data.startsWith(start) ? data.slice(start.length, data.indexOf('"', start.length)) : undefined;
}

/** In characters: what is shorter cannot be nested so deep that to write it again fails, and most events are. */
const shallow = 4096;

/** Characters that are kept of data that is not an event. */
const maxSaid = 500;

/**
 * Returns an event whose type is in its data, or in the line before it. Other data is an event of the type `junk`, with what it says:
 * some servers write heartbeats, times and messages of their own between the events.
 */
function parse(data: string, name: string): SentEvent {
  if (isBeyond(data, budgets.values, data.length > shallow ? budgets.depth : Infinity))
    throw proxyError('answerTooManyValues', { limit: budgets.values });
  let event: unknown;
  try {
    event = JSON.parse(data);
  } catch {
    return name === 'error' ? { type: name, message: data.slice(0, maxSaid) } : junk(data);
  }
  if (!isObject(event)) return junk(data);
  const { type } = event;
  if (typeof type === 'string' && (type.startsWith('response.') || type === 'error')) return event as SentEvent;
  if (event['error'] != null) return { ...event, type: 'error' }; // in the style of Chat
  if (typeof type === 'string' && type !== '') return name === 'error' ? { type: name, error: event } : (event as SentEvent); // the type is the error's
  if (name !== '' && name !== 'message') return { ...event, type: name };
  if (event['object'] === 'response' && Array.isArray(event['output'])) return { type: 'response.completed', response: event };
  const { message, detail } = event;
  return junk(stringOf(message) || stringOf(detail) || (Object.keys(event).length > 0 ? data : ''));
}

function junk(said: string): SentEvent {
  return { type: 'junk', said: said.slice(0, maxSaid) };
}
