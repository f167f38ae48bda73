import { blocks, type Block } from '../blocks.ts';

/**
 * An assistant's text without the reasoning that the proxy wrote into it: a model must not read its thoughts as its answer.
 * Only blocks between the exact lines are taken out; anything else that looks like one is the conversation's own.
 */
export function withoutReasoning(text: string): string {
  return without(without(text, blocks.quote), blocks.think);
}

function without(text: string, block: Block): string {
  let rest = text;
  for (let from = 0; ;) {
    const open = lineAt(rest, block.open, from);
    const close = open < 0 ? -1 : lineAt(rest, block.close, open);
    if (close < 0) return rest;
    const inside = rest.slice(open, close).split('\n');
    if (!inside.every((line) => line === '' || line.startsWith(block.prefix)) || (block.prefix && inside.slice(0, -1).includes(''))) {
      from = open + block.open.length;
      continue;
    }
    let end = close + block.close.length;
    while (end < rest.length && end < close + block.close.length + 2 && rest[end] === '\n') end += 1;
    const before = rest.slice(0, open);
    // a block at the end leaves the blank line that stood before it
    rest = end === rest.length && before.endsWith('\n\n') ? before.slice(0, -2) : before + rest.slice(end);
    from = Math.min(open, rest.length);
  }
}

/** Where `line` stands as a line of its own, from `from` on; -1 if it does not. */
function lineAt(text: string, line: string, from: number): number {
  for (let at = text.indexOf(line, from); at >= 0; at = text.indexOf(line, at + 1)) {
    const end = at + line.length;
    if ((at === 0 || text[at - 1] === '\n') && (end === text.length || text[end] === '\n')) return at;
  }
  return -1;
}
