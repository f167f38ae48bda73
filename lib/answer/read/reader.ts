import { budgets } from '../../budgets.ts';
import { proxyError } from '../../errors.ts';
import { isObject, stringOf, type JsonObject } from '../../json.ts';
import type {
  CallItem,
  ContentEvent,
  ItemAddedEvent,
  ItemDoneEvent,
  ItemEvent,
  MessageItem,
  OutputItem,
  Response,
  ResponseEvent,
  SentEvent,
  SilentEvent,
  Unpublished,
} from '../../wire/responses.ts';
import { silentEvents } from '../events.ts';
import { eventFailure, failureOf } from '../failures.ts';
import { hostedLine, isHosted } from '../hosted.ts';
import { says } from '../says.ts';
import { textOfItem } from '../item-text.ts';
import { Entry, type Parts } from './entry.ts';
import { agree, continuedMessages, matchOutput, textSoFar } from './match.ts';
import * as shapes from './shapes.ts';
import type { Shape } from './shapes.ts';
import { annotationOf, indexOf, inputOf, itemOf, logprobsOf, messagePart, reasoningPart, responseOf, textOf } from './values.ts';

/** Where the events go, as OpenAI publishes them: each item is announced before anything of it, and ends at most once. */
export interface ReaderSink {
  begin(response: Response): void;
  item(event: ItemAddedEvent | ItemDoneEvent): void;
  content(event: ContentEvent): void;
  /** `incomplete` says the event's type, which counts more than the status in the Response. */
  end(response: Response, incomplete: boolean): void;
}

/** Which calls are the client's own; others may have been run by the server. */
export type IsClients = (call: CallItem) => boolean;

/** How many open items, or earlier ones, are looked at for one that a finished item could belong to. */
const looked = 16;

/** Names that servers give, or gave, to events that are published under another. */
const aliases: ReadonlyMap<string, string> = new Map([
  ['response.text.delta', 'response.output_text.delta'],
  ['response.text.done', 'response.output_text.done'],
  ['response.reasoning.delta', 'response.reasoning_text.delta'],
  ['response.reasoning.done', 'response.reasoning_text.done'],
  ['response.reasoning_summary.delta', 'response.reasoning_summary_text.delta'],
  ['response.reasoning_summary.done', 'response.reasoning_summary_text.done'],
  ['response.cancelled', 'response.failed'],
  ['response.error', 'error'],
]);

/** Events that say nothing, under the names that servers give them. */
const heartbeats: ReadonlySet<string> = new Set(['ping', 'heartbeat', 'keep-alive']);

/**
 * Reads what servers send and passes on the events that OpenAI publishes: with the identity, order and kinds of items and parts put right.
 * An event that is as published is passed on as it is.
 */
export class Reader {
  readonly #sink: ReaderSink;
  readonly #isClients: IsClients;
  readonly #notes: string[];
  readonly #noted = new Set<string>();
  readonly #entries: Entry[] = [];
  readonly #byId = new Map<string, Entry>();
  readonly #byCallId = new Map<string, Entry>();
  /** By the `output_index` of the server: the latest item that it was given to. */
  readonly #bySent = new Map<number, Entry>();
  readonly #open = new Map<string, Entry[]>();
  readonly #used = new Set<number>();
  #next = 0;
  #last: Entry | undefined;
  /** Calls of which it is not known whether they are the client's. */
  readonly #undecided = new Set<Entry>();
  /** Reasoning and calls that came before the stream began again. */
  readonly #earlier: Entry[] = [];
  /** How many of the entries came before the stream began again. */
  #since = 0;
  #named = false;
  #partEnded = false;
  #releasing = false;
  #failed = false;
  #said = '';
  /** Something of the output has come. */
  begun = false;

  constructor(sink: ReaderSink, isClients: IsClients, notes: string[]) {
    this.#sink = sink;
    this.#isClients = isClients;
    this.#notes = notes;
  }

  /** Whether an event of this type must be parsed. The end of a part is of use only if nothing else ended it; one event names the Response. */
  wants(type: string): boolean {
    switch (type) {
      case 'response.output_text.delta': // most events are
        return true;
      case 'response.content_part.done':
      case 'response.reasoning_summary_part.done':
        return !this.#partEnded;
      case 'response.queued':
      case 'response.in_progress':
        return !this.#named;
      default:
        return !silentEvents.has(type);
    }
  }

