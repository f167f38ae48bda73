import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { callMark, functionMark, textMark } from '../../lib/memory/marks.ts';
import { createMemory, type Memory } from '../../lib/memory/memory.ts';
import { createMemoryStore, type MemoryStore, type Store } from '../../lib/memory/store.ts';
import { callText, type KeptTurn } from '../../lib/memory/turn.ts';
import type { OutputItem } from '../../lib/wire/responses.ts';

function turn(id: string, { encrypted = 'encrypted', name = 'look' } = {}): OutputItem[] {
  return [
    { type: 'reasoning', id: `rs_${id}`, summary: [], encrypted_content: encrypted },
    { type: 'function_call', id: `fc_${id}`, call_id: id, name, arguments: '{}' },
  ];
}

function answer(text: string, encrypted = 'encrypted'): OutputItem[] {
  return [
    { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: encrypted },
    { type: 'message', id: 'msg_1', content: [{ type: 'output_text', text }] },
  ];
}

async function recall(memory: Memory, scope: string, id: string): Promise<KeptTurn | undefined> {
  const mark = callMark(id);
  return (await memory.read(scope, [mark])).get(mark);
}

function memoryAt(limit?: number): { memory: Memory; store: MemoryStore; clock: { time: number } } {
  const clock = { time: 0 };
  const store = createMemoryStore({ now: () => clock.time, ...(limit !== undefined && { limit }) });
  return { clock, store, memory: createMemory(store) };
}

test('a turn is found by its call, without the ids of its items', async () => {
  const { memory } = memoryAt();
  await memory.keep('scope', turn('call_1'), ['sent']);
  assert.deepEqual(await recall(memory, 'scope', 'call_1'), {
    sent: ['sent'],
    items: [
      { type: 'reasoning', summary: [], encrypted_content: 'encrypted' },
      { type: 'function_call', call_id: 'call_1', name: 'look', arguments: '{}' },
    ],
  });
  assert.equal(await recall(memory, 'other', 'call_1'), undefined);
  assert.equal(await recall(memory, 'scope', 'call_2'), undefined);
});

test('a turn without calls is found by what the client had sent last and what it was answered', async () => {
  const { memory } = memoryAt();
  await memory.keep('scope', answer('Yes.\n'), ['first', 'last']);
  const marks = [textMark('last', ' Yes.'), textMark('first', 'Yes.'), textMark('last', 'No.'), textMark(undefined, 'Yes.')];
  assert.deepEqual([...(await memory.read('scope', marks)).keys()], [marks[0]]);
});

test('the calls of a turn all bring the same turn', async () => {
  const { memory } = memoryAt();
  await memory.keep('scope', [...turn('call_1'), ...turn('call_2')], []);
  const marks = ['call_1', 'call_2'].map(callMark);
  const turns = await memory.read('scope', marks);
  assert.equal(turns.size, 2);
  assert.equal(turns.get(marks[0]!), turns.get(marks[1]!));
});

test('a turn that the client got as a function_call is found by what was sent before it and by the call, and not by its id', async () => {
  const { memory } = memoryAt();
  await memory.keep('scope', turn('call_1'), ['first', 'last'], true);
  const mark = functionMark('last', callText('look', ' { } '));
  const found = await memory.read('scope', [mark, callMark('call_1'), functionMark('first', callText('look', '{}'))]);
  assert.deepEqual([...found.keys()], [mark]);
  assert.equal(found.get(mark)?.isLegacy, true);
  await memory.forget('scope', found.get(mark)!);
  assert.equal((await memory.read('scope', [mark])).size, 0);
});

test('where a client may get a function_call, a turn without a call is found by its text', async () => {
  const { memory } = memoryAt();
  await memory.keep('scope', answer('Yes.'), ['last'], true);
  assert.equal((await memory.read('scope', [textMark('last', 'Yes.')])).size, 1);
  const patch: OutputItem = { type: 'custom_tool_call', call_id: 'call_p', name: 'patch', input: '' };
  await memory.keep('scope', [...answer('One.').slice(0, 1), patch], [], true);
  assert.equal((await memory.read('scope', [callMark('call_p')])).size, 1, 'a custom call has its id');
});

test('a turn that is read again is not parsed again, and one that was set anew is', async () => {
  const { memory } = memoryAt();
  const mark = callMark('call_1');
  await memory.keep('scope', turn('call_1'), []);
  const first = (await memory.read('scope', [mark])).get(mark);
  assert.equal((await memory.read('scope', [mark])).get(mark), first);
  await memory.keep('scope', turn('call_1', { encrypted: 'other' }), []);
  assert.equal((await memory.read('scope', [mark])).get(mark), undefined, 'two turns under one mark');
});

