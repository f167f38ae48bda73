import { blocks, type Block } from '../blocks.ts';
import type { AnswerContext } from '../wire/bridge.ts';
import type { ChatDelta, TokenLogprob } from '../wire/chat.ts';
import { createStopFilter, type Segment } from './stop.ts';

/** Where deltas go. `logprobs` belong to the delta's content. */
export type Emit = (delta: ChatDelta, logprobs?: TokenLogprob[]) => void;

/** Puts the parts of an answer into the order and form that a chat client needs. */
export interface Writer {
  /** Answer text. */
  text(text: string, logprobs: TokenLogprob[]): void;
  /** The blank line between two answer messages. */
  separate(): void;
  /** Reasoning; `part` tells one part from the next, they are set apart by a blank line. */
  thought(part: unknown, text: string): void;
  /** Any other delta: a refusal, a tool call, images. */
  delta(delta: ChatDelta): void;
  /** An empty piece of content, which leaves everything as it is. */
  idle(): void;
  /** Tells what was held back. Nothing may follow but the finish chunk. */
  close(): void;
  /** The length of the content so far, what is held back included: where a text that comes now begins. */
  position(): number;
  /** A stop sequence was found at `position`. */
  stopped(): boolean;
}

/**
 * The first delta is the role, with the content that a client expects at the start: an empty text, or null where no text opens the answer.
 * Reasoning goes where `context.reasoning` says, and never into content when that must be JSON.
 */
export function createWriter(context: AnswerContext, emit: Emit): Writer {
  const style = context.json && context.reasoning !== 'off' ? 'field' : context.reasoning;
  const block: Block | undefined = style === 'quote' || style === 'think' ? blocks[style] : undefined;
  const filter = context.stop.length > 0 ? createStopFilter(context.stop) : undefined;
  let started = false;
  let told = 0; // characters of content that the client has
  let held = 0; // characters in the filter
  let lastPart: unknown;
  let line: string | undefined; // the line of an open block that is being written
  let blankBefore = true; // content is empty or ends with a blank line of ours

  function stopped(): boolean {
    return filter?.matched() ?? false;
  }

  function send(delta: ChatDelta, logprobs?: TokenLogprob[]): void {
    if (!started) {
      started = true;
      const opensWithText = delta.content !== undefined || delta.reasoning_content !== undefined || delta.images !== undefined;
      emit({ role: 'assistant', content: opensWithText ? '' : null });
    }
    emit(delta, logprobs);
  }

  function content(text: string, logprobs?: TokenLogprob[]): void {
    told += text.length;
    blankBefore = false;
    send({ content: text }, logprobs);
  }

  function release(segments: Segment[]): void {
    for (const { text, logprobs } of segments) {
      held -= text.length;
      content(text, logprobs);
    }
    if (filter?.matched()) held = 0;
  }

  function openBlock({ open, prefix }: Block): string {
    const before = blankBefore ? '' : '\n\n';
    line = '';
    // the blank line makes the heading a paragraph of its own where the block is rendered
    return prefix ? `${before}${open}\n${prefix}\n${prefix}` : `${before}${open}\n`;
  }

  function closeBlock(): void {
    if (line === undefined || !block) return;
    const { close, prefix } = block;
    content(prefix ? `${guard(line)}\n${prefix}\n${close}\n\n` : `${guard(line)}\n${close}\n\n`);
    line = undefined;
    blankBefore = true;
  }

  /** A line of the reasoning that reads like the end of its block gets a blank, so that it is not taken for it. */
  function guard(full: string): string {
    return block && block.prefix + full === block.close ? ' ' : '';
  }

  function intoBlock(text: string): string {
    const { prefix } = block!;
    let out = '';
    for (const [at, piece] of text.split('\n').entries()) {
      if (at > 0) {
        out += `${guard(line!)}\n${prefix}`;
        line = '';
      }
      line += piece;
      out += piece;
    }
    return out;
  }

  const writer: Writer = {
    text(text, logprobs) {
      if (stopped()) return;
      closeBlock();
      if (!filter) {
        content(text, logprobs);
        return;
      }
      held += text.length;
      release(filter.push({ text, logprobs }));
    },
    separate() {
      closeBlock();
      if (!blankBefore || held > 0) writer.text('\n\n', []);
    },
    thought(part, text) {
      if (text === '' || style === 'off') return;
      if (block && line === undefined && filter) release(filter.flush()); // this may find a stop sequence
      if (stopped()) return;
      const next = lastPart !== undefined && part !== lastPart ? '\n\n' : '';
      lastPart = part;
      if (!block) send({ reasoning_content: next + text });
      else if (line !== undefined) content(intoBlock(next + text));
      else content(openBlock(block) + intoBlock(text));
    },
    delta(delta) {
      if (stopped()) return;
      closeBlock();
      send(delta);
    },
    idle: () => send({ content: '' }),
    close() {
      closeBlock();
      if (filter) release(filter.flush());
      if (!started) send({ content: '' });
    },
    position: () => told + held,
    stopped,
  };
  return writer;
}
