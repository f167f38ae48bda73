import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OutputItem } from '../../lib/index.ts';
import { sentLast } from '../../lib/request/chat-marks.ts';
import {
  called,
  callsOf,
  merged,
  Model,
  patched,
  result,
  said,
  thought,
  user,
  withCalls,
  withoutIds,
  type Message,
  type ToolCall,
} from './conversations.ts';

const all = 'gpt-5.6-sol';
const current = 'gpt-5.2';
const output = (id: string, text = `Result of ${id}.`): object => ({ type: 'function_call_output', call_id: id, output: text });

/** Answers with each output in turn, and gives what a client has then: after calls their results, after a text the user's next message. */
async function converse(model: Model, outputs: OutputItem[][], name = all): Promise<Message[]> {
  const messages = [user('First.')];
  for (const [at, one] of outputs.entries()) {
    const message = await model.answer({ model: name, messages }, one);
    const calls = callsOf(message);
    messages.push(message, ...(calls.length > 0 ? calls.map(({ id }) => result(id)) : [user(`Next ${at}.`)]));
  }
  return messages;
}

const own = (text: string): object => ({ role: 'assistant', content: text });
const types = (input: readonly object[]): string[] => input.map((item) => String((item as Message)['type'] ?? (item as Message)['role']));

test('a model that reads all its turns gets them back whole, texts and calls alike', async () => {
  const model = new Model();
  const outputs = [
    [thought('one'), said('One.\n', 'final_answer')],
    [thought('two'), said('Looking.', 'commentary'), called('call_a', { at: 1 }, { namespace: 'sea' })],
    [thought('three'), said('Two.', 'final_answer')],
  ];
  const messages = await converse(model, outputs);
  const { input, notes } = await model.input({ model: all, messages });
  assert.deepEqual(input, [
    user('First.'),
    ...withoutIds(outputs[0]!),
    user('Next 0.'),
    ...withoutIds(outputs[1]!),
    output('call_a'),
    ...withoutIds(outputs[2]!),
    user('Next 2.'),
  ]);
  assert.deepEqual(notes, []);
});

test('a model that reads the current turn only gets back what stands behind the last message of the user', async () => {
  const model = new Model();
  const outputs = [
    [thought('one'), said('One.')],
    [thought('two'), called('call_a', {})],
  ];
  const messages = await converse(model, outputs, current);
  const expected = [user('First.'), own('One.'), user('Next 0.'), ...withoutIds(outputs[1]!), output('call_a')];
  assert.deepEqual((await model.input({ model: current, messages })).input, expected);
  const after = [...messages, user('And now?')];
  assert.deepEqual(types((await model.input({ model: current, messages: after })).input), [
    'user',
    'assistant',
    'user',
    'function_call',
    'function_call_output',
    'user',
  ]);
  for (const [name, context, found] of [
    [current, 'all_turns', 2],
    [all, 'current_turn', 0],
    [all, 'auto', 2],
    [current, 'auto', 0],
  ] as const) {
    const { recalled } = await model.input({ model: name, messages: after, reasoning: { context } });
    assert.equal(recalled, found, `${name} ${context}`);
  }
});

test('a client that strips the ids of calls gets their turn back, and the outputs under the ids of the model', async () => {
  const model = new Model();
  const outputs = [[thought('one'), called('call_a-1', { at: 1 }), patched('call_b', '*** Begin')]];
  const messages = (await converse(model, outputs)).map((message) => {
    const plain = (id: string): string => id.replace(/[^a-z\d]/gi, '');
    if (message['role'] !== 'tool') return withCalls(message, (call) => ({ ...call, id: plain(call.id) }));
    return { ...message, tool_call_id: plain(String(message['tool_call_id'])) };
  });
  const { input } = await model.input({ model: all, messages });
  assert.deepEqual(input, [
    user('First.'),
    ...withoutIds(outputs[0]!),
    output('call_a-1'),
    { type: 'custom_tool_call_output', call_id: 'call_b', output: 'Result of call_b.' },
  ]);
});

