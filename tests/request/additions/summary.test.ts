import assert from 'node:assert/strict';
import { test } from 'node:test';
import { summary } from '../../../lib/request/additions/summary.ts';
import { candidate, request } from './support.ts';

test('the summary of the settings is added while the model reasons', () => {
  assert.deepEqual(summary.choose(candidate('gpt-5'), undefined), { value: 'auto' });
  assert.deepEqual(summary.choose(candidate('gpt-5', { settings: { summary: 'concise' } }), undefined), { value: 'concise' });
  assert.deepEqual(summary.choose(candidate('gpt-5.4', { request: { reasoning: { effort: 'low' } } }), undefined), { value: 'auto' });
  assert.equal(summary.choose(candidate('gpt-5.4'), undefined), undefined, 'this model does not reason by itself');
  assert.equal(summary.choose(candidate('gpt-5.5', { request: { reasoning: { effort: 'none' } } }), undefined), undefined);
});

test('none is added to a model without summaries, beside one of the client, with off, or for an alias that wants none', () => {
  assert.equal(summary.choose(candidate('gpt-4.1'), undefined), undefined);
  assert.equal(summary.choose(candidate('gpt-5', { request: { reasoning: { summary: 'detailed' } } }), undefined), undefined);
  assert.equal(summary.choose(candidate('gpt-5', { settings: { summary: 'off' } }), undefined), undefined);
  assert.equal(summary.choose(candidate('gpt-5', { chat: { model: 'gpt-5:res-low:sum-none' } }), undefined), undefined);
  assert.equal(summary.choose(candidate('gpt-5', { chat: { model: 5 } }), undefined)?.value, 'auto');
});

test('of the kinds that the upstream takes the wanted one is added, else the first', () => {
  assert.deepEqual(summary.choose(candidate('gpt-5'), ['concise', 'auto']), { value: 'auto' });
  assert.deepEqual(summary.choose(candidate('gpt-5'), ['detailed', 'concise']), { value: 'detailed' });
});

test('it is applied to a new request, beside what the client has in reasoning', () => {
  const before = request({ reasoning: { effort: 'low' } });
  const after = summary.apply(before, 'auto');
  assert.deepEqual(after.reasoning, { effort: 'low', summary: 'auto' });
  assert.deepEqual(before.reasoning, { effort: 'low' });
  assert.equal(summary.valueIn(after), 'auto');
  assert.equal(summary.valueIn(request()), undefined);
});

test('a refusal names it by its parameter or in the words of OpenAI', () => {
  const named = (param: string): boolean => summary.isNamed(param, request({ reasoning: { summary: 'auto' } }), new Set(['summary']));
  assert.deepEqual(
    ['reasoning.summary', 'reasoning.generate_summary', 'reasoning', 'reasoning.summary.x', 'x.reasoning.summary', 'reasoning.effort'].map(
      named,
    ),
    [true, true, true, false, false, false],
  );
  assert.equal(summary.isNamed('reasoning', request({ reasoning: { summary: 'auto', effort: 'low' } }), new Set(['summary'])), false);
  assert.match('Your organization must be verified to generate reasoning summaries.', summary.refusal);
  assert.doesNotMatch('Your organization must be verified to stream this model.', summary.refusal);
});
