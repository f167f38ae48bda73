import type { AnswerContext } from '../wire/bridge.ts';
import type { ChatChunk, ChatDelta, Envelope, FinishReason, TokenLogprob } from '../wire/chat.ts';
import type { ResponseEvent } from '../wire/responses.ts';
import { createAnswer, type AnswerState, type Head } from './answer.ts';

export interface ChunkStream extends AnswerState {
  /** The chunks that an event leads to, often none. Throws a ProxyError when the event tells that the answer failed. */
  push(event: ResponseEvent): ChatChunk[];
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
  let chunks: ChatChunk[] = [];

  function chunk(delta: ChatDelta, logprobs: TokenLogprob[] | undefined, finish_reason: FinishReason | null, envelope?: Envelope): void {
    chunks.push({
      ...answer.state.head,
      object: 'chat.completion.chunk',
      ...envelope,
      choices: [{ index: 0, delta, logprobs: logprobs?.length ? { content: logprobs, refusal: null } : null, finish_reason }],
      ...(context.includeUsage && { usage: null }),
    });
  }

  const answer = createAnswer(context, fallback, {
    delta: (delta, logprobs) => chunk(delta, logprobs, null),
    finish: (reason, delta, envelope) => chunk(delta, undefined, reason, envelope),
    usage: (usage, envelope) => chunks.push({ ...answer.state.head, object: 'chat.completion.chunk', ...envelope, choices: [], usage }),
  });

  return Object.assign(answer.state, {
    push(event: ResponseEvent) {
      chunks = [];
      answer.push(event);
      return chunks;
    },
    end: answer.end,
  });
}
