import { blocks, type Block } from '../blocks.ts';
import type { AnswerContext, ReasoningStyle } from '../answer-context.ts';
import type { ChatDelta, TokenLogprob } from '../wire/chat.ts';
import { createStopFilter, type Segment, type StopFilter } from './stop.ts';

/** Where deltas go. `logprobs` belong to the delta's content. */
export interface DeltaSink {
  delta(delta: ChatDelta, logprobs: TokenLogprob[] | undefined): void;
}

/**
 * Puts the parts of an answer into the order and form that a chat client needs. The first delta is the role, with the content that a client
 * expects at the start: an empty text, or null where no text opens the answer. Reasoning goes where `context.reasoning` says, and never
 * into content when that must be JSON.
 */
export class Writer {
  readonly #sink: DeltaSink;
  readonly #style: ReasoningStyle;
  readonly #block: Block | undefined;
  readonly #filter: StopFilter | undefined;
  #started = false;
  #emitted = 0; // characters of content that the client has
  #held = 0; // characters in the filter
  #lastPart: unknown;
  #line: string | undefined; // the line of an open block that is being written
  #blankBefore = true; // content is empty or ends with a blank line of ours

  constructor(context: AnswerContext, sink: DeltaSink) {
    this.#sink = sink;
    this.#style = context.json && context.reasoning !== 'off' ? 'field' : context.reasoning;
    this.#block = this.#style === 'quote' || this.#style === 'think' ? blocks[this.#style] : undefined;
    this.#filter = context.stop.length > 0 ? createStopFilter(context.stop) : undefined;
  }

  /** Something was emitted. */
  get started(): boolean {
    return this.#started;
  }

  /** A stop sequence was found at `position`. */
  get stopped(): boolean {
    return this.#filter?.matched() ?? false;
  }

  /** The length of the content so far, including what is held back: where a text that comes now begins. */
  get position(): number {
    return this.#emitted + this.#held;
  }

  /** Closes an open block of reasoning, and returns where a text that comes now begins. */
  begin(): number {
    if (!this.stopped) this.#closeBlock();
    return this.position;
  }

  /** Answer text. */
  text(text: string, logprobs: TokenLogprob[]): void {
    if (this.stopped) return;
    this.#closeBlock();
    if (!this.#filter) {
      this.#content(text, logprobs);
      return;
    }
    this.#held += text.length;
    this.#release(this.#filter.push({ text, logprobs }));
  }

  /** The blank line between two answer messages. */
  separate(): void {
    this.#closeBlock();
    if (!this.#blankBefore || this.#held > 0) this.text('\n\n', []);
  }

  /** Reasoning. A new `part` begins after a blank line. */
  reasoning(part: unknown, text: string): void {
    if (text === '' || this.#style === 'off') return;
    if (this.#block && this.#line === undefined && this.#filter) this.#release(this.#filter.flush()); // this may find a stop sequence
    if (this.stopped) return;
    const next = this.#lastPart !== undefined && part !== this.#lastPart ? '\n\n' : '';
    this.#lastPart = part;
    if (!this.#block) this.#send({ reasoning_content: next + text });
    else if (this.#line === undefined) this.#content(this.#openBlock(this.#block) + this.#intoBlock(this.#block, text));
    else this.#content(this.#intoBlock(this.#block, next + text));
  }

  /** Any other delta: a refusal, a tool call, images. */
  delta(delta: ChatDelta): void {
    if (this.stopped) return;
    this.#closeBlock();
    this.#send(delta);
  }

  /** An empty piece of content, which leaves everything as it is. */
  idle(): void {
    this.#send({ content: '' });
  }

  /** Emits what was held back. Nothing may follow but the finish chunk. */
  close(): void {
    this.#closeBlock();
    if (this.#filter) this.#release(this.#filter.flush());
    if (!this.#started) this.#send({ content: '' });
  }

  #send(delta: ChatDelta, logprobs?: TokenLogprob[]): void {
    if (!this.#started) {
      this.#started = true;
      const opensWithText = delta.content !== undefined || delta.reasoning_content !== undefined || delta.images !== undefined;
      this.#sink.delta({ role: 'assistant', content: opensWithText ? '' : null }, undefined);
    }
    this.#sink.delta(delta, logprobs);
  }

  #content(text: string, logprobs?: TokenLogprob[]): void {
    this.#emitted += text.length;
    this.#blankBefore = false;
    this.#send({ content: text }, logprobs);
  }

  #release(segments: Segment[]): void {
    for (const { text, logprobs } of segments) {
      this.#held -= text.length;
      this.#content(text, logprobs);
    }
    if (this.stopped) this.#held = 0;
  }

  #openBlock({ open, prefix }: Block): string {
    const before = this.#blankBefore ? '' : '\n\n';
    this.#line = '';
    // the blank line makes the heading a paragraph of its own where the block is rendered
    return prefix ? `${before}${open}\n${prefix}\n${prefix}` : `${before}${open}\n`;
  }

  #closeBlock(): void {
    if (this.#line === undefined || !this.#block) return;
    const { close, prefix } = this.#block;
    const guard = guardOf(this.#block, this.#line);
    this.#content(prefix ? `${guard}\n${prefix}\n${close}\n\n` : `${guard}\n${close}\n\n`);
    this.#line = undefined;
    this.#blankBefore = true;
  }

  #intoBlock(block: Block, text: string): string {
    let line = this.#line ?? '';
    let out = '';
    for (const [at, piece] of text.split('\n').entries()) {
      if (at > 0) {
        out += `${guardOf(block, line)}\n${block.prefix}`;
        line = '';
      }
      line += piece;
      out += piece;
    }
    this.#line = line;
    return out;
  }
}

/** A line of the reasoning that reads like the end of its block gets a blank, so that it is not taken for it. */
function guardOf({ prefix, close }: Block, line: string): string {
  return prefix + line === close ? ' ' : '';
}
