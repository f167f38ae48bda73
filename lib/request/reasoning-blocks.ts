import type { ReasoningStyle } from '../answer-context.ts';
import { blocks, type Block } from '../blocks.ts';

/**
 * Returns an assistant's text without the reasoning that the proxy wrote into it: a model must not read its thoughts as its answer. Only blocks
 * between the exact lines are taken out: those of the style in use wherever they stand, those of another style, as of another client or an earlier
 * start of the proxy, at the beginning of the text only. Anything else that looks like a block is the conversation's own.
 */
export function withoutReasoning(text: string, style: ReasoningStyle): string {
  return (['quote', 'think'] as const).reduce((rest, one) => without(rest, blocks[one], one === style), text);
}

/**
 * Line by line, so that the time is linear whatever the text is.
 *
 * @param anywhere Blocks that do not begin the text count, too.
 */
function without(text: string, { open, close, prefix }: Block, anywhere: boolean): string {
  let kept = '';
  let from = 0; // where what follows the last block begins
  let start = -1; // of the block that this line may be in
  for (let at = 0; at < text.length;) {
    const newline = text.indexOf('\n', at);
    const line = text.slice(at, newline < 0 ? text.length : newline);
    let next = at + line.length + 1;
    if (start < 0) {
      if (line === open && (anywhere || at === 0)) start = at;
      else if (!anywhere) break;
    } else if (line === close) {
      if (text[next] === '\n') next += 1; // the blank line after a block is its own
      kept += text.slice(from, start);
      from = next;
      start = -1;
    } else if (!line.startsWith(prefix)) start = -1;
    at = next;
  }
  // a block at the end leaves the blank line that stood before it
  return from >= text.length && kept.endsWith('\n\n') ? kept.slice(0, -2) : kept + text.slice(from);
}
