import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasSmallLimit, tokenLimit } from '../../lib/request/token-limit.ts';
import { toResponsesRequest, type TranslatedRequest } from '../../lib/index.ts';

const messages = [{ role: 'user', content: 'Hi' }];

function translate(more: object, model = 'gpt-4.1'): TranslatedRequest {
  return toResponsesRequest({ model, messages, ...more }, { additions: false });
}

test('a token limit under 16 becomes 16, with a note that names the field', () => {
  for (const field of ['max_tokens', 'max_completion_tokens', 'max_output_tokens']) {
    const { request, notes } = translate({ [field]: 5 });
    assert.deepEqual([request.max_output_tokens, notes], [16, [`raised ${field} to 16`]]);
    assert.deepEqual([translate({ [field]: 16 }).request.max_output_tokens, translate({ [field]: 16 }).notes], [16, []]);
  }
  assert.equal(translate({ max_tokens: 100, max_completion_tokens: 200 }).request.max_output_tokens, 200);
});

test('the first limit that is given counts', () => {
  assert.equal(tokenLimit({}), undefined);
  assert.equal(tokenLimit({ max_tokens: null }), undefined);
  assert.deepEqual(tokenLimit({ max_output_tokens: 300, max_tokens: 200 }), { sent: 200, notes: [] });
  assert.deepEqual(tokenLimit({ max_tokens: 200, max_completion_tokens: 100 }), { sent: 100, notes: [] });
  assert.deepEqual(tokenLimit({ max_tokens: '5' }), { sent: '5', notes: [] }, "a text is the upstream's to refuse");
});

test('a limit is small below 2,048 tokens, in whatever field', () => {
  for (const field of ['max_tokens', 'max_completion_tokens', 'max_output_tokens'])
    assert.deepEqual([hasSmallLimit({ [field]: 2047 }), hasSmallLimit({ [field]: 2048 })], [true, false], field);
  assert.equal(hasSmallLimit({}), false);
  assert.equal(hasSmallLimit({ max_tokens: '5' }), false);
  assert.equal(hasSmallLimit({ max_tokens: 5, max_completion_tokens: 5000 }), false);
});

test('0 and below mean no limit, with a note, and the next field counts', () => {
  for (const none of [0, -1]) {
    const { request, notes } = translate({ max_tokens: none });
    assert.deepEqual([request.max_output_tokens, notes], [undefined, ['dropped max_tokens']]);
    assert.deepEqual(tokenLimit({ max_completion_tokens: none, max_tokens: 5 }), {
      sent: 16,
      notes: ['dropped max_completion_tokens', 'raised max_tokens to 16'],
    });
    assert.deepEqual([hasSmallLimit({ max_tokens: none }), hasSmallLimit({ max_completion_tokens: none, max_tokens: 100 })], [false, true]);
  }
  assert.deepEqual(tokenLimit({ max_tokens: 1 }), { sent: 16, notes: ['raised max_tokens to 16'] });
  assert.equal(tokenLimit({ max_tokens: '' }), undefined);
});