/** Three steps of one turn, the last of them the answer. */
function steps(): OutputItem[][] {
  return [
    [thought('one'), said('I look.'), called('call_a', { at: 1 }), called('call_b', { at: 2 })],
    [thought('two'), said('And again.', 'commentary'), called('call_c', { at: 3 })],
    [thought('three'), said('All seen.', 'final_answer')],
  ];
}

test('steps that a client merged into one message are told apart again', async () => {
  for (const withAnswer of [false, true]) {
    const model = new Model();
    const outputs = steps();
    const messages = merged(await converse(model, outputs), { withAnswer });
    assert.equal(messages.filter(({ role }) => role === 'assistant').length, withAnswer ? 1 : 2);
    const texts = withAnswer ? messages.map((each) => (each['role'] === 'assistant' ? { ...each, content: 'All seen.' } : each)) : messages;
    const { input } = await model.input({ model: all, messages: texts });
    assert.deepEqual(input, [
      user('First.'),
      ...withoutIds(outputs[0]!),
      output('call_a'),
      output('call_b'),
      ...withoutIds(outputs[1]!),
      output('call_c'),
      ...withoutIds(outputs[2]!),
      user('Next 2.'),
    ]);
  }
});

test('a step that was merged without its turn being kept stands as the client sent it', async () => {
  const model = new Model();
  const [one, two] = steps();
  const messages = await converse(model, [one!, [called('call_x', { at: 9 })], two!]);
  const { input } = await model.input({ model: all, messages: merged(messages) });
  assert.deepEqual(input, [
    user('First.'),
    ...withoutIds(one!),
    output('call_a'),
    output('call_b'),
    { type: 'function_call', call_id: 'call_x', name: 'look', arguments: '{"at":9}' },
    output('call_x'),
    ...withoutIds(two!),
    output('call_c'),
  ]);
});

test('the results of merged steps may be missing', async () => {
  const model = new Model();
  const [one, two] = steps();
  const messages = merged(await converse(model, [one!, two!])).filter((each) => each['tool_call_id'] !== 'call_b');
  const { input, notes } = await model.input({ model: all, messages });
  assert.deepEqual(input.slice(1), [...withoutIds(one!), output('call_a'), output('call_b', ''), ...withoutIds(two!), output('call_c')]);
  assert.deepEqual(notes, ['empty output for call_b']);
});

test('a call that a client left out is left out of what is put back', async () => {
  const model = new Model();
  const items = [thought('one'), called('call_a', {}), thought('more'), called('call_b', {})];
  const messages = await converse(model, [items]);
  const left = messages
    .map((message) => (message['tool_calls'] ? { ...message, tool_calls: callsOf(message).slice(1) } : message))
    .filter((message) => message['tool_call_id'] !== 'call_a');
  const { input, notes } = await model.input({ model: all, messages: left });
  assert.deepEqual(input.slice(1), [...withoutIds(items.slice(2)), output('call_b')]);
  assert.deepEqual(notes, []);
});

/** What a client may change in one place. */
const changes: { name: string; change(messages: Message[]): Message[]; recalled: number }[] = [
  { name: 'nothing', change: (messages) => messages, recalled: 3 },
  { name: 'the text of an answer', change: (messages) => messages.with(1, own('Won.') as Message), recalled: 2 },
  { name: 'the blanks in an answer', change: (messages) => messages.with(1, own('One  .') as Message), recalled: 2 },
  { name: 'the message before an answer', change: (messages) => messages.with(0, user('Thirst.')), recalled: 2 },
  { name: 'the arguments of a call', change: (messages) => messages.map((each) => withCalls(each, otherArguments)), recalled: 2 },
  { name: 'a result', change: (messages) => messages.with(4, result('call_a', 'Nothing.')), recalled: 2 },
  { name: 'the beginning, left out', change: (messages) => messages.slice(2), recalled: 2 },
  { name: 'the beginning, as a summary', change: (messages) => [user('So far: one.'), ...messages.slice(3)], recalled: 2 },
];

function otherArguments(call: ToolCall): ToolCall {
  return { ...call, function: { name: 'look', arguments: '{"at":2}' } };
}

