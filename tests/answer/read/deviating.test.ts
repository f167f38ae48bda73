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

const runs = { seed: 5116, numRuns: 60 };
const draws = fc.array(fc.nat(1000), { minLength: 1, maxLength: 20 });
const all: [name: string, deviation: Deviation][] = [indices, ids, parts, missing, lasts, others].flatMap((kind) => Object.entries(kind));

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

for (const { name, response, translated } of fixtures) {
  const context = { ...translated.context, includeUsage: true };
  const want = folded(chunksOf(eventsOf(response, words), context), true);

  test(`${name} is the same answer from servers that deviate`, () => {
    for (const [what, deviation] of all) {
      if (!applies(what, name)) continue;
      fc.assert(
        fc.property(cuts, draws, (cut, drawn) => assertSame(deviation(eventsOf(response, cut), chooser(drawn)), context, want, what)),
        { ...runs, numRuns: 10 },
      );
    }
  });
}

function applies(_what: string, _name: string): boolean {
  return true;
}
