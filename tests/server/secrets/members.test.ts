import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { MemberRedactor } from '../../../lib/server/secrets/members.ts';

const canary = 'canary-0123456789';

function redacted(text: string, size = Infinity, of?: 'request' | 'answer'): { shown: string; found: string[] } {
  const found: string[] = [];
  const members = new MemberRedactor((value) => found.push(value), of);
  let shown = '';
  for (let at = 0; at < text.length; at += size) shown += members.push(text.slice(at, at + size));
  return { shown: shown + members.end(), found };
}

const json = (value: unknown): string => JSON.stringify(value);
const cases: [what: string, text: string, expected: string][] = [
  ['a member', `{"authorization":"${canary}","b":1}`, '{"authorization":"[key]","b":1}'],
  ['white space', `{"api_key" \n:\r\n\t "${canary}" }`, '{"api_key" \n:\r\n\t "[key]" }'],
  ['escapes of the value', `{"password":"a\\"b\\\\${canary}\\/"}`, '{"password":"[key]"}'],
  ['a value that ends with a backslash', `{"password":"${canary}\\\\","b":"c"}`, '{"password":"[key]","b":"c"}'],
  ['escapes of the name', `{"api\\u005fkey":"${canary}"}`, '{"api\\u005fkey":"[key]"}'],
  ['JSON in a string', json({ a: json({ token: canary, b: 'c' }) }), json({ a: json({ token: '[key]', b: 'c' }) })],
  [
    'JSON in JSON in a string',
    json({ a: json({ a: json({ secret: `"${canary}"` }) }) }),
    json({ a: json({ a: json({ secret: '[key]' }) }) }),
  ],
  ['a list', `{"api_keys":["${canary}", "${canary}"],"b":["c"]}`, '{"api_keys":["[key]", "[key]"],"b":["c"]}'],
  [
    'the headers of a tool, whatever their names',
    `{"headers":{"X-Any":"${canary}","Accept":"text/plain", "n" : "${canary}"},"b":"c"}`,
    '{"headers":{"X-Any":"[key]","Accept":"text/plain", "n" : "[key]"},"b":"c"}',
  ],
  ['a URL with a user', `{"server_url":"https://u:${canary}@x.example/mcp"}`, '{"server_url":"https://[key]@x.example/mcp"}'],
  ['a URL with a query', `{"url":"https:\\/\\/x.example?a=b&api_key=${canary}"}`, '{"url":"https://x.example?a=b&api_key=[key]"}'],
  ['a URL with a key in its path', `{"server_url":"https://x.example/s/${canary}/mcp"}`, '{"server_url":"https://x.example/s/[key]/mcp"}'],
  ['text that was cut', `{"authorization":"${canary}`, '{"authorization":"[key]'],
];

describe('credentials of JSON are hidden by the names of their members', () => {
  for (const [what, text, expected] of cases) {
    it(what, () => assert.equal(redacted(text).shown, expected));
    it(`${what}, wherever it is cut`, () => {
      for (let size = 1; size < 40; size += 1) assert.equal(redacted(text, size).shown, expected, String(size));
    });
  }

  const same = [
    '{"authorization":""}',
    '{"authorization":null,"a":"b"}',
    '{"properties":{"authorization":{"type":"string"}},"required":["authorization","b"]}',
    '{"headers":{"type":"object","description":"of a request"}}',
    '{"headers":{}}',
    '{"key":"a","max_tokens":5,"input_tokens":"a"}',
    `{"url":"data:image/png;base64,${'A'.repeat(10_000)}"}`,
    `{"url":"https://x.example/${'a/'.repeat(5000)}"}`,
    '{"a":"authorization: b"}',
    ':":":":::\\":\\\\":"',
  ];
  for (const text of same) {
    it(`and nothing else: ${text.slice(0, 60)}`, () => {
      for (const size of [1, 2, 3, 7, Infinity]) assert.equal(redacted(text, size).shown, text);
    });
  }

  it('and handed on, as JSON has them', () => {
    assert.deepEqual(redacted(`{"authorization":"a\\/b","url":"http://x?key=c"}`).found, ['a\\/b', 'c']);
  });

  it('a token is a piece of text in an answer', () => {
    assert.equal(redacted('{"token":"abc"}', Infinity, 'answer').shown, '{"token":"abc"}');
    assert.equal(redacted('{"token":"abc"}').shown, '{"token":"[key]"}');
  });
});

test('nothing but backslashes waits', () => {
  const members = new MemberRedactor(() => {});
  for (const piece of ['{"a":"b', '","c":', '{"api_key":']) assert.equal(members.push(piece), piece);
  assert.equal(members.push('"can'), '"[key]');
  assert.equal(members.push('ary\\'), '');
  assert.equal(members.push('","d'), '"d');
  assert.equal(members.push('" , '), '" , ');
});
