import { isObject, objectOf, stringOf, type JsonObject } from '../../json.ts';
import type { ContentEvent, SentEvent } from '../../wire/responses.ts';
import { remainder } from '../remainder.ts';
import type { Entry, Parts } from './entry.ts';
import type { Known } from './known.ts';
import { addedEvent, type Outgoing } from './outgoing.ts';
import * as shapes from './shapes.ts';
import type { Shape } from './shapes.ts';
import { indexOf, itemOf, logprobsOf, messagePart } from './values.ts';

/** How the text of items grows: the events that bring some of it, in the parts to which it belongs. */
export class Growth {
  readonly #known: Known;
  readonly #outgoing: Outgoing;
  /** The item of the latest text. */
  #last: Entry | undefined;
  #releasing = false;
  /** The end of the latest part has come. */
  partEnded = false;

  constructor(known: Known, outgoing: Outgoing) {
    this.#known = known;
    this.#outgoing = outgoing;
  }

  /** The stream begins anew. */
  restart(): void {
    this.#last = undefined;
  }

  /** More of a text. One that goes on as its item and part have begun is passed on as it is, with no more than these comparisons. */
  delta(event: SentEvent, at: unknown, shape: Shape): void {
    const entry = this.#last;
    const { delta, logprobs } = event;
    if (
      entry?.kind === shape.kind &&
      !entry.done &&
      entry.sent === entry.index &&
      event['output_index'] === entry.index &&
      event['item_id'] === entry.id
    ) {
      const parts = shape.parts === 'summary' ? entry.summary : entry.content;
      const isSamePart = shape.index === undefined || (at === parts.sent && at === parts.index && !parts.ended);
      if (isSamePart && typeof delta === 'string' && (logprobs === undefined || (Array.isArray(logprobs) && logprobs.length === 0))) {
        parts.text += delta;
        this.#outgoing.content(entry, event as unknown as ContentEvent);
        return;
      }
    }
    this.content(event, shape);
  }

  /** Some of a text, or the whole of it. */
  content(event: SentEvent, shape: Shape): void {
    const entry = this.#entryOf(event, shape.kind, shape.field === 'delta');
    if (entry) this.#grow(entry, event, shape);
  }

