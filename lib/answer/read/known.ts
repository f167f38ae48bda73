import { budgets } from '../../budgets.ts';
import { proxyError } from '../../errors.ts';
import { stringOf } from '../../json.ts';
import type { OutputItem, SentEvent } from '../../wire/responses.ts';
import { hostedLine, isHosted } from '../hosted.ts';
import { textOfItem } from '../item-text.ts';
import { callIdOf, Entry, isCall } from './entry.ts';
import { agree, textSoFar } from './match.ts';
import { indexOf } from './values.ts';

/** How many open items are looked at for one that a finished item could belong to. */
const looked = 16;

/** The items that have come, and which of them an event is about. Servers give indices and ids that are missing, move, or are another item's. */
export class Known {
  readonly entries: Entry[] = [];
  readonly #byId = new Map<string, Entry>();
  readonly #byCallId = new Map<string, Entry>();
  /** By the `output_index` of the server: the latest item that it was given to. */
  readonly #bySent = new Map<number, Entry>();
  readonly #open = new Map<string, Entry[]>();
  readonly #used = new Set<number>();
  #next = 0;
  /** How many of the entries came before the stream began again. */
  #since = 0;

  /** Opens an item. `implied`: no event has announced it. */
  open(item: OutputItem, at: number | undefined, implied: boolean): Entry {
    if (this.entries.length >= budgets.items) throw proxyError('answerTooManyItems', { limit: budgets.items });
    const index = at !== undefined && !this.#used.has(at) ? at : this.#next;
    const entry = new Entry(item, index, at, implied);
    this.#used.add(index);
    this.#next = Math.max(this.#next, index + 1);
    this.entries.push(entry);
    if (at !== undefined) this.#bySent.set(at, entry);
    this.remember(entry);
    const open = this.#open.get(entry.kind);
    if (open) open.push(entry);
    else this.#open.set(entry.kind, [entry]);
    return entry;
  }

  /** Goes by the names that the item has now. */
  remember(entry: Entry): void {
    if (entry.id !== undefined) this.#byId.set(entry.id, entry);
    // the output of a call has the call's id, which goes on naming the call
    if (entry.callId !== undefined && outputOf(entry.item) === undefined) this.#byCallId.set(entry.callId, entry);
  }

  /** The stream begins anew, and so do its indices and ids. Returns the items that came since it last did. */
  restart(): Entry[] {
    const before = this.entries.slice(this.#since);
    this.#since = this.entries.length;
    for (const names of [this.#byId, this.#byCallId, this.#bySent, this.#open]) names.clear();
    return before;
  }

  /** The items, those of the latest beginning first. */
  get latest(): readonly Entry[] {
    return [...this.entries.slice(this.#since), ...this.entries.slice(0, this.#since)];
  }

  byId(id: string | null | undefined): Entry | undefined {
    return this.#byId.get(id ?? '');
  }

  byCallId(id: string | undefined): Entry | undefined {
    return this.#byCallId.get(id ?? '');
  }

  /** The item at an index, as the server counts. */
  at(index: unknown): Entry | undefined {
    return this.#bySent.get(indexOf(index) ?? -1);
  }

  /** The item that this announces again. */
  announced(item: OutputItem, at: number | undefined): Entry | undefined {
    const fits = ofKind(this.at(at), item.type);
    if (fits && (sameIds(fits, item) || (!fits.done && (fits.implied || (fits.text === '' && !isOther(fits, item)))))) return fits;
    const named = this.#namedBy(item);
    return named && !named.done && (at === undefined || named.implied) ? named : undefined;
  }

  /** The item that this finishes; one that is done already if this is the same again. */
  finishedBy(item: OutputItem, at: number | undefined): Entry | undefined {
    const fits = ofKind(this.at(at), item.type);
    if (fits && sameIds(fits, item)) return fits;
    const named = this.#namedBy(item);
    if (named && !named.done) return named;
    if (fits) return !fits.done || repeats(fits, item) ? fits : undefined;
    if (named && at === undefined) return named;
    const open = this.#openOf(item.type);
    if (isHosted(item)) return open.at(-1);
    const [only] = open;
    return (
      open.find((entry) => agree(entry, item) && !(entry.text === '' && sameIds(entry, item) === false)) ??
      (open.length === 1 && !isCall(item) && only!.text !== '' ? only : undefined)
    );
  }

  /**
   * The item of this kind that an event belongs to; one that is done if the event comes too late; undefined if it belongs to a new one.
   * `opens`: the event brings more of a text, which may be that of a new item.
   */
  ofEvent(event: SentEvent, kind: OutputItem['type'], opens: boolean): Entry | undefined {
    const at = indexOf(event['output_index']);
    const id = stringOf(event['item_id']) || undefined;
    const here = this.at(at);
    const fits = ofKind(here, kind);
    const named = ofKind(this.byId(id), kind);
    if (fits && !fits.done && fits.id === id) return fits;
    if (named && !named.done) return named;
    if (fits && !fits.done) return fits; // the ids change from event to event
    const late = fits ?? named;
    if (late && (!opens || (late === named && here))) return late;
    const [open] = this.#openOf(kind);
    // an index that has named an item before it was announced means what it says
    return open && !(open.implied && at !== undefined && open.sent !== undefined && !here) ? open : undefined;
  }

  /** The item of this kind that has the `call_id`, or the id. */
  #namedBy(item: OutputItem): Entry | undefined {
    return ofKind(this.byCallId(callIdOf(item)), item.type) ?? ofKind(this.byId(item.id), item.type);
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
}

/** The `call_id` whose output the item is. */
export function outputOf(item: OutputItem): string | undefined {
  return item.type === 'function_call_output' || item.type === 'custom_tool_call_output' ? item.call_id : undefined;
}

/** The line that reports a hosted tool. */
export function lineOf(item: OutputItem | undefined): string | undefined {
  return item && isHosted(item) ? hostedLine(item) : undefined;
}

function ofKind(entry: Entry | undefined, kind: OutputItem['type']): Entry | undefined {
  return entry?.kind === kind ? entry : undefined;
}

/** Whether the ids say that it is the same item: the `call_id`, else the id; undefined if they say nothing. */
function sameIds(entry: Entry, item: OutputItem): boolean | undefined {
  const callId = callIdOf(item);
  if (callId !== undefined && entry.callId !== undefined) return callId === entry.callId;
  return item.id != null && entry.id !== undefined ? item.id === entry.id : undefined;
}

/** Whether the ids say that it is another item; those of messages and reasoning change with every event of some servers. */
function isOther(entry: Entry, item: OutputItem): boolean {
  return item.type !== 'message' && item.type !== 'reasoning' && sameIds(entry, item) === false;
}

/** Whether the item says what the finished one has said. */
function repeats(entry: Entry, item: OutputItem): boolean {
  return !isOther(entry, item) && textSoFar(entry) === textOfItem(item) && lineOf(entry.finished) === lineOf(item);
}
