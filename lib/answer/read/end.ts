import type { JsonObject } from '../../json.ts';
import type { ItemDoneEvent, MessageItem, OutputItem, Response } from '../../wire/responses.ts';
import { failureOf } from '../failures.ts';
import { isHosted } from '../hosted.ts';
import { textOfItem } from '../item-text.ts';
import { isCall, type Entry } from './entry.ts';
import type { Growth } from './growth.ts';
import { lineOf, outputOf, type Known } from './known.ts';
import { continuedMessages, matchOutput, textSoFar } from './match.ts';
import { asFinished, doneEvent, type Outgoing, type ReaderSink } from './outgoing.ts';

/** How many of the items before a new beginning are looked at for one that comes again. */
const looked = 16;

const differs = 'a final text differs from what was streamed; the streamed one stands';

/** How items end: by their own end, by the last event, or because the stream begins again. */
export class End {
  readonly #sink: ReaderSink;
  readonly #known: Known;
  readonly #outgoing: Outgoing;
  readonly #growth: Growth;
  readonly #notes: string[];

  constructor(sink: ReaderSink, known: Known, outgoing: Outgoing, growth: Growth, notes: string[]) {
    this.#sink = sink;
    this.#known = known;
    this.#outgoing = outgoing;
    this.#growth = growth;
    this.#notes = notes;
  }

  /** The item ends. `event` says so, if it is as published. */
  finish(entry: Entry, item: OutputItem, event: ItemDoneEvent = doneEvent(entry, item)): void {
    this.#growth.flush(entry);
    if (textOfItem(item) !== '' && !continues(entry, item)) this.#noteDifference();
    entry.finished = item;
    entry.done = true;
    if (item.type === 'message' && item.content?.some(({ type }) => type === 'refusal')) entry.refused = true;
    if (isCall(item) && item.name !== '') this.#outgoing.learn(entry, item);
    if (entry.withheld === 'again') {
      this.#compare(entry);
      return;
    }
    this.#outgoing.reportRun(this.#known.byCallId(outputOf(item)));
    this.#outgoing.item(entry, event);
  }

  /** The note stands once. */
  #noteDifference(): void {
    if (!this.#notes.includes(differs)) this.#notes.push(differs);
  }

  /** The stream begins anew: its items may be the ones that have come. */
  restart(): void {
    for (const entry of this.#known.restart()) this.putAside(entry);
    this.#growth.restart();
  }

  /** Keeps an item to compare it with those that come again. An answer's text needs no comparing: what repeats a message is left out anyway. */
  putAside(entry: Entry): void {
    const { item } = entry;
    if (item.type !== 'message' || item.phase === 'commentary' || entry.refused) {
      this.#outgoing.earlier.push(entry);
      return;
    }
    entry.matched = true; // the last event is about the one that comes now
    if (entry.done) return;
    this.#growth.flush(entry);
    entry.done = true;
    this.#outgoing.item(entry, doneEvent(entry, { type: 'message' }));
  }

  /** An item of a stream that began again: the same as an earlier one, the rest of one, or another. */
  #compare(entry: Entry): void {
    entry.withheld = undefined;
    const { earlier } = this.#outgoing;
    const text = textSoFar(entry);
    const at = earlier
      .slice(0, looked)
      .findIndex(
        (one) =>
          one.kind === entry.kind &&
          one.name === entry.name &&
          text.startsWith(textSoFar(one)) &&
          (!one.done || lineOf(one.finished) === lineOf(entry.finished)),
      );
    const [same] = at < 0 ? [] : earlier.splice(at, 1);
    if (!same || (same.done && textSoFar(same) !== text)) {
      this.#outgoing.withholdCall(entry);
      if (!entry.withheld) this.#outgoing.pass(entry);
      return;
    }
    entry.dropped = true; // nothing of it is passed on
    if (!same.done) this.finish(same, asFinished(entry));
  }

  /** The last event: what has come is finished with the items in it, and what has not is told. */
  end(response: Response, incomplete: boolean): void {
    if (response.status === 'failed' || response.status === 'cancelled') throw failureOf(response.error);
    this.#sink.begin(response);
    const { entries } = this.#known;
    const output = this.#withOutputText(response, response.output ?? []);
    const answered = new Set(output.flatMap((item) => outputOf(item) ?? []));
    for (const entry of entries) this.#growth.flush(entry);
    const found = matchOutput(output, this.#known.latest);
    // what has begun ends first, in the order in which it began
    const begun = [...found.entries()].flatMap(([at, entry]) => (entry ? [{ entry, item: output[at]! }] : []));
    for (const { entry, item } of begun.toSorted((a, b) => a.entry.index - b.entry.index)) {
      if (entry.done) this.#extend(entry, item);
      else this.finish(entry, item);
    }
    const continued = continuedMessages(output, found);
    for (const [at, item] of output.entries()) {
      if (found[at] || continued.has(item)) continue;
      const twin = item.type === 'message' ? this.#known.byId(item.id) : undefined;
      if (twin?.kind === item.type && textSoFar(twin) === textOfItem(item)) continue; // it stands there twice
      const opened = this.#outgoing.open(item, at);
      if (isCall(item) && answered.has(item.call_id ?? '')) {
        opened.withheld = 'call';
        this.#outgoing.reportRun(opened);
      }
      this.finish(opened, item);
    }
    for (const entry of entries) {
      const isOpenTool = isHosted(entry.item) && !entry.done;
      if (isOpenTool && output.length > 0) continue; // it was announced and is not in the output: it has not run
      if (entry.withheld === 'again') this.#compare(entry);
      else if (isOpenTool) this.finish(entry, entry.item);
    }
    this.#outgoing.decide(({ matched, done }) => output.length > 0 && !matched && !done);
    this.#sink.end(response, incomplete);
  }

  /** Some servers have the text in a field of its own only. */
  #withOutputText(response: Response, output: readonly OutputItem[]): readonly OutputItem[] {
    const { output_text: text } = response as JsonObject;
    if (typeof text !== 'string' || text === '') return output;
    const isSaid = (item: OutputItem): boolean => item.type === 'message' && textOfItem(item) !== '';
    if (output.some(isSaid) || this.#known.entries.some((entry) => entry.kind === 'message' && textSoFar(entry) !== '')) return output;
    const message: MessageItem = { type: 'message', content: [{ type: 'output_text', text, annotations: [] }] };
    return [...output.filter(({ type }) => type !== 'message'), message];
  }

  /** The last event may have more of an item than its own end had. */
  #extend(entry: Entry, item: OutputItem): void {
    const before = textSoFar(entry);
    const text = textOfItem(item);
    if (text === before || text === '') return;
    if (!text.startsWith(before)) this.#noteDifference();
    else if (item.type === 'message' || (item.type === 'reasoning' && before === ''))
      this.finish(this.#outgoing.open(item, undefined), item);
  }
}

/** Whether the finished item goes on where its events have stopped. */
function continues(entry: Entry, item: OutputItem): boolean {
  if (item.type !== 'reasoning') return textOfItem(item).startsWith(entry.content.text);
  const content = (item.content ?? []).map(({ text }) => text).join('');
  const summary = (item.summary ?? []).map(({ text }) => text).join('');
  return content.startsWith(entry.content.text) && summary.startsWith(entry.summary.text);
}
