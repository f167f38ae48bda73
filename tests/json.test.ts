import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrayOf, isGiven, isObject, objectOf, stringOf } from '../lib/json.ts';

const object = { a: 1 };
const list = [1];
const bare = Object.create(null) as object;

/** Each value of another kind, with what is read of it as an object, a list and a text, and whether it is given. */
const table: [value: unknown, asObject: unknown, asList: unknown, asText: string, given: boolean][] = [
  [object, object, [], '', true],
  [bare, bare, [], '', true],
  [{}, {}, [], '', true],
  [list, {}, list, '', true],
  [[], {}, [], '', true],
  ['text', {}, [], 'text', true],
  [' ', {}, [], ' ', true],
  ['', {}, [], '', false],
  [null, {}, [], '', false],
  [undefined, {}, [], '', false],
  [0, {}, [], '', true],
  [NaN, {}, [], '', true],
  [false, {}, [], '', true],
];

test('a value of another kind than expected is read as empty', () => {
  for (const [value, asObject, asList, asText] of table) {
    assert.deepEqual([objectOf(value), arrayOf(value), stringOf(value)], [asObject, asList, asText], String(JSON.stringify(value)));
  }
});

test('an object and a list are themselves, not copies', () => {
  assert.equal(objectOf(object), object);
  assert.equal(arrayOf(list), list);
});

test('neither a list nor null is an object', () => {
  const objects = table.filter(([value]) => isObject(value)).map(([value]) => value);
  assert.deepEqual(objects, [object, bare, {}]);
});

test('null and the empty text say nothing, 0 and false do', () => {
  for (const [value, , , , given] of table) assert.equal(isGiven(value), given, String(JSON.stringify(value)));
});
