import assert from 'node:assert/strict';
import { test } from 'node:test';
import { below, isSame, readable } from '../../../../lib/server/inspect/model/pointer.ts';

test('a pointer names any key, and is read as people write paths', () => {
  assert.equal(below(below('', 'a/b~c'), 0), '/a~1b~0c/0');
  assert.equal(readable('/a~1b~0c/0'), 'a/b~c[0]');
  assert.equal(readable('/reasoning/effort'), 'reasoning.effort');
  assert.equal(readable('/7'), '7');
});

test('values are the same whatever the order of their keys', () => {
  assert.ok(isSame({ a: [1, { b: null }], c: '' }, { c: '', a: [1, { b: null }] }));
  for (const [one, other] of [
    [1, '1'],
    [null, {}],
    [[], {}],
    [{ a: 1 }, { b: 1 }],
    [[1], [1, 2]],
    [{ a: undefined }, {}],
  ])
    assert.ok(!isSame(one, other));
});
