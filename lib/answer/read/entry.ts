import type { CallItem, OutputItem, SentEvent } from '../../wire/responses.ts';
import type { Shape } from './shapes.ts';

/**
 * The parts of one kind that an item has, as they arrive. Servers count them in many ways; here they are counted from 0 in the order in
 * which they begin.
 */
export class Parts {
  /** All text so far, of all parts. */
  text = '';
  /** Where the current part begins in `text`. */
  start = 0;
  /** The current part; -1 before the first. */
  index = -1;
  /** Its index as the server counts. */
  sent = -1;
  /** The end of the current part has come. */
  ended = false;
  /** Parts that the server has announced while another one was under way, in order, with the events that wait for them. */
  readonly announced: Map<number, { event: SentEvent; shape: Shape }[]> = new Map();
  /** The server's index → ours, of every part that has begun. */
  readonly #places = new Map<number, number>();

  begin(sent: number): void {
    this.index += 1;
    this.sent = sent;
    this.start = this.text.length;
    this.ended = false;
    this.#places.set(sent, this.index);
  }

  /** Our index of a part that has begun; undefined for another, or none. */
  placeOf(sent: number | undefined): number | undefined {
    return this.#places.get(sent ?? -1);
  }

  /** The text of the current part. */
  get current(): string {
    return this.text.slice(this.start);
  }
}

/** An output item as the server has sent it so far. */
export class Entry {
  readonly kind: OutputItem['type'];
  /** Its `output_index` in what is passed on. */
  readonly index: number;
  /** The `output_index` that announced it, if any. */
  readonly sent: number | undefined;
  /** As it was announced, or made up for one that was not. */
  item: OutputItem;
  id: string | undefined;
  /** The finished item, if it came. */
  finished: OutputItem | undefined;
  done = false;
  /** No event has announced it. */
  implied: boolean;
  /** A call is withheld until it is known whose it is; an item that is sent again, until it is known whether it is the same. */
  withheld: 'call' | 'again' | undefined;
  /** It is not passed on: the server has run it, or it repeats an earlier item. */
  dropped = false;
  /** A message that has refused something. */
  refused = false;
  /** It is matched with an item of the last event. */
  matched = false;
  readonly content: Parts = new Parts();
  readonly summary: Parts = new Parts();

  constructor(item: OutputItem, index: number, sent: number | undefined, implied = false) {
    this.kind = item.type;
    this.item = item;
    this.id = item.id ?? undefined;
    this.index = index;
    this.sent = sent;
    this.implied = implied;
  }

  get callId(): string | undefined {
    return callIdOf(this.item);
  }

  get name(): string {
    return 'name' in this.item ? this.item.name : '';
  }

  get text(): string {
    return this.content.text + this.summary.text;
  }
}

export function callIdOf(item: OutputItem): string | undefined {
  return 'call_id' in item ? item.call_id : undefined;
}

export function isCall(item: OutputItem): item is CallItem {
  return item.type === 'function_call' || item.type === 'custom_tool_call';
}