  /** The finished items so far, in the order of the output, without calls that the server ran. */
  get output(): OutputItem[] {
    const finished = this.#entries.filter((entry) => entry.finished && !entry.dropped);
    return finished.toSorted((a, b) => a.index - b.index).map((entry) => entry.finished!);
  }

  /** What a stream said that was not an answer; empty if nothing. */
  get said(): string {
    return this.begun ? '' : this.#said;
  }

  /** A Response has failed without saying why, and no event has said it since. */
  get failed(): boolean {
    return this.#failed;
  }

  /** Throws a ProxyError for an event that says that the answer failed. */
  read(event: SentEvent): void {
    const { type: published } = event as { type: ResponseEvent['type'] };
    switch (published) {
      case 'response.output_text.delta':
        return this.#delta(event, event['content_index'], shapes.textDelta);
      case 'response.function_call_arguments.delta':
        return this.#delta(event, undefined, shapes.argumentsDelta);
      case 'response.reasoning_summary_text.delta':
        return this.#delta(event, event['summary_index'], shapes.summaryDelta);
      case 'response.reasoning_text.delta':
        return this.#delta(event, event['content_index'], shapes.reasoningDelta);
      case 'response.custom_tool_call_input.delta':
        return this.#delta(event, undefined, shapes.inputDelta);
      case 'response.refusal.delta':
        return this.#delta(event, event['content_index'], shapes.refusalDelta);
      case 'response.output_text.annotation.added':
        return this.#content(event, shapes.annotationAdded);
      case 'response.output_text.done':
        return this.#content(event, shapes.textDone);
      case 'response.refusal.done':
        return this.#content(event, shapes.refusalDone);
      case 'response.reasoning_summary_text.done':
        return this.#content(event, shapes.summaryDone);
      case 'response.reasoning_text.done':
        return this.#content(event, shapes.reasoningDone);
      case 'response.function_call_arguments.done':
        return this.#content(event, shapes.argumentsDone);
      case 'response.custom_tool_call_input.done':
        return this.#content(event, shapes.inputDone);
      case 'response.output_item.added':
        return this.#added(event);
      case 'response.output_item.done':
        return this.#itemDone(event);
      case 'response.content_part.added':
      case 'response.reasoning_summary_part.added':
        return this.#partAdded(event);
      case 'response.content_part.done':
      case 'response.reasoning_summary_part.done':
        return this.#partDone(event);
      case 'response.created':
      case 'response.queued':
      case 'response.in_progress':
        return this.#begin(event);
      case 'response.completed':
      case 'response.incomplete':
        return this.#end(responseOf(event['response']), published === 'response.incomplete');
      case 'response.failed':
      case 'error':
        return this.#fail(event);
      default:
        published satisfies SilentEvent['type'] | Unpublished;
        return this.#other(event);
    }
  }

