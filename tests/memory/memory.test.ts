import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { createMemory, type Memory, type RecalledTurn } from '../../lib/memory/memory.ts';
import type { OutputItem } from '../../lib/wire/responses.ts';

function turn(id: string, { args = '{}', encrypted = 'encrypted', name = 'look' } = {}): OutputItem[] {
  return [
    { type: 'reasoning', id: `rs_${id}`, summary: [], encrypted_content: encrypted },
    { type: 'function_call', id: `fc_${id}`, call_id: id, name, arguments: args },
  ];
}

function recall(memory: Memory, scope: string, id: string, input = '{}', text = ''): RecalledTurn | undefined {
  return memory.recall(scope)({ id, name: 'look', input }, text);
}

function memoryAt(limit?: number): { memory: Memory; clock: { time: number } } {
  const clock = { time: 0 };
  return { clock, memory: createMemory({ now: () => clock.time, ...(limit !== undefined && { limit }) }) };
}

test('a turn is found by its call, without the ids of its items', () => {
  const { memory } = memoryAt();
  memory.keep('scope', turn('call_1'));
  assert.deepEqual(recall(memory, 'scope', 'call_1')?.items, [
    { type: 'reasoning', summary: [], encrypted_content: 'encrypted' },
    { type: 'function_call', call_id: 'call_1', name: 'look', arguments: '{}' },
  ]);
  assert.equal(recall(memory, 'other', 'call_1'), undefined);
  assert.equal(recall(memory, 'scope', 'call_2'), undefined);
});

test('the calls of a turn all bring the same turn', () => {
  const { memory } = memoryAt();
  memory.keep('scope', [...turn('call_1'), ...turn('call_2')]);
  const one = recall(memory, 'scope', 'call_1');
  assert.ok(one);
  assert.equal(one.key, recall(memory, 'scope', 'call_2')?.key);
  const find = memory.recall('scope');
  const call = { name: 'look', input: '{}' };
  assert.equal(find({ id: 'call_1', ...call }, ''), find({ id: 'call_2', ...call }, ''), 'read once for a request');
});

test('a turn without calls, without anything hidden, or with one id for two calls is not kept', () => {
  const [reasoning, call] = turn('call_1') as [OutputItem, OutputItem];
  const message: OutputItem = { type: 'message', content: [{ type: 'output_text', text: 'hi' }] };
  const open: OutputItem = { type: 'reasoning', summary: [{ text: 'neither encrypted nor open' }], encrypted_content: '' };
  for (const output of [[], [reasoning], [reasoning, message], [message, call], [open, call], [reasoning, call, call], [call, reasoning]]) {
    const { memory } = memoryAt();
    memory.keep('scope', output);
    assert.equal(memory.bytes, 0);
  }
});

test('reasoning that is open is kept though it is not encrypted', () => {
  const { memory } = memoryAt();
  memory.keep('scope', [{ type: 'reasoning', content: [{ type: 'reasoning_text', text: 'so' }] }, turn('call_1')[1]!]);
  assert.equal(recall(memory, 'scope', 'call_1')?.items.length, 2);
});

test('a message in the midst of the work is as good as reasoning, a label on anything else is not', () => {
  const call = turn('call_1')[1]!;
  for (const [items, kept] of [
    [[{ type: 'message', phase: 'commentary', content: [] }, call], 2],
    [[{ type: 'message', phase: null, content: [] }, call], undefined],
    [[{ ...call, phase: 'commentary' }], undefined],
  ] as [OutputItem[], number | undefined][]) {
    const { memory } = memoryAt();
    memory.keep('scope', items);
    assert.equal(recall(memory, 'scope', 'call_1')?.items.length, kept);
  }
});

test('reasoning comes back with the message or the call that it led to; what ran on the server stays out with its own', () => {
  const thought = (name: string): OutputItem => ({ type: 'reasoning', summary: [], encrypted_content: name });
  const message: OutputItem = { type: 'message', content: [] };
  const search: OutputItem = { type: 'web_search_call', id: 'ws_1' };
  const call = turn('call_1')[1]!;
  const { memory } = memoryAt();
  memory.keep('scope', [thought('a'), message, thought('b'), search, thought('c'), call]);
  const { id: _, ...returned } = call;
  assert.deepEqual(recall(memory, 'scope', 'call_1')?.items, [thought('a'), message, thought('c'), returned]);
});

test('a call of another tool is another call', () => {
  const { memory } = memoryAt();
  memory.keep('scope', turn('call_1', { name: 'see' }));
  assert.equal(recall(memory, 'scope', 'call_1'), undefined);
});

test('the call of a custom tool is found by its input', () => {
  const { memory } = memoryAt();
  memory.keep('scope', [turn('call_1')[0]!, { type: 'custom_tool_call', call_id: 'call_1', name: 'look', input: 'here' }]);
  assert.ok(recall(memory, 'scope', 'call_1', 'here'));
  assert.equal(recall(memory, 'scope', 'call_1', 'there'), undefined);
});

