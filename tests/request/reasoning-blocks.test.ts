import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { AnswerContext, OutputItem, ReasoningStyle } from '../../lib/index.ts';
import { withoutReasoning } from '../../lib/request/reasoning-blocks.ts';
import { eventsOf } from '../answer/events.ts';
import { folded } from '../answer/fold.ts';
import { fixtures } from '../answer/fixtures.ts';
import { chunksOf, message, messageOf, plain } from '../answer/support.ts';

const styles: ReasoningStyle[] = ['field', 'quote', 'think', 'off'];
const inContent: ReasoningStyle[] = ['quote', 'think'];
const reasoning = (text: string): OutputItem => ({ type: 'reasoning', summary: [{ text }] });

test('reasoning in content has its form', () => {
  const output = [reasoning('One\n\nTwo'), message('Answer')];
  assert.equal(messageOf(output, { reasoning: 'quote' }).content, '> **Thinking**\n> \n> One\n> \n> Two\n> \n> ———\n\nAnswer');
  assert.equal(messageOf(output, { reasoning: 'think' }).content, '<think>\nOne\n\nTwo\n</think>\n\nAnswer');
  assert.equal(messageOf(output, { reasoning: 'off' }).content, 'Answer');
  assert.equal(messageOf(output, { reasoning: 'field' }).reasoning_content, 'One\n\nTwo');
});

test('taking it out gives the content as it is without, for every fixture', () => {
  for (const { response, translated } of fixtures)
    for (const style of inContent) assertRoundTrip(response.output ?? [], { ...translated.context, reasoning: style });
});

function assertRoundTrip(output: NonNullable<Parameters<typeof messageOf>[0]>, context: AnswerContext): void {
  const without = messageOf(output, { ...context, reasoning: 'field' }).content ?? '';
  assert.equal(withoutReasoning(messageOf(output, context).content ?? '', context.reasoning), without);
}

const hardLines = [
  '> ———',
  '———',
  '> **Thinking**',
  '**Thinking**',
  '</think>',
  '<think>',
  ' </think>',
  '',
  ' ',
  'text',
  '> quoted',
  '> > ———',
];
const lines = fc.array(fc.constantFrom(...hardLines), { minLength: 1, maxLength: 5 }).map((some) => some.join('\n'));

test('it does so when the reasoning itself holds the lines of a block, streamed too', () => {
  const plainText = fc.constantFrom('Answer', 'Two\n\nparagraphs', '- a\n- b', '> a quote');
  const item = fc.oneof(
    lines.map(reasoning),
    plainText.map((text) => message(text)),
  );
  fc.assert(
    fc.property(fc.array(item, { minLength: 1, maxLength: 5 }), fc.constantFrom(...inContent), (output, style) => {
      const context = { ...plain, reasoning: style };
      assertRoundTrip(output, context);
      const response = { id: 'resp_1', status: 'completed', output };
      const streamed = folded(chunksOf(eventsOf(response), context), true).message.content!;
      assert.equal(withoutReasoning(streamed, style), messageOf(output, { reasoning: 'field' }).content ?? '');
    }),
    { seed: 5112, numRuns: 2000 },
  );
});

const taken: [style: ReasoningStyle, text: string, rest: string][] = [
  ['quote', '> **Thinking**\n> x\n> ———', ''],
  ['quote', '> **Thinking**\n> x\n> ———\n\nHi', 'Hi'],
  ['quote', '> **Thinking**\n> x\n> ———\nHi', 'Hi'],
  ['think', '\n<think>\nx\n</think>\n\nHi', '\nHi'],
  ['think', 'Hi\n\n<think>\nx\n</think>', 'Hi'],
  ['think', 'Hi\n\n<think>\nx\n</think>\n', 'Hi'],
  ['think', 'Hi\n<think>\nx\n</think>', 'Hi\n'],
  ['think', 'One\n\n<think>\nx\n</think>\n\nTwo\n\n<think>\ny\n</think>\n\nThree', 'One\n\nTwo\n\nThree'],
  ['quote', 'One\n\n> **Thinking**\n> x\n> ———\n\nTwo\n\n> **Thinking**\n> y\n> ———\n\nThree', 'One\n\nTwo\n\nThree'],
  // of another style only at the very beginning
  ['field', '> **Thinking**\n> x\n> ———\n\nHi', 'Hi'],
  ['off', '<think>\nx\n</think>\n\nHi', 'Hi'],
  ['quote', '<think>\nx\n</think>\n\nHi', 'Hi'],
  ['think', '> **Thinking**\n> x\n> ———\n\nHi', 'Hi'],
  ['field', '<think>\nx\n</think>\n\nHi\n\n<think>\ny\n</think>', 'Hi\n\n<think>\ny\n</think>'],
  ['field', '<think>\nx\n</think>\n\n<think>\ny\n</think>\n\nHi', '<think>\ny\n</think>\n\nHi'],
  ['field', '```xml\n<think>\nx\n</think>\n```', '```xml\n<think>\nx\n</think>\n```'],
  ['quote', 'Hi\n\n<think>\nx\n</think>', 'Hi\n\n<think>\nx\n</think>'],
  ['think', 'Hi\n\n> **Thinking**\n> x\n> ———', 'Hi\n\n> **Thinking**\n> x\n> ———'],
];
for (const [style, text, rest] of taken)
  test(`with the style ${style} a block is taken out, with the blank line behind it: ${JSON.stringify(text)}`, () =>
    assert.equal(withoutReasoning(text, style), rest));

test('anything else that looks like a block is the conversation’s own', () => {
  for (const text of [
    '> **Thinking**',
    'a > **Thinking**\n> x\n> ———',
    '> **Thinking**\nnot quoted\n> ———',
    '> **Thinking** about it\n> x\n> ———',
    'The tags are `<think>` and `</think>`.',
    '<think> on the line\n</think>',
    '> ———\n> **Thinking**',
    '</think>\n<think>',
  ])
    for (const style of styles) assert.equal(withoutReasoning(text, style), text);
});

test('any text is taken in linear time', () => {
  const started = performance.now();
  for (const text of ['> **Thinking**\n'.repeat(50_000), '<think>\n'.repeat(50_000), `<think>\n${'x\n'.repeat(200_000)}`])
    for (const style of styles) withoutReasoning(text, style);
  assert.ok(performance.now() - started < 10_000);
});

test('a text without blocks comes back as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.constantFrom(...styles), (text, style) =>
      assert.equal(withoutReasoning(text, style), text),
    ),
    { seed: 5113, numRuns: 1000 },
  );
});
