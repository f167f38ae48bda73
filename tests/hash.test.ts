import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { hash } from '../lib/hash.ts';

test('a hash has 16 hexadecimal digits, and is always the same for a text', () => {
  for (const text of ['', 'a', 'ab', 'ä–🌊', '\ud800']) {
    assert.match(hash(text), /^[\da-f]{16}$/);
    assert.equal(hash(text), hash(`${text}`));
  }
});

test('texts that are nearly the same have hashes of their own', () => {
  const texts = ['', '\0', '\0\0', 'a', 'a\0', 'a\0\0', 'ab', 'ba', 'abc', 'acb', 'cab', 'abcd', 'abdc', 'cdab', 'a\u0100', 'a\u0001\0'];
  assert.equal(new Set(texts.map(hash)).size, texts.length);
  const counted = Array.from({ length: 100_000 }, (_, at) => hash(`call ${at}`));
  assert.equal(new Set(counted).size, counted.length);
});

test('no text has the hash of one in which a character was changed', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, maxLength: 40, unit: 'binary' }),
      fc.nat(),
      fc.integer({ min: 1, max: 0xffff }),
      (text, place, change) => {
        const at = place % text.length;
        const other = text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ change) + text.slice(at + 1);
        return hash(text) !== hash(other);
      },
    ),
  );
});
