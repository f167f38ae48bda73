import { ProxyError } from '../error.ts';
import type { AnswerContext } from '../wire/bridge.ts';
import type { ChatDelta, ChatUsage, Envelope, FinishReason, ServiceTier, TokenLogprob } from '../wire/chat.ts';
import type { Response, ResponseEvent } from '../wire/responses.ts';
import { createCalls } from './calls.ts';
import { effectOf } from './events.ts';
import { assertAnswered, eventFailure } from './failures.ts';
import { finishReason } from './finish.ts';
import { Items } from './items.ts';
import { createMessages } from './messages.ts';
import { toChatModeration } from './moderation.ts';
import { toChatUsage } from './usage.ts';
import { Writer } from './writer.ts';

/** What every chunk of an answer, and the whole answer, begins with. The upstream's names win; a given one stands in where it gives none. */
export interface Head {
  /** `chatcmpl-…` */
  id: string;
  /** Unix time in whole seconds. */
  created: number;
  model: string;
}

/** Where an answer goes. Called in this order: deltas, one finish, and at most one usage. */
export interface AnswerSink {
  delta(delta: ChatDelta, logprobs: TokenLogprob[] | undefined): void;
  finish(reason: FinishReason, delta: ChatDelta, envelope: Envelope): void;
  usage(usage: ChatUsage, envelope: Envelope): void;
}

/** How far an answer has come. */
export interface AnswerState {
  /** Everything is told; nothing that the upstream still sends counts. */
  readonly finished: boolean;
  /** What was left out, for the reader of a log. */
  readonly notes: readonly string[];
  /** The Response as it was at its end; undefined before, and where the answer ended at a stop sequence. */
  readonly response: Response | undefined;
}

export interface Answer {
  /** The same object all the time, with what holds now. */
  readonly state: AnswerState & {
    /** The names that the upstream gave, or the given ones as long as it gave none. */
    readonly head: Head;
  };
  /** Throws a ProxyError when the event tells that the answer failed, or tells nothing that could be an answer. */
  push(event: ResponseEvent): void;
  /** The end of the upstream's stream. Throws a ProxyError when no event has ended the answer: it was cut off. */
  end(): void;
  /** Tells a delta that adds nothing, for clients that take only chunks as a sign of life. */
  idle(): void;
}

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/**
 * Turns the events of one Response into deltas of one chat answer. A Response that comes whole is told by its last event alone, so that
 * both ways end in the same answer. `fallback` stands in for what the upstream does not name.
 */
export function createAnswer(context: AnswerContext, fallback: Head, sink: AnswerSink): Answer {
  // Fields, no getters: an object literal with those gets a hidden class of its own, which keeps all that they reach until a full collection.
  const notes: string[] = [];
  const state: Writable<Answer['state']> = { finished: false, notes, response: undefined, head: fallback };
  let named = false;
  let told = false;
  const writer = new Writer(context, (delta, logprobs) => {
    told = true;
    sink.delta(delta, logprobs);
  });
  const calls = createCalls(context, writer, notes);
  const messages = createMessages(context, () => state.head.model, writer, notes);
  const items = new Items(messages, calls, writer, notes);

  function begin({ id, created_at, model }: Response): void {
    if (told || named) return; // every chunk begins alike
    named = true;
    const before = state.head;
    state.head = {
      id: id ? `chatcmpl-${id.replace(/^resp_/, '')}` : before.id,
      created: created_at === undefined ? before.created : Math.floor(created_at),
      model: model || before.model,
    };
  }

  function finish(last: Response): void {
    const cut = writer.stopped; // what comes after a stop sequence was found is not told, its calls included
    const annotations = messages.finish(calls.count());
    const reason = cut || writer.stopped ? 'stop' : finishReason(last, calls.count(), context.legacyFunctions);
    const moderation = toChatModeration(last.moderation);
    const envelope: Envelope = {
      ...(last.service_tier && { service_tier: last.service_tier as ServiceTier }),
      ...(moderation && { moderation }),
    };
    sink.finish(reason, annotations.length > 0 ? { annotations } : {}, envelope);
    if (last.usage && context.includeUsage) sink.usage(toChatUsage(last.usage), envelope);
    state.finished = true;
  }

  function endWith(response: Response): void {
    assertAnswered(response);
    begin(response);
    items.finish(response.output ?? []);
    finish(response);
  }

  function tell(event: ResponseEvent): void {
    switch (effectOf(event.type)) {
      case 'item':
        items.push(event);
        break;
      case 'begin':
        if (event.response) begin(event.response);
        break;
      case 'fail':
        throw eventFailure(event);
      case 'end':
        endWith((state.response = event.response ?? {}));
        break;
      case 'none':
    }
    // without usage to wait for there is nothing more to read after a stop sequence
    if (writer.stopped && !context.includeUsage && !state.finished) finish({});
  }

  return {
    state,
    push(event) {
      if (state.finished) return;
      try {
        tell(event);
      } catch (error) {
        throw error instanceof ProxyError
          ? error
          : new ProxyError(502, 'The upstream sent an answer that cannot be read.', { code: 'upstream_invalid_answer', cause: error });
      }
    },
    end() {
      if (!state.finished)
        throw new ProxyError(502, 'The upstream ended its stream before the answer was complete.', { code: 'stream_ended_early' });
    },
    idle: () => writer.idle(),
  };
}
