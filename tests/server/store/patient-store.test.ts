import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Store } from '../../../lib/memory/store.ts';
import { patientStore } from '../../../lib/server/store/patient-store.ts';

interface Guarded {
  store: Store;
  warnings: string[];
  clock: { time: number };
}

function guard(store: Partial<Store>): Guarded {
  const warnings: string[] = [];
  const clock = { time: 0 };
  const whole: Store = { get: async (keys) => keys.map(() => undefined), set: async () => {}, ...store };
  return { warnings, clock, store: patientStore(whole, { warn: (message) => warnings.push(message), now: () => clock.time, timeout: 50 }) };
}

const value = new Uint8Array([1]);

test('a store that answers is asked as it is', async () => {
  const written: unknown[] = [];
  const { store, warnings } = guard({
    get: async (keys) => keys.map((_, at) => (at === 0 ? value : null)),
    set: async (...given) => void written.push(given),
  });
  assert.deepEqual(await store.get(['a', 'b']), [value, null]);
  await store.set('a', value, 10);
  assert.deepEqual(written, [['a', value, 10]]);
  assert.deepEqual(warnings, []);
});

test('a store that fails, in whatever way, has nothing, and is reported once an hour', async () => {
  const fails: Partial<Store>[] = [
    { get: () => Promise.reject(new Error('no connection\nat all')), set: () => Promise.reject(new Error('no connection')) },
    {
      get() {
        throw new Error('no connection');
      },
      set() {
        throw new Error('no connection');
      },
    },
  ];
  for (const fail of fails) {
    const { store, warnings, clock } = guard(fail);
    for (let n = 0; n < 3; n += 1) {
      assert.deepEqual(await store.get(['a']), []);
      await store.set('a', value, 10);
    }
    assert.deepEqual(warnings, ['the store failed: no connection; requests go on without what is kept there']);
    clock.time += 3_600_000;
    await store.set('a', value, 10);
    assert.equal(warnings.length, 2);
  }
});

test('a store that hangs has nothing, and is asked nothing more until it answers', async () => {
  let release = (): void => {};
  let asked = 0;
  const { store, warnings } = guard({
    get: () => {
      asked += 1;
      return new Promise((resolve) => (release = () => resolve([value])));
    },
    async set() {
      asked += 1;
    },
  });
  assert.deepEqual(await store.get(['a']), []);
  assert.deepEqual(await store.get(['a']), []);
  await store.set('a', value, 10);
  assert.equal(asked, 1);
  assert.deepEqual(warnings, ['the store does not answer within 50 ms; requests go on without what is kept there']);
  release();
  await delay(0);
  await store.set('a', value, 10);
  assert.equal(asked, 2);
});

test('what is too large for a value, and what a slow store has not yet taken, is not written', async () => {
  let taken = 0;
  const { store } = guard({
    set: (_, { length }) => {
      taken += length;
      return new Promise(() => {});
    },
  });
  void store.set('a', new Uint8Array(512 * 1024 + 1), 10);
  await delay(0);
  assert.equal(taken, 0);
  for (let n = 0; n < 100; n += 1) void store.set('a', new Uint8Array(512 * 1024), 10);
  await delay(0);
  assert.equal(taken, 16 * 1024 * 1024);
});
