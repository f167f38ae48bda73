import type { Exchange } from '../model/exchange.ts';
import type { Tokens } from '../model/answer.ts';
import { amount, duration } from '../model/units.ts';
import { el } from './dom.ts';

/** A bar of parts, each as wide as its share of the whole. */
function bar(name: string, label: string, parts: readonly (readonly [kind: string, share: number])[]): HTMLElement {
  const made = el('span', { class: `bar ${name}`, role: 'img', 'aria-label': label, title: label });
  for (const [kind, share] of parts) {
    if (share <= 0) continue;
    const part = el('span', { class: kind });
    part.style.width = `${Math.min(100, share * 100)}%`;
    made.append(part);
  }
  return made;
}

/** The time to the first output, and from there to the end. Roots, so that short ones can be seen beside long ones. */
export function durationBar({ firstOutput }: Exchange, total: number, longest: number): HTMLElement {
  const width = (ms: number): number => Math.sqrt(Math.max(0, ms) / Math.max(longest, 1));
  const first = width(firstOutput ?? total);
  const label = firstOutput === undefined ? duration(total) : `first output after ${duration(firstOutput)}, ${duration(total)} in all`;
  return bar('duration', label, [
    ['wait', first],
    ['flow', width(total) - first],
  ]);
}

export const tokenParts: readonly (readonly [kind: string, of: (tokens: Tokens) => number])[] = [
  ['cached', ({ cached }) => cached],
  ['fresh', ({ input, cached }) => input - cached],
  ['reasoning', ({ reasoning }) => reasoning],
  ['answer', ({ output, reasoning }) => output - reasoning],
];

export function tokenBar(tokens: Tokens): HTMLElement {
  const total = Math.max(1, tokens.input + tokens.output);
  const label = tokenParts
    .map(([kind, of]) => [kind, of(tokens)] as const)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${amount(count)} ${kind}`)
    .join(', ');
  return bar(
    'tokens',
    `Tokens: ${label}`,
    tokenParts.map(([kind, of]) => [kind, of(tokens) / total]),
  );
}
