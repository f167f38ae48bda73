import type { AnswerContext } from '../answer-context.ts';
import type { ChatChunk, ChatDelta, ChatUsage, Envelope, FinishReason, TokenLogprob } from '../wire/chat.ts';
import type { ResponseEvent, SentEvent } from '../wire/responses.ts';
import { AnswerStream } from './answer-stream.ts';
import type { AnswerState, Head } from './answer.ts';

export interface ChunkStream extends AnswerState {
  /** Whether an event of this type has an effect, as `createEventReader` asks. */
  wants(type: string): boolean;
  /** Returns the chunks that an event leads to, often none. Throws a ProxyError when the event says that the answer failed. */
  push(event: ResponseEvent | SentEvent): ChatChunk[];
  /** The end of the upstream's events. Throws a ProxyError when they ended before the answer was complete. */
  end(): void;
}

/**
 * Turns the events of one Response, in the order in which they come, into the chunks of a chat stream: first the role, then deltas,
 * exactly one chunk with a finish reason, then usage if it was asked for. `data: [DONE]` follows when `finished`.
 *
 * @param context  As `toResponsesRequest` gave it.
 * @param fallback Stands in for the id, time and model that the upstream does not name.
 */
export function createChunkStream(context: AnswerContext, fallback: Head): ChunkStream {
  return new Chunks(context, fallback);
}

class Chunks extends AnswerStream implements ChunkStream {
  readonly #includeUsage: boolean;
  #chunks: ChatChunk[] = [];

  constructor(context: AnswerContext, fallback: Head) {
    super(context, fallback);
    this.#includeUsage = context.includeUsage;
  }

  push(event: ResponseEvent | SentEvent): ChatChunk[] {
    this.#chunks = [];
    this.answer.push(event);
    return this.#chunks;
  }

  delta(delta: ChatDelta, logprobs: TokenLogprob[] | undefined): void {
    this.#chunk(delta, logprobs, null);
  }

  finish(reason: FinishReason, delta: ChatDelta, envelope: Envelope): void {
    this.#chunk(delta, undefined, reason, envelope);
  }

  usage(usage: ChatUsage, envelope: Envelope): void {
    this.#chunks.push({ ...this.answer.head, object: 'chat.completion.chunk', ...envelope, choices: [], usage });
  }

  #chunk(delta: ChatDelta, logprobs: TokenLogprob[] | undefined, finish_reason: FinishReason | null, envelope?: Envelope): void {
    this.#chunks.push({
      ...this.answer.head,
      object: 'chat.completion.chunk',
      ...envelope,
      choices: [{ index: 0, delta, logprobs: logprobs?.length ? { content: logprobs, refusal: null } : null, finish_reason }],
      ...(this.#includeUsage && { usage: null }),
    });
  }
}
