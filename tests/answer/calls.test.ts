import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OutputItem } from '../../lib/index.ts';
import { toChatCompletion } from '../../lib/index.ts';
import { eventsOf } from './events.ts';
import { folded } from './fold.ts';
import { call, chunksOf, head, messageOf, plain, reasoning, responseOf } from './support.ts';

test('indices are dense, ids are the call ids, one call comes after the other', () => {
  const output: OutputItem[] = [reasoning('Hm'), call(), { type: 'web_search_call' }, call({ call_id: 'call_2', name: 'g' })];
  assert.deepEqual(messageOf(output).tool_calls, [
    { id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } },
    { id: 'call_2', type: 'function', function: { name: 'g', arguments: '{}' } },
  ]);
  folded(chunksOf(eventsOf(responseOf(output))), true);
});

test('shortened names are restored', () => {
  assert.equal(messageOf([call({ name: 'short' })], { names: new Map([['short', 'a long name']]) }).tool_calls?.[0]?.type, 'function');
  const [one] = messageOf([call({ name: 'short' })], { names: new Map([['short', 'a long name']]) }).tool_calls!;
  assert.ok(one?.type === 'function' && one.function.name === 'a long name');
});

test('the deprecated form holds one call; a second one is noted', () => {
  const notes: string[] = [];
  const completion = toChatCompletion(responseOf([call(), call({ name: 'g' })]), { ...plain, legacyFunctions: true }, head, (all) =>
    notes.push(...all),
  );
  const { message: got, finish_reason } = completion.choices[0];
  assert.deepEqual([got.function_call, got.tool_calls, finish_reason], [{ name: 'f', arguments: '{}' }, undefined, 'function_call']);
  assert.deepEqual(notes, ['dropped a second call (g): function_call holds one']);
});

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
