import assert from 'node:assert/strict';
import type { IncomingHttpHeaders } from 'node:http';
import { test } from 'node:test';
import { credentialsInBody, credentialsOf, redact, redactHeaders, redactorFor, redactUrl } from '../../../lib/server/log/redact.ts';

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
    ['an escape that is none', {}, '/?key=canary%one', ['canary%one']],
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

test('what is no credential is not taken for one', () => {
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

test('credentials are found in the tools of a body', () => {
  const tool = { type: 'mcp', authorization: 'canary-one', headers: { Authorization: 'Bearer canary-two', 'X-Api-Key': 'canary-three' } };
  const body = JSON.stringify({ tools: [tool], input: JSON.stringify({ api_key: 'canary-four', apiKey: 'canary/five' }, null, 2) });
  assert.deepEqual(credentialsInBody(body), ['canary-one', 'canary-two', 'canary-three', 'canary-four', 'canary/five']);
  const schema = { properties: { authorization: { type: 'string' } }, required: ['authorization', 'description'], authorization: '' };
  assert.deepEqual(credentialsInBody(JSON.stringify(schema)), []);
  assert.deepEqual(credentialsInBody('"authorization":"canary-o'), ['canary-o'], 'a body that was cut');
  assert.equal(credentialsInBody('"api_key":"canary-0123"'.repeat(1000)).length, 1);
});

test('given credentials become [key], however they are written', () => {
  const secret = 'a+b/c"d&é=canary';
  const json = JSON.stringify(secret).slice(1, -1);
  const forms = [
    secret,
    json,
    JSON.stringify(json).slice(1, -1),
    'a+b\\/c"d&é=canary',
    'a\\u002Bb/c\\u0022d\\u0026\\u00E9=canary',
    encodeURIComponent(secret),
    base64(secret).replace('=', ''),
  ];
  for (const form of forms) assert.equal(redact(`before ${form} after ${form}`, [secret]), 'before [key] after [key]', form);
});

test('overlapping credentials leave nothing of either', () => {
  assert.equal(redact('xx-abcdefghijkl-yy', ['abcdefgh', 'efghijkl']), 'xx-[key]-yy');
  assert.equal(redact('abcdefghijkl', ['abcdefgh', 'abcdefghijkl']), '[key]');
  assert.equal(redact('sk-abcdefgh.rest', ['sk-abcdefgh.rest']), '[key]');
});

test('a short credential does not blank ordinary words', () => {
  assert.equal(redact('a test of the key', ['test', 'key', '']), 'a test of the key');
});

test('anything like sk-… becomes [key]', () => {
  const same = ['task-management', 'disk-encryption', 'sk-short', 'sk-', 'ask-sk', 'a\\risk-assessment'];
  for (const text of same) assert.equal(redact(text, []), text);
  const hidden = ['sk-proj-AbC_123-456', 'sk-svcacct-0123456789', 'sk-abc***************xyz', 'sk-abcdefgh', `sk-${'a'.repeat(100_000)}`];
  for (const key of hidden) {
    assert.equal(redact(key, []), '[key]');
    assert.equal(
      redact(`{"message":"Incorrect API key provided: ${key}. You"}`, []),
      '{"message":"Incorrect API key provided: [key]. You"}',
    );
    for (const before of ['\\n', '\\u000a', '%20', '%3D', '"', '_', '-', '\n']) assert.equal(redact(before + key, []), `${before}[key]`);
  }
});

test('every border in a text that comes in pieces is as safe as none', () => {
  const secret = 'canary/one+"two"';
  const text = [
    `data: {"text":"${JSON.stringify(secret).slice(1, -1)} s sk sk- sk-1234567 task-management"}`,
    `\\nsk-abcdefgh and sk-abc***xyz, %20sk-abcdefghij; ${base64(secret)} ${secret} ${secret.slice(0, 9)} ${encodeURIComponent(secret)}`,
    `${secret}${secret} sk-${secret} ca`,
  ].join('\n');
  const redactor = redactorFor([secret, secret.slice(0, 9), 'sk-abc***xyz']);
  const whole = redactor.redact(text);
  assert.ok(!whole.includes('canary') && !whole.includes('sk-abc'));
  assert.ok(whole.includes('task-management'));
  for (let first = 0; first <= text.length; first += 1) {
    const stream = redactor.stream();
    assert.equal(stream.push(text.slice(0, first)) + stream.push(text.slice(first)) + stream.end(), whole, `one border at ${first}`);
    const pieces = redactor.stream();
    let joined = '';
    for (let at = 0; at < text.length; at += 1 + (first % 7)) joined += pieces.push(text.slice(at, at + 1 + (first % 7)));
    assert.equal(joined + pieces.end(), whole, `pieces of ${1 + (first % 7)}`);
  }
});

test('what cannot be the beginning of a credential does not wait', () => {
  const stream = redactorFor(['canary-one']).stream();
  assert.equal(stream.push('data: {"delta":"Hello"}\n\n'), 'data: {"delta":"Hello"}\n\n');
  assert.equal(stream.push('can'), '');
  assert.equal(stream.push('oe'), 'canoe');
  assert.equal(stream.push('a canary-one'), 'a ');
  assert.equal(stream.push(''), '');
  assert.equal(stream.end(), '[key]');
  assert.equal(stream.end(), '');
});

test('what waits is bounded, and the rest of a long key is not shown', () => {
  const stream = redactorFor([]).stream();
  let shown = stream.push('key: sk-');
  for (let index = 0; index < 10_000; index += 1) shown += stream.push('0123456789');
  assert.equal(shown, 'key: ');
  assert.equal(stream.push('. And'), '[key]. And');
});

test('a credential that is added is hidden in open streams too', () => {
  const redactor = redactorFor([]);
  const stream = redactor.stream();
  assert.equal(stream.push('canary-one\n'), 'canary-one\n');
  redactor.add(['canary-one', 'no']);
  assert.equal(stream.push('canary-one no\n'), '[key] no\n');
});

test('a URL hides its credentials, whatever their length', () => {
  assert.equal(redactUrl('/v1/models?key=a&limit=2&api-key=b&x=1#y'), '/v1/models?key=[key]&limit=2&api-key=[key]&x=1#y');
  assert.equal(redactUrl('https://u:p@host/x?sig=abc'), 'https://[key]@host/x?sig=[key]');
  assert.equal(redactUrl('/v1/files?after=file-1'), '/v1/files?after=file-1');
});

test('headers hide their credentials, whatever their length', () => {
  const headers = {
    authorization: 'Bearer test',
    'proxy-authorization': 'test',
    'api-key': 'test',
    cookie: 'a=b',
    'set-cookie': ['a=b', 'c=d'],
    referer: 'http://host/?token=test',
    'user-agent': 'a test with canary-one',
    'idempotency-key': 'abc',
    'x-canary-one': 'x',
    absent: undefined,
  };
  const redacted = (given: typeof headers | Record<string, string>, secrets: string[]): object => ({
    ...redactHeaders(given, redactorFor(secrets)),
  });
  assert.deepEqual(redacted(headers, ['canary-one']), {
    authorization: 'Bearer [key]',
    'proxy-authorization': '[key]',
    'api-key': '[key]',
    cookie: '[key]',
    'set-cookie': ['[key]', '[key]'],
    referer: 'http://host/?token=[key]',
    'user-agent': 'a test with [key]',
    'idempotency-key': 'abc',
    'x-[key]': 'x',
    absent: undefined,
  });
  assert.deepEqual(redacted({ authorization: 'Bearer' }, []), { authorization: 'Bearer' }, 'a scheme without a key');
  const own = JSON.parse('{"__proto__":"x"}') as Record<string, string>;
  assert.deepEqual(Object.keys(redacted(own, [])), ['__proto__']);
});

test('hostile texts take linear time', { timeout: 30_000 }, () => {
  const redactor = redactorFor(['aaaaaaaaaaaaaaab', 'canary-one', '\\\\\\\\\\\\\\\\"']);
  for (const part of [
    'sk-',
    's',
    'sk-aaaaaaaa ',
    'a',
    '\\',
    '%20',
    '"',
    'canary-on',
    '"authorization":"',
    '?',
    '//',
    '@',
    '&key',
    'api_key"',
  ]) {
    const text = part.repeat((1024 * 1024) / part.length);
    redactor.redact(text);
    redactUrl(text);
    credentialsInBody(text);
    credentialsOf({ headers: { authorization: text, cookie: text }, url: text });
    const stream = redactor.stream();
    let length = 0;
    for (let at = 0; at < text.length; at += 1000) length += stream.push(text.slice(at, at + 1000)).length;
    assert.ok(length + stream.end().length <= text.length + 1000);
  }
});