  #other(event: SentEvent): void {
    const { type } = event;
    if (silentEvents.has(type) || heartbeats.has(type)) return;
    const published = aliases.get(type);
    if (published !== undefined) return this.read({ ...event, type: published });
    this.#said ||= stringOf(event['said']) || stringOf(event['message']) || stringOf(event['detail']);
    this.#note(
      'event',
      type === 'junk' || !stringOf(type) ? 'skipped an event that cannot be read' : `skipped an event of type ${type.slice(0, 64)}`,
    );
  }

  /** Each kind of note stands once. */
  #note(kind: string, text: string): void {
    if (this.#noted.has(kind)) return;
    this.#noted.add(kind);
    this.#notes.push(text);
  }

  #fail(event: SentEvent): void {
    this.#failed = true;
    const { response } = event;
    // Some servers say why in the event after it.
    if (event.type === 'response.failed' && !(isObject(response) && response['error'] != null)) return;
    throw eventFailure(event);
  }

  #begin({ type, response }: SentEvent): void {
    if (isObject(response)) {
      this.#named = true;
      this.#sink.begin(responseOf(response));
    }
    if (type === 'response.created' && this.#entries.length > 0) this.#beginAgain();
  }

  /** The stream begins anew: its items may be the ones that have come. */
  #beginAgain(): void {
    for (const entry of this.#entries.slice(this.#since)) this.#putAside(entry);
    this.#since = this.#entries.length;
    for (const known of [this.#byId, this.#byCallId, this.#bySent, this.#open]) known.clear();
    this.#last = undefined;
  }

  /** Keeps an item to compare it with those that come again. An answer's text needs no comparing: what repeats a message is left out anyway. */
  #putAside(entry: Entry): void {
    if (entry.kind === 'message' && !entry.refused && !isCommentary(entry.item)) {
      entry.matched = true; // the last event is about the one that comes now
      if (entry.done) return;
      this.#flushParts(entry);
      entry.done = true;
      this.#put(entry, { type: 'response.output_item.done', output_index: entry.index, item: { type: 'message' } });
    } else if (!entry.dropped) this.#earlier.push(entry);
  }

  // Items

  #added(event: SentEvent): void {
    this.begun = true;
    this.#partEnded = false;
    const item = itemOf(event['item']);
    if (!item) return;
    const at = indexOf(event['output_index']);
    const same = this.#announced(item, at);
    if (same && !same.done && (same.implied || textSoFar(same) === '')) {
      this.#learn(same, item);
      return;
    }
    if (same) this.#putAside(same);
    const entry = this.#openItem(item, at, false);
    this.#put(
      entry,
      entry.index === event['output_index'] && item === event['item'] ? (event as unknown as ItemEvent) : added(entry, item),
    );
  }

  /** The item that this announces again. */
  #announced(item: OutputItem, at: number | undefined): Entry | undefined {
    const here = at === undefined ? undefined : this.#bySent.get(at);
    if (
      here?.kind === item.type &&
      (sameIds(here, item) ||
        (!here.done && (here.implied || (here.text === '' && !isOtherCall(here, item) && !(isHosted(item) && differentIds(here, item))))))
    )
      return here;
    const named = this.#namedBy(item);
    return named && !named.done && (at === undefined || named.implied) ? named : undefined;
  }

  /** The item of this kind that has the id, or the `call_id`. */
  #namedBy(item: OutputItem): Entry | undefined {
    const byCall = 'call_id' in item && item.call_id !== undefined ? this.#byCallId.get(item.call_id) : undefined;
    if (byCall?.kind === item.type) return byCall;
    const byId = item.id ? this.#byId.get(item.id) : undefined;
    return byId?.kind === item.type ? byId : undefined;
  }

  /** Opens an item. `implied`: no event has announced it. */
  #openItem(item: OutputItem, at: number | undefined, implied: boolean): Entry {
    if (this.#entries.length >= budgets.items) throw proxyError('answerTooManyItems', { limit: budgets.items });
    const index = at !== undefined && !this.#used.has(at) ? at : this.#next;
    const entry = new Entry(item, index, at, implied);
    this.#used.add(index);
    this.#next = Math.max(this.#next, index + 1);
    this.#entries.push(entry);
    if (at !== undefined) this.#bySent.set(at, entry);
    this.#remember(entry);
    const open = this.#open.get(entry.kind);
    if (open) open.push(entry);
    else this.#open.set(entry.kind, [entry]);
    if (this.#earlier.some(({ kind }) => kind === entry.kind)) entry.withheld = 'again';
    else this.#withholdCall(entry);
    return entry;
  }

  #remember(entry: Entry): void {
    if (entry.id !== undefined) this.#byId.set(entry.id, entry);
    // the output of a call has the call's id, which goes on naming the call
    if (entry.callId !== undefined && outputOf(entry.item) === undefined) this.#byCallId.set(entry.callId, entry);
  }

  /** A call of a tool that the client did not declare waits until it is known whether the answer goes on after it. */
  #withholdCall(entry: Entry): void {
    entry.withheld = undefined;
    if (!isCall(entry.item) || (entry.name !== '' && this.#isClients(entry.item))) return;
    entry.withheld = 'call';
    this.#undecided.add(entry);
  }

  /** Takes what is now known of an item that came before it was announced. */
  #learn(entry: Entry, item: OutputItem): void {
    entry.item = item;
    entry.implied = false;
    entry.id = item.id ?? entry.id;
    this.#remember(entry);
    if (entry.withheld === 'call' && isCall(item) && item.name !== '' && this.#isClients(item)) this.#release(entry);
  }

  #itemDone(event: SentEvent): void {
    this.begun = true;
    this.#partEnded = false;
    const item = itemOf(event['item']);
    if (!item) return;
    const at = indexOf(event['output_index']);
    const entry = this.#finishedBy(item, at);
    if (entry?.done) return; // it comes twice
    const finished = entry ?? this.#openItem(item, at, false);
    const asSent = finished.index === event['output_index'] && item === event['item'];
    this.#finish(finished, item, asSent ? (event as unknown as ItemDoneEvent) : undefined);
  }

  /** The item that this finishes; one that is done already if this is the same again. */
  #finishedBy(item: OutputItem, at: number | undefined): Entry | undefined {
    const here = at === undefined ? undefined : this.#bySent.get(at);
    const fits = here?.kind === item.type ? here : undefined;
    if (fits && (sameIds(fits, item) || !fits.done)) {
      const named = sameIds(fits, item) ? undefined : this.#namedBy(item);
      return named && !named.done ? named : fits;
    }
    if (fits && !isOtherCall(fits, item) && textSoFar(fits) === textOfItem(item) && lineOf(fits) === lineOfItem(item)) return fits;
    const named = this.#namedBy(item);
    if (named && (!named.done || at === undefined)) return named;
    if (here && fits) return undefined;
    const open = this.#openOf(item.type);
    if (isHosted(item)) return open.at(-1);
    const [only] = open;
    return (
      open.find((entry) => agree(entry, item) && !(entry.text === '' && differentIds(entry, item))) ??
      (open.length === 1 && !isCall(item) && only?.text !== '' ? only : undefined)
    );
  }

  /** The open items of a kind, the latest first. */
  #openOf(kind: string): Entry[] {
    const list = this.#open.get(kind);
    if (!list) return [];
    while (list.at(-1)?.done) list.pop();
    return list
      .slice(-looked)
      .filter((entry) => !entry.done)
      .toReversed();
  }

  #finish(entry: Entry, item: OutputItem, event?: ItemDoneEvent): void {
    this.#flushParts(entry);
    if (textOfItem(item) !== '' && !continues(entry, item))
      this.#note('text', 'a final text differs from what was streamed; the streamed one stands');
    entry.finished = item;
    entry.done = true;
    if (item.type === 'message' && item.content?.some(({ type }) => type === 'refusal')) entry.refused = true;
    if (entry === this.#last) this.#last = undefined;
    if (item !== entry.item && isCall(item) && item.name !== '') this.#learn(entry, item);
    if (entry.withheld === 'again') {
      this.#compare(entry);
      return;
    }
    // a wrapper of declared calls is known as such only when it is whole
    if (entry.withheld === 'call' && isCall(item) && this.#isClients(item)) this.#release(entry);
    const answered = outputOf(item);
    if (answered !== undefined) this.#reportRun(this.#byCallId.get(answered));
    this.#put(entry, event ?? { type: 'response.output_item.done', output_index: entry.index, item });
  }

  /** An item of a stream that began again: the same as an earlier one, the rest of one, or another. */
  #compare(entry: Entry): void {
    const text = textSoFar(entry);
    const at = this.#earlier
      .slice(0, looked)
      .findIndex(
        (one) =>
          one.kind === entry.kind &&
          (one.name === entry.name || one.name === '') &&
          text.startsWith(textSoFar(one)) &&
          (!one.done || lineOf(one) === lineOf(entry)),
      );
    const [same] = at < 0 ? [] : this.#earlier.splice(at, 1);
    if (!same || (same.done && textSoFar(same) !== text)) {
      this.#withholdCall(entry);
      if (!entry.withheld) this.#pass(entry);
      return;
    }
    entry.dropped = true; // nothing of it is passed on
    if (!same.done) this.#finish(same, asFinished(entry));
  }

  /** Passes on an item that was withheld. */
  #release(entry: Entry): void {
    entry.withheld = undefined;
    this.#undecided.delete(entry);
    if (!entry.done) this.#pass(entry);
  }

  #pass(entry: Entry): void {
    entry.withheld = undefined;
    this.#put(entry, added(entry, entry.item));
    if (entry.done || !isCall(entry.item))
      this.#put(entry, { type: 'response.output_item.done', output_index: entry.index, item: asFinished(entry) });
    else if (entry.text !== '') {
      const { type } = entry.item.type === 'function_call' ? shapes.argumentsDelta : shapes.inputDelta;
      this.#put(entry, { type, output_index: entry.index, delta: entry.text } as ItemEvent);
    }
  }

  #put(entry: Entry, event: ItemEvent): void {
    if (entry.withheld !== undefined || entry.dropped) return;
    if (this.#undecided.size > 0 && says(event)) {
      for (const call of this.#undecided) if (call.index < entry.index && call.name !== '') this.#reportRun(call);
    }
    if (event.type === 'response.output_item.added' || event.type === 'response.output_item.done') this.#sink.item(event);
    else this.#sink.content(event);
  }

  /** The server has run this call: it is reported as a hosted tool's. */
  #reportRun(entry: Entry | undefined): void {
    if (entry?.withheld !== 'call') return;
    const { index, name } = entry;
    this.#undecided.delete(entry);
    entry.withheld = undefined;
    entry.dropped = true;
    if (name !== '')
      this.#sink.item({ type: 'response.output_item.done', output_index: index, item: { type: 'mcp_call', name, server_label: '' } });
  }

  // Parts and their text

  /** More of a text. One that goes on as its item and part have begun is passed on as it is, with no more than these comparisons. */
  #delta(event: SentEvent, at: unknown, shape: Shape): void {
    const entry = this.#last;
    const { delta, logprobs } = event;
    if (
      entry?.kind === shape.kind &&
      !entry.done &&
      entry.asSent &&
      event['output_index'] === entry.index &&
      event['item_id'] === entry.id
    ) {
      const parts = shape.parts === 'summary' ? entry.summary : entry.content;
      const isSamePart = shape.index === undefined || (at === parts.sent && at === parts.index && !parts.ended);
      if (isSamePart && typeof delta === 'string' && (logprobs === undefined || (Array.isArray(logprobs) && logprobs.length === 0))) {
        parts.text += delta;
        if (this.#undecided.size === 0) this.#sink.content(event as unknown as ContentEvent);
        else this.#put(entry, event as unknown as ContentEvent);
        return;
      }
    }
    this.#content(event, shape);
  }

  #content(event: SentEvent, shape: Shape): void {
    this.begun = true;
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
    if (isAsSent) this.#put(entry, event as unknown as ItemEvent);
    else this.#put(entry, contentEvent(entry, shape, index, value, logprobsOf(logprobs)));
    if (shape.ends && parts.announced.size > 0) this.#nextParts(parts);
  }

  #endPart(parts: Parts, whole: string): void {
    this.#partEnded = true;
    const { current } = parts;
    if (whole.startsWith(current)) parts.text += whole.slice(current.length);
    parts.ended = true;
  }

  /** The item that an event belongs to; undefined for one that is done. `opens`: more of a text, which may be that of a new item. */
  #entryOf(event: SentEvent, kind: Shape['kind'], opens: boolean): Entry | undefined {
    const at = indexOf(event['output_index']);
    const id = stringOf(event['item_id']) || undefined;
    const here = at === undefined ? undefined : this.#bySent.get(at);
    const fits = here?.kind === kind ? here : undefined;
    if (fits && !fits.done && (id === undefined || fits.id === id)) return fits;
    const named = id === undefined ? undefined : this.#byId.get(id);
    if (named?.kind === kind && !named.done) return named;
    if (fits && !fits.done) return fits; // the ids change from event to event
    const late = fits ?? (named?.kind === kind ? named : undefined);
    if (late && (!opens || (late === named && here))) return undefined;
    const [open] = this.#openOf(kind);
    // an index that has named an item before it was announced means what it says
    if (open && !(open.implied && at !== undefined && open.sent !== undefined && !here)) return open;
    const entry = this.#openItem(emptyItem(kind, id), at, true);
    this.#put(entry, added(entry, entry.item));
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
      parts.announced.get(at)!.push(event);
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

  #partAdded(event: SentEvent): void {
    this.begun = true;
    this.#partEnded = false;
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
  #partDone(event: SentEvent): void {
    this.begun = true;
    const found = this.#partsOf(event);
    if (!found) return;
    const { entry, parts, at } = found;
    if (parts.ended && (at === undefined || at === parts.sent)) return;
    if (event.type === 'response.reasoning_summary_part.done') {
      this.#content({ ...event, type: shapes.summaryDone.type, text: stringOf(reasoningText(event['part'])) }, shapes.summaryDone);
    } else if (entry.kind === 'reasoning') {
      this.#content({ ...event, type: shapes.reasoningDone.type, text: stringOf(reasoningText(event['part'])) }, shapes.reasoningDone);
    } else {
      const part = messagePart(event['part']);
      if (part?.type === 'output_text')
        this.#content({ ...event, type: shapes.textDone.type, text: part.text, logprobs: part.logprobs }, shapes.textDone);
      if (part?.type === 'refusal') this.#content({ ...event, type: shapes.refusalDone.type, refusal: part.refusal }, shapes.refusalDone);
    }
  }

  #partsOf(event: SentEvent): { entry: Entry; parts: Parts; at: number | undefined } | undefined {
    const isSummary = event.type.startsWith('response.reasoning_summary');
    const part = isObject(event['part']) ? event['part'] : {};
    const here = this.#bySent.get(indexOf(event['output_index']) ?? -1);
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
      for (const event of waiting) this.read(event as SentEvent);
    }
    this.#releasing = false;
  }

  #flushParts({ content }: Entry): void {
    while (content.announced.size > 0) {
      content.ended = true;
      this.#nextParts(content);
    }
  }

  // The end

  #end(response: Response, incomplete: boolean): void {
    if (response.status === 'failed' || response.status === 'cancelled') throw failureOf(response.error);
    this.#sink.begin(response);
    const output = this.#withOutputText(response, response.output ?? []);
    const answered = new Set<string | undefined>(output.map(outputOf));
    for (const entry of this.#entries) this.#flushParts(entry);
    const found = matchOutput(output, this.#entries);
    // what has begun ends first, in the order in which it began
    const begun = [...found.entries()].flatMap(([at, entry]) => (entry ? [{ entry, item: output[at]! }] : []));
    for (const { entry, item } of begun.toSorted((a, b) => a.entry.index - b.entry.index)) {
      if (entry.done) this.#extend(entry, item);
      else this.#finish(entry, item);
    }
    const continued = continuedMessages(output, found);
    for (const [at, item] of output.entries()) {
      if (found[at] || continued.has(item)) continue;
      const known = item.type === 'message' && item.id ? this.#byId.get(item.id) : undefined;
      if (known?.done && known.kind === item.type && textSoFar(known) === textOfItem(item)) continue; // it stands there twice
      const opened = this.#openItem(item, at, false);
      if (isCall(item) && item.call_id !== undefined && answered.has(item.call_id)) {
        opened.withheld = 'call';
        this.#reportRun(opened);
      }
      this.#finish(opened, item);
    }
    for (const entry of this.#entries) {
      // a tool that was announced and is not in the output has not run
      if (isHosted(entry.item) && !entry.done && output.length > 0) entry.dropped = true;
      else if (entry.withheld === 'again') this.#compare(entry);
      else if (isHosted(entry.item) && !entry.done) this.#finish(entry, entry.item);
    }
    const undecided = [...this.#undecided].toSorted((a, b) => a.index - b.index);
    this.#undecided.clear();
    for (const entry of undecided) {
      const isGone = output.length > 0 && !entry.matched && !entry.done;
      if (isGone || entry.name === '' || (entry.callId !== undefined && answered.has(entry.callId))) this.#reportRun(entry);
      else this.#pass(entry);
    }
    this.#sink.end(response, incomplete);
  }

  /** Some servers have the text in a field of its own only. */
  #withOutputText(response: Response, output: readonly OutputItem[]): readonly OutputItem[] {
    const { output_text: text } = response as JsonObject;
    if (typeof text !== 'string' || text === '') return output;
    const isSaid = (item: OutputItem): boolean => item.type === 'message' && textOfItem(item) !== '';
    if (output.some(isSaid) || this.#entries.some((entry) => entry.kind === 'message' && textSoFar(entry) !== '')) return output;
    const message: MessageItem = { type: 'message', content: [{ type: 'output_text', text, annotations: [] }] };
    return [...output.filter(({ type }) => type !== 'message'), message];
  }

  /** The last event may have more of an item than its own end had. */
  #extend(entry: Entry, item: OutputItem): void {
    if (entry.dropped || (item.type !== 'message' && item.type !== 'reasoning')) return;
    const before = textSoFar(entry);
    const text = textOfItem(item);
    if (text === before || text === '') return;
    if (!text.startsWith(before)) this.#note('text', 'a final text differs from what was streamed; the streamed one stands');
    else if (item.type === 'message' || before === '') this.#finish(this.#openItem(item, undefined, false), item);
  }
}

