import assert from 'node:assert/strict';
import { test } from 'node:test';
import { credentialHash, hasCredential } from '../../../lib/server/secrets/credential-hash.ts';

test('clients are distinguished by every header that may carry a credential, and by its scope', () => {
  const requests = [
    { authorization: 'Bearer one' },
    { authorization: 'Bearer two' },
    { 'x-api-key': 'Bearer one' },
    { 'api-key': 'Bearer one' },
    { authorization: 'Bearer one', 'x-api-key': 'two' },
    { authorization: 'Bearer one', 'openai-organization': 'two' },
    { authorization: 'Bearer one', 'openai-project': 'two' },
  ];
  const hashes = requests.map(credentialHash);
  assert.equal(new Set(hashes).size, requests.length);
  assert.deepEqual(
    requests.map(hasCredential),
    requests.map(() => true),
  );
  for (const hash of hashes) assert.ok(hash !== '' && !hash.includes('one'));
  assert.equal(credentialHash({ authorization: 'Bearer one', 'user-agent': 'other' }), hashes[0]);
});

test('a request without a credential has no hash', () => {
  for (const headers of [{}, { authorization: '' }, { 'openai-organization': 'one', cookie: 'session=one' }]) {
    assert.equal(hasCredential(headers), false);
    assert.equal(credentialHash(headers), '');
  }
});
