import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProxyError, UpstreamRefusal } from '../lib/error.ts';

test('all four keys go over the wire, also where nothing is said of them', () => {
  const error = new ProxyError(400, 'No.');
  assert.equal(JSON.stringify(error.body()), '{"error":{"message":"No.","type":"invalid_request_error","param":null,"code":null}}');
  assert.deepEqual([error.status, error.message, error.headers, error.cause], [400, 'No.', {}, undefined]);
});

test('a status from 500 on is a fault of the server, unless another type is given', () => {
  const typeOf = (status: number, type?: string): string => new ProxyError(status, 'No.', type === undefined ? {} : { type }).type;
  assert.deepEqual([typeOf(499), typeOf(500), typeOf(503)], ['invalid_request_error', 'server_error', 'server_error']);
  assert.deepEqual([typeOf(429, 'insufficient_quota'), typeOf(500, 'x')], ['insufficient_quota', 'x']);
});

test('what is given goes out as it is; headers and cause stay here', () => {
  const cause = new Error('why');
  const misalignment = { policy: 'p' };
  const error = new ProxyError(403, 'No.', { param: 'model', code: 'c', misalignment, headers: { 'retry-after': '7' }, cause });
  assert.deepEqual(error.body(), { error: { message: 'No.', type: 'invalid_request_error', param: 'model', code: 'c', misalignment } });
  assert.deepEqual([error.headers, error.cause], [{ 'retry-after': '7' }, cause]);
});

test('a refusal of the upstream is told from the errors of which it is one', () => {
  const refusal = new UpstreamRefusal(400, 'No.');
  assert.ok(refusal instanceof ProxyError && refusal instanceof Error);
  assert.ok(!(new ProxyError(400, 'No.') instanceof UpstreamRefusal));
  assert.deepEqual([new ProxyError(400, 'No.').name, refusal.name], ['ProxyError', 'UpstreamRefusal']);
});
