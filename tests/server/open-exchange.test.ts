import assert from 'node:assert/strict';
import { test } from 'node:test';
import { credentialHash } from '../../lib/server/secrets/credential-hash.ts';
import { call, scriptedUpstream, startProxy } from './support.ts';

test('an exchange knows the credentials of its request, and looks for them once', async (t) => {
  const upstream = await scriptedUpstream(t, (response) => response.end('{}'));
  const { port, finished } = await startProxy(t, { upstream: upstream.url });
  await call(port, { path: '/v1/files?api_key=canary-two', headers: { authorization: 'Bearer canary-one' } });
  await call(port, { path: '/v1/files' });
  const [one, other] = finished;
  assert.deepEqual(one?.secrets, ['canary-one', 'canary-two']);
  assert.equal(one?.secrets, one?.secrets);
  assert.equal(one?.credential, credentialHash({ authorization: 'Bearer canary-one' }));
  assert.deepEqual([other?.secrets, other?.credential], [[], '']);
});
