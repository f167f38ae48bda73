import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { isLongerThan, jsonPieces } from '../lib/json-pieces.ts';

const mebi = 1_048_576;

/** A text of about that many characters; lone and paired code units stand where it may be cut. */
const longText = fc.record({ unit: fc.constantFrom('x', 'é', '語', '😀', '"', '\n', '\ud83d', '\ude00'), length: fc.nat(2 * mebi) });
const anyValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.jsonValue({ maxDepth: 2 }),
    longText.map(({ unit, length }) => unit.repeat(length / unit.length)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string(), fc.option(tie('value'), { nil: undefined }), { maxKeys: 4 }),
  ),
})).value;

test('the pieces are what JSON.stringify writes', () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      const pieces = [...jsonPieces(value)];
      assert.ok(pieces.join('') === JSON.stringify(value));
      // a character may become an escape of six
      for (const piece of pieces) assert.ok(piece.length <= 6 * mebi + 2, String(piece.length));
    }),
    { seed: 5120, numRuns: 40 },
  );
});

test('a short value is one piece', () => {
  for (const value of ['x', 1, true, null, {}, [], { a: [1, { b: 'c' }], d: undefined }, [undefined, null]]) {
    assert.deepEqual([...jsonPieces(value)], [JSON.stringify(value)]);
  }
});

test('a long text is cut, but no character of two code units', () => {
  const pieces = [...jsonPieces(`x${'😀'.repeat(mebi)}`)];
  assert.deepEqual(
    pieces.map(({ length }) => length),
    [1, mebi - 1, mebi, 2, 1],
  );
  assert.doesNotMatch(pieces.join(''), /\\u/);
});

test('many short values are written together, and those beside a long one apart from it', () => {
  const many = [...jsonPieces(Array.from({ length: 200_000 }, () => ({})))];
  assert.equal(many.length, Math.ceil((200_000 * 16) / mebi) + 1);
  const beside = [...jsonPieces([1, 2, 'x'.repeat(mebi), 3])];
  assert.deepEqual(
    beside.map((piece) => piece.slice(0, 5)),
    ['[1,2', ',', '"', 'xxxxx', '"', ',3', ']'],
  );
});

test('length is that of texts and names, and sixteen for each value', () => {
  assert.ok(!isLongerThan('abc', 19));
  assert.ok(isLongerThan('abc', 18));
  assert.ok(!isLongerThan([1, null, true], 64));
  assert.ok(isLongerThan([1, null, true], 63));
  assert.ok(!isLongerThan({ name: 'x', other: [] }, 58));
  assert.ok(isLongerThan({ name: 'x', other: [] }, 57));
  assert.ok(!isLongerThan(undefined, 16));
});
