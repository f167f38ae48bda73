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
