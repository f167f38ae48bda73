import assert from 'node:assert/strict';
import { test } from 'node:test';
import { longestSlice, textSlices } from '../lib/text-slices.ts';

const lengths = (text: string): number[] => [...textSlices(text)].map(({ length }) => length);

test('a text is cut into slices that are the text again', () => {
  for (const text of ['', 'x', 'x'.repeat(longestSlice), 'ab'.repeat(longestSlice), `x${'😀'.repeat(longestSlice)}`]) {
    assert.ok([...textSlices(text)].join('') === text);
  }
  assert.deepEqual(lengths(''), []);
  assert.deepEqual(lengths('x'.repeat(longestSlice)), [longestSlice]);
  assert.deepEqual(lengths('x'.repeat(2 * longestSlice + 3)), [longestSlice, longestSlice, 3]);
});

test('a character of two code units is not cut, and half a one is where it was', () => {
  assert.deepEqual(lengths(`${'x'.repeat(longestSlice - 1)}😀y`), [longestSlice - 1, 3]);
  assert.deepEqual(lengths(`${'x'.repeat(longestSlice - 1)}\ud83d`), [longestSlice]);
  assert.deepEqual(lengths(`${'x'.repeat(longestSlice)}\ude00y`), [longestSlice, 2]);
});
