import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesOf } from '../../../lib/server/byte-text.ts';
import { escapeUnseen, mostQuoted, quoteInto } from '../../../lib/server/log/quote.ts';

test('a text is quoted as JSON, every character of it', () => {
  const all = Array.from({ length: 0xd800 }, (_, code) => String.fromCharCode(code)).join('');
  const more = '\ue000\ufeff\uffff😀👋🏽\u{10ffff}';
  for (const text of ['', 'a', all, more, all.repeat(3), '\\"\n'.repeat(100), ...all.slice(0, 0x2100), ...more]) {
    const bytes = Buffer.alloc(mostQuoted(bytesOf(text)) + 3, '.');
    const end = quoteInto(bytesOf(text), bytes, 3);
    assert.ok(end <= bytes.length);
    assert.equal(bytes.toString('utf8', 3, end), escapeUnseen(JSON.stringify(text)));
    assert.equal(JSON.parse(bytes.toString('utf8', 3, end)), text);
    assert.equal(bytes.toString('latin1', 0, 3), '...');
  }
});

test('what is not seen is escaped, and what is seen is not', () => {
  assert.equal(
    escapeUnseen('"\u007f\u0080\u009f\u061c\u200e\u200f\u2028\u202e\u2066\u2069"'),
    '"\\u007f\\u0080\\u009f\\u061c\\u200e\\u200f\\u2028\\u202e\\u2066\\u2069"',
  );
  assert.equal(escapeUnseen('"é — … 世界 😀 \\n"'), '"é — … 世界 😀 \\n"');
});
