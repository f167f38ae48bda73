import assert from 'node:assert/strict';
import { test } from 'node:test';
import { escapeUnseen, mostQuoted, quoteInto } from '../../../lib/server/log/quote.ts';

test('plain ASCII is quoted as JSON, every character of it', () => {
  const all = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)).join('');
  for (const text of ['', 'a', all, all.repeat(1000), '\\"\n'.repeat(100), ...all]) {
    const bytes = Buffer.alloc(mostQuoted(text) + 3, '.');
    const end = quoteInto(text, bytes, 3);
    assert.ok(end !== undefined && end <= bytes.length);
    assert.equal(bytes.toString('latin1', 3, end), escapeUnseen(JSON.stringify(text)));
    assert.equal(JSON.parse(bytes.toString('latin1', 3, end)), text);
    assert.equal(bytes.toString('latin1', 0, 3), '...');
  }
});

test('what is not plain ASCII, or too long, is left to others', () => {
  const bytes = Buffer.alloc(10, '.');
  for (const text of ['é', 'ascii, and then 世', '\ud800', '\u2028', 'x'.repeat(128 * 1024 + 1)]) {
    assert.equal(quoteInto(text, bytes, 0), undefined);
  }
  assert.equal(bytes.toString(), '..........');
});

test('what is not seen is escaped, and what is seen is not', () => {
  assert.equal(
    escapeUnseen('"\u007f\u0080\u009f\u061c\u200e\u200f\u2028\u202e\u2066\u2069"'),
    '"\\u007f\\u0080\\u009f\\u061c\\u200e\\u200f\\u2028\\u202e\\u2066\\u2069"',
  );
  assert.equal(escapeUnseen('"é — … 世界 😀 \\n"'), '"é — … 世界 😀 \\n"');
});
