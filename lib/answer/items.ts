import { isObject } from '../json.ts';
import type { CallEvent, ItemEvent, MessageEvent, OutputItem, ReasoningEvent } from '../wire/responses.ts';
import type { Calls } from './calls.ts';
import { hostedLine, imageUrl, isHosted } from './hosted.ts';
import type { ItemWriter } from './item-writer.ts';
import type { Messages } from './messages.ts';
import { reasoningWriter } from './reasoning.ts';
import type { Writer } from './writer.ts';

type ContentEvent = MessageEvent | ReasoningEvent | CallEvent;

interface Item {
  /** As `output_item.added` or `output_item.done` gave it; undefined until one of them came, and again when all of it is emitted. */
  item?: OutputItem | undefined;
  finished?: OutputItem;
  done: boolean;
  /** Events that came during another item, or before this one was known. */
  waiting: ContentEvent[];
  writer?: ItemWriter;
}

/**
 * Emits the output items one after the other, in the order of `output_index`, whatever the order in which their events come.
 * Keyed by `output_index`, since some servers change an item's id from event to event. Hosted tools hold up nothing.
 */
export class Items {
  readonly #messages: Messages;
  readonly #calls: Calls;
  readonly #writer: Writer;
  readonly #notes: string[];
  readonly #items = new Map<number, Item>();
  #current: Item | undefined;
  #lastIndex = 0;

  constructor(messages: Messages, calls: Calls, writer: Writer, notes: string[]) {
    this.#messages = messages;
    this.#calls = calls;
    this.#writer = writer;
    this.#notes = notes;
  }

  push(event: ItemEvent): void {
    this.#lastIndex = event.output_index ?? this.#lastIndex;
    let item = this.#items.get(this.#lastIndex);
    if (!item) this.#items.set(this.#lastIndex, (item = { done: false, waiting: [] }));
    if (item.done) return;
    switch (event.type) {
      case 'response.output_item.added':
      case 'response.output_item.done':
        if (!isObject(event.item)) return;
        item.item ??= event.item;
        if (event.type === 'response.output_item.done') {
          item.finished = event.item;
          item.done = true;
        }
        break;
      default:
        if (this.#current === item) {
          deliver(item.writer!, event);
          return;
        }
        item.waiting.push(event);
    }
    if (!this.#current || this.#current === item) this.#advance();
  }

  /** The last event brings the whole output: what no event brought is emitted now, open items end. */
  finish(output: readonly OutputItem[]): void {
    for (const [index, item] of output.entries()) this.push({ type: 'response.output_item.done', output_index: index, item });
    for (const item of this.#items.values()) item.done = true;
    this.#advance();
  }

  /** Emits what can be emitted: the current item, and after its end the next ones that are known. */
  #advance(): void {
    for (;;) {
      const current = (this.#current ??= this.#next());
      if (!current?.item) return;
      const { item, waiting } = current;
      const writer = (current.writer ??= this.#open(item));
      for (const event of waiting.splice(0)) deliver(writer, event);
      if (!current.done && !isHosted(item)) return;
      if (current.done) {
        writer.close(current.finished);
        current.item = undefined;
      }
      this.#current = undefined;
      if (!this.#next()) return;
    }
  }

  /** Returns the first item in the order of output that has something to emit. A hosted tool has that only at its end. */
  #next(): Item | undefined {
    let first: Item | undefined;
    let firstIndex = Infinity;
    for (const [index, one] of this.#items) {
      const ready = one.item && (one.done || !isHosted(one.item));
      if (ready && index < firstIndex) [first, firstIndex] = [one, index];
    }
    return first;
  }

  #open(item: OutputItem): ItemWriter {
    switch (item.type) {
      case 'message':
        return this.#messages.open(item);
      case 'reasoning':
        return reasoningWriter(this.#writer);
      case 'function_call':
      case 'custom_tool_call':
        return this.#calls.open(item);
      default:
        return { kind: 'hosted', event() {}, close: (finished) => this.#emitHosted(finished ?? item) };
    }
  }

  #emitHosted(item: OutputItem): void {
    if (!isHosted(item)) return;
    const line = hostedLine(item);
    if (line === undefined) this.#notes.push(`ignored an output item of type ${item.type}`);
    else this.#writer.reasoning(item, line);
    const url = imageUrl(item);
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
