import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toChatUsage } from '../../lib/answer/usage.ts';
import { message, wholeOf } from './support.ts';

test('token counts are those of the Response, reasoning within and not on top', () => {
  const usage = {
    input_tokens: 10,
    input_tokens_details: { cached_tokens: 4, cache_write_tokens: 2 },
    output_tokens: 20,
    output_tokens_details: { reasoning_tokens: 12 },
    total_tokens: 30,
  };
  assert.deepEqual(wholeOf([message('Hi')], {}, { usage }).usage, {
    prompt_tokens: 10,
    completion_tokens: 20,
    total_tokens: 30,
    prompt_tokens_details: { cached_tokens: 4, audio_tokens: 0, cache_write_tokens: 2 },
    completion_tokens_details: { reasoning_tokens: 12, audio_tokens: 0, accepted_prediction_tokens: 0, rejected_prediction_tokens: 0 },
  });
  const bare = wholeOf([message('Hi')], {}, { usage: { input_tokens: 1, output_tokens: 2 } }).usage;
  assert.deepEqual(
    [bare?.total_tokens, bare?.prompt_tokens_details.cached_tokens, bare?.completion_tokens_details.reasoning_tokens],
    [3, 0, 0],
  );
  assert.equal('usage' in wholeOf([message('Hi')]), false);
});

test('a count that is not a number counts as 0, a total that is not as the sum', () => {
  const counted = (input_tokens: unknown, total_tokens?: unknown): number[] => {
    const { prompt_tokens, total_tokens: total } = toChatUsage({ input_tokens, output_tokens: 2, total_tokens } as never);
    return [prompt_tokens, total];
  };
  assert.deepEqual(counted(1.9, 9.9), [1, 9]);
  assert.deepEqual(counted(0, 0), [0, 0]);
  for (const odd of [null, '5', -1, NaN, Infinity, {}, true, 5n]) assert.deepEqual(counted(odd, odd), [0, 2], String(odd));
});
