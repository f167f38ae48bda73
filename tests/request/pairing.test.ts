import assert from 'node:assert/strict';
import { test } from 'node:test';
import { idOf, pairCalls } from '../../lib/request/pairing.ts';

/** Each call as `callId kind name input`, by its message, and the callId that each output answers. */
function pair(...messages: unknown[]): { calls: Record<number, string[]>; answers: Record<number, string>; unanswered: string[] } {
  const { calls, answers } = pairCalls(messages);
  return {
    calls: Object.fromEntries(
      [...calls].map(([at, made]) => [at, made.map((one) => `${one.callId} ${one.kind} ${one.name} ${one.input}`)]),
    ),
    answers: Object.fromEntries([...answers].map(([at, { callId }]) => [at, callId])),
    unanswered: [...calls.values()].flat().flatMap(({ callId, answered }) => (answered ? [] : callId)),
  };
}

const call = (id: unknown, name = 'f', args: unknown = '{}'): object => ({ id, type: 'function', function: { name, arguments: args } });
const asked = (...tool_calls: unknown[]): object => ({ role: 'assistant', tool_calls });
const answer = (tool_call_id: unknown): object => ({ role: 'tool', tool_call_id });
const legacy = (name: unknown, args?: unknown): object => ({ role: 'assistant', function_call: { name, arguments: args } });
const said = (name: unknown): object => ({ role: 'function', name });

test('each output answers the call of its id', () => {
  assert.deepEqual(pair(asked(call('a'), call('b')), { role: 'user' }, answer('b'), answer('a')), {
    calls: { 0: ['a function f {}', 'b function f {}'] },
    answers: { 2: 'b', 3: 'a' },
    unanswered: [],
  });
});

test('a call is read in every form', () => {
  const forms: [form: object, read: string][] = [
    [call('a', 'f', '{"x":1}'), 'a function f {"x":1}'],
    [call('a', 'f', { x: 1 }), 'a function f {"x":1}'],
    [call('a', 'f', null), 'a function f {}'],
    [{ id: 'a', function: { name: 'f', arguments: '{}' } }, 'a function f {}'],
    [{ id: 'a', type: 'function', name: 'f', arguments: '{}' }, 'a function f {}'],
    [{ id: 'a', type: 'function', function: { name: 5 } }, 'a function  {}'],
    [{ id: 'a', type: 'custom', custom: { name: 'c', input: 'x' } }, 'a custom c x'],
    [{ id: 'a', custom: { name: 'c', input: 'x' } }, 'a custom c x'],
    [{ id: 'a', type: 'custom', name: 'c', input: 'x' }, 'a custom c x'],
    [{ id: 'a', type: 'function', custom: 'x', function: { name: 'f', arguments: '1' } }, 'a function f 1'],
  ];
  for (const [form, read] of forms) assert.deepEqual(pair(asked(form)).calls, { 0: [read] });
});

test('a call without an id gets one', () => {
  assert.deepEqual(pair(asked(call(''), call(undefined), call(5)), legacy('g', 'x')).calls, {
    0: ['call_fn_0 function f {}', 'call_fn_1 function f {}', 'call_fn_2 function f {}'],
    1: ['call_fn_3 function g x'],
  });
});

test('the deprecated call counts only where there are no others, and if it is an object', () => {
  assert.deepEqual(pair({ ...asked(call('a')), ...legacy('g') }).calls, { 0: ['a function f {}'] });
  assert.deepEqual(pair({ ...asked(), ...legacy('g') }).calls, { 0: ['call_fn_0 function g {}'] });
  for (const none of [null, undefined, 'g']) assert.deepEqual(pair({ role: 'assistant', function_call: none }).calls, {});
});

test('the output of the deprecated form answers the latest call of its name', () => {
  assert.deepEqual(pair(legacy('f'), legacy('g'), legacy('f'), said('f'), said('g'), said('f'), said('f')), {
    calls: { 0: ['call_fn_0 function f {}'], 1: ['call_fn_1 function g {}'], 2: ['call_fn_2 function f {}'] },
    answers: { 3: 'call_fn_2', 4: 'call_fn_1', 5: 'call_fn_0' },
    unanswered: [],
  });
  assert.deepEqual(pair(legacy(undefined), said(undefined)).answers, { 1: 'call_fn_0' });
});

test('names and ids are not confused', () => {
  assert.deepEqual(pair(asked(call('f')), said('f')).answers, {});
  assert.deepEqual(pair(legacy('f'), answer('f')).answers, {});
  assert.deepEqual(pair(asked(call('name f')), legacy('f'), said('f')).answers, { 2: 'call_fn_0' });
});

test('an output answers the first call of its id that has none', () => {
  assert.deepEqual(pair(asked(call('a')), asked(call('a')), answer('a'), answer('a'), answer('a')), {
    calls: { 0: ['a function f {}'], 1: ['a_2 function f {}'] },
    answers: { 2: 'a', 3: 'a_2' },
    unanswered: [],
  });
});

test('an output before its call, or without one, answers nothing', () => {
  assert.deepEqual(pair(answer('a'), asked(call('a')), answer('b'), answer(5), said('f')), {
    calls: { 1: ['a function f {}'] },
    answers: {},
    unanswered: ['a'],
  });
});

test('only assistants call, and only tools and functions answer', () => {
  assert.deepEqual(pair({ ...asked(call('a')), role: 'user' }, asked(call('b')), { ...answer('b'), role: 'user' }), {
    calls: { 1: ['b function f {}'] },
    answers: {},
    unanswered: ['b'],
  });
});

test('what is not an object is passed over', () => {
  assert.deepEqual(pair(null, 'x', asked(null, 'x'), 5).calls, { 2: ['call_fn_0 function  {}', 'call_fn_1 function  {}'] });
});

test('the id that is sent is no other call’s', () => {
  const ids = (...given: string[]): (string | undefined)[] =>
    pair(asked(...given.map((id) => call(id)))).calls[0]!.map((one) => one.split(' ')[0]);
  assert.deepEqual(ids('a', 'a', 'a'), ['a', 'a_2', 'a_3']);
  assert.deepEqual(ids('a_2', 'a', 'a', 'a'), ['a_2', 'a', 'a_3', 'a_4']);
  assert.deepEqual(ids('call_fn_0', ''), ['call_fn_0', 'call_fn_0_2']);
});

test('the id that is sent has at most 64 characters, made unique or not', () => {
  const id = 'x'.repeat(64);
  const [one, two, long] = pair(asked(call(id), call(id), call(`${id}y`))).calls[0]!.map((made) => made.split(' ')[0]!);
  assert.deepEqual([one, two], [id, `${'x'.repeat(62)}_2`]);
  assert.match(long!, /^x{47}_[0-9a-f]{16}$/);
});

test('the id of an output may be named in two ways', () => {
  assert.equal(idOf({ tool_call_id: 'a', call_id: 'b' }), 'a');
  assert.equal(idOf({ tool_call_id: null, call_id: 'b' }), 'b');
  for (const none of [{}, { tool_call_id: 5 }, { id: 'a' }]) assert.equal(idOf(none), undefined);
});