test('the text of a client is that of the turn, all of it or one message, or is not there', () => {
  const said = (...texts: string[]): OutputItem => ({ type: 'message', content: texts.map((text) => ({ type: 'output_text', text })) });
  const refusal = { type: 'message', content: [{ type: 'refusal', refusal: 'No.', text: 'No.' }] } as unknown as OutputItem;
  const working = { ...said('Working.'), phase: 'commentary' } as OutputItem;
  const { memory } = memoryAt();
  memory.keep('scope', [
    turn('call_1')[0]!,
    working,
    said('One', ' \n\n two'),
    said('Three'),
    said('Three'),
    said(''),
    refusal,
    turn('call_1')[1]!,
  ]);
  for (const [text, own] of [
    ['', true],
    [' \n', true],
    ['One two', true],
    [' One\n two ', true],
    ['Three', true],
    ['One two Three', true],
    ['One\n\n two\n\nThree\n', true],
    ['One', false],
    ['Onetwo', false],
    ['One twoThree', false],
    ['Three One two', false],
    ['One two Three Three', false],
    ['Working.', false],
    ['No.', false],
    ['Something else', false],
  ] as const) {
    assert.equal(recall(memory, 'scope', 'call_1', '{}', text) !== undefined, own, JSON.stringify(text));
  }
});

test('arguments count as values, not as text', () => {
  const { memory } = memoryAt();
  const args = '{"path":"a/b","n":[1.50,{"x":"é","y":null}],"__proto__":1}';
  memory.keep('scope', turn('call_1', { args }));
  for (const [input, found] of [
    [args, true],
    [' { "n" : [1.5, {"y":null,"x":"\\u00e9"}], "__proto__": 1, "path": "a\\/b" }', true],
    ['{"path":"a/b","n":[1.5,{"x":"é","y":null}]}', false],
    ['{"path":"a/b","n":[{"x":"é","y":null},1.5],"__proto__":1}', false],
    ['{"path":"a/b"', false],
    ['', false],
    [`${'['.repeat(100_000)}${']'.repeat(100_000)}`, false],
  ] as const) {
    assert.equal(recall(memory, 'scope', 'call_1', input) !== undefined, found, input.slice(0, 80));
  }
});

test('no arguments and an empty object are the same', () => {
  const { memory } = memoryAt();
  memory.keep('scope', turn('call_1', { args: '' }));
  assert.ok(recall(memory, 'scope', 'call_1', '{}'));
});

test('arguments that are no JSON count as they are', () => {
  const { memory } = memoryAt();
  memory.keep('scope', turn('call_1', { args: '{"cut' }));
  assert.ok(recall(memory, 'scope', 'call_1', '{"cut'));
  assert.equal(recall(memory, 'scope', 'call_1', '{"cut"'), undefined);
});

test('an id with two different turns stands for neither, with the same turn for that', () => {
  const { memory } = memoryAt();
  memory.keep('scope', turn('call_1'));
  memory.keep('scope', turn('call_1'));
  assert.ok(recall(memory, 'scope', 'call_1'));
  memory.keep('scope', turn('call_1', { encrypted: 'other' }));
  assert.equal(recall(memory, 'scope', 'call_1'), undefined);
  memory.keep('scope', turn('call_1'));
  assert.equal(recall(memory, 'scope', 'call_1'), undefined);
  memory.keep('other', turn('call_1'));
  assert.ok(recall(memory, 'other', 'call_1'), 'in another scope it is another id');
});

test('a turn that shares one of its ids with another one takes the other calls of that with it', () => {
  const { memory } = memoryAt();
  memory.keep('scope', [...turn('call_1'), ...turn('call_2')]);
  memory.keep('scope', [...turn('call_2'), ...turn('call_3')]);
  for (const id of ['call_1', 'call_2', 'call_3']) assert.equal(recall(memory, 'scope', id), undefined);
});

test('a forgotten turn is gone, and takes no other with it', () => {
  const { memory } = memoryAt();
  memory.keep('scope', turn('call_1'));
  memory.keep('scope', turn('call_2'));
  const found = recall(memory, 'scope', 'call_1')!;
  memory.forget(found);
  memory.forget(found);
  assert.equal(recall(memory, 'scope', 'call_1'), undefined);
  memory.forget(recall(memory, 'scope', 'call_2')!);
  assert.equal(memory.bytes, 0);
  memory.keep('scope', turn('call_1'));
  memory.forget(found);
  assert.ok(recall(memory, 'scope', 'call_1'), 'the turn that took its place stays');
});

test('what a server sends in forms of its own neither breaks the memory nor is lost', () => {
  const { memory } = memoryAt();
  const odd = [
    { type: 'message', content: 'a text', phase: 'commentary' },
    { type: 'message', content: [null, 'part', { type: 'output_text', text: 5 }] },
    { type: 'function_call', call_id: 'call_1', name: 'look', arguments: { not: 'a text' } },
  ] as unknown as OutputItem[];
  memory.keep('scope', [...turn('call_0'), ...odd]);
  assert.ok(recall(memory, 'scope', 'call_0'));
  assert.equal(recall(memory, 'scope', 'call_0', '{}', 'a text of the client’s'), undefined);
});

