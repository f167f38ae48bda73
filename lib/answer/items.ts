import { stringOf } from '../json.ts';
import type { OutputItem, ResponseEvent } from '../wire/responses.ts';
import type { Calls, CallWriter } from './calls.ts';
import { hostedLine, hostedLines, imageUrl, isHosted } from './hosted.ts';
import type { ItemWriter } from './item-writer.ts';
import type { Messages } from './messages.ts';
import { remainder } from './remainder.ts';
import type { Writer } from './writer.ts';

interface Item {
  /** Undefined until `output_item.added` or `output_item.done` says what it is. */
  known?: OutputItem;
  finished?: OutputItem;
  done: boolean;
  /** Events that came while another item was being told, or before this one was known. */
  waiting: ResponseEvent[];
  writer?: ItemWriter;
}

/**
 * Tells the output items one after the other, in the order of `output_index`, whatever the order in which their events come.
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

  push(event: ResponseEvent): void {
    this.#lastIndex = event.output_index ?? this.#lastIndex;
    let item = this.#items.get(this.#lastIndex);
    if (!item) this.#items.set(this.#lastIndex, (item = { done: false, waiting: [] }));
    if (item.done) return;
    if (event.item) {
      item.known ??= event.item;
      if (event.type === 'response.output_item.done') {
        item.finished = event.item;
        item.done = true;
      }
    } else if (this.#current === item) {
      item.writer!.event(event);
      return;
    } else item.waiting.push(event);
    if (!this.#current || this.#current === item) this.#advance();
  }

  /** The last event brings the whole output: what no event told is told now, open items end. */
  finish(output: readonly OutputItem[]): void {
    for (const [index, item] of output.entries()) this.push({ type: 'response.output_item.done', output_index: index, item });
    for (const item of this.#items.values()) item.done = true;
    this.#advance();
  }

  /** Tells what can be told: the current item, and after its end the next ones that are known. */
  #advance(): void {
    for (;;) {
      const current = (this.#current ??= this.#next());
      if (!current) return;
      const { known, waiting } = current;
      current.writer ??= this.#open(known!);
      for (const event of waiting.splice(0)) current.writer.event(event);
      if (!current.done && !isHosted(known!)) return;
      if (current.done) {
        current.writer.close(current.finished);
        current.known = { type: '' }; // told: nothing of it is needed any more
      }
      this.#current = undefined;
      if (!this.#next()) return;
    }
  }

  /** The first item in the order of output that has something to tell. A hosted tool has that only at its end. */
  #next(): Item | undefined {
    let first: Item | undefined;
    let firstIndex = Infinity;
    for (const [index, item] of this.#items) {
      const ready = item.known && item.known.type !== '' && (item.done || !isHosted(item.known));
      if (ready && index < firstIndex) [first, firstIndex] = [item, index];
    }
    return first;
  }

  #open(item: OutputItem): ItemWriter {
    if (item.type === 'message') return this.#messages.open(item);
    if (item.type === 'reasoning') return reasoningEvents(this.#writer);
    if (item.type === 'function_call' || item.type === 'custom_tool_call') return callEvents(this.#calls.open(item));
    return { event: () => {}, close: (finished) => this.#tellHosted(finished ?? item) };
  }

  #tellHosted(item: OutputItem): void {
    if (!hostedLines.has(item.type)) this.#notes.push(`ignored an output item of type ${item.type}`);
    this.#writer.thought(item, hostedLine(item) ?? '');
    const url = imageUrl(item);
    if (url) this.#writer.delta({ images: [{ type: 'image_url', image_url: { url } }] });
  }
}

function callEvents(call: CallWriter): ItemWriter {
  return {
    event({ type, delta, arguments: args, input }) {
      if (type.endsWith('.delta')) call.input(stringOf(delta));
      else call.inputDone(args ?? input ?? '');
    },
    close: (finished) => call.close(finished),
  };
}

/** Summaries and, from open models, the reasoning itself; each part is told apart from the others. */
function reasoningEvents(writer: Writer): ItemWriter {
  const parts = new Map<string, { text: string }>();

  function tell(key: string, text: string, whole: boolean): void {
    let part = parts.get(key);
    if (!part) parts.set(key, (part = { text: '' }));
    const more = whole ? remainder(part.text, text) : text;
    part.text += more;
    writer.thought(part, more);
  }

  return {
    event({ type, summary_index = 0, content_index = 0, delta, text = '' }) {
      const key = type.startsWith('response.reasoning_summary_text') ? `summary ${summary_index}` : `text ${content_index}`;
      if (type.endsWith('.delta')) tell(key, stringOf(delta), false);
      else tell(key, text, true);
    },
    close(finished) {
      for (const [at, part] of (finished?.summary ?? []).entries()) tell(`summary ${at}`, part.text ?? '', true);
      for (const [at, part] of (finished?.content ?? []).entries())
        if (part.type === 'reasoning_text') tell(`text ${at}`, part.text ?? '', true);
    },
  };
}
