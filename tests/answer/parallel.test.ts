import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutWrappers } from '../../lib/answer/parallel.ts';
import type { OutputItem } from '../../lib/index.ts';
import { call, messageOf, reasoning } from './support.ts';

test('the wrapper of parallel calls is opened when all of them are declared, and left alone otherwise', () => {
  const wrapped = (...names: string[]): OutputItem =>
    call({
      name: 'parallel',
      arguments: JSON.stringify({ tool_uses: names.map((name) => ({ recipient_name: `functions.${name}`, parameters: { a: 1 } })) }),
    });
  const namesOf = (item: OutputItem, tools: string[]): unknown =>
    messageOf([item], { tools: new Set(tools) }).tool_calls?.map((one) => [one.id, one.type === 'function' && one.function.name]);
  assert.deepEqual(namesOf(wrapped('f', 'g'), ['f', 'g']), [
    ['call_1_0', 'f'],
    ['call_1_1', 'g'],
  ]);
  assert.deepEqual(namesOf(wrapped('f', 'h'), ['f', 'g']), [['call_1', 'parallel']]);
  assert.deepEqual(namesOf(wrapped('f'), ['f', 'parallel']), [['call_1', 'parallel']]);
  for (const args of ['', '{', '{"tool_uses":5}', '{"tool_uses":[]}', '[]', 'null'])
    assert.deepEqual(namesOf(call({ name: 'parallel', arguments: args }), ['f']), [['call_1', 'parallel']]);
});

test('in an output the calls stand where their wrapper stood, and all else stays as it is', () => {
  const uses = [
    { recipient_name: 'functions.f', parameters: { a: 1 } },
    { recipient_name: 'g', parameters: null },
  ];
  const wrapper = call({ name: 'multi_tool_use.parallel', arguments: JSON.stringify({ tool_uses: uses }) });
  const [thought, other] = [reasoning('Hm'), call({ call_id: 'call_2' })];
  assert.deepEqual(withoutWrappers([thought, wrapper, other], new Set(['f', 'g'])), [
    thought,
    { type: 'function_call', call_id: 'call_1_0', name: 'f', arguments: '{"a":1}' },
    { type: 'function_call', call_id: 'call_1_1', name: 'g', arguments: '{}' },
    other,
  ]);
  const endless = call({ name: 'parallel', arguments: `{"tool_uses":[{"recipient_name":"f","parameters":[${'0,'.repeat(400_000)}0]}]}` });
  assert.deepEqual(withoutWrappers([endless], new Set(['f'])), [endless], 'it has more values than a body may have');
  assert.deepEqual(withoutWrappers([thought, wrapper], new Set(['f'])), [thought, wrapper], 'one of them is no tool of the client');
});