test('a turn larger than the whole memory is not kept, and pushes nothing out', () => {
  const { memory } = memoryAt(10_000);
  memory.keep('scope', turn('call_1'));
  memory.keep('scope', turn('call_2', { encrypted: 'x'.repeat(10_000) }));
  assert.ok(recall(memory, 'scope', 'call_1'));
  assert.equal(recall(memory, 'scope', 'call_2'), undefined);
});

test('a turn is forgotten an hour after its last use', () => {
  const { memory, clock } = memoryAt();
  memory.keep('scope', turn('call_1'));
  clock.time = 3_599_999;
  assert.ok(recall(memory, 'scope', 'call_1'));
  clock.time = 7_199_998;
  assert.ok(recall(memory, 'scope', 'call_1'), 'it was used in between');
  clock.time = 10_799_998;
  assert.equal(recall(memory, 'scope', 'call_1'), undefined);
  assert.equal(memory.bytes, 0);
});

test('a turn that is kept pushes out those whose hour is over, and no other', () => {
  const { memory, clock } = memoryAt();
  memory.keep('scope', turn('call_1'));
  const one = memory.bytes;
  clock.time = 3_599_999;
  memory.keep('scope', turn('call_2'));
  assert.equal(memory.bytes, 2 * one);
  clock.time = 3_600_000;
  memory.keep('scope', turn('call_3'));
  assert.equal(memory.bytes, 2 * one);
  assert.equal(recall(memory, 'scope', 'call_1'), undefined);
  assert.ok(recall(memory, 'scope', 'call_2'));
});

test('the bytes are those of the items and of the keys, and 512 for the turn and each of its calls', () => {
  const items =
    '[{"type":"reasoning","summary":[],"encrypted_content":"encrypted"},{"type":"function_call","call_id":"c","name":"look","arguments":"{}"}]';
  const { memory } = memoryAt();
  memory.keep('scope', turn('c'));
  assert.equal(memory.bytes, items.length + 2 * 512 + 2 * 'scope-c'.length);
});

test('the bound may be filled to the last byte', () => {
  const probe = memoryAt().memory;
  probe.keep('scope', turn('call_1'));
  const one = probe.bytes;
  for (const [limit, kept] of [
    [2 * one, ['call_1', 'call_2']],
    [2 * one - 1, ['call_2']],
    [one, ['call_2']],
    [one - 1, []],
  ] as const) {
    const { memory } = memoryAt(limit);
    for (const id of ['call_1', 'call_2']) memory.keep('scope', turn(id));
    assert.deepEqual(
      ['call_1', 'call_2'].filter((id) => recall(memory, 'scope', id)),
      kept,
    );
  }
});

test('whatever is kept, recalled and forgotten, the bytes stay under the bound and end at nothing', () => {
  const limit = 8000;
  const action = fc.record({
    what: fc.constantFrom('keep', 'recall', 'forget', 'wait'),
    ids: fc.uniqueArray(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 3 }),
    size: fc.integer({ min: 0, max: 3000 }),
    scope: fc.constantFrom('a', 'b'),
  });
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      const { memory, clock } = memoryAt(limit);
      for (const { what, ids, size, scope } of actions) {
        const found = recall(memory, scope, `call_${ids[0]}`);
        if (what === 'keep')
          memory.keep(
            scope,
            ids.flatMap((id) => turn(`call_${id}`, { encrypted: 'x'.repeat(size + 1) })),
          );
        else if (what === 'forget' && found) memory.forget(found);
        else if (what === 'wait') clock.time += 600_000;
        assert.ok(memory.bytes >= 0 && memory.bytes <= limit);
      }
      clock.time += 3_600_001;
      memory.keep('a', turn('last'));
      memory.forget(recall(memory, 'a', 'last')!);
      assert.equal(memory.bytes, 0);
    }),
    { numRuns: 300 },
  );
});

test('100,000 turns stay under the bound, and the last ones are there', () => {
  const limit = 4 * 1024 * 1024;
  const { memory } = memoryAt(limit);
  const encrypted = 'x'.repeat(2000);
  let most = 0;
  for (let n = 0; n < 100_000; n += 1) {
    memory.keep('scope', turn(`call_${n}`, { encrypted: `${encrypted}${n}` }));
    most = Math.max(most, memory.bytes);
  }
  assert.ok(most <= limit && most > 0.99 * limit, `${most} bytes`);
  assert.ok(recall(memory, 'scope', 'call_99999'));
  assert.ok(recall(memory, 'scope', 'call_99000'));
  assert.equal(recall(memory, 'scope', 'call_0'), undefined);
});
