import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isClients } from '../../lib/answer/calls.ts';
import type { OutputItem } from '../../lib/index.ts';
import { toChatCompletion } from '../../lib/index.ts';
import { eventsOf } from './events.ts';
import { folded } from './fold.ts';
import {
  added,
  argumentsDelta,
  call,
  chunksOf,
  completed,
  deltasOf,
  done,
  head,
  messageOf,
  plain,
  reasoning,
  responseOf,
} from './support.ts';

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

// deltas

const opening = { role: 'assistant', content: null };
const begun = (id: string, name: string, index = 0): object => ({
  tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }],
});
const more = (input: string, index = 0): object => ({ tool_calls: [{ index, function: { arguments: input } }] });

test('a call begins with its id, type and name; its arguments follow as they arrive', () => {
  assert.deepEqual(
    deltasOf([
      added(0, call({ arguments: '' })),
      argumentsDelta(0, '{"a"'),
      argumentsDelta(0, ''),
      argumentsDelta(0, ':1}'),
      { type: 'response.function_call_arguments.done', output_index: 0, arguments: '{"a":1}' },
      done(0, call({ arguments: '{"a":1}' })),
      completed(),
    ]),
    [opening, begun('call_1', 'f'), more('{"a"'), more(':1}'), 'tool_calls'],
  );
});

test('what no delta brought of the arguments comes with their end, or with that of the call', () => {
  assert.deepEqual(
    deltasOf([
      added(0, call({ arguments: '' })),
      argumentsDelta(0, '{"a'),
      { type: 'response.function_call_arguments.done', output_index: 0, arguments: '{"a":1' },
      done(0, call({ arguments: '{"a":1}' })),
      completed(),
    ]),
    [opening, begun('call_1', 'f'), more('{"a'), more('":1'), more('}'), 'tool_calls'],
  );
});

test('a call without arguments is complete with its beginning', () => {
  assert.deepEqual(deltasOf([done(0, call({ arguments: '' })), completed()]), [opening, begun('call_1', 'f'), 'tool_calls']);
});

test('a custom call has an input', () => {
  const custom = (input: string): object => ({ type: 'custom_tool_call', id: 'ctc_1', call_id: 'call_1', name: 'f', input });
  assert.deepEqual(
    deltasOf([
      added(0, custom('')),
      { type: 'response.custom_tool_call_input.delta', output_index: 0, delta: 'a' },
      { type: 'response.custom_tool_call_input.done', output_index: 0, input: 'ab' },
      done(0, custom('abc')),
      completed(),
    ]),
    [
      opening,
      { tool_calls: [{ index: 0, id: 'call_1', type: 'custom', custom: { name: 'f', input: '' } }] },
      { tool_calls: [{ index: 0, custom: { input: 'a' } }] },
      { tool_calls: [{ index: 0, custom: { input: 'b' } }] },
      { tool_calls: [{ index: 0, custom: { input: 'c' } }] },
      'tool_calls',
    ],
  );
});

test('a call without an id has that of its item, or one of its own', () => {
  const { call_id: _, ...item } = call() as { call_id: string };
  assert.deepEqual(deltasOf([done(0, { ...item, id: 'fc_1' }), done(1, item), completed()]), [
    opening,
    begun('fc_1', 'f'),
    more('{}'),
    begun('call_1', 'f', 1),
    more('{}', 1),
    'tool_calls',
  ]);
});

test('in the deprecated form a call has no id and no index, and there is one', () => {
  assert.deepEqual(
    deltasOf([done(0, call({ arguments: '{"a":1}' })), done(1, call({ name: 'g' })), completed()], { legacyFunctions: true }),
    [opening, { function_call: { name: 'f', arguments: '' } }, { function_call: { arguments: '{"a":1}' } }, 'function_call'],
  );
});

test('what may be the wrapper of parallel calls is not emitted before it is known whole', () => {
  const input = '{"tool_uses":[{"recipient_name":"functions.f","parameters":{"a":1}},{"recipient_name":"functions.g"}]}';
  const item = call({ name: 'multi_tool_use.parallel', arguments: '' });
  assert.deepEqual(deltasOf([added(0, item), argumentsDelta(0, input)]), []);
  assert.deepEqual(
    deltasOf([added(0, item), argumentsDelta(0, input), done(0, call({ name: 'multi_tool_use.parallel', arguments: input })), completed()]),
    [opening, begun('call_1_0', 'f'), more('{"a":1}'), begun('call_1_1', 'g', 1), more('{}', 1), 'tool_calls'],
  );
});

test("a call is the client's own if its tool is declared, stands in a namespace, or is a wrapper of such calls", () => {
  const own = (fields: object): boolean =>
    isClients({ type: 'function_call', call_id: 'call_1', arguments: '{}', ...fields } as never, new Set(['f']));
  const wrapped = (name: string): string => JSON.stringify({ tool_uses: [{ recipient_name: `functions.${name}` }] });
  assert.equal(own({ name: 'f' }), true);
  assert.equal(own({ name: 'x' }), false);
  assert.equal(own({ name: 'x', namespace: 'sea' }), true);
  assert.equal(own({ name: 'parallel' }), false);
  for (const name of ['parallel', 'multi_tool_use.parallel']) {
    assert.equal(own({ name, arguments: wrapped('f') }), true);
    assert.equal(own({ name, arguments: wrapped('x') }), false);
  }
  assert.equal(own({ name: 'parallel', arguments: wrapped('my.functions.f') }), false);
  assert.equal(own({ name: 'x', arguments: wrapped('f') }), false);
  assert.equal(own({ type: 'custom_tool_call', name: 'parallel', arguments: wrapped('f') }), false);
});