test('of the turns that were read only some stay as objects, and all of them come back', async () => {
  const { memory } = memoryAt();
  const ids = Array.from({ length: 12 }, (_, at) => `call_${at}`);
  for (const id of ids) await memory.keep('scope', turn(id, { encrypted: 'x'.repeat(1_000_000) }), []);
  const first = await recall(memory, 'scope', ids[0]!);
  assert.equal(await recall(memory, 'scope', ids[0]!), first);
  for (const id of ids) assert.ok(await recall(memory, 'scope', id));
  const again = await recall(memory, 'scope', ids[0]!);
  assert.notEqual(again, first, 'it was read anew');
  assert.deepEqual(again, first);
});

test('a turn of more than 16 million characters is not kept', async () => {
  const { memory, store } = memoryAt();
  await memory.keep('scope', turn('call_1', { encrypted: 'x'.repeat(16_000_000) }), []);
  assert.equal(store.bytes, 0);
  await memory.keep('scope', turn('call_1', { encrypted: 'x'.repeat(15_000_000) }), []);
  assert.ok(await recall(memory, 'scope', 'call_1'));
});

test('a request gets back turns of 16 million characters, the first that it asks for', async () => {
  const { memory } = memoryAt();
  const ids = ['call_1', 'call_2', 'call_3', 'call_4'];
  for (const id of ids) await memory.keep('scope', [...turn(id, { encrypted: 'x'.repeat(6_000_000) }), ...turn(`${id}b`)], []);
  for (let time = 0; time < 2; time += 1) {
    const turns = await memory.read(
      'scope',
      ids.flatMap((id) => [callMark(id), callMark(`${id}b`)]),
    );
    assert.equal(turns.size, 6);
    assert.ok(!turns.has(callMark('call_4')));
  }
});

test('the turns of a request are read at once', async () => {
  const reads: (readonly string[])[] = [];
  const store: Store = {
    async get(keys) {
      reads.push(keys);
      return keys.map(() => undefined);
    },
    async set() {},
  };
  const memory = createMemory(store);
  await memory.read('scope', ['a', 'b', 'c']);
  assert.deepEqual(reads, [['scope\na', 'scope\nb', 'scope\nc']]);
  await memory.read('scope', []);
  assert.equal(reads.length, 1, 'nothing is asked for');
});

test('a turn is written before its answer is complete, and nothing need be awaited', async () => {
  const { memory } = memoryAt();
  void memory.keep('scope', turn('call_1'), []);
  assert.ok(await recall(memory, 'scope', 'call_1'));
});

test('a turn without anything hidden, without a mark, or with one id for two calls is not kept', async () => {
  const [reasoning, call] = turn('call_1') as [OutputItem, OutputItem];
  const message: OutputItem = { type: 'message', content: [{ type: 'output_text', text: 'hi' }] };
  const silent: OutputItem = { type: 'message', content: [{ type: 'output_text', text: ' ' }] };
  const open: OutputItem = { type: 'reasoning', summary: [{ text: 'neither encrypted nor open' }], encrypted_content: '' };
  const namesake = { ...call, call_id: 'call1' } as OutputItem;
  const outputs = [
    [],
    [reasoning],
    [message],
    [message, call],
    [open, call],
    [open, message],
    [reasoning, silent],
    [reasoning, call, call],
    [reasoning, call, namesake],
    [call, reasoning],
  ];
  for (const output of outputs) {
    const { memory, store } = memoryAt();
    await memory.keep('scope', output, ['sent']);
    assert.equal(store.bytes, 0);
  }
});

test('an id with two different turns stands for neither, with the same turn for that', async () => {
  const { memory } = memoryAt();
  await memory.keep('scope', turn('call_1'), []);
  await memory.keep('scope', turn('call_1'), []);
  assert.ok(await recall(memory, 'scope', 'call_1'));
  await memory.keep('scope', turn('call_1', { encrypted: 'other' }), []);
  assert.equal(await recall(memory, 'scope', 'call_1'), undefined);
  await memory.keep('scope', turn('call_1'), []);
  assert.equal(await recall(memory, 'scope', 'call_1'), undefined);
  await memory.keep('other', turn('call_1'), []);
  assert.ok(await recall(memory, 'other', 'call_1'), 'in another scope it is another id');
});

test('a text with two different turns stands for neither', async () => {
  const { memory } = memoryAt();
  const mark = textMark('sent', 'Yes.');
  await memory.keep('scope', answer('Yes.', 'one'), ['sent']);
  assert.equal((await memory.read('scope', [mark])).size, 1);
  await memory.keep('scope', answer('Yes.', 'two'), ['sent']);
  assert.equal((await memory.read('scope', [mark])).size, 0);
});

