import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLessons } from '../../lib/memory/lessons.ts';

test('each lesson is kept an hour from when it was learned', () => {
  let time = 0;
  const lessons = createLessons<'effort' | 'summary'>({ now: () => time });
  lessons.learn('key', 'effort', ['low', 'high']);
  time = 1_800_000;
  lessons.learn('key', 'summary', []);
  assert.deepEqual(
    [...lessons.of(() => 'key')],
    [
      ['effort', ['low', 'high']],
      ['summary', []],
    ],
  );
  time = 3_600_000;
  assert.deepEqual([...lessons.of(() => 'key')], [['summary', []]]);
  time = 5_400_000;
  assert.equal(lessons.of(() => 'key').size, 0);
});

test('a lesson that is learned again replaces the one before', () => {
  const lessons = createLessons<'effort'>({ now: () => 0 });
  lessons.learn('key', 'effort', ['low']);
  lessons.learn('key', 'effort', ['high']);
  assert.deepEqual([...lessons.of(() => 'key')], [['effort', ['high']]]);
});

test('keys share nothing, whatever they are called', () => {
  const lessons = createLessons<'effort'>({ now: () => 0 });
  lessons.learn('__proto__', 'effort', []);
  assert.equal(lessons.of(() => '__proto__').size, 1);
  for (const key of ['key', 'constructor', '']) assert.equal(lessons.of(() => key).size, 0);
});

test('what was given out does not change when more is learned', () => {
  const lessons = createLessons<'effort' | 'summary'>({ now: () => 0 });
  lessons.learn('key', 'effort', []);
  const known = lessons.of(() => 'key');
  lessons.learn('key', 'summary', []);
  assert.deepEqual([...known.keys()], ['effort']);
});

test('beyond the limit the keys go first that learned nothing for the longest time', () => {
  const lessons = createLessons<'effort'>({ limit: 2, now: () => 0 });
  for (const key of ['a', 'b', 'a', 'c']) lessons.learn(key, 'effort', []);
  assert.deepEqual(
    ['a', 'b', 'c'].map((key) => lessons.of(() => key).size),
    [1, 0, 1],
  );
});
