import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toResponsesRequest, type TranslatedRequest } from '../../lib/index.ts';

const messages = [{ role: 'user', content: 'Hi' }];

function translate(more: object, model = 'gpt-4.1'): TranslatedRequest {
  return toResponsesRequest({ model, messages, ...more }, { additions: false });
}

test("the client's own effort wins over its model name's", () => {
  assert.deepEqual(translate({}, 'gpt-5:res-high').request.reasoning, { effort: 'high' });
  assert.deepEqual(translate({}, 'gpt-5:res-high:sum-detailed').request.reasoning, { effort: 'high', summary: 'detailed' });
  assert.deepEqual(translate({ reasoning_effort: 'low' }, 'gpt-5:res-high').request.reasoning, { effort: 'low' });
  assert.deepEqual(translate({ reasoning: { effort: 'low' } }, 'gpt-5:res-high').request.reasoning, { effort: 'low' });
  assert.equal(translate({}, 'gpt-5:res-high').request.model, 'gpt-5');
  assert.equal(translate({}, 'gpt-5:res-high').context.model, 'gpt-5');
});

test('fields of reasoning that the API does not have are dropped with a note', () => {
  const { request, notes } = translate({ reasoning: { effort: 'low', enabled: true, max_tokens: 5, summary: null } }, 'gpt-5');
  assert.deepEqual([request.reasoning, notes], [{ effort: 'low' }, ['dropped reasoning.enabled', 'dropped reasoning.max_tokens']]);
});

const tools = [{ type: 'function', function: { name: 'f' } }];

test("none beside tools, which SDKs send unasked, loses against the model name's effort", () => {
  const lost: [more: object, note: string][] = [
    [{ reasoning_effort: 'none', tools }, 'dropped reasoning_effort'],
    [{ reasoning_effort: 'none', functions: [{ name: 'f' }] }, 'dropped reasoning_effort'],
    [{ reasoning: { effort: 'none' }, tools }, 'dropped reasoning.effort'],
    [{ enable_thinking: false, tools }, 'dropped enable_thinking'],
  ];
  for (const [more, note] of lost) {
    const { request, notes } = translate(more, 'gpt-5.6-sol:res-high');
    assert.deepEqual([request.reasoning, notes], [{ effort: 'high' }, [note]]);
  }
  assert.deepEqual(translate({ reasoning_effort: 'none' }, 'gpt-5.6-sol:res-high').request.reasoning, { effort: 'none' });
  assert.deepEqual(translate({ reasoning_effort: 'none', tools: [] }, 'gpt-5.6-sol:res-high').request.reasoning, { effort: 'none' });
  assert.deepEqual(translate({ reasoning_effort: 'low', tools }, 'gpt-5.6-sol:res-high').request.reasoning, { effort: 'low' });
  assert.deepEqual(translate({ reasoning_effort: 'none', tools }, 'gpt-5.6-sol').request.reasoning, { effort: 'none' });
  assert.deepEqual(translate({ reasoning_effort: 'none', tools }, 'gpt-5.6-sol:mode-pro').request.reasoning, {
    mode: 'pro',
    effort: 'none',
  });
});

test('the pro mode of a model name goes to models that have it', () => {
  const { request, notes } = translate({}, 'gpt-5.6-sol:mode-pro');
  assert.deepEqual([request.model, request.reasoning, notes], ['gpt-5.6-sol', { mode: 'pro' }, []]);
  assert.deepEqual(translate({}, 'gpt-6-astra:res-max:mode-pro').request.reasoning, { mode: 'pro', effort: 'max' });
  assert.deepEqual(translate({ reasoning: { mode: 'standard' } }, 'gpt-5.6-sol:mode-pro').request.reasoning, { mode: 'standard' });
  for (const model of ['gpt-5.5', 'gpt-4.1', 'qwen3']) {
    const without = translate({}, `${model}:mode-pro`);
    assert.deepEqual([without.request.model, without.request.reasoning, without.notes], [model, undefined, ['dropped mode-pro']]);
  }
});
