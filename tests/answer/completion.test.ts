import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toChatCompletion } from '../../lib/index.ts';
import { head, message, plain, wholeOf } from './support.ts';

test('the head is that of the Response, and stands in every chunk alike', () => {
  const { id, created, model, object, service_tier, metadata } = wholeOf(
    [message('Hi')],
    {},
    { created_at: 12.7, service_tier: 'flex', metadata: { a: 'b' } },
  );
  assert.deepEqual(
    [id, created, model, object, service_tier, metadata],
    ['chatcmpl-1', 12, 'gpt-5', 'chat.completion', 'flex', { a: 'b' }],
  );
  const bare = toChatCompletion({ output: [message('Hi')] }, plain, head);
  assert.deepEqual([bare.id, bare.created, bare.model], [head.id, head.created, head.model]);
});

test('log probabilities may be very many', () => {
  const logprobs = Array.from({ length: 200_000 }, () => ({ token: 'x', logprob: 0, bytes: [120], top_logprobs: [] }));
  const item = { type: 'message' as const, id: 'm', content: [{ type: 'output_text' as const, text: 'x', annotations: [], logprobs }] };
  const { choices } = toChatCompletion({ status: 'completed', output: [item] }, { ...plain, logprobs: true }, head);
  assert.equal(choices[0]?.logprobs?.content?.length, logprobs.length);
});
