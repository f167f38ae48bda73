import { isObject, stringOf } from '../../json.ts';
import type {
  ItemDoneEvent,
  ItemAddedEvent,
  OutputItem,
  ResponseEvent,
  SentEvent,
  SilentEvent,
  Unpublished,
} from '../../wire/responses.ts';
import { silentEvents } from '../events.ts';
import { eventFailure } from '../failures.ts';
import { End } from './end.ts';
import { Growth } from './growth.ts';
import { Known } from './known.ts';
import { textSoFar } from './match.ts';
import { addedEvent, doneEvent, Outgoing, type IsClients, type ReaderSink } from './outgoing.ts';
import * as shapes from './shapes.ts';
import { indexOf, itemOf, responseOf } from './values.ts';

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
  readonly #notes: string[];
  readonly #known: Known = new Known();
  readonly #outgoing: Outgoing;
  readonly #growth: Growth;
  readonly #end: End;
  #named = false;
  #failed = false;
  #skipped = false;
  #said = '';

  constructor(sink: ReaderSink, isClients: IsClients, notes: string[]) {
    this.#sink = sink;
    this.#notes = notes;
    this.#outgoing = new Outgoing(sink, isClients, this.#known);
    this.#growth = new Growth(this.#known, this.#outgoing);
    this.#end = new End(sink, this.#known, this.#outgoing, this.#growth, notes);
  }

  /** Whether an event of this type must be parsed. The end of a part is of use only if nothing else ended it; one event names the Response. */
  wants(type: string): boolean {
    switch (type) {
      case 'response.output_text.delta': // most events are
        return true;
      case 'response.content_part.done':
      case 'response.reasoning_summary_part.done':
        return !this.#growth.partEnded;
      case 'response.queued':
      case 'response.in_progress':
        return !this.#named;
      default:
        return !silentEvents.has(type);
    }
  }

  /** Something of the output has come. */
  get begun(): boolean {
    return this.#known.entries.length > 0;
  }

  /** The finished items so far, in the order of the output, without calls that the server ran. */
  get output(): OutputItem[] {
    const finished = this.#known.entries.filter((entry) => entry.finished && !entry.dropped);
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
    const growth = this.#growth;
    switch (published) {
      case 'response.output_text.delta':
        return growth.delta(event, event['content_index'], shapes.textDelta);
      case 'response.function_call_arguments.delta':
        return growth.delta(event, undefined, shapes.argumentsDelta);
      case 'response.reasoning_summary_text.delta':
        return growth.delta(event, event['summary_index'], shapes.summaryDelta);
      case 'response.reasoning_text.delta':
        return growth.delta(event, event['content_index'], shapes.reasoningDelta);
      case 'response.custom_tool_call_input.delta':
        return growth.delta(event, undefined, shapes.inputDelta);
      case 'response.refusal.delta':
        return growth.delta(event, event['content_index'], shapes.refusalDelta);
      case 'response.output_text.annotation.added':
        return growth.content(event, shapes.annotationAdded);
      case 'response.output_text.done':
        return growth.content(event, shapes.textDone);
      case 'response.refusal.done':
        return growth.content(event, shapes.refusalDone);
      case 'response.reasoning_summary_text.done':
        return growth.content(event, shapes.summaryDone);
      case 'response.reasoning_text.done':
        return growth.content(event, shapes.reasoningDone);
      case 'response.function_call_arguments.done':
        return growth.content(event, shapes.argumentsDone);
      case 'response.custom_tool_call_input.done':
        return growth.content(event, shapes.inputDone);
      case 'response.output_item.added':
        return this.#added(event);
      case 'response.output_item.done':
        return this.#itemDone(event);
      case 'response.content_part.added':
      case 'response.reasoning_summary_part.added':
        return growth.partAdded(event);
      case 'response.content_part.done':
      case 'response.reasoning_summary_part.done':
        return growth.partDone(event);
      case 'response.created':
      case 'response.queued':
      case 'response.in_progress':
        return this.#begin(event);
      case 'response.completed':
      case 'response.incomplete':
        return this.#end.end(responseOf(event['response']), published === 'response.incomplete');
      case 'response.failed':
      case 'error':
        return this.#fail(event);
      default:
        published satisfies SilentEvent['type'] | Unpublished;
        return this.#other(event);
    }
  }

  #begin({ type, response }: SentEvent): void {
    if (isObject(response)) {
      this.#named = true;
      this.#sink.begin(responseOf(response));
    }
    if (type === 'response.created') this.#end.restart();
  }

  #added(event: SentEvent): void {
    this.#growth.partEnded = false;
    const item = itemOf(event['item']);
    if (!item) return;
    const at = indexOf(event['output_index']);
    const same = this.#known.announced(item, at);
    if (same && !same.done && (same.implied || textSoFar(same) === '')) {
      this.#outgoing.learn(same, item);
      return;
    }
    if (same) this.#end.putAside(same);
    const entry = this.#outgoing.open(item, at);
    const isAsSent = entry.index === event['output_index'] && item === event['item'];
    this.#outgoing.item(entry, isAsSent ? (event as unknown as ItemAddedEvent) : addedEvent(entry, item));
  }

  #itemDone(event: SentEvent): void {
    this.#growth.partEnded = false;
    const item = itemOf(event['item']);
    if (!item) return;
    const at = indexOf(event['output_index']);
    const known = this.#known.finishedBy(item, at);
    if (known?.done) return; // it comes twice
    const entry = known ?? this.#outgoing.open(item, at);
    const isAsSent = entry.index === event['output_index'] && item === event['item'];
    this.#end.finish(entry, item, isAsSent ? (event as unknown as ItemDoneEvent) : doneEvent(entry, item));
  }

  #fail(event: SentEvent): void {
    this.#failed = true;
    const { response } = event;
    // Some servers say why in the event after it.
    if (event.type === 'response.failed' && !(isObject(response) && response['error'] != null)) return;
    throw eventFailure(event);
  }

  /** An event under another name, or one of which nothing is known; of these the first is noted. */
  #other(event: SentEvent): void {
    const { type } = event;
    if (silentEvents.has(type) || heartbeats.has(type)) return;
    const published = aliases.get(type);
    if (published !== undefined) return this.read({ ...event, type: published });
    this.#said ||= stringOf(event['said']) || stringOf(event['message']) || stringOf(event['detail']);
    if (this.#skipped) return;
    this.#skipped = true;
    this.#notes.push(
      type === 'junk' || !stringOf(type) ? 'skipped an event that cannot be read' : `skipped an event of type ${type.slice(0, 64)}`,
    );
  }
}