  #grow(entry: Entry, event: SentEvent, shape: Shape): void {
    this.#last = entry;
    if (shape === shapes.refusalDelta || shape === shapes.refusalDone) entry.refused = true;
    const given = event[shape.field];
    const value = shape.read(given);
    if (value === undefined) return;
    const parts = shape.parts === 'summary' ? entry.summary : entry.content;
    let { index } = parts;
    if (shape.index !== undefined) {
      index = this.#place(parts, event, shape, indexOf(event[shape.index]), value);
      if (index < 0) return;
    }
    if (shape.ends) this.#endPart(parts, value as string);
    else if (shape.field === 'delta') parts.text += value as string;
    const logprobs = logprobsOf(event['logprobs']);
    const isAsSent =
      value === given &&
      event['output_index'] === entry.index &&
      (shape.index === undefined || event[shape.index] === index) &&
      logprobs === event['logprobs'];
    this.#outgoing.content(entry, isAsSent ? (event as unknown as ContentEvent) : contentEvent(entry, shape, index, value, logprobs));
    this.#nextParts(entry, parts);
  }

  #endPart(parts: Parts, whole: string): void {
    this.partEnded = true;
    parts.text += remainder(parts.current, whole);
    parts.ended = true;
  }

  /** The item that an event belongs to, which may be a new one; undefined for one that is done. `opens`: more of a text. */
  #entryOf(event: SentEvent, kind: Shape['kind'], opens: boolean): Entry | undefined {
    const known = this.#known.ofEvent(event, kind, opens);
    if (known) return known.done ? undefined : known;
    const item = itemOf({ type: kind, id: stringOf(event['item_id']) })!;
    const entry = this.#outgoing.open(item, indexOf(event['output_index']), true);
    this.#outgoing.item(entry, addedEvent(entry, item));
    return entry;
  }

  /**
   * Our index of the part that an event belongs to, `at` being the server's; -1 if the event must wait for an earlier part, or repeats what
   * has come. An index that moves without being announced, and without an end before it, is that of the same part.
   */
  #place(parts: Parts, event: SentEvent, shape: Shape, at: number | undefined, value: unknown): number {
    const waiting = parts.announced.get(at ?? -1);
    if (waiting) {
      waiting.push({ event, shape });
      return -1;
    }
    const place = parts.placeOf(at);
    const moves = at !== undefined && at !== parts.sent;
    if (parts.index < 0) parts.begin(at ?? 0);
    else if (shape.field === 'annotation') return place ?? parts.index;
    else if (shape.parts === 'summary' && moves) {
      if (place !== undefined) return place;
      parts.begin(at);
    } else if (parts.ended) {
      if (shape.ends && (value === parts.current || (moves && place !== undefined))) return -1;
      parts.begin(at ?? parts.sent + 1);
    } else if (shape.ends && moves && !(value as string).startsWith(parts.current)) parts.begin(at);
    return parts.index;
  }

  partAdded(event: SentEvent): void {
    this.partEnded = false;
    const found = this.#partsOf(event);
    if (!found) return;
    const { parts, at } = found;
    if (parts.index < 0) parts.begin(at ?? 0);
    else if (parts.ended) parts.begin(at ?? parts.sent + 1);
    else if (at === undefined || at === parts.sent) {
      if (parts.current !== '') parts.begin(at ?? parts.sent + 1);
    } else if (event.type === 'response.reasoning_summary_part.added') parts.begin(at);
    else if (parts.placeOf(at) === undefined && !parts.announced.has(at)) parts.announced.set(at, []);
  }

  /** The end of a part counts only if its text has not ended before. */
  partDone(event: SentEvent): void {
    const found = this.#partsOf(event);
    if (!found) return;
    const { entry, parts, at } = found;
    if (parts.ended && (at === undefined || at === parts.sent)) return;
    const { part } = event;
    if (entry.kind === 'reasoning') {
      const shape = parts === entry.summary ? shapes.summaryDone : shapes.reasoningDone;
      this.#grow(entry, { ...event, type: shape.type, text: isObject(part) ? part['text'] : part }, shape);
      return;
    }
    const read = messagePart(part);
    if (!read) return;
    const shape = read.type === 'refusal' ? shapes.refusalDone : shapes.textDone;
    this.#grow(entry, { ...event, ...read, type: shape.type }, shape);
  }

  #partsOf(event: SentEvent): { entry: Entry; parts: Parts; at: number | undefined } | undefined {
    const isSummary = event.type.startsWith('response.reasoning_summary');
    const isReasoning =
      isSummary || objectOf(event['part'])['type'] === 'reasoning_text' || this.#known.at(event['output_index'])?.kind === 'reasoning';
    const entry = this.#entryOf(event, isReasoning ? 'reasoning' : 'message', false);
    if (!entry) return undefined;
    return isSummary
      ? { entry, parts: entry.summary, at: indexOf(event['summary_index']) }
      : { entry, parts: entry.content, at: indexOf(event['content_index']) };
  }

  /** Goes on with the parts that have waited for the one before. */
  #nextParts(entry: Entry, parts: Parts): void {
    if (this.#releasing) return;
    this.#releasing = true;
    for (const [at, waiting] of parts.announced) {
      if (!parts.ended) break;
      parts.announced.delete(at);
      parts.begin(at);
      for (const { event, shape } of waiting) this.#grow(entry, event, shape);
    }
    this.#releasing = false;
  }

  /** The item ends: so do all of its parts. */
  flush(entry: Entry): void {
    const { content } = entry;
    while (content.announced.size > 0) {
      content.ended = true;
      this.#nextParts(entry, content);
    }
  }
}

function contentEvent(entry: Entry, shape: Shape, index: number, value: unknown, logprobs: unknown): ContentEvent {
  const event: JsonObject = {
    type: shape.type,
    output_index: entry.index,
    ...(shape.index !== undefined && { [shape.index]: index }),
    [shape.field]: value,
    ...(logprobs !== undefined && { logprobs }),
  };
  return event as unknown as ContentEvent;
}
