import type { ContentEvent, ItemAddedEvent, ItemDoneEvent, OutputItem } from '../wire/responses.ts';
import type { Calls } from './calls.ts';
import { hostedLine, imageUrl, isHosted } from './hosted.ts';
import type { ItemWriter } from './item-writer.ts';
import type { Messages } from './messages.ts';
import { reasoningWriter } from './reasoning.ts';
import { says } from './says.ts';
import type { Writer } from './writer.ts';

interface Item {
  readonly index: number;
  item: OutputItem;
  finished?: OutputItem;
  done: boolean;
  /** It stands among those that have something to emit. */
  ready: boolean;
  /** A client has learnt something of it. */
  begun: boolean;
  /** Events that came during another item. */
  waiting: ContentEvent[];
  writer?: ItemWriter;
}

/**
 * Emits the output items one after the other, in the order of `output_index`, whatever the order in which their events come.
 * Hosted tools hold up nothing, and reasoning that is still open nothing but itself.
 */
export class Items {
  readonly #messages: Messages;
  readonly #calls: Calls;
  readonly #writer: Writer;
  readonly #notes: string[];
  /** Those of which something is still to come. */
  readonly #items = new Map<number, Item>();
  /** Indices of those that have something to emit, the lowest last. */
  readonly #ready: number[] = [];
  #current: Item | undefined;
  /** There was an item that reaches the client, be it an empty message. */
  anything = false;

  constructor(messages: Messages, calls: Calls, writer: Writer, notes: string[]) {
    this.#messages = messages;
    this.#calls = calls;
    this.#writer = writer;
    this.#notes = notes;
  }

  /** The beginning or the end of an item. */
  push(event: ItemAddedEvent | ItemDoneEvent): void {
    const { type, output_index: index, item } = event;
    let entry = this.#items.get(index);
    if (!entry) this.#items.set(index, (entry = { index, item, done: false, ready: false, begun: false, waiting: [] }));
    if (type === 'response.output_item.done') {
      entry.finished = item;
      entry.done = true;
    } else if (item.type === 'reasoning' || isHosted(item)) return; // holds no place
    this.#schedule(entry);
  }

  /** What an item brings in between. */
  content(event: ContentEvent): void {
    const current = this.#current;
    if (current?.index === event.output_index) {
      current.begun ||= says(event);
      deliver(current.writer!, event);
      return;
    }
    const item = this.#items.get(event.output_index);
    if (!item) return;
    item.waiting.push(event);
    this.#schedule(item);
  }

  /** The item has something to emit: now, or when those before it have ended. */
  #schedule(item: Item): void {
    const current = this.#current;
    if (current !== item) this.#makeReady(item);
    if (current && current !== item) {
      // reasoning that was never closed ends where the next item begins; of a message nothing has come that could not come later
      const yields = current.item.type === 'reasoning' || (!current.begun && item.index < current.index);
      if (!yields) return;
      if (current.item.type !== 'reasoning') this.#makeReady(current);
      this.#current = undefined;
    }
    this.#advance();
  }

  /** After the last event: open items end, and all that waits is emitted. */
  finish(): void {
    for (const item of this.#items.values()) {
      item.done = true;
      if (item !== this.#current) this.#makeReady(item);
    }
    this.#advance();
  }

  #makeReady(item: Item): void {
    if (item.ready) return;
    item.ready = true;
    let [low, high] = [0, this.#ready.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#ready[middle]! > item.index) low = middle + 1;
      else high = middle;
    }
    this.#ready.splice(low, 0, item.index);
  }

  /** Emits what can be emitted: the current item, and after its end the next ones. */
  #advance(): void {
    for (;;) {
      const current = (this.#current ??= this.#next());
      if (!current) return;
      const writer = (current.writer ??= this.#open(current.item));
      for (const event of current.waiting.splice(0)) {
        current.begun ||= says(event);
        deliver(writer, event);
      }
      if (!current.done) return;
      writer.close(current.finished);
      this.#items.delete(current.index);
      this.#current = undefined;
    }
  }

  #next(): Item | undefined {
    const index = this.#ready.pop();
    const item = index === undefined ? undefined : this.#items.get(index);
    if (item) item.ready = false;
    return item;
  }

  #open(item: OutputItem): ItemWriter {
    if (!isHosted(item)) this.anything = true;
    switch (item.type) {
      case 'message':
        return this.#messages.open(item);
      case 'reasoning':
        return reasoningWriter(this.#writer);
      case 'function_call':
      case 'custom_tool_call':
        return this.#calls.open(item);
      default:
        return { kind: 'hosted', event() {}, close: (finished) => this.#emitHosted(finished) };
    }
  }

  #emitHosted(item: OutputItem | undefined): void {
    if (!item || !isHosted(item)) return;
    const line = hostedLine(item);
    if (line === undefined) this.#notes.push(`ignored an output item of type ${item.type}`);
    else this.#writer.reasoning(item, line);
    const url = imageUrl(item);
    if (line || url) this.anything = true;
    if (url) this.#writer.delta({ images: [{ type: 'image_url', image_url: { url } }] });
  }
}

/** Hands an event to the writer of its item. An event of another kind than its item is ignored. */
function deliver(writer: ItemWriter, event: ContentEvent): void {
  switch (event.type) {
    case 'response.output_text.delta':
    case 'response.output_text.done':
    case 'response.output_text.annotation.added':
    case 'response.refusal.delta':
    case 'response.refusal.done':
      if (writer.kind === 'message') writer.event(event);
      break;
    case 'response.reasoning_summary_text.delta':
    case 'response.reasoning_summary_text.done':
    case 'response.reasoning_text.delta':
    case 'response.reasoning_text.done':
      if (writer.kind === 'reasoning') writer.event(event);
      break;
    case 'response.function_call_arguments.delta':
    case 'response.function_call_arguments.done':
    case 'response.custom_tool_call_input.delta':
    case 'response.custom_tool_call_input.done':
      if (writer.kind === 'call') writer.event(event);
      break;
    default:
      event satisfies never;
  }
}
