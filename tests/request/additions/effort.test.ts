import assert from 'node:assert/strict';
import { test } from 'node:test';
import { effort } from '../../../lib/request/additions/effort.ts';
import { candidate, request } from './support.ts';

test('the effort of the settings is added, or the nearest level that the model has', () => {
  assert.deepEqual(effort.choose(candidate('gpt-5'), undefined), { value: 'medium' });
  assert.deepEqual(effort.choose(candidate('gpt-5', { settings: { effort: 'xhigh' } }), undefined), { value: 'high' });
  assert.deepEqual(effort.choose(candidate('gpt-5-pro'), undefined), { value: 'high' });
  assert.deepEqual(effort.choose(candidate('gpt-5', { settings: { effort: 'none' } }), undefined), { value: 'minimal' });
});

test('none is added to a model that does not reason, beside one of the client, or with off', () => {
  assert.equal(effort.choose(candidate('gpt-4.1'), undefined), undefined);
  assert.equal(effort.choose(candidate('gpt-5', { request: { reasoning: { effort: 'low' } } }), undefined), undefined);
  assert.equal(effort.choose(candidate('gpt-5', { settings: { effort: 'off' } }), undefined), undefined);
  assert.deepEqual(effort.choose(candidate('gpt-5', { request: { reasoning: { summary: 'auto' } } }), undefined), { value: 'medium' });
});

test('a small token limit takes the lowest level, with a note', () => {
  const small = { chat: { max_tokens: 100 } };
  assert.deepEqual(effort.choose(candidate('gpt-5', small), undefined), { value: 'minimal', note: 'small token limit: effort minimal' });
  assert.deepEqual(effort.choose(candidate('gpt-5.4', small), undefined), { value: 'none', note: 'small token limit: effort none' });
  assert.deepEqual(effort.choose(candidate('computer-use-preview', small), undefined), {
    value: 'medium',
    note: 'small token limit: effort medium',
  });
});

test('no minimal effort beside a search', () => {
  const search = { request: { tools: [{ type: 'web_search_preview' }] }, chat: { max_tokens: 100 } };
  assert.deepEqual(effort.choose(candidate('gpt-5', search), undefined), { value: 'low', note: 'small token limit: effort low' });
  assert.deepEqual(effort.choose(candidate('gpt-5', { ...search, settings: { effort: 'minimal' }, chat: {} }), undefined), {
    value: 'low',
  });
});

test('of the levels that the upstream takes the nearest is added, none if no level is left', () => {
  assert.deepEqual(effort.choose(candidate('gpt-5'), ['low', 'xhigh']), { value: 'low' });
  assert.deepEqual(effort.choose(candidate('gpt-5', { chat: { max_tokens: 100 } }), ['high', 'xhigh']), {
    value: 'high',
    note: 'small token limit: effort high',
  });
  assert.equal(effort.choose(candidate('gpt-5', { request: { tools: [{ type: 'web_search' }] } }), ['minimal']), undefined);
});

test('it is applied to a new request, beside what the client has in reasoning', () => {
  const before = request({ reasoning: { summary: 'auto' } });
  const after = effort.apply(before, 'low');
  assert.deepEqual(after.reasoning, { summary: 'auto', effort: 'low' });
  assert.deepEqual(before.reasoning, { summary: 'auto' });
  assert.equal(effort.valueIn(after), 'low');
  assert.equal(effort.valueIn(request()), undefined);
});

test('a refusal names it by its parameter, or by all of reasoning if the client has no part in that', () => {
  const added = new Set(['effort', 'summary']);
  const named = (param: string, reasoning: Record<string, string>): boolean => effort.isNamed(param, request({ reasoning }), added);
  assert.equal(named('reasoning.effort', {}), true);
  assert.equal(named('reasoning_effort', {}), true);
  assert.equal(named('reasoning.effort.x', {}), false);
  assert.equal(named('xreasoning.effort', {}), false);
  assert.equal(named('reasoning.summary', {}), false);
  assert.equal(named('reasoning', { effort: 'low', summary: 'auto' }), true);
  assert.equal(named('reasoning', { effort: 'low', context: 'all_turns' }), false);
  assert.equal(effort.isNamed('reasoning', request({ reasoning: { effort: 'low', summary: 'auto' } }), new Set(['effort'])), false);
  assert.match("The following tools cannot be used with reasoning.effort 'minimal': web_search.", effort.refusal);
});
