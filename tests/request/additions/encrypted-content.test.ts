import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encryptedContent } from '../../../lib/request/additions/encrypted-content.ts';
import { candidate, request } from './support.ts';

const value = 'reasoning.encrypted_content';
const tools = [{ type: 'function', name: 'f' }];

test('encrypted reasoning is asked for if it is kept and the model gives it, with tools or without', () => {
  assert.deepEqual(encryptedContent.choose(candidate('gpt-5', { request: { tools } }), undefined), { value });
  assert.equal(
    encryptedContent.choose(candidate('gpt-5', { request: { tools }, settings: { encryptedContent: false } }), undefined),
    undefined,
  );
  assert.equal(encryptedContent.choose(candidate('gpt-4.1', { request: { tools } }), undefined), undefined);
  assert.deepEqual(encryptedContent.choose(candidate('gpt-5'), undefined), { value });
  assert.equal(encryptedContent.choose(candidate('gpt-5', { request: { tools, include: [value] } }), undefined), undefined);
});

test("it stands behind what the client includes, in a list of the new request's own", () => {
  const before = request({ include: ['file_search_call.results'] });
  const after = encryptedContent.apply(before, value);
  assert.deepEqual(after.include, ['file_search_call.results', value]);
  assert.deepEqual(before.include, ['file_search_call.results']);
  assert.deepEqual(encryptedContent.apply(request(), value).include, [value]);
  assert.equal(encryptedContent.valueIn(after), value);
  assert.equal(encryptedContent.valueIn(before), undefined);
  assert.equal(encryptedContent.valueIn(request()), undefined);
});

test("a refusal names it by its place in the list, or by the list if nothing of the client's is in it", () => {
  const named = (param: string, include?: string[]): boolean =>
    encryptedContent.isNamed(param, request({ ...(include && { include }) }), new Set());
  assert.deepEqual([named('include[1]', ['a', value]), named('include[0]', ['a', value])], [true, false]);
  assert.deepEqual([named('include', [value]), named('include.0', [value]), named('include', ['a', value])], [true, true, false]);
  assert.deepEqual([named('includes', [value]), named('x.include', [value]), named('include')], [false, false, false]);
  assert.match('Encrypted content is not supported with this model.', encryptedContent.refusal);
  assert.match("Invalid value: 'reasoning.encrypted_content'.", encryptedContent.refusal);
});
