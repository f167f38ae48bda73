import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorIn } from '../../lib/answer/failures.ts';
import { createChunkStream, ProxyError } from '../../lib/index.ts';
import { head, plain, responseOf, wholeOf } from './support.ts';

const failures: [code: string | null, type: string | undefined, status: number][] = [
  ['rate_limit_exceeded', undefined, 429],
  ['insufficient_quota', undefined, 429],
  ['server_error', undefined, 500],
  ['vector_store_timeout', undefined, 500],
  ['something_new', undefined, 500],
  [null, undefined, 500],
  ['invalid_prompt', undefined, 400],
  ['bio_policy', undefined, 400],
  ['data_residency_mismatch', undefined, 400],
  ...[
    'invalid_image',
    'invalid_image_url',
    'image_too_large',
    'unsupported_image_media_type',
    'empty_image_file',
    'failed_to_download_image',
  ].map((code) => [code, undefined, 400] as [string, undefined, number]),
  ['anything', 'invalid_request_error', 400],
  ...['context_length_exceeded', 'string_above_max_length', 'content_filter', 'cyber_policy'].map(
    (code) => [code, undefined, 400] as [string, undefined, number],
  ),
  ['misalignment_policy_violation', undefined, 403],
  ...['too_many_requests', 'credit_balance_exhausted', 'flex_unavailable', 'slow_down'].map(
    (code) => [code, undefined, 429] as [string, undefined, number],
  ),
  ['server_is_overloaded', undefined, 503],
  ['404', undefined, 404],
  ['999', undefined, 500],
  [null, 'too_many_requests', 429],
];

for (const [code, type, status] of failures) {
  test(`a failure of code ${code}${type ? ` and type ${type}` : ''} is a ${status}, in all its forms`, () => {
    const error = { code, message: 'It failed.', ...(type && { type }) };
    const failed = { type: 'response.failed', response: responseOf([], { status: 'failed', error }) };
    const nested = { type: 'error', error };
    const flat = { ...error, type: 'error' };
    for (const event of type ? [failed, nested] : [failed, nested, flat]) {
      const stream = createChunkStream(plain, head);
      const isIt = (thrown: unknown): boolean =>
        thrown instanceof ProxyError && thrown.status === status && thrown.code === code && thrown.message === 'It failed.';
      assert.throws(() => stream.push(event), isIt);
      assert.equal(stream.finished, false);
    }
    assert.throws(
      () => wholeOf([], {}, { status: 'failed', error }),
      (thrown) => thrown instanceof ProxyError && thrown.status === status,
    );
  });
}

const places: [body: unknown, words: object][] = [
  [{ error: { message: 'no', type: 't', param: 'p', code: 'c' } }, { message: 'no', type: 't', param: 'p', code: 'c' }],
  [{ error: 'no' }, { message: 'no' }],
  [
    { message: 'no', code: 429 },
    { message: 'no', code: '429' },
  ],
  [{ detail: 'no' }, { message: 'no' }],
  [{ detail: [{ loc: ['body'], msg: 'a' }, { msg: 'b' }] }, { message: 'a; b' }],
  [[{ error: { message: 'no' } }], { message: 'no' }],
  [{ errors: [{ message: 'no' }] }, { message: 'no' }],
  [{ error: { error: { message: 'no' } } }, { message: 'no' }],
  [{ error: { message: 5, code: null } }, {}],
  ['no', { message: 'no' }],
  [null, {}],
];

for (const [body, words] of places) {
  test(`the words of an error are found in ${JSON.stringify(body)}`, () => assert.deepEqual(errorIn(body), words));
}

test('what is said of a misalignment is passed on', () => {
  const misalignment = { category: 'x' };
  const error = { code: 'misalignment_policy_violation', message: 'no', misalignment };
  assert.throws(
    () => wholeOf([], {}, { status: 'failed', error }),
    (thrown) => {
      assert.ok(thrown instanceof ProxyError);
      assert.deepEqual(thrown.body().error, { message: 'no', type: 'invalid_request_error', param: null, code: error.code, misalignment });
      return true;
    },
  );
});
