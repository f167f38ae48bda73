import assert from 'node:assert/strict';
import { test } from 'node:test';
import { credentialHash, hasCredential } from '../../../lib/server/secrets/credential-hash.ts';

test('clients are distinguished by every header that may carry a credential, and by its scope', () => {
  const requests = [
    { authorization: 'Bearer one' },
    { authorization: 'Bearer two' },
    { 'x-api-key': 'Bearer one' },
    { 'api-key': 'Bearer one' },
    { 'x-auth-token': 'Bearer one' },
    { 'ocp-apim-subscription-key': 'Bearer one' },
    { authorization: 'Bearer one', 'x-api-key': 'two' },
    { authorization: 'Bearer one', 'openai-organization': 'two' },
    { authorization: 'Bearer one', 'openai-project': 'two' },
    { authorization: 'Bearer one', 'ocp-apim-subscription-key': 'two' },
    { 'x-goog-api-key': 'one' },
    { 'x-goog-api-key': 'two' },
    { 'x-auth': 'one' },
  ];
  const hashes = requests.map((headers) => credentialHash({ headers }));
  assert.equal(new Set(hashes).size, requests.length);
  assert.deepEqual(
    requests.map((headers) => hasCredential({ headers })),
    requests.map(() => true),
  );
  for (const hash of hashes) assert.ok(hash !== '' && !hash.includes('one'));
  assert.equal(credentialHash({ headers: { authorization: 'Bearer one', 'user-agent': 'other' } }), hashes[0]);
});

test('a credential may stand in the query', () => {
  const headers = {};
  const urls = ['/v1/x?api-key=one', '/v1/x?api-key=two', '/v1/x?key=one', '/v1/x?a=1&api%2Dkey=three'];
  const hashes = urls.map((url) => credentialHash({ headers, url }));
  assert.equal(new Set([...hashes, '']).size, urls.length + 1);
  assert.equal(credentialHash({ headers, url: '/v1/x?model=5&api-key=one' }), hashes[0]);
  for (const url of ['/v1/x?model=one', '/v1/x?api-key=', '/v1/x']) assert.equal(credentialHash({ headers, url }), '');
});

test('the order of headers makes no difference', () => {
  const one = { authorization: 'Bearer one', 'x-api-key': 'two' };
  const other = { 'x-api-key': 'two', authorization: 'Bearer one' };
  assert.equal(credentialHash({ headers: one }), credentialHash({ headers: other }));
});

test('a request without a credential has no hash', () => {
  for (const headers of [
    {},
    { authorization: '' },
    { 'openai-organization': 'one', cookie: 'session=one', 'proxy-authorization': 'Basic b25l' },
  ]) {
    assert.equal(hasCredential({ headers }), false);
    assert.equal(credentialHash({ headers }), '');
  }
});

test('so do the credentials of the query, in whatever order things come', () => {
  const hashes = ['/v1/models?key=one', '/v1/models?key=two', '/v1/models?sig=one'].map((url) => credentialHash({ headers: {}, url }));
  assert.equal(new Set(hashes).size, 3);
  const headers = [
    { 'x-api-key': 'a', authorization: 'b' },
    { authorization: 'b', 'x-api-key': 'a' },
  ];
  assert.equal(new Set(headers.map((one) => credentialHash({ headers: one, url: '/v1/models?limit=2' }))).size, 1);
  assert.equal(hasCredential({ headers: {}, url: '/v1/models?limit=2&after=x' }), false);
});