function isCall(item: OutputItem): item is CallItem {
  return item.type === 'function_call' || item.type === 'custom_tool_call';
}

function isCommentary(item: OutputItem): boolean {
  return item.type === 'message' && item.phase === 'commentary';
}

/** The line that reports a hosted tool. */
function lineOf({ finished }: Entry): string | undefined {
  return finished && lineOfItem(finished);
}

function lineOfItem(item: OutputItem): string | undefined {
  return isHosted(item) ? hostedLine(item) : undefined;
}

/** The `call_id` whose output the item is. */
function outputOf(item: OutputItem): string | undefined {
  return item.type === 'function_call_output' || item.type === 'custom_tool_call_output' ? item.call_id : undefined;
}

function sameIds(entry: Entry, item: OutputItem): boolean {
  const callId = 'call_id' in item ? item.call_id : undefined;
  if (callId !== undefined && entry.callId !== undefined) return callId === entry.callId;
  return item.id != null && item.id === entry.id;
}

/** Whether both are calls with an id, and not the same. */
function isOtherCall(entry: Entry, item: OutputItem): boolean {
  const callId = 'call_id' in item ? item.call_id : undefined;
  return callId !== undefined && entry.callId !== undefined && callId !== entry.callId;
}

/** Whether both have an id, and not the same. */
function differentIds(entry: Entry, item: OutputItem): boolean {
  const callId = 'call_id' in item ? item.call_id : undefined;
  return (
    (callId !== undefined && entry.callId !== undefined && callId !== entry.callId) ||
    (callId === undefined && item.id != null && entry.id !== undefined && item.id !== entry.id)
  );
}

