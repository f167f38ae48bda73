import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryStore } from '../../lib/memory/store.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test('values come back in the order of the keys, and none for a key without one', async () => {
  const store = createMemoryStore({ now: () => 0 });
  await store.set('a', bytes('1'), 10);
  await store.set('b', bytes('2'), 10);
  assert.deepEqual(await store.get(['b', 'x', 'a']), [bytes('2'), undefined, bytes('1')]);
});

test('a value is forgotten so many seconds after its last use', async () => {
  let time = 0;
  const store = createMemoryStore({ now: () => time });
  await store.set('a', bytes('1'), 10);
  await store.set('b', bytes('2'), 20);
  time = 9_999;
  assert.deepEqual(await store.get(['a']), [bytes('1')], 'to read it is to use it');
  time = 19_998;
  assert.deepEqual(await store.get(['a', 'b']), [bytes('1'), bytes('2')]);
  time = 29_998;
  assert.deepEqual(await store.get(['a', 'b']), [undefined, bytes('2')]);
});

test('a value that is set pushes out those whose time is over, and no other', async () => {
  let time = 0;
  const store = createMemoryStore({ now: () => time });
  await store.set('a', bytes('1'), 10);
  const one = store.bytes;
  time = 9_999;
  await store.set('b', bytes('2'), 10);
  assert.equal(store.bytes, 2 * one);
  time = 10_000;
  await store.set('c', bytes('3'), 10);
  assert.equal(store.bytes, 2 * one);
  assert.deepEqual(await store.get(['a', 'b']), [undefined, bytes('2')]);
});

test('the bytes are those of the values and of the keys, and 512 for each; the bound may be filled to the last of them', async () => {
  const one = 512 + 2 * 'key-1'.length + 100;
  for (const [limit, kept] of [
    [2 * one, ['key-1', 'key-2']],
    [2 * one - 1, ['key-2']],
    [one, ['key-2']],
    [one - 1, []],
  ] as const) {
    const store = createMemoryStore({ limit, now: () => 0 });
    for (const key of ['key-1', 'key-2']) await store.set(key, new Uint8Array(100), 10);
    assert.equal(store.bytes, kept.length * one);
    const found = await store.get(['key-1', 'key-2']);
    assert.deepEqual(
      ['key-1', 'key-2'].filter((_, at) => found[at]),
      kept,
    );
  }
});

test('an empty value takes the place of another and is none', async () => {
  const store = createMemoryStore({ now: () => 0 });
  await store.set('a', bytes('1'), 10);
  await store.set('a', bytes(''), 10);
  assert.deepEqual(await store.get(['a']), [undefined]);
  assert.equal(store.bytes, 0);
});

test('beyond the limit the values go that were not used for the longest time', async () => {
  const store = createMemoryStore({ limit: 3 * (512 + 2 + 100), now: () => 0 });
  for (const key of ['a', 'b', 'c']) await store.set(key, new Uint8Array(100), 10);
  await store.get(['a']);
  await store.set('d', new Uint8Array(100), 10);
  assert.deepEqual(
    (await store.get(['a', 'b', 'c', 'd'])).map((value) => value !== undefined),
    [true, false, true, true],
  );
  assert.ok(store.bytes <= 3 * 614);
});