test('a turn that shares one of its ids with another one takes the other calls of that with it', async () => {
  const { memory } = memoryAt();
  await memory.keep('scope', [...turn('call_1'), ...turn('call_2')], []);
  await memory.keep('scope', [...turn('call_2'), ...turn('call_3')], []);
  for (const id of ['call_1', 'call_2', 'call_3']) assert.equal(await recall(memory, 'scope', id), undefined);
});

test('a forgotten turn is gone, and takes no other with it', async () => {
  const { memory, store } = memoryAt();
  await memory.keep('scope', turn('call_1'), []);
  await memory.keep('scope', turn('call_2'), []);
  const found = (await recall(memory, 'scope', 'call_1'))!;
  await memory.forget('scope', found);
  await memory.forget('scope', found);
  assert.equal(await recall(memory, 'scope', 'call_1'), undefined);
  await memory.forget('scope', (await recall(memory, 'scope', 'call_2'))!);
  assert.equal(store.bytes, 0);
  await memory.keep('scope', turn('call_1'), []);
  assert.ok(await recall(memory, 'scope', 'call_1'), 'the same turn may be kept again');
});

test('what a store returns that was never written is no turn', async () => {
  for (const text of ['', 'null', '{}', '[]', '[1,2]', '[[],[null]]', '[[],[{}]]', '[[],[{"type":1}]]', '{"cut', '\u0000']) {
    const store: Store = { get: async (keys) => keys.map(() => new TextEncoder().encode(text)), set: async () => {} };
    assert.equal(await recall(createMemory(store), 'scope', 'call_1'), undefined, text);
  }
  const store: Store = { get: async () => [], set: async () => {} };
  assert.equal(await recall(createMemory(store), 'scope', 'call_1'), undefined);
});

test('what a server sends in forms of its own neither breaks the memory nor is lost', async () => {
  const { memory } = memoryAt();
  const odd = [
    { type: 'message', content: 'a text', phase: 'commentary' },
    { type: 'message', content: [null, 'part', { type: 'output_text', text: 5 }] },
    { type: 'function_call', call_id: 'call_1', name: 'look', arguments: { not: 'a text' } },
  ] as unknown as OutputItem[];
  await memory.keep('scope', [...turn('call_0'), ...odd], []);
  assert.equal((await recall(memory, 'scope', 'call_0'))?.items.length, 5);
});

test('a turn larger than the whole memory is not kept, and pushes nothing out', async () => {
  const { memory } = memoryAt(10_000);
  await memory.keep('scope', turn('call_1'), []);
  await memory.keep('scope', turn('call_2', { encrypted: 'x'.repeat(10_000) }), []);
  assert.ok(await recall(memory, 'scope', 'call_1'));
  assert.equal(await recall(memory, 'scope', 'call_2'), undefined);
});

test('whatever is kept, recalled and forgotten, the bytes stay under the bound and end at nothing', async () => {
  const limit = 8000;
  const action = fc.record({
    what: fc.constantFrom('keep', 'recall', 'forget', 'wait'),
    ids: fc.uniqueArray(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 3 }),
    size: fc.integer({ min: 0, max: 3000 }),
    scope: fc.constantFrom('a', 'b'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 60 }), async (actions) => {
      const { memory, store, clock } = memoryAt(limit);
      for (const { what, ids, size, scope } of actions) {
        const found = await recall(memory, scope, `call_${ids[0]}`);
        if (what === 'keep') {
          const output = ids.flatMap((id) => turn(`call_${id}`, { encrypted: 'x'.repeat(size + 1) }));
          await memory.keep(scope, output, []);
        } else if (what === 'forget' && found) await memory.forget(scope, found);
        else if (what === 'wait') clock.time += 600_000;
        assert.ok(store.bytes >= 0 && store.bytes <= limit);
      }
      clock.time += 3_600_001;
      await memory.keep('a', turn('last'), []);
      await memory.forget('a', (await recall(memory, 'a', 'last'))!);
      assert.equal(store.bytes, 0);
    }),
    { numRuns: 300 },
  );
});

test('100,000 turns stay under the bound, and the last ones are there', async () => {
  const limit = 4 * 1024 * 1024;
  const { memory, store } = memoryAt(limit);
  const encrypted = 'x'.repeat(2000);
  let most = 0;
  for (let n = 0; n < 100_000; n += 1) {
    await memory.keep('scope', turn(`call_${n}`, { encrypted: `${encrypted}${n}` }), []);
    most = Math.max(most, store.bytes);
  }
  assert.ok(most <= limit && most > 0.99 * limit, `${most} bytes`);
  assert.ok(await recall(memory, 'scope', 'call_99999'));
  assert.ok(await recall(memory, 'scope', 'call_99000'));
  assert.equal(await recall(memory, 'scope', 'call_0'), undefined);
});