function added({ index }: Entry, item: OutputItem): ItemAddedEvent {
  return { type: 'response.output_item.added', output_index: index, item };
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

/** The finished item, with the text of its events if it has none; as far as these have brought it if it did not end. */
function asFinished({ item: begun, finished, text, content, summary, refused }: Entry): OutputItem {
  const item = finished ?? begun;
  if (text === '' || (finished && textOfItem(finished) !== '')) return item;
  switch (item.type) {
    case 'message':
      return { ...item, content: [refused ? { type: 'refusal', refusal: text } : { type: 'output_text', text, annotations: [] }] };
    case 'reasoning':
      return {
        ...item,
        summary: summary.text === '' ? [] : [{ type: 'summary_text', text: summary.text }],
        content: content.text === '' ? [] : [{ type: 'reasoning_text', text: content.text }],
      };
    case 'function_call':
      return { ...item, arguments: text };
    case 'custom_tool_call':
      return { ...item, input: text };
    default:
      return item;
  }
}

/** Whether the finished item goes on where its events have stopped. */
function continues(entry: Entry, item: OutputItem): boolean {
  if (item.type !== 'reasoning') return textOfItem(item).startsWith(entry.content.text);
  const content = (item.content ?? []).map(({ text }) => text).join('');
  const summary = (item.summary ?? []).map(({ text }) => text).join('');
  return content.startsWith(entry.content.text) && summary.startsWith(entry.summary.text);
}
