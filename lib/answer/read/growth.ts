import { isObject, stringOf, type JsonObject } from '../../json.ts';
import type { ContentEvent, OutputItem, SentEvent } from '../../wire/responses.ts';
import type { Entry, Parts } from './entry.ts';
import type { Known } from './known.ts';
import { addedEvent, type Outgoing } from './outgoing.ts';
import * as shapes from './shapes.ts';
import type { Shape } from './shapes.ts';
import { annotationOf, indexOf, inputOf, logprobsOf, messagePart, reasoningPart, textOf } from './values.ts';

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
    let entry = this.#last;
    if (entry?.kind !== shape.kind || entry.done || event['output_index'] !== entry.sent || event['item_id'] !== entry.id) {
      entry = this.#entryOf(event, shape.kind, shape.field === 'delta');
      if (!entry) return;
      this.#last = entry;
    }
    const given = event[shape.field];
    if (shape.field === 'refusal' || shape === shapes.refusalDelta) entry.refused = true;
    const value = typeof given === 'string' ? given : readField(given, shape);
    if (value === undefined) return;
    const parts = shape.parts === 'summary' ? entry.summary : entry.content;
    let { index } = parts;
    if (shape.index !== undefined && (event[shape.index] !== parts.sent || parts.ended)) {
      index = this.#place(parts, event, shape, value);
      if (index < 0) return;
    }
    if (shape.ends) this.#endPart(parts, value as string);
    else if (shape.field === 'delta') parts.text += value as string;
    const { logprobs } = event;
    const isAsSent =
      value === given &&
      event['output_index'] === entry.index &&
      (shape.index === undefined || event[shape.index] === index) &&
      (logprobs === undefined || logprobsOf(logprobs) === logprobs);
    this.#outgoing.content(
      entry,
      isAsSent ? (event as unknown as ContentEvent) : contentEvent(entry, shape, index, value, logprobsOf(logprobs)),
    );
    if (shape.ends && parts.announced.size > 0) this.#nextParts(parts);
  }

  #endPart(parts: Parts, whole: string): void {
    this.partEnded = true;
    const { current } = parts;
    if (whole.startsWith(current)) parts.text += whole.slice(current.length);
    parts.ended = true;
  }

  /** The item that an event belongs to, which may be a new one; undefined for one that is done. `opens`: more of a text. */
  #entryOf(event: SentEvent, kind: Shape['kind'], opens: boolean): Entry | undefined {
    const known = this.#known.ofEvent(event, kind, opens);
    if (known) return known.done ? undefined : known;
    const entry = this.#outgoing.open(emptyItem(kind, stringOf(event['item_id']) || undefined), indexOf(event['output_index']), true);
    this.#outgoing.item(entry, addedEvent(entry, entry.item));
    return entry;
  }

  /**
   * Our index of the part that an event belongs to; -1 if the event must wait for an earlier part, or repeats what has come.
   * An index that moves without being announced, and without an end before it, is that of the same part.
   */
  #place(parts: Parts, event: SentEvent, shape: Shape, value: unknown): number {
    const at = indexOf(event[shape.index!]);
    if (parts.index < 0) parts.begin(at ?? 0);
    else if (shape.field === 'annotation') return (at === undefined ? undefined : parts.placeOf(at)) ?? parts.index;
    else if (at !== undefined && at !== parts.sent && parts.announced.has(at)) {
      parts.announced.get(at)!.push({ event, shape });
      return -1;
    } else if (shape.parts === 'summary' && at !== undefined && at !== parts.sent) {
      const place = parts.placeOf(at);
      if (place !== undefined) return place;
      parts.begin(at);
    } else if (parts.ended) {
      const repeats = shape.ends && (value === parts.current || (at !== undefined && at !== parts.sent && parts.placeOf(at) !== undefined));
      if (repeats) return -1;
      parts.begin(at ?? parts.sent + 1);
    } else if (shape.ends && at !== undefined && at !== parts.sent && !(value as string).startsWith(parts.current)) parts.begin(at);
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
    if (event.type === 'response.reasoning_summary_part.done') {
      this.content({ ...event, type: shapes.summaryDone.type, text: stringOf(reasoningText(event['part'])) }, shapes.summaryDone);
    } else if (entry.kind === 'reasoning') {
      this.content({ ...event, type: shapes.reasoningDone.type, text: stringOf(reasoningText(event['part'])) }, shapes.reasoningDone);
    } else {
      const part = messagePart(event['part']);
      if (part?.type === 'output_text')
        this.content({ ...event, type: shapes.textDone.type, text: part.text, logprobs: part.logprobs }, shapes.textDone);
      if (part?.type === 'refusal') this.content({ ...event, type: shapes.refusalDone.type, refusal: part.refusal }, shapes.refusalDone);
    }
  }

  #partsOf(event: SentEvent): { entry: Entry; parts: Parts; at: number | undefined } | undefined {
    const isSummary = event.type.startsWith('response.reasoning_summary');
    const part = isObject(event['part']) ? event['part'] : {};
    const here = this.#known.at(event['output_index']);
    const kind = isSummary || part['type'] === 'reasoning_text' || here?.kind === 'reasoning' ? 'reasoning' : 'message';
    const entry = this.#entryOf(
      event,
      kind,
      event.type === 'response.content_part.added' || event.type === 'response.reasoning_summary_part.added',
    );
    if (!entry) return undefined;
    return isSummary
      ? { entry, parts: entry.summary, at: indexOf(event['summary_index']) }
      : { entry, parts: entry.content, at: indexOf(event['content_index']) };
  }

  /** Goes on with the parts that have waited for the one before. */
  #nextParts(parts: Parts): void {
    if (this.#releasing) return;
    this.#releasing = true;
    for (const [at, waiting] of parts.announced) {
      if (!parts.ended) break;
      parts.announced.delete(at);
      parts.begin(at);
      for (const { event, shape } of waiting) this.content(event, shape);
    }
    this.#releasing = false;
  }

  /** The item ends: so do all of its parts. */
  flush({ content }: Entry): void {
    while (content.announced.size > 0) {
      content.ended = true;
      this.#nextParts(content);
    }
  }
}

/** An item that was not announced, as far as an event says what it is. */
function emptyItem(type: Shape['kind'], id: string | undefined): OutputItem {
  const known = id === undefined ? {} : { id };
  switch (type) {
    case 'message':
    case 'reasoning':
      return { type, ...known };
    case 'function_call':
      return { type, ...known, name: '', arguments: '' };
    case 'custom_tool_call':
      return { type, ...known, name: '', input: '' };
    default:
      return type satisfies never;
  }
}

/** The value of a field that is not a string; undefined if nothing can be read of it. */
function readField(given: unknown, { field, kind }: Shape): unknown {
  if (field === 'annotation') return annotationOf(given);
  return kind === 'function_call' || kind === 'custom_tool_call' ? inputOf(given) : textOf(given);
}

function reasoningText(part: unknown): string | undefined {
  return reasoningPart(isObject(part) && part['type'] === undefined ? { ...part, type: 'text' } : part)?.text;
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
