import type { CallItem, ContentEvent, ItemAddedEvent, ItemDoneEvent, ItemEvent, OutputItem, Response } from '../../wire/responses.ts';
import { textOfItem } from '../item-text.ts';
import { says } from '../says.ts';
import { isCall, type Entry } from './entry.ts';
import type { Known } from './known.ts';
import * as shapes from './shapes.ts';

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

/** Passes on what comes of items, except of those that may not be the client's: a call that the server may have run, an item that may have come before. */
export class Outgoing {
  readonly #sink: ReaderSink;
  readonly #isClients: IsClients;
  readonly #known: Known;
  /** Calls of which it is not known whether they are the client's. */
  readonly #undecided = new Set<Entry>();
  /** Items that came before the stream began again, to compare them with those that come now. */
  readonly earlier: Entry[] = [];

  constructor(sink: ReaderSink, isClients: IsClients, known: Known) {
    this.#sink = sink;
    this.#isClients = isClients;
    this.#known = known;
  }

  /** Opens an item, and withholds it if need be. `implied`: no event has announced it. */
  open(item: OutputItem, at: number | undefined, implied = false): Entry {
    const entry = this.#known.open(item, at, implied);
    if (this.earlier.some(({ kind }) => kind === entry.kind)) entry.withheld = 'again';
    else this.withholdCall(entry);
    return entry;
  }

  /** A call of a tool that the client did not declare waits until it is known whether the answer goes on after it. */
  withholdCall(entry: Entry): void {
    entry.withheld = undefined;
    if (!isCall(entry.item) || this.#isClients(entry.item)) return;
    entry.withheld = 'call';
    this.#undecided.add(entry);
  }

  /** Takes what is now known of an item. A wrapper of declared calls is known as such only when it is whole. */
  learn(entry: Entry, item: OutputItem): void {
    entry.item = item;
    entry.implied = false;
    entry.id = item.id ?? entry.id;
    this.#known.remember(entry);
    if (entry.withheld === 'call' && isCall(item) && this.#isClients(item)) {
      this.#undecided.delete(entry);
      if (entry.done) entry.withheld = undefined;
      else this.pass(entry);
    }
  }

  item(entry: Entry, event: ItemAddedEvent | ItemDoneEvent): void {
    if (entry.withheld !== undefined || entry.dropped) return;
    if (this.#undecided.size > 0) this.#decideBefore(entry, event);
    this.#sink.item(event);
  }

  content(entry: Entry, event: ContentEvent): void {
    if (entry.withheld !== undefined || entry.dropped) return;
    if (this.#undecided.size > 0) this.#decideBefore(entry, event);
    this.#sink.content(event);
  }

  /** The answer goes on after the calls before this item, so the server has run them. */
  #decideBefore({ index }: Entry, event: ItemEvent): void {
    if (!says(event)) return;
    for (const call of this.#undecided) if (call.index < index && call.name !== '') this.reportRun(call);
  }

  /** Passes on an item that was withheld. */
  pass(entry: Entry): void {
    entry.withheld = undefined;
    this.item(entry, addedEvent(entry, entry.item));
    if (entry.done || !isCall(entry.item)) this.item(entry, doneEvent(entry, asFinished(entry)));
    else if (entry.text !== '') {
      const { type } = entry.item.type === 'function_call' ? shapes.argumentsDelta : shapes.inputDelta;
      this.content(entry, { type, output_index: entry.index, delta: entry.text } as ContentEvent);
    }
  }

  /** The server has run this call: it is reported as a hosted tool's. */
  reportRun(entry: Entry | undefined): void {
    if (entry?.withheld !== 'call') return;
    const { name } = entry;
    this.#undecided.delete(entry);
    entry.withheld = undefined;
    entry.dropped = true;
    if (name !== '') this.#sink.item(doneEvent(entry, { type: 'mcp_call', name, server_label: '' }));
  }

  /** After the last event: calls that `wasRun` by the server are reported, the others passed on, in their order. */
  decide(wasRun: (call: Entry) => boolean): void {
    const undecided = [...this.#undecided].toSorted((a, b) => a.index - b.index);
    this.#undecided.clear();
    for (const entry of undecided) {
      if (entry.name === '' || wasRun(entry)) this.reportRun(entry);
      else this.pass(entry);
    }
  }
}

export function addedEvent({ index }: Entry, item: OutputItem): ItemAddedEvent {
  return { type: 'response.output_item.added', output_index: index, item };
}

export function doneEvent({ index }: Entry, item: OutputItem): ItemDoneEvent {
  return { type: 'response.output_item.done', output_index: index, item };
}

/** The finished item, with the text of its events if it has none; as far as these have brought it if it did not end. */
export function asFinished({ item: begun, finished, text, content, summary, refused }: Entry): OutputItem {
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
