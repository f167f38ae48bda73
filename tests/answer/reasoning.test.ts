import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reasoningWriter } from '../../lib/answer/reasoning.ts';
import type { SentEvent } from '../../lib/index.ts';
import { added, completed, deltasOf, done, summaryDelta } from './support.ts';

const opening = { role: 'assistant', content: '' };
const empty = { type: 'reasoning', summary: [] };
const reasoningDelta = (delta: string, content_index: number): SentEvent => ({
  type: 'response.reasoning_text.delta',
  output_index: 0,
  content_index,
  delta,
});
const both = {
  type: 'reasoning',
  summary: [{ type: 'summary_text', text: 'One' }],
  content: [
    { type: 'reasoning_text', text: 'Two' },
    { type: 'reasoning_text', text: 'Three' },
  ],
};

test('of summaries and the reasoning itself the second waits for the end of the item', () => {
  const events = [added(0, empty), summaryDelta(0, 'One'), reasoningDelta('Two', 0)];
  assert.deepEqual(deltasOf(events), [opening, { reasoning_content: 'One' }]);
  assert.deepEqual(deltasOf([...events, done(0, both), completed()]), [
    opening,
    { reasoning_content: 'One' },
    { reasoning_content: '\n\nTwo' },
    { reasoning_content: '\n\nThree' },
    'stop',
  ]);
});

test('the second is dropped if it says the same, apart from blanks', () => {
  const same = {
    ...both,
    summary: [
      { type: 'summary_text', text: 'Two' },
      { type: 'summary_text', text: ' Three' },
    ],
  };
  assert.deepEqual(deltasOf([added(0, empty), reasoningDelta('Two', 0), done(0, same), completed()]), [
    opening,
    { reasoning_content: 'Two' },
    { reasoning_content: '\n\nThree' },
    'stop',
  ]);
});

test('the end of a part adds what its deltas left out, and nothing if they differ', () => {
  const summaryDone = (value: string): SentEvent => ({
    type: 'response.reasoning_summary_text.done',
    output_index: 0,
    summary_index: 0,
    text: value,
  });
  assert.deepEqual(deltasOf([added(0, empty), summaryDelta(0, 'On'), summaryDone('One'), done(0, empty), completed()]), [
    opening,
    { reasoning_content: 'On' },
    { reasoning_content: 'e' },
    'stop',
  ]);
  assert.deepEqual(deltasOf([added(0, empty), summaryDelta(0, 'On'), summaryDone('Two'), done(0, empty), completed()]), [
    opening,
    { reasoning_content: 'On' },
    'stop',
  ]);
  const textDone = { type: 'response.reasoning_text.done', output_index: 0, content_index: 0, text: 'Two' };
  assert.deepEqual(deltasOf([added(0, empty), textDone, completed()]), [opening, { reasoning_content: 'Two' }, 'stop']);
});

// the writer alone

/** What is emitted of the events and the finished item; each text after the number of its part. */
function written(events: readonly SentEvent[], finished?: object): string[] {
  const parts: unknown[] = [];
  const out: string[] = [];
  const writer = reasoningWriter({
    reasoning(part: unknown, value: string) {
      if (!parts.includes(part)) parts.push(part);
      out.push(`${parts.indexOf(part)} ${value}`);
    },
  } as never);
  for (const event of events) writer.event(event as never);
  writer.close(finished as never);
  return out;
}

const summaries = (...texts: string[]): object => ({ type: 'reasoning', summary: texts.map((value) => ({ text: value })) });

test('the finished parts add what is missing, wherever the events have divided them', () => {
  assert.deepEqual(written([summaryDelta(0, 'Aa')], summaries('Aab', 'C')), ['0 Aa', '0 b', '1 C']);
  assert.deepEqual(written([summaryDelta(0, 'A'), summaryDelta(0, 'B', 1)], summaries('AB', 'C')), ['0 A', '1 B', '2 C']);
  assert.deepEqual(written([summaryDelta(0, 'A'), summaryDelta(0, 'B', 1)], summaries('ABc', 'D')), ['0 A', '1 B', '1 c', '2 D']);
  assert.deepEqual(written([summaryDelta(0, 'A', 2), summaryDelta(0, '', 3)], summaries('Ab')), ['0 A', '0 b']);
  assert.deepEqual(written([summaryDelta(0, 'A')], summaries('A', 'AB', '', 'C')), ['0 A', '1 AB', '2 C']);
  assert.deepEqual(written([summaryDelta(0, 'A')], summaries('B')), ['0 A']);
  assert.deepEqual(written([], summaries('A', 'B')), ['0 A', '1 B']);
  assert.deepEqual(written([summaryDelta(0, '')], { type: 'message', summary: [{ text: 'A' }] }), []);
  assert.deepEqual(written([summaryDelta(0, 'A')]), ['0 A']);
});

test('the second kind of text follows at the end, unless it says the same', () => {
  const twofold = (text: string, summary: string): object => ({ type: 'reasoning', summary: [{ text: summary }], content: [{ text }] });
  assert.deepEqual(written([reasoningDelta('Aa', 0)], twofold('Aa', 'B')), ['0 Aa', '1 B']);
  assert.deepEqual(written([reasoningDelta('A a', 0)], twofold('A a', ' A  \n a')), ['0 A a']);
  assert.deepEqual(written([summaryDelta(0, 'B'), reasoningDelta('A', 0), reasoningDelta('a', 0)], twofold('Aa', 'B')), ['0 B', '1 Aa']);
  assert.deepEqual(written([], twofold('A', 'B')), ['0 B', '1 A']);
  assert.deepEqual(written([], { type: 'reasoning' }), []);
});
