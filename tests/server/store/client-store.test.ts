import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Store } from '../../../lib/memory/store.ts';
import { clientStore } from '../../../lib/server/store/client-store.ts';

interface Kept {
  store: Store;
  values: Map<string, Uint8Array>;
}

function mapStore(): Kept {
  const values = new Map<string, Uint8Array>();
  return {
    values,
    store: {
      get: async (keys) => keys.map((key) => values.get(key) ?? null),
      async set(key, value) {
        values.set(key, value);
      },
    },
  };
}

const text = (value: Uint8Array | null | undefined): string | undefined => (value ? new TextDecoder().decode(value) : undefined);
const bytes = (value: string): Uint8Array => new TextEncoder().encode(value);
const credential = '[["authorization","Bearer sk-canary-0123456789"]]';

test('a client reads what it wrote, and no other client does', async () => {
  const { store, values } = mapStore();
  const mine = clientStore(store, credential);
  await mine.set('a', bytes('one'), 10);
  await mine.set('b', bytes(''), 10);
  assert.deepEqual((await mine.get(['a', 'b', 'c'])).map(text), ['one', '', undefined]);
  assert.deepEqual((await clientStore(store, credential).get(['a'])).map(text), ['one'], 'also through another proxy');
  assert.deepEqual((await clientStore(store, `${credential} `).get(['a'])).map(text), [undefined]);
  assert.equal(values.size, 2);
});

test('nothing that is written can be read in the store: neither key, value nor credential', async () => {
  const { store, values } = mapStore();
  const mine = clientStore(store, credential);
  await mine.set('key-canary', bytes('value-canary'), 10);
  await mine.set('key-canary-2', bytes('value-canary'), 10);
  const dump = [...values].map(([key, value]) => key + Buffer.from(value).toString('latin1')).join('\n');
  assert.doesNotMatch(dump, /canary/);
  const [one, two] = [...values.values()];
  assert.notDeepEqual(one, two, 'the same value never looks the same');
});

test('a value that was changed, cut, replaced by another or is garbage is none', async () => {
  const { store, values } = mapStore();
  const mine = clientStore(store, credential);
  await mine.set('a', bytes('one'), 10);
  await mine.set('b', bytes('two'), 10);
  const [[first, value], [, other]] = [...values] as [[string, Uint8Array], [string, Uint8Array]];
  const wrong: Uint8Array[] = [
    other,
    new Uint8Array(0),
    value.subarray(1),
    value.subarray(0, -1),
    value.subarray(0, 28),
    bytes('garbage'),
    bytes('x'.repeat(1000)),
    ...Array.from(value, (_, at) => value.with(at, value[at]! ^ 1)),
  ];
  for (const each of wrong) {
    values.set(first, each);
    assert.deepEqual((await mine.get(['a', 'b'])).map(text), [undefined, 'two']);
  }
  values.set(first, value);
  assert.deepEqual((await mine.get(['a'])).map(text), ['one']);
});
