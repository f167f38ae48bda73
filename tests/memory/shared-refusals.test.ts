import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRefusals, shareRefusals } from '../../lib/memory/shared-refusals.ts';
import { createMemoryStore, type Store } from '../../lib/memory/store.ts';

const refused = new Map([
  ['summary', []],
  ['effort', ['low', 'high']],
]);

test('what one proxy learned, another one knows, for an hour from then, however often it is read', async () => {
  const clock = { time: 0 };
  const store = createMemoryStore({ now: () => clock.time });
  await shareRefusals(store, 'scope', refused, clock.time);
  assert.deepEqual(await readRefusals(store, 'other', clock.time), new Map());
  for (clock.time of [0, 1_800_000, 3_599_999]) assert.deepEqual(await readRefusals(store, 'scope', clock.time), refused);
  clock.time = 3_600_000;
  assert.deepEqual(await readRefusals(store, 'scope', clock.time), new Map());
});

test('what a store returns that was never written teaches nothing', async () => {
  for (const text of ['', '{', 'null', '5', '[null,5,"x",{},{"name":1,"until":9},{"name":"a"},{"name":"a","until":"x"}]']) {
    const store: Store = { get: async () => [new TextEncoder().encode(text)], set: async () => {} };
    assert.deepEqual(await readRefusals(store, 'scope', 0), new Map());
  }
  const store: Store = { get: async () => [new TextEncoder().encode('[{"name":"a","until":9,"accepted":["x",5]}]')], set: async () => {} };
  assert.deepEqual(await readRefusals(store, 'scope', 0), new Map([['a', ['x']]]));
});
