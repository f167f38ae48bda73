import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorIn, eventFailure, failureOf } from '../../lib/answer/failures.ts';
import { UpstreamRefusal } from '../../lib/error.ts';
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
  ['', {}],
  [{ error: { error: { error: { error: { message: 'no' } } } } }, { message: 'no' }],
  [{ error: { error: { error: { error: { error: { message: 'no' } } } } } }, {}],
  [[[[[{ message: 'no' }]]]], { message: 'no' }],
  [[[[[[{ message: 'no' }]]]]], {}],
  [{ message: '', msg: 'no', type: '', param: null, code: '' }, { message: 'no' }],
  [{ detail: { message: 'no' } }, { message: 'no' }],
  [{ detail: {}, msg: 'no' }, { message: 'no' }],
  [{ detail: ['a', { msg: 'b' }, {}, '', 5] }, { message: 'a; b' }],
  [{ detail: [] }, {}],
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

/** What is thrown for an error event: what kind it is, and its status, type, parameter and code. */
function thrownFor(event: object): unknown[] {
  const { name, status, type, param, code } = eventFailure(event as never);
  return [name, status, type, param, code];
}

test('an error event is a refusal if it says that the request is invalid', () => {
  const nested = (error: object): unknown[] => thrownFor({ type: 'error', error: { message: 'no', ...error } });
  const [refusal, invalid] = ['UpstreamRefusal', 'invalid_request_error'];
  assert.deepEqual(nested({ type: invalid }), [refusal, 400, invalid, null, null]);
  assert.deepEqual(nested({ type: 'server_error', param: 'x' }), ['ProxyError', 500, 'server_error', 'x', null]);
  assert.deepEqual(nested({ code: 'invalid_value' }), ['ProxyError', 500, 'server_error', null, 'invalid_value']);
  const flat = (fields: object): unknown[] => thrownFor({ type: 'error', message: 'no', ...fields });
  assert.deepEqual(flat({ code: null, param: null }), [refusal, 500, 'server_error', null, null]);
  assert.deepEqual(flat({ code: 'server_error' }), ['ProxyError', 500, 'server_error', null, 'server_error']);
  assert.deepEqual(flat({ code: 'server_error', param: 'input' }), [refusal, 400, invalid, 'input', 'server_error']);
  assert.deepEqual(flat({ param: 'input' }), [refusal, 400, invalid, 'input', null]);
  const codes = ['unsupported_value', 'unsupported_parameter', 'unknown_parameter', 'invalid_value', 'invalid_encrypted_content'];
  for (const code of codes) assert.deepEqual(flat({ code }), [refusal, 400, invalid, null, code]);
  assert.ok(eventFailure({ type: 'error', message: 'no' }) instanceof UpstreamRefusal);
});

test('a failure is what is said of it', () => {
  const failed = (error: unknown): unknown[] => {
    const { name, status, type, param, code } = failureOf(error);
    return [name, status, type, param, code];
  };
  assert.deepEqual(failed({ code: 'insufficient_quota' }), ['ProxyError', 429, 'insufficient_quota', null, 'insufficient_quota']);
  assert.deepEqual(failed({ code: 'slow_down' }), ['ProxyError', 429, 'rate_limit_error', null, 'slow_down']);
  assert.deepEqual(failed({ code: 'slow_down', type: 't', param: 'p' }), ['ProxyError', 429, 't', 'p', 'slow_down']);
  assert.deepEqual(failed({ type: 'rate_limit_error' }), ['ProxyError', 429, 'rate_limit_error', null, null]);
  for (const [code, status] of Object.entries({ 399: 500, 400: 400, 599: 599, 600: 500, 400.5: 500 }))
    assert.equal(failureOf({ code }).status, status, code);
  assert.equal(failureOf({ code: 'bad_image', type: 'rate_limit_error' }).status, 400);
  assert.equal(failureOf(undefined).message, 'The upstream failed without saying why.');
  assert.deepEqual(thrownFor({ type: 'response.failed', response: 5 }), ['ProxyError', 500, 'server_error', null, null]);
});
