import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toResponsesRequest, type TranslatedRequest } from '../../lib/index.ts';

const messages = [{ role: 'user', content: 'Hi' }];

function translate(more: object, model = 'gpt-4.1'): TranslatedRequest {
  return toResponsesRequest({ model, messages, ...more }, { additions: false });
}

test('sampling is dropped, with a note, while the model reasons, and only then', () => {
  const asked = { temperature: 0.5, top_p: 0.9, logprobs: true, top_logprobs: 2 };
  const reasons = translate(asked, 'gpt-5');
  assert.deepEqual(reasons.request, { model: 'gpt-5', input: messages, store: false });
  assert.deepEqual(reasons.notes, ['dropped temperature', 'dropped top_p', 'dropped top_logprobs', 'dropped logprobs']);
  assert.deepEqual(translate({ temperature: 1, top_p: 1 }, 'gpt-5').notes, [], 'the default values need no note');
  for (const model of ['gpt-4.1', 'gpt-5.1', 'gpt-5.4', 'unheard-of']) {
    const { request, notes } = translate(asked, model);
    assert.deepEqual(
      [request['temperature'], request['top_p'], request.include, request['top_logprobs']],
      [0.5, 0.9, ['message.output_text.logprobs'], 2],
      model,
    );
    assert.deepEqual(notes, []);
  }
  assert.equal(translate({ ...asked, reasoning_effort: 'low' }, 'gpt-5.4').request['temperature'], undefined);
  assert.equal(translate({ ...asked, reasoning_effort: 'none' }, 'gpt-5.6').request['temperature'], 0.5);
});