for (const { name, change, recalled } of changes) {
  test(`what a client changes stands as it sends it, the rest comes back: ${name}`, async () => {
    const model = new Model();
    const outputs = [
      [thought('one'), said('One .')],
      [thought('two'), called('call_a', { at: 1 })],
      [thought('three'), said('Two.')],
    ];
    const messages = change(await converse(model, outputs));
    const found = await model.input({ model: all, messages });
    assert.equal(found.recalled, recalled);
    const texts = JSON.stringify(messages.map(({ content }) => content));
    for (const text of ['Won.', 'One  .', 'Thirst.', 'Nothing.', 'So far: one.'])
      assert.equal(JSON.stringify(found.input).includes(text), texts.includes(text));
  });
}

test('a turn is put back once, however often a client repeats it', async () => {
  const model = new Model();
  const items = [thought('one'), said('One.')];
  const messages = await converse(model, [items]);
  const { input } = await model.input({ model: all, messages: [...messages.slice(0, 2), ...messages] });
  assert.deepEqual(input.slice(1), [...withoutIds(items), user('First.'), own('One.'), user('Next 0.')]);
});

test('a model’s id that the client also uses for a call of its own is not used twice', async () => {
  const model = new Model();
  const items = [thought('one'), called('call_a', {})];
  const [first, message] = await converse(model, [items]);
  const stripped = withCalls(message!, (call) => ({ ...call, id: 'calla' }));
  const other = {
    role: 'assistant',
    content: null,
    tool_calls: [{ id: 'call_a', type: 'function', function: otherArguments({} as ToolCall).function }],
  };
  const { input } = await model.input({ model: all, messages: [first, other, result('call_a'), stripped, result('calla')] });
  assert.deepEqual(
    input.flatMap((item) => (item as Message)['call_id'] ?? []),
    ['call_a', 'call_a', 'calla', 'calla'],
  );
});

test('the output of a call that a program made names the program', async () => {
  const model = new Model();
  const caller = { type: 'program', caller_id: 'call_p' };
  const program = { type: 'program', id: 'cm_1', call_id: 'call_p', code: 'look()', fingerprint: 'gAAAA' } as unknown as OutputItem;
  const call = called('call_a', {}, { caller });
  const messages = await converse(model, [[thought('one'), program, call]]);
  const { input } = await model.input({ model: all, messages });
  assert.deepEqual(input.slice(2), [program, ...withoutIds([call]), { ...output('call_a'), caller }]);
});

test('parts, images and a moving breakpoint of the cache do not keep a turn from being found', async () => {
  const model = new Model();
  const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } };
  const parts = (more: object): Message => ({
    role: 'user',
    content: [
      { type: 'text', text: 'What is it?' },
      { ...image, ...more },
    ],
  });
  const items = [thought('one'), said('A cat.')];
  const first = parts({ prompt_cache_breakpoint: { mode: 'explicit' } });
  const message = await model.answer({ model: all, messages: [first] }, items);
  const asked = await model.input({ model: all, messages: [parts({}), message, user('Sure?')] });
  assert.equal(asked.recalled, 1);
  const other = { ...image, image_url: { url: 'data:image/png;base64,AAAA' } };
  const changed = await model.input({ model: all, messages: [parts(other), message, user('Sure?')] });
  assert.equal(changed.recalled, 0);
});

test('of a conversation of many thousand turns the latest come back', async () => {
  const model = new Model();
  const messages: Message[] = [];
  for (let n = 0; n < 6000; n += 1) messages.push(user(`${n}?`), own(`${n}.`) as Message);
  await model.memory.keep('scope', [thought('first'), said('0.')], []);
  const last = [thought('last'), said('Last.')];
  messages.push(user('Last?'), await model.answer({ model: all, messages: [...messages, user('Last?')] }, last), user('So?'));
  const { input } = await model.input({ model: all, messages });
  assert.deepEqual(input.slice(-3), [...withoutIds(last), user('So?')]);
});

/** What a client has after a call that came as the deprecated `function_call`. */
function calledByName(args: string, content: string): Message[] {
  return [
    { role: 'assistant', content: null, function_call: { name: 'look', arguments: args } },
    { role: 'function', name: 'look', content },
  ];
}

