import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRefusals } from '../../lib/memory/refusals.ts';

test('each refusal is kept an hour from when it was learned', () => {
  let time = 0;
  const refusals = createRefusals({ now: () => time });
  refusals.learn('key', 'effort', ['low', 'high']);
  time = 1_800_000;
  refusals.learn('key', 'summary', []);
  assert.deepEqual(
    [...refusals.of(() => 'key')],
    [
      ['effort', ['low', 'high']],
      ['summary', []],
    ],
  );
  time = 3_600_000;
  assert.deepEqual([...refusals.of(() => 'key')], [['summary', []]]);
  time = 5_400_000;
  assert.equal(refusals.of(() => 'key').size, 0);
});

test('a refusal that is learned again replaces the one before', () => {
  const refusals = createRefusals({ now: () => 0 });
  refusals.learn('key', 'effort', ['low']);
  refusals.learn('key', 'effort', ['high']);
  assert.deepEqual([...refusals.of(() => 'key')], [['effort', ['high']]]);
});

test('where nothing was ever refused, the key is not asked for', () => {
  const refusals = createRefusals({ now: () => 0 });
  assert.equal(refusals.of(() => assert.fail()).size, 0);
});

test('keys share nothing, whatever they are called', () => {
  const refusals = createRefusals({ now: () => 0 });
  refusals.learn('__proto__', 'effort', []);
  assert.equal(refusals.of(() => '__proto__').size, 1);
  for (const key of ['key', 'constructor', '']) assert.equal(refusals.of(() => key).size, 0);
});

test('what was given out does not change when more is learned', () => {
  const refusals = createRefusals({ now: () => 0 });
  refusals.learn('key', 'effort', []);
  const known = refusals.of(() => 'key');
  refusals.learn('key', 'summary', []);
  assert.deepEqual([...known.keys()], ['effort']);
});

test('beyond the limit the keys go first that learned nothing for the longest time', () => {
  const refusals = createRefusals({ limit: 2, now: () => 0 });
  for (const key of ['a', 'b', 'a', 'c']) refusals.learn(key, 'effort', []);
  assert.deepEqual(
    ['a', 'b', 'c'].map((key) => refusals.of(() => key).size),
    [1, 0, 1],
  );
});
