import assert from 'node:assert/strict';
import { test } from 'node:test';
import { redact, redactorFor } from '../../../lib/server/secrets/redact.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

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

test('a credential that comes back in two parts, in another case or behind other bytes shows neither', () => {
  const secret = 'Zq8Xw7Vt6RsNm5Lk4Jh3Gf2';
  const shown = (text: string): string => redact(text, [secret]);
  for (const cut of [12, 14, 20]) assert.equal(shown(`{"delta":"${secret.slice(0, cut)}"}`), '{"delta":"[key]"}');
  assert.equal(shown(`{"delta":"${secret.slice(8)}"}`), '{"delta":"[key]"}');
  assert.equal(shown(`a ${secret.toLowerCase()} b`), 'a [key] b');
  const lower = 'xai-0123abcdEFGHIJKLMNOPQRSTUVWXYZabcd';
  assert.equal(redact(`a ${lower.toLowerCase()} b`, [lower]), 'a [key] b', 'much of it is in lower case anyway');
  assert.equal(shown(`{"a":"\\u005aq8X\\u0077${secret.slice(5)}"}`), '{"a":"[key]"}');
  for (const before of ['', 'x', 'xy', 'user:']) {
    const coded = Buffer.from(`${before}${secret} and more`).toString('base64');
    assert.ok(!shown(coded).includes(coded.slice(8, 20)), before);
  }
});

test('of many that begin alike each word that begins so is hidden', () => {
  const secrets = Array.from({ length: 40 }, (_, n) => `canary-${100 + n}-rest`);
  assert.equal(redact(`a ${secrets.join(' ')} b`, secrets), `a ${secrets.map(() => '[key]').join(' ')} b`);
});

test('a key that a client writes in its body is hidden where it comes back in pieces', () => {
  const redactor = redactorFor([]);
  const key = 'sk-proj-canary-0123456789abcdef';
  assert.equal(redactor.redactBody(`{"content":"my key is ${key}"}`), '{"content":"my key is [key]"}');
  const stream = redactor.stream('answer');
  assert.equal(
    stream.push(`{"delta":"${key.slice(0, 9)}"}{"delta":"${key.slice(9)}"}`) + stream.end(),
    '{"delta":"sk-proj-c"}{"delta":"[key]"}',
  );
});

test('a credential that is added is hidden in open streams too', () => {
  const redactor = redactorFor([]);
  const stream = redactor.stream();
  assert.equal(stream.push('canary-one\n'), 'canary-one\n');
  redactor.add(['canary-one', 'no']);
  assert.equal(stream.push('canary-one no\n'), '[key] no\n');
});
