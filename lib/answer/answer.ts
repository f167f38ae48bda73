import { ProxyError } from '../error.ts';
import { proxyError } from '../errors.ts';
import { arrayOf } from '../json.ts';
import type { AnswerContext } from '../answer-context.ts';
import type { ChatDelta, ChatUsage, Envelope, FinishReason, ServiceTier } from '../wire/chat.ts';
import type { OutputItem, Response, ResponseEvent, SentEvent } from '../wire/responses.ts';
import { Calls, isClients } from './calls.ts';
import { failureOf } from './failures.ts';
import { finishReason } from './finish.ts';
import { Items } from './items.ts';
import { Messages } from './messages.ts';
import { toChatModeration } from './moderation.ts';
import { withoutWrappers } from './parallel.ts';
import { Reader } from './read/reader.ts';
import { toReasoningDetails } from './reasoning-details.ts';
import { toChatUsage } from './usage.ts';
import { Writer, type DeltaSink } from './writer.ts';

/** What every chunk of an answer, and the whole answer, begins with. The upstream's values win; the given ones fill the gaps. */
export interface Head {
  /** `chatcmpl-…` */
  id: string;
  /** Unix time in whole seconds. */
  created: number;
  model: string;
}

/** Where an answer goes. Called in this order: deltas, one finish, and at most one usage. */
export interface AnswerSink extends DeltaSink {
  finish(reason: FinishReason, delta: ChatDelta, envelope: Envelope): void;
  usage(usage: ChatUsage, envelope: Envelope): void;
}

/** Characters of what was sent in place of an answer, for an error. */
const maxSaid = 500;

/** How far an answer has come. */
export interface AnswerState {
  /** An output item, or the whole answer, has come. Before that the upstream can still refuse or fail, and the client has seen nothing. */
  readonly begun: boolean;
  /** The answer is complete; nothing that the upstream still sends counts. */
  readonly finished: boolean;
  /** What was left out, for the reader of a log. */
  readonly notes: readonly string[];
  /** The Response as it was at its end; undefined before, and if the answer ended at a stop sequence. */
  readonly response: Response | undefined;
  /** The finished output items so far, as the server sent them, without calls that it ran itself, and without wrappers of others. */
  readonly output: readonly OutputItem[];
}

/**
 * Turns the events of one Response into deltas of one chat answer. A Response that comes whole is its last event alone, so both ways end
 * in the same answer.
 */
export class Answer implements AnswerState {
  finished = false;
  readonly notes: string[] = [];
  response: Response | undefined;
  /** The names that the upstream gave, or the given ones as long as it gave none. */
  head: Head;
  readonly #context: AnswerContext;
  readonly #sink: AnswerSink;
  readonly #writer: Writer;
  readonly #calls: Calls;
  readonly #messages: Messages;
  readonly #items: Items;
  readonly #reader: Reader;
  #named = false;
  #ended = false;

  /** `fallback` stands in for what the upstream does not name. */
  constructor(context: AnswerContext, fallback: Head, sink: AnswerSink) {
    this.head = fallback;
    this.#context = context;
    this.#sink = sink;
    this.#writer = new Writer(context, sink);
    this.#calls = new Calls(context, this.#writer, this.notes);
    this.#messages = new Messages(context, this, this.#writer);
    this.#items = new Items(this.#messages, this.#calls, this.#writer, this.notes);
    this.#reader = new Reader(
      {
        begin: (response) => this.#begin(response),
        item: (event) => this.#items.push(event),
        content: (event) => this.#items.content(event),
        end: (response, incomplete) => this.#end(response, incomplete),
      },
      (call) => isClients(call, context.tools),
      this.notes,
    );
  }

  /** An item has come, though perhaps nothing of it is emitted yet. */
  get begun(): boolean {
    return this.#reader.begun || this.#ended;
  }

  /** Whether an event of this type must be parsed. */
  wants(type: string): boolean {
    return this.#reader.wants(type);
  }

  /** The finished items, as far as they have come, without calls that the server ran itself, and without wrappers of others. */
  get output(): readonly OutputItem[] {
    return withoutWrappers(this.#reader.output, this.#context.tools);
  }

  /** Throws a ProxyError when the event says that the answer failed, or cannot be read. */
  push(event: ResponseEvent | SentEvent): void {
    if (this.finished) return;
    try {
      this.#reader.read(event as SentEvent);
    } catch (error) {
      throw error instanceof ProxyError ? error : proxyError('answerUnreadable', {}, { cause: error });
    }
    // without usage to wait for there is nothing more to read after a stop sequence
    if (this.#writer.stopped && !this.#context.includeUsage && !this.finished) this.#finish({}, false);
  }

  /** The end of the upstream's stream. Throws a ProxyError when no event has ended the answer: it was cut off. */
  end(): void {
    if (this.finished) return;
    const { failed, said } = this.#reader;
    if (failed) throw failureOf(undefined);
    if (said !== '') throw proxyError('answerOnlyWords', { said: said.slice(0, maxSaid) });
    throw proxyError('streamEndedEarly');
  }

  /** Emits a delta that adds nothing, for clients that take only chunks as a sign of life. */
  idle(): void {
    this.#writer.idle();
  }

  #begin({ id, created_at, model }: Response): void {
    if (this.#writer.started || this.#named) return; // every chunk begins alike
    this.#named = true;
    const before = this.head;
    this.head = {
      id: id ? `chatcmpl-${id.replace(/^resp_/, '')}` : before.id,
      created: created_at === undefined ? before.created : Math.floor(created_at),
      model: model || before.model,
    };
  }

  #end(response: Response, incomplete: boolean): void {
    this.response = response;
    this.#ended = true;
    this.#items.finish();
    if (!this.#items.anything && !incomplete) throw proxyError('answerEmpty');
    const withheld = arrayOf(response.input_transformations).length;
    if (withheld > 0) this.notes.push(`the upstream did not use ${withheld} of the earlier reasoning items`);
    this.#finish(response, incomplete);
  }

  #finish(last: Response, incomplete: boolean): void {
    const { legacyFunctions, includeUsage, reasoningDetails } = this.#context;
    const cut = this.#writer.stopped; // nothing after a stop sequence is emitted, calls included
    const { count } = this.#calls;
    const annotations = this.#messages.finish(count);
    const reason = cut || this.#writer.stopped ? 'stop' : finishReason(last, incomplete, count, legacyFunctions);
    const moderation = toChatModeration(last.moderation);
    const envelope: Envelope = {
      ...(last.service_tier && { service_tier: last.service_tier as ServiceTier }),
      ...(moderation && { moderation }),
    };
    const details = reasoningDetails && !this.#writer.stopped ? toReasoningDetails(this.output) : [];
    const delta: ChatDelta = {
      ...(annotations.length > 0 && { annotations }),
      ...(details.length > 0 && { reasoning_details: details }),
    };
    this.#sink.finish(reason, delta, envelope);
    if (last.usage && includeUsage) this.#sink.usage(toChatUsage(last.usage), envelope);
    this.finished = true;
  }
}
