import type { AnswerContext } from '../answer-context.ts';
import type { ChatDelta, ChatUsage, Envelope, FinishReason, TokenLogprob } from '../wire/chat.ts';
import type { ResponseEvent, SentEvent } from '../wire/responses.ts';
import { AnswerStream } from './answer-stream.ts';
import type { AnswerState, Head } from './answer.ts';

export interface ChunkText extends AnswerState {
  /** Whether an event of this type has an effect, as `createEventReader` asks. */
  wants(type: string): boolean;
  /** As `ChunkStream.push`, written out: the lines of a `text/event-stream`, `data: [DONE]` included at the end. */
  push(event: ResponseEvent | SentEvent): string;
  /** The end of the upstream's events. Throws a ProxyError when they ended before the answer was complete. */
  end(): void;
  /** A chunk that adds nothing, after the role chunk if that is still to come. */
  idle(): string;
}

/**
 * The same chunks as `createChunkStream`, as text. All but the delta is the same in every chunk of a stream, so it is written once:
 * that halves the time an event takes.
 */
export function createChunkText(context: AnswerContext, fallback: Head): ChunkText {
  return new ChunkLines(context, fallback);
}

class ChunkLines extends AnswerStream implements ChunkText {
  /** What stands in every chunk where usage was asked for. */
  readonly #usage: string;
  #out = '';
  #opening = '';

  constructor(context: AnswerContext, fallback: Head) {
    super(context, fallback);
    this.#usage = context.includeUsage ? ',"usage":null' : '';
  }

  push(event: ResponseEvent | SentEvent): string {
    if (this.finished) return '';
    this.answer.push(event);
    return this.finished ? `${this.#take()}data: [DONE]\n\n` : this.#take();
  }

  idle(): string {
    this.answer.idle();
    return this.#take();
  }

  delta(delta: ChatDelta, logprobs: TokenLogprob[] | undefined): void {
    if (logprobs?.length) {
      const choices = [{ index: 0, delta, logprobs: { content: logprobs, refusal: null }, finish_reason: null }];
      this.#out += `${this.#head()},"choices":${JSON.stringify(choices)}${this.#usage}}\n\n`;
    } else {
      const text = JSON.stringify(delta);
      this.#out += `${this.#head()},"choices":[{"index":0,"delta":${text},"logprobs":null,"finish_reason":null}]${this.#usage}}\n\n`;
    }
  }

  finish(finish_reason: FinishReason, delta: ChatDelta, envelope: Envelope): void {
    const more = { ...envelope, choices: [{ index: 0, delta, logprobs: null, finish_reason }] };
    this.#out += `${this.#head()},${JSON.stringify(more).slice(1, -1)}${this.#usage}}\n\n`;
  }

  usage(counts: ChatUsage, envelope: Envelope): void {
    this.#out += `${this.#head()},${JSON.stringify({ ...envelope, choices: [], usage: counts }).slice(1)}\n\n`;
  }

  /** What every chunk begins with. */
  #head(): string {
    return (this.#opening ||= `data: ${JSON.stringify({ ...this.answer.head, object: 'chat.completion.chunk' }).slice(0, -1)}`);
  }

  #take(): string {
    const taken = this.#out;
    this.#out = ''; // a stream may wait long for its next chunk
    return taken;
  }
}
