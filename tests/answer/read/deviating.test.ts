// What other servers send, made of the well-formed answers of the fixtures: the client gets the same answer, once, in order.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { toCompletion } from '../../../lib/answer/completion.ts';
import type { AnswerContext, SentEvent } from '../../../lib/index.ts';
import { eventsOf, words } from '../events.ts';
import { fixtures } from '../fixtures.ts';
import { folded, outcomeOf, type Outcome } from '../fold.ts';
import { chunksOf, head } from '../support.ts';
import { cuts, ids, indices, lasts, missing, others, parts, type Deviation } from './deviations.ts';

const draws = fc.array(fc.nat(1000), { minLength: 1, maxLength: 20 });
const kinds = [indices, ids, parts, missing, lasts, others];
const all: [name: string, deviation: Deviation][] = kinds.flatMap((kind) => Object.entries(kind));
const kindOf = (name: string): number => kinds.findIndex((kind) => name in kind);

/** What counts of an answer: log probabilities may come in fewer pieces, blanks between parts of reasoning in other places. */
function essence({ message, logprobs, ...rest }: Outcome): object {
  const { reasoning_content: reasoning, ...said } = message;
  return { ...rest, tokens: logprobs.map(({ token }) => token), message: { ...said, reasoning: reasoning?.replace(/\s+/g, ' ') } };
}

function assertSame(events: readonly SentEvent[], context: AnswerContext, want: Outcome, what: string): void {
  const whole = { ...context, includeUsage: true };
  assert.deepEqual(essence(folded(chunksOf(events, whole), true)), essence(want), `${what}, streamed`);
  const { completion } = toCompletion(events, whole, head);
  assert.deepEqual(essence(outcomeOf(completion, true)), essence(want), `${what}, whole`);
}

const chooser = (drawn: readonly number[]): ((below: number) => number) => {
  let at = 0;
  return (below) => drawn[at++ % drawn.length]! % below;
};

/** Two that leave nothing to tell what was meant, whatever reads them. */
function isAmbiguous(one: string, other: string): boolean {
  const both = `${one} + ${other}`;
  return [
    /the last event only.*(?:output|last)|output.*the last event only/, // nothing is left, or nothing says the order
    /(?:change with every event|one id).*twice|twice.*(?:change with every event|one id)/, // no id says that it is the same
    /deltas alone.*(?:grows|unannounced)|(?:grows|unannounced).*deltas alone/, // nothing says where a part ends
    /never done.*final output|final output.*never done/, // nothing ends
    /items unannounced.*begins again|begins again.*items unannounced/,
  ].some((pattern) => pattern.test(both));
}

for (const { name, response, translated } of fixtures) {
  const context = { ...translated.context, includeUsage: true };
  const want = folded(chunksOf(eventsOf(response, words), context), true);

  test(`${name} is the same answer from servers that deviate in one way`, () => {
    for (const [what, deviation] of all) {
      fc.assert(
        fc.property(cuts, draws, (cut, drawn) => assertSame(deviation(eventsOf(response, cut), chooser(drawn)), context, want, what)),
        { seed: 5116, numRuns: 10 },
      );
    }
  });

  test(`${name} is the same answer from servers that deviate in two ways`, () => {
    const way = fc.constantFrom(...all);
    fc.assert(
      fc.property(cuts, draws, way, way, (cut, drawn, [one, first], [other, second]) => {
        if (isAmbiguous(one, other) || kindOf(one) === kindOf(other)) return;
        const choose = chooser(drawn);
        assertSame(second(first(eventsOf(response, cut), choose), choose), context, want, `${one} + ${other}`);
      }),
      { seed: 5117, numRuns: 150 },
    );
  });
}
