import assert from 'node:assert/strict';
import type { IncomingHttpHeaders } from 'node:http';
import { test } from 'node:test';
import { BodyCredentials, credentialsOf } from '../../../lib/server/secrets/credentials.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

test('credentials are found in every form that a request may have', async (t) => {
  const cases: [name: string, headers: IncomingHttpHeaders, url: string, expected: string[]][] = [
    ['a bearer token', { authorization: 'Bearer canary-one' }, '/', ['canary-one']],
    ['a scheme in lower case', { authorization: 'bearer   canary-one' }, '/', ['canary-one']],
    ['a scheme twice', { authorization: 'Bearer Bearer canary-one' }, '/', ['canary-one']],
    ['no scheme', { authorization: 'canary-one' }, '/', ['canary-one']],
    ['an unknown scheme', { authorization: 'Own canary-one' }, '/', ['canary-one']],
    ['Basic', { authorization: `Basic ${base64('user:canary-one')}` }, '/', [base64('user:canary-one'), 'canary-one']],
    ['Basic without a password', { authorization: `Basic ${base64('canary-one:')}` }, '/', ['canary-one']],
    ['Basic that is not Base64 of a pair', { authorization: 'Basic canary-one' }, '/', ['canary-one']],
    ['x-api-key', { 'x-api-key': 'canary-one' }, '/', ['canary-one']],
    ['x-api-key twice', { 'x-api-key': 'canary-one, canary-two' }, '/', ['canary-one', 'canary-two']],
    ['api-key', { 'api-key': 'canary-one' }, '/', ['canary-one']],
    ['another header', { 'x-goog-api-key': 'canary-one', 'x-access-token': 'canary-two' }, '/', ['canary-one', 'canary-two']],
    ['proxy-authorization', { 'proxy-authorization': 'Bearer canary-one' }, '/', ['canary-one']],
    ['cookies', { cookie: 'a=canary-one; b="canary-two"; c=short' }, '/', ['canary-one', 'canary-two']],
    ['a list of values', { 'x-token': ['canary-one', 'canary-two'] }, '/', ['canary-one', 'canary-two']],
    ['the query', {}, '/v1/models?api_key=canary-one&limit=2&access_token=canary-two', ['canary-one', 'canary-two']],
    ['the query, in capitals', {}, '/v1/models?API-KEY=canary-one&Key=canary-two', ['canary-one', 'canary-two']],
    ['an escaped name and value', {}, '/?api%5Fkey=canary%2Bone', ['canary%2Bone', 'canary+one']],
    ['an invalid percent-escape', {}, '/?key=canary%one', ['canary%one']],
    ['the target', {}, 'http://user:canary-one@host/v1', ['canary-one']],
    ['the target, escaped', {}, '//user:canary%20one@host/v1', ['canary%20one', 'canary one']],
  ];
  for (const [name, headers, url, expected] of cases) {
    await t.test(name, () => {
      const found = credentialsOf({ headers, url });
      for (const secret of expected) assert.ok(found.includes(secret), `${secret} in ${JSON.stringify(found)}`);
    });
  }
});

test('what is not a credential is not taken for one', () => {
  const headers = {
    host: 'localhost:5101',
    'idempotency-key': 'abcdefghij',
    'user-agent': 'some-client/1.0',
    authorization: 'Bearer test',
  };
  assert.deepEqual(credentialsOf({ headers, url: '/v1/files?after=abcdefghij&purpose=assistants' }), ['Bearer test']);
  assert.deepEqual(credentialsOf({ headers: {} }), []);
});

test('the credentials looked for are bounded', () => {
  const cookie = Array.from({ length: 500 }, (_, index) => `name${index}=value-number-${index}`).join('; ');
  const found = credentialsOf({ headers: { cookie, authorization: 'Bearer canary-one' } });
  assert.equal(found.length, 32);
  assert.ok(found.includes('canary-one'));
});

function inBody(text: string): string[] {
  const credentials = new BodyCredentials();
  credentials.push(text);
  return credentials.end();
}

test('credentials are found in the tools of a body', () => {
  const tool = { type: 'mcp', authorization: 'canary-one', headers: { Authorization: 'Bearer canary-two', 'X-Api-Key': 'canary-three' } };
  const body = JSON.stringify({ tools: [tool], input: JSON.stringify({ api_key: 'canary-four', apiKey: 'canary/five' }, null, 2) });
  assert.deepEqual(inBody(body), ['canary-one', 'canary-two', 'canary-three', 'canary-four', 'canary/five']);
  const schema = { properties: { authorization: { type: 'string' } }, required: ['authorization', 'description'], authorization: '' };
  assert.deepEqual(inBody(JSON.stringify(schema)), []);
  assert.deepEqual(inBody('"authorization":"canary-o'), ['canary-o'], 'a body that was cut');
  assert.equal(inBody('"api_key":"canary-0123"'.repeat(1000)).length, 1);
  const many = Array.from({ length: 100 }, (_, at) => `"api_key":"canary-${at}"`).join();
  assert.equal(inBody(many).length, 64);
});

test('the credentials of a body are found wherever it was cut', () => {
  const body = JSON.stringify({ tools: [{ type: 'mcp', authorization: 'canary-one', headers: { 'X-Api-Key': 'canary-two' } }] });
  for (let cut = 0; cut <= body.length; cut += 1) {
    const credentials = new BodyCredentials();
    credentials.push(body.slice(0, cut));
    credentials.push(body.slice(cut));
    assert.deepEqual(credentials.end(), ['canary-one', 'canary-two'], String(cut));
  }
});
