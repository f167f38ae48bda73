import assert from 'node:assert/strict';
import { test } from 'node:test';
import { remainder, remainders } from '../../lib/answer/remainder.ts';

test('the rest of a finished text is what the deltas left out', () => {
  assert.equal(remainder('', 'abc'), 'abc');
  assert.equal(remainder('a', 'abc'), 'bc');
  assert.equal(remainder('abc', 'abc'), '');
});

test('a finished text that differs from what was emitted has no rest', () => {
  assert.equal(remainder('abc', 'ab'), '');
  assert.equal(remainder('abc', ''), '');
  assert.equal(remainder('abx', 'abcd'), '');
});

test('the rest of several parts is what follows their common beginning', () => {
  assert.deepEqual(remainders('', ['ab', 'cd']), ['ab', 'cd']);
  assert.deepEqual(remainders('a', ['ab', 'cd']), ['b', 'cd']);
  assert.deepEqual(remainders('abc', ['ab', 'cd', 'e']), ['', 'd', 'e']);
  assert.deepEqual(remainders('abcd', ['ab', 'cd']), ['', '']);
  assert.deepEqual(remainders('abx', ['ab', 'cd']), ['', '']);
  assert.deepEqual(remainders('abcde', ['ab', 'cd']), ['', '']);
  assert.deepEqual(remainders('x', []), []);
});
