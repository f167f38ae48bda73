import assert from 'node:assert/strict';
import { test } from 'node:test';
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