test('a call without an id is found by its name and arguments, and by all that was sent since the turn before', async () => {
  const model = new Model();
  const legacy = { model: all, functions: [{ name: 'look' }] };
  const [items, others] = [
    [thought('one'), called('call_a', { at: 1 })],
    [thought('two'), called('call_b', { at: 1 })],
  ];
  const keep = (messages: Message[], turn: OutputItem[]): Promise<void> =>
    model.memory.keep('scope', turn, sentLast({ ...legacy, messages }), true);
  await keep([user('First.'), user('Now.')], items);
  const ask = async (...messages: Message[]): Promise<object[]> => (await model.input({ ...legacy, messages })).input;
  const [call, seen] = calledByName('{ "at": 1 }', 'Seen.') as [Message, Message];
  assert.deepEqual(await ask(user('First.'), user('Now.'), call, seen), [
    user('First.'),
    user('Now.'),
    ...withoutIds(items),
    output('call_a', 'Seen.'),
  ]);
  const plain = [{ type: 'function_call', call_id: 'call_fn_0', name: 'look', arguments: '{ "at": 1 }' }, output('call_fn_0', 'Seen.')];
  assert.deepEqual((await ask(user('Second.'), user('Now.'), call, seen)).slice(2), plain, 'something else was sent before');
  assert.deepEqual((await ask(user('Now?'), call, seen)).slice(1), plain);
  const renamed = { ...call, function_call: { name: 'see', arguments: '{"at":1}' } };
  assert.equal((await ask(user('First.'), user('Now.'), renamed, { ...seen, name: 'see' })).length, 4, 'another name');
  await keep([user('First.'), user('Now.')], others);
  assert.deepEqual((await ask(user('First.'), user('Now.'), call, seen)).slice(2), plain, 'it is unknown which turn is meant');
});

test('what was sent before counts as far back as the turn before, and only that far', async () => {
  const model = new Model();
  const items = [thought('one'), said('Yes.')];
  await model.memory.keep('scope', items, sentLast({ messages: [user('First.'), user('Sure?')] }));
  const recalled = async (...messages: Message[]): Promise<number> => (await model.input({ model: all, messages })).recalled;
  const end = [own('Yes.') as Message, user('So?')];
  assert.equal(await recalled(user('First.'), user('Sure?'), ...end), 1);
  assert.equal(await recalled(user('Sure?'), ...end), 1, 'the client may have cut the beginning off');
  assert.equal(await recalled(user('Other.'), user('Sure?'), ...end), 0);
  assert.equal(await recalled(user('Other.'), own('Hm.') as Message, user('Sure?'), ...end), 1);
});

test('reasoning that a client carries itself counts as soon as any of it is another', async () => {
  const model = new Model();
  const items = [thought('one'), thought('two'), said('Yes.')];
  const ask = { model: all, messages: [user('First.')] };
  const message = await model.answer({ ...ask, reasoning: {} }, items);
  const details = message['reasoning_details'] as { data?: string }[];
  const recalled = async (carried: object[]): Promise<number> =>
    (await model.input({ ...ask, messages: [user('First.'), { ...message, reasoning_details: carried }, user('So?')] })).recalled;
  assert.equal(await recalled(details), 1);
  const changed = details.map((one, at) =>
    at === details.findLastIndex(({ data }) => data !== undefined) ? { ...one, data: 'gAAAA other' } : one,
  );
  assert.equal(await recalled(changed), 0);
  assert.equal(
    await recalled(details.filter(({ data }) => data === undefined || data !== details.find((one) => one.data)?.data)),
    0,
    'one is missing',
  );
});

test('a call whose id is too long to be sent stands as the client sent it', async () => {
  const model = new Model();
  for (const [length, reasoning] of [
    [64, 1],
    [65, 0],
  ] as const) {
    const id = 'c'.repeat(length);
    const messages = await converse(model, [[thought('one'), called(id, {})]]);
    const { input } = await model.input({ model: all, messages });
    assert.equal(types(input).filter((type) => type === 'reasoning').length, reasoning, `${length} characters`);
  }
});
