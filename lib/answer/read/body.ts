import { budgets } from '../../budgets.ts';
import { proxyError } from '../../errors.ts';
import { isBeyond } from '../../json-extent.ts';
import { arrayOf, isObject, type JsonObject } from '../../json.ts';
import { Pieces } from '../../pieces.ts';
import { createEventReader, type EventReader } from '../../sse/response-events.ts';
import type { SentEvent } from '../../wire/responses.ts';
import { errorIn } from '../failures.ts';

const [brace, bracket] = [0x7b, 0x5b];
const byteOrderMark = new Set([0xef, 0xbb, 0xbf]);

export interface BodyReader extends EventReader {
  /** As `end`, in steps: of a body that is 32 MiB of JSON each takes up to a tenth of a second. */
  endInSteps(): Generator<void, SentEvent[]>;
}

/**
 * Returns a reader of the events in the body of an answer, whatever its content type says: a body that begins with `{` or `[` is JSON, a
 * Response or an error, and is read as the event that would end a stream of it. Anything else is an event stream.
 *
 * @param isWanted As that of `createEventReader`.
 */
export function createBodyReader(isWanted?: (type: string) => boolean): BodyReader {
  return new Reader(isWanted);
}

/** In bytes: a long body is decoded while it comes, so that it does not take that much longer at its end. */
const decodedAtOnce = 1_048_576;

class Reader implements BodyReader {
  readonly #events: EventReader;
  /** undefined before the first byte that is not blank. */
  #isJson: boolean | undefined;
  #pieces = new Pieces();
  #decoder: InstanceType<typeof TextDecoder> | undefined;
  #texts: string[] = [];
  #length = 0;

  constructor(isWanted: ((type: string) => boolean) | undefined) {
    this.#events = createEventReader(isWanted);
  }

  push(bytes: Uint8Array): SentEvent[] {
    if (this.#isJson === undefined) {
      const first = bytes.find((byte) => byte > 0x20 && !byteOrderMark.has(byte));
      if (first !== undefined) this.#isJson = first === brace || first === bracket;
    }
    if (!this.#isJson) return this.#events.push(bytes);
    this.#pieces.add(bytes);
    this.#length += bytes.length;
    if (this.#length > budgets.wholeAnswer) throw proxyError('wholeTooLarge');
    if (this.#pieces.length >= decodedAtOnce) this.#decode(true);
    return [];
  }

  end(): SentEvent[] {
    const steps = this.endInSteps();
    let step = steps.next();
    while (!step.done) step = steps.next();
    return step.value;
  }

  *endInSteps(): Generator<void, SentEvent[]> {
    if (!this.#isJson) return this.#events.end();
    this.#decode(false);
    // one string, since to look through one of pieces takes twice the time
    const whole = this.#texts.join('');
    this.#texts = [];
    yield;
    if (isBeyond(whole, budgets.values, budgets.depth)) throw proxyError('answerTooManyValues', { limit: budgets.values });
    yield;
    return [wholeEvent(whole)];
  }

  #decode(stream: boolean): void {
    this.#decoder ??= new TextDecoder();
    this.#texts.push(this.#decoder.decode(this.#pieces.join(), { stream }));
    this.#pieces = new Pieces();
  }
}

/** Returns a JSON body as the event that would end its stream. Throws a ProxyError 502 for text that is not JSON. */
function wholeEvent(text: string): SentEvent {
  let body: JsonObject; // or a list, which has none of the fields
  try {
    body = JSON.parse(text) as JsonObject;
  } catch {
    throw proxyError('answerNotJson');
  }
  if (arrayOf(body['output']).length > budgets.items) throw proxyError('answerTooManyItems', { limit: budgets.items });
  return eventOfWhole(body);
}

/** Returns a Response that came whole as the event that would end a stream of it. Throws a ProxyError if it is not finished. */
export function eventOfWhole(response: JsonObject): SentEvent {
  const { status, error, output, output_text: text } = response;
  if (typeof response['type'] === 'string' && isObject(response['response'])) return response as SentEvent; // an event, alone
  // some servers answer with success, and say in the body that it was none
  if (status === 'failed' || error != null)
    return isObject(response['error']) || status === 'failed' ? { type: 'response.failed', response } : errorEvent(response);
  if (output == null && typeof text !== 'string') return errorEvent(response);
  if (status === 'queued' || status === 'in_progress' || status === 'cancelled') {
    throw proxyError('answerUnfinished', { status });
  }
  return { type: status === 'incomplete' ? 'response.incomplete' : 'response.completed', response };
}

function errorEvent(body: unknown): SentEvent {
  const { message, ...words } = errorIn(body);
  if (message === undefined && words.code === undefined) {
    throw proxyError('answerNotResponse');
  }
  return { type: 'error', error: { ...words, message } };
}
