import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BoundedMap } from '../lib/bounded-map.ts';

const keysOf = <Value>(map: BoundedMap<string, Value>): string[] => [...map].map(([key]) => key);

test('beyond the limit the entries go that were not used for the longest time', () => {
  const map = new BoundedMap<string, number>({ limit: 3 });
  for (const key of ['a', 'b', 'c']) map.set(key, 1);
  map.touch('a');
  map.get('b');
  map.set('d', 1);
  assert.deepEqual(keysOf(map), ['c', 'a', 'd'], 'to get an entry is not to use it');
  map.set('c', 2);
  map.set('e', 1);
  assert.deepEqual(
    [...map],
    [
      ['d', 1],
      ['c', 2],
      ['e', 1],
    ],
  );
  assert.equal(map.weight, 3);
  assert.equal(map.get('a'), undefined);
});

test('a limit may be one of weight', () => {
  const map = new BoundedMap<string, number>({ limit: 10, weigh: (value) => value });
  assert.ok(map.set('a', 4));
  assert.ok(map.set('b', 4));
  assert.ok(map.set('c', 9));
  assert.deepEqual([keysOf(map), map.weight], [['c'], 9]);
  assert.ok(map.set('c', 10));
  assert.deepEqual([keysOf(map), map.weight], [['c'], 10]);
});

test('what is heavier than the limit is not kept, and pushes nothing out but what it replaces', () => {
  const map = new BoundedMap<string, number>({ limit: 10, weigh: (value) => value });
  map.set('a', 4);
  map.set('b', 4);
  assert.equal(map.set('c', 11), false);
  assert.deepEqual(keysOf(map), ['a', 'b']);
  assert.equal(map.set('a', 11), false);
  assert.deepEqual([keysOf(map), map.weight], [['b'], 4]);
});

test('an entry is forgotten when its lifetime since the last use is over', () => {
  let time = 0;
  const map = new BoundedMap<string, number>({ limit: 10, lifetime: 100, now: () => time });
  map.set('a', 1);
  map.set('b', 2);
  time = 99;
  assert.equal(map.get('a'), 1);
  map.touch('b');
  time = 100;
  assert.deepEqual([map.get('a'), map.get('b'), map.weight], [undefined, 2, 1]);
  time = 198;
  assert.deepEqual([...map], [['b', 2]]);
  time = 199;
  assert.deepEqual([...map], []);
  assert.equal(map.weight, 1, 'nothing has asked for it yet');
  map.set('c', 3);
  assert.equal(map.weight, 1, 'what is over goes with the next entry');
});

test('each entry that goes is reported once, whatever made it go', () => {
  let time = 0;
  const gone: string[] = [];
  const map = new BoundedMap<string, number>({
    limit: 2,
    lifetime: 100,
    now: () => time,
    onDrop: (key, value) => gone.push(`${key}${value}`),
  });
  map.set('a', 1);
  map.set('a', 2);
  map.set('b', 1);
  map.set('c', 1);
  assert.deepEqual(gone, ['a1', 'a2']);
  map.delete('b');
  map.delete('b');
  map.delete('none');
  time = 100;
  map.get('c');
  map.get('c');
  assert.deepEqual(gone, ['a1', 'a2', 'b1', 'c1']);
  assert.equal(map.weight, 0);
});

test('keys share nothing, whatever they are called', () => {
  const map = new BoundedMap<string, number>({ limit: 10 });
  map.set('__proto__', 1);
  assert.equal(map.get('__proto__'), 1);
  assert.equal(map.get('constructor'), undefined);
  map.touch('constructor');
  assert.deepEqual(keysOf(map), ['__proto__']);
});
