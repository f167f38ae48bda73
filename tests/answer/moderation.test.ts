import assert from 'node:assert/strict';
import { test } from 'node:test';
import { message, wholeOf } from './support.ts';

test('moderation has the form of Chat', () => {
  const result = { type: 'moderation_result', model: 'm', flagged: false };
  const failed = { type: 'error', code: 'c', message: 'no' };
  assert.deepEqual(wholeOf([message('Hi')], {}, { moderation: { input: result, output: failed } }).moderation, {
    input: { type: 'moderation_results', model: 'm', results: [result] },
    output: failed,
  });
  assert.equal(wholeOf([message('Hi')], {}, { moderation: null }).moderation, undefined);
});
