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
  assert.deepEqual(pair(asked(call('f', 'g')), said('f')).answers, {});
  assert.deepEqual(pair(legacy('f'), said('g'), answer('f')).answers, { 2: 'call_fn_0' });
  assert.deepEqual(pair(asked(call('name f')), legacy('f'), said('f')).answers, { 2: 'call_fn_0' });
});

test('an output answers the latest call of its id', () => {
  assert.deepEqual(pair(asked(call('a')), asked(call('a')), answer('a'), answer('a')), {
    calls: { 0: ['a function f {}'], 1: ['a_2 function f {}'] },
    answers: { 2: 'a_2' },
    unanswered: ['a'],
  });
});

test('an output before its call, or without one, answers nothing', () => {
  assert.deepEqual(pair(answer('a'), asked(call('a')), answer('b'), said('g')), {
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

const result = (tool_call_id: unknown, content: string, more: object = {}): object => ({ role: 'tool', tool_call_id, content, ...more });
const user = { role: 'user', content: 'Go on' };

/** Each call as `name input = its outputs`, in order, then the outputs that no call has. */
function pairs(...messages: object[]): string[] {
  const { calls, answers } = pairCalls(messages);
  const textOf = (at: number): string => (messages[at] as { content: string }).content;
  const outputs = [...answers];
  const made = [...calls.values()]
    .flat()
    .map((one) => `${one.name} ${one.input} = ${outputs.flatMap(([at, own]) => (own === one ? textOf(at) : [])).join(' and ')}`);
  const alone = messages.flatMap((message, at) =>
    ['tool', 'function'].includes((message as { role: string }).role) && !answers.has(at) ? [`no call: ${textOf(at)}`] : [],
  );
  return [...made, ...alone];
}

const cases: [name: string, messages: object[], pairs: string[]][] = [
  [
    'outputs in another order',
    [asked(call('a', 'f', '1'), call('b', 'f', '2')), result('b', 'y'), result('a', 'x')],
    ['f 1 = x', 'f 2 = y'],
  ],
  [
    'an id that starts again with each turn',
    [asked(call('f:0', 'f', '1')), result('f:0', 'x'), user, asked(call('f:0', 'f', '2')), result('f:0', 'y')],
    ['f 1 = x', 'f 2 = y'],
  ],
  [
    'an id that comes again after an interrupted call: the output is that of the latest',
    [asked(call('a', 'f', '1')), user, asked(call('a', 'f', '2')), result('a', 'y'), user, asked(call('a', 'f', '3')), result('a', 'z')],
    ['f 1 = ', 'f 2 = y', 'f 3 = z'],
  ],
  [
    'an id twice in one message: in order',
    [asked(call('a', 'f', '1'), call('b', 'f', '2'), call('a', 'f', '3')), result('a', 'x'), result('a', 'z'), result('b', 'y')],
    ['f 1 = x', 'f 2 = y', 'f 3 = z'],
  ],
  ['an output that comes twice', [asked(call('a', 'f', '1')), result('a', 'x'), result('a', 'y')], ['f 1 = x', 'no call: y']],
  ['an output before its call', [result('a', 'x'), asked(call('a', 'f', '1'))], ['f 1 = ', 'no call: x']],
  [
    'an output whose call the client left out: the calls that are there are not its own',
    [asked(call('a', 'f', '1')), result('b', 'y'), result('a', 'x')],
    ['f 1 = x', 'no call: y'],
  ],
  [
    'two turns without any id',
    [asked(call(undefined, 'f', '1')), result(undefined, 'x'), asked(call(undefined, 'f', '2')), result(undefined, 'y')],
    ['f 1 = x', 'f 2 = y'],
  ],
  [
    'parallel calls without ids: in order',
    [
      asked(call(undefined, 'f', '1'), call(undefined, 'f', '2'), call(undefined, 'f', '3')),
      result(null, 'x'),
      result('', 'y'),
      result(undefined, 'z'),
    ],
    ['f 1 = x', 'f 2 = y', 'f 3 = z'],
  ],
  [
    'outputs without ids that name their functions',
    [
      asked(call('', 'f', '1'), call('', 'g', '2'), call('', 'g', '3')),
      result('', 'y', { name: 'g' }),
      result('', 'x', { name: 'f' }),
      result('', 'z', { name: 'g' }),
    ],
    ['f 1 = x', 'g 2 = y', 'g 3 = z'],
  ],
  [
    'one output that names its function, and one that does not',
    [asked(call(undefined, 'f', '1'), call(undefined, 'g', '2')), result(undefined, 'y', { name: 'g' }), result(undefined, 'x')],
    ['f 1 = x', 'g 2 = y'],
  ],
  [
    'an output that names another function than the calls',
    [asked(call('a', 'f', '1')), result(undefined, 'y', { name: 'g' })],
    ['f 1 = ', 'no call: y'],
  ],
  [
    'outputs without ids of calls that have some',
    [asked(call('a', 'f', '1'), call('b', 'f', '2')), result('b', 'y'), result(undefined, 'x')],
    ['f 1 = x', 'f 2 = y'],
  ],
  [
    'an output without an id after an interrupted call: the latest message counts',
    [asked(call('a', 'f', '1')), user, asked(call('b', 'f', '2'), call('c', 'f', '3')), result(undefined, 'y'), result(undefined, 'z')],
    ['f 1 = ', 'f 2 = y', 'f 3 = z'],
  ],
  [
    'outputs with ids of calls without',
    [asked(call(undefined, 'f', '1'), call(undefined, 'g', '2')), result('b', 'y', { name: 'g' }), result('a', 'x')],
    ['f 1 = x', 'g 2 = y'],
  ],
  [
    'an unknown id takes no call that has another',
    [asked(call('a', 'f', '1'), call(undefined, 'f', '2')), result('c', 'y'), result('d', 'z')],
    ['f 1 = ', 'f 2 = y', 'no call: z'],
  ],
  [
    'functions of the deprecated form: by name, the latest first',
    [
      legacy('f', '1'),
      legacy('g', '2'),
      legacy('f', '3'),
      { role: 'function', name: 'f', content: 'z' },
      { role: 'function', name: 'f', content: 'x' },
      { role: 'function', name: 'h', content: 'no' },
    ],
    ['f 1 = x', 'g 2 = ', 'f 3 = z', 'no call: no'],
  ],
  [
    'ids that are names of what every object has',
    [asked(call('__proto__', 'f', '1'), call('constructor', 'f', '2')), result('constructor', 'y'), result('__proto__', 'x')],
    ['f 1 = x', 'f 2 = y'],
  ],
];

for (const [name, messages, expected] of cases) test(`${name}`, () => assert.deepEqual(pairs(...messages), expected));

// Times are generous: one by one against all the others takes minutes.
const many = 100_000;
const floods: [name: string, messages: object[]][] = [
  ['one id in every turn', Array.from({ length: many }, (_, at) => (at % 2 ? result('a', 'x') : asked(call('a'))))],
  ['one id that is answered at the end', [...Array.from({ length: many }, () => asked(call('a'))), ...Array(many).fill(result('a', 'x'))]],
  ['one message of one id', [asked(...Array(many).fill(call('a'))), ...Array(many).fill(result('a', 'x'))]],
  ['no ids', [asked(...Array(many).fill(call(undefined))), ...Array(many).fill(result(undefined, 'x'))]],
  [
    'no ids, and names in turn',
    [
      asked(...Array.from({ length: many }, (_, at) => call(undefined, `f${at % 7}`, '{}'))),
      ...Array.from({ length: many }, (_, at) => result(undefined, 'x', { name: `f${at % 11}` })),
    ],
  ],
];

for (const [name, messages] of floods)
  test(`${name}: many calls are paired in linear time`, () => {
    const started = performance.now();
    pairCalls(messages);
    assert.ok(performance.now() - started < 10_000);
  });
