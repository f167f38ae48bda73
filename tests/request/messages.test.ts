import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProxyError, toResponsesRequest, type TranslatedRequest } from '../../lib/index.ts';
import { callMark, fingerprint, functionMark, textMark } from '../../lib/memory/marks.ts';
import { callText, type KeptTurn } from '../../lib/memory/turn.ts';
import { toInput, type Input, type InputOptions } from '../../lib/request/messages.ts';
import { ChatMarks, marksIn } from '../../lib/request/chat-marks.ts';
import { placeTurns } from '../../lib/request/recall.ts';
import type { OutputItem } from '../../lib/wire/responses.ts';

function translate(messages: unknown[], more: object = {}): TranslatedRequest {
  return toResponsesRequest({ model: 'gpt-4.1', messages, ...more }, { additions: false });
}

const inputOf = (messages: unknown[], more: object = {}): unknown => translate(messages, more).request.input;

// content

const url = 'https://example.com/cat.jpg';
const image = { type: 'input_image', detail: 'auto', image_url: url };

test('content may be one part, a string, null, empty or not there', () => {
  const user = (content: unknown): unknown => (inputOf([{ role: 'user', content }]) as { content: unknown }[])[0]!.content;
  assert.deepEqual(user({ type: 'text', text: 'Hi' }), [{ type: 'input_text', text: 'Hi' }]);
  assert.equal(user('Hi'), 'Hi');
  for (const empty of ['', null, undefined, []]) assert.equal(user(empty), '');
});

test('thoughts that a client hands back are left out', () => {
  const thoughts = [
    { type: 'thinking', thinking: 'x' },
    { type: 'redacted_thinking', data: 'x' },
    { type: 'reasoning', text: 'x' },
  ];
  assert.deepEqual(inputOf([{ role: 'user', content: [...thoughts, { type: 'text', text: 'Hi' }] }]), [
    { role: 'user', content: [{ type: 'input_text', text: 'Hi' }] },
  ]);
  const { request, notes } = translate([
    { role: 'assistant', reasoning_content: 'x', content: [...thoughts, { type: 'text', text: 'Hi' }] },
  ]);
  assert.deepEqual(request.input, [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Hi' }] }]);
  assert.deepEqual(notes, []);
});

test('an assistant that said nothing gives no item, and null never goes out', () => {
  for (const content of [null, '', [], undefined, [{ type: 'text', text: '' }]])
    assert.deepEqual(
      inputOf([
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content },
      ]),
      [{ role: 'user', content: 'Hi' }],
    );
});

test('a refusal follows the text of its message', () => {
  assert.deepEqual(inputOf([{ role: 'assistant', content: 'Well.', refusal: 'No.' }]), [
    {
      type: 'message',
      role: 'assistant',
      content: [
        { type: 'output_text', text: 'Well.' },
        { type: 'refusal', refusal: 'No.' },
      ],
    },
  ]);
});

test('a refusal without text is a message of its own', () => {
  const parts = [{ type: 'refusal', refusal: 'No.' }];
  for (const content of ['', null, parts])
    assert.deepEqual(inputOf([{ role: 'assistant', content, ...(content !== parts && { refusal: 'No.' }) }]), [
      { type: 'message', role: 'assistant', content: parts },
    ]);
});

test('what an assistant cannot have said is dropped with a note', () => {
  const { request, notes } = translate([
    {
      role: 'assistant',
      content: [
        { type: 'text', text: 'See' },
        { type: 'image_url', image_url: url },
      ],
    },
  ]);
  assert.deepEqual(request.input, [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'See' }] }]);
  assert.deepEqual(notes, ['dropped messages[0].content[1]']);
});

test('a body with input and no messages is a Responses request', () => {
  for (const input of ['Hi', [{ role: 'user', content: [{ type: 'input_text', text: 'Hi' }] }]])
    for (const more of [{}, { messages: null }, { messages: [] }])
      assert.deepEqual(toResponsesRequest({ model: 'gpt-4.1', input, ...more } as object, { additions: false }).request.input, input);
});

test('a body without messages is refused', () => {
  for (const messages of [undefined, null, [], 'Hi', {}]) {
    assert.throws(
      () => toResponsesRequest({ model: 'gpt-4.1', messages } as object),
      (error) => error instanceof ProxyError && error.status === 400 && error.param === 'messages',
    );
  }
  assert.deepEqual(toResponsesRequest({ model: 'gpt-4.1', messages: [], previous_response_id: 'resp_1' } as object).request.input, []);
  for (const none of [{ previous_response_id: '' }, { input: '' }, { input: null }])
    assert.throws(() => toResponsesRequest({ model: 'gpt-4.1', messages: [], ...none } as object), ProxyError);
});

// calls and their outputs

const call = (id: string | undefined, name = 'f', args: unknown = '{}'): object => ({
  id,
  type: 'function',
  function: { name, arguments: args },
});
const sent = (call_id: string, name = 'f'): object => ({ type: 'function_call', call_id, name, arguments: '{}' });
const output = (call_id: string, text: string): object => ({ type: 'function_call_output', call_id, output: text });
const asked = (...tool_calls: object[]): object => ({ role: 'assistant', content: null, tool_calls });
const answer = (tool_call_id: string, content: unknown): object => ({ role: 'tool', tool_call_id, content });

test('text stands before the calls of its message, outputs where they stood', () => {
  assert.deepEqual(
    inputOf([
      { ...asked(call('a'), call('b')), content: 'Let me see.' },
      answer('b', '2'),
      { role: 'user', content: 'And?' },
      answer('a', '1'),
    ]),
    [
      { role: 'assistant', content: 'Let me see.' },
      sent('a'),
      sent('b'),
      output('b', '2'),
      { role: 'user', content: 'And?' },
      output('a', '1'),
    ],
  );
});

test('arguments that are no text are written out', () => {
  const items = inputOf([asked(call('a', 'f', { x: 1 }), call('b', 'f', undefined)), answer('a', ''), answer('b', '')]) as {
    arguments?: string;
  }[];
  assert.deepEqual(
    items.flatMap((item) => item.arguments ?? []),
    ['{"x":1}', '{}'],
  );
});

test('outputs are text where they can be, and lists where images or files are among them', () => {
  const of = (content: unknown): unknown => (inputOf([asked(call('a')), answer('a', content)]) as { output?: unknown }[])[1]!.output;
  assert.equal(of([{ type: 'text', text: 'a' }, 'b']), 'ab');
  assert.equal(of(null), '');
  assert.equal(of({ any: ['JSON'] }), '{"any":["JSON"]}');
  assert.deepEqual(
    of([
      { type: 'text', text: 'a' },
      { type: 'image_url', image_url: url },
    ]),
    [{ type: 'input_text', text: 'a' }, image],
  );
});

const results: [name: string, content: unknown, output: unknown][] = [
  ['records', [{ id: 4, title: 'pond' }, { id: 5 }], '[{"id":4,"title":"pond"},{"id":5}]'],
  [
    'records that have types of parts',
    [
      { type: 'file', path: 'a.txt' },
      { type: 'image', size: 3 },
    ],
    '[{"type":"file","path":"a.txt"},{"type":"image","size":3}]',
  ],
  ['an object with a type of its own', { type: 'depth', value: 12 }, '{"type":"depth","value":12}'],
  ['an object with the type of a text that is not one', { type: 'text', text: 5 }, '{"type":"text","text":5}'],
  ['a list of texts, which are not parts of one', ['pond', 'lake'], '["pond","lake"]'],
  ['a list of numbers', [1, 2], '[1,2]'],
  ['a number', 42, '42'],
  ['a truth', false, 'false'],
  ['a text part', { type: 'text', text: 'pond' }, 'pond'],
  ['text parts with a record among them', [{ type: 'text', text: 'pond: ' }, { depth: 12 }], 'pond: {"depth":12}'],
  ['an empty list', [], ''],
];

for (const [name, content, expected] of results)
  test(`the result of a tool may be ${name}`, () => {
    const [, { output: sentOutput }] = inputOf([asked(call('a')), answer('a', content)]) as [object, { output: unknown }];
    assert.equal(sentOutput, expected);
  });

test('what an assistant or a user shows in fields of no API is dropped with a note', () => {
  const { request, notes } = translate([
    { role: 'user', content: 'Hi', images: ['AAAA'] },
    { role: 'assistant', content: 'Hi.', images: [{ type: 'image_url', image_url: { url } }] },
    { role: 'assistant', content: [{ foo: 1 }] },
    { role: 'user', content: 'And?', images: [] },
  ]);
  assert.deepEqual(request.input, [
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content: 'Hi.' },
    { role: 'user', content: 'And?' },
  ]);
  assert.deepEqual(notes, ['dropped messages[0].images', 'dropped messages[1].images', 'dropped messages[2].content[0]']);
});

test('a call of a function that answers later needs no output', () => {
  const tools = [{ type: 'function', name: 'f', async: true }];
  assert.deepEqual(translate([asked(call('a'), call('b', 'g'))], { tools }).notes, ['empty output for b']);
  assert.deepEqual(inputOf([asked(call('a')), { role: 'user', content: 'Well?' }, answer('a', '1')], { tools }), [
    sent('a'),
    { role: 'user', content: 'Well?' },
    output('a', '1'),
  ]);
});

test('an output may name its call by call_id, and a function its own', () => {
  assert.deepEqual(inputOf([asked(call('a')), { role: 'tool', call_id: 'a', content: '1' }]), [sent('a'), output('a', '1')]);
  assert.deepEqual(inputOf([asked(call('a')), { role: 'function', tool_call_id: 'a', name: 'f', content: '1' }]), [
    sent('a'),
    output('a', '1'),
  ]);
});

test('custom calls have custom outputs', () => {
  assert.deepEqual(inputOf([asked({ id: 'a', type: 'custom', custom: { name: 'c', input: 'x' } }), answer('a', '1')]), [
    { type: 'custom_tool_call', call_id: 'a', name: 'c', input: 'x' },
    { type: 'custom_tool_call_output', call_id: 'a', output: '1' },
  ]);
});

test('calls of the deprecated form are paired by name, the latest first', () => {
  const old = (name: string): object => ({ role: 'assistant', content: null, function_call: { name, arguments: '{}' } });
  const said = (name: string, content: string): object => ({ role: 'function', name, content });
  assert.deepEqual(inputOf([old('f'), said('f', '1'), old('f'), old('g'), said('g', '3'), said('f', '2')]), [
    sent('call_fn_0'),
    output('call_fn_0', '1'),
    sent('call_fn_1'),
    sent('call_fn_2', 'g'),
    output('call_fn_2', '3'),
    output('call_fn_1', '2'),
  ]);
});

test('a call without an output gets an empty one, with a note', () => {
  const { request, notes } = translate([asked(call('a'), call('b')), answer('b', '2'), { role: 'user', content: 'Go on' }]);
  assert.deepEqual(request.input, [sent('a'), sent('b'), output('a', ''), output('b', '2'), { role: 'user', content: 'Go on' }]);
  assert.deepEqual(notes, ['empty output for a']);
});

test('an output without its call becomes what the user says, with a note', () => {
  const { request, notes } = translate([{ role: 'user', content: 'Hi' }, answer('a', '1')]);
  assert.deepEqual(request.input, [
    { role: 'user', content: 'Hi' },
    { role: 'user', content: 'Output of a tool call (a):\n1' },
  ]);
  assert.deepEqual(notes, ['output of a without its call sent as user text']);
  assert.deepEqual(translate([asked(call('a')), answer('a', '1'), answer('a', '2')]).notes, [
    'output of a without its call sent as user text',
  ]);
});

test('an output without its call keeps its images, and may have no id', () => {
  assert.deepEqual(inputOf([answer('a', ['1', { type: 'image_url', image_url: url }])]), [
    { role: 'user', content: [{ type: 'input_text', text: 'Output of a tool call (a):\n' }, { type: 'input_text', text: '1' }, image] },
  ]);
  const { request, notes } = translate([
    { role: 'function', name: 'f', content: '1' },
    { role: 'tool', content: '2' },
  ]);
  assert.deepEqual(request.input, [
    { role: 'user', content: 'Output of a tool call (f):\n1' },
    { role: 'user', content: 'Output of a tool call:\n2' },
  ]);
  assert.deepEqual(notes, ['output of f without its call sent as user text', 'output of messages[1] without its call sent as user text']);
});

test('a message that is not an object, or has no known role, is refused by its place', () => {
  for (const [message, param] of [
    [null, 'messages[1]'],
    ['Hi', 'messages[1]'],
    [{ role: 'critic', content: 'Hi' }, 'messages[1].role'],
    [{ content: 'Hi' }, 'messages[1].role'],
  ] as const)
    assert.throws(
      () => translate([{ role: 'user', content: 'Hi' }, message]),
      (error) => error instanceof ProxyError && error.status === 400 && error.param === param,
    );
});

test('an output may answer a call that the server holds', () => {
  for (const more of [{ previous_response_id: 'resp_1' }, { conversation: 'conv_1' }]) {
    const { request, notes } = translate([answer('a', '1')], more);
    assert.deepEqual([request.input, notes], [[output('a', '1')], []]);
  }
});

test('an id that comes again is another call', () => {
  assert.deepEqual(inputOf([asked(call('a')), answer('a', '1'), asked(call('a')), answer('a', '2')]), [
    sent('a'),
    output('a', '1'),
    sent('a_2'),
    output('a_2', '2'),
  ]);
});

test('an output too many does not take that of a later call', () => {
  const { request, notes } = translate([asked(call('a')), answer('a', '1'), answer('a', '2'), asked(call('a')), answer('a', '3')]);
  assert.deepEqual((request.input as object[]).slice(-2), [sent('a_2'), output('a_2', '3')]);
  assert.deepEqual(notes, ['output of a without its call sent as user text']);
});

test('long ids and names become short ones, the same on both sides and in every request', () => {
  const [one, two] = [`${'x'.repeat(64)}1`, `${'x'.repeat(64)}2`];
  const messages = [asked(call(one, one), call(two, two)), answer(one, '1'), answer(two, '2')];
  const items = inputOf(messages) as { call_id: string; name?: string; output?: string }[];
  const [first, second] = [items[0]!.call_id, items[1]!.call_id];
  assert.notEqual(first, second);
  for (const item of items) assert.ok(item.call_id.length <= 64 && (item.name ?? '').length <= 64);
  assert.deepEqual(items.slice(2), [output(first, '1'), output(second, '2')]);
  assert.deepEqual(inputOf([{ role: 'user', content: 'Hi' }, ...messages]), [{ role: 'user', content: 'Hi' }, ...items]);

  const { context } = translate([{ role: 'user', content: 'Hi' }], { tools: [{ type: 'function', function: { name: one } }] });
  assert.equal(context.names.get(items[0]!.name!), one);
});

test('thousands of calls of one id are paired in linear time', () => {
  const messages = Array.from({ length: 20_000 }, () => [asked(call('a')), answer('a', '1')]).flat();
  const started = performance.now();
  const items = inputOf(messages) as { call_id: string }[];
  assert.equal(new Set(items.map(({ call_id }) => call_id)).size, 20_000);
  inputOf([...Array.from({ length: 20_000 }, () => asked(call('a'))), answer('a', '1')]);
  // one by one against all the others takes minutes
  assert.ok(performance.now() - started < 10_000);
});

// turns that come back with their reasoning

const thought = { type: 'reasoning', summary: [], encrypted_content: 'x' };
const custom = { type: 'custom_tool_call', call_id: 'c', name: 'g', input: '' };
const turn: KeptTurn = { sent: [], items: [thought, sent('a'), sent('b'), custom] as OutputItem[] };
const other: KeptTurn = { sent: [], items: [thought, sent('z')] as OutputItem[] };
const turns = new Map([...['a', 'b', 'c'].map((id) => [callMark(id), turn] as const), [callMark('z'), other]]);
const calledC = { id: 'c', type: 'custom', custom: { name: 'g', input: '' } };
const options: InputOptions = {
  place: undefined,
  serverKeeps: false,
  async: new Set(),
  takesHints: false,
  style: 'field',
  fullMessages: false,
};
function recalledFrom(...messages: object[]): Omit<Input, 'origins'> {
  const chat = { model: 'gpt-5.6-sol', messages };
  const { origins: _, ...input } = toInput(messages, { ...options, place: ({ calls }) => placeTurns(new ChatMarks(chat), calls, turns) });
  return input;
}

test('a turn takes the place of its message, with its reasoning', () => {
  const input = recalledFrom(
    { role: 'user', content: 'Hi' },
    asked(call('a'), call('b'), calledC),
    ...['a', 'b', 'c'].map((id) => answer(id, id)),
  );
  assert.deepEqual(input, {
    items: [
      { role: 'user', content: 'Hi' },
      ...turn.items,
      output('a', 'a'),
      output('b', 'b'),
      { type: 'custom_tool_call_output', call_id: 'c', output: 'c' },
    ],
    notes: [],
    recalled: [{ turn, items: turn.items }],
    recalledItems: new Set([1, 2, 3, 4]),
  });
});

test('a turn whose calls come back in several messages comes with the first of them', () => {
  const { items, notes, recalled } = recalledFrom(
    asked(call('a')),
    answer('a', '1'),
    asked(call('b'), calledC),
    answer('b', '2'),
    answer('c', '3'),
  );
  assert.deepEqual(items, [
    ...turn.items,
    output('a', '1'),
    output('b', '2'),
    { type: 'custom_tool_call_output', call_id: 'c', output: '3' },
  ]);
  assert.deepEqual([notes, recalled], [[], [{ turn, items: turn.items }]]);
});

test('a turn of which one message was changed stands as the client sends it', () => {
  const { items, recalled } = recalledFrom(
    asked(call('a')),
    answer('a', '1'),
    { ...asked(call('b'), call('z')), content: 'And?' },
    ...['b', 'z'].map((id) => answer(id, id)),
  );
  assert.deepEqual(items, [
    sent('a'),
    output('a', '1'),
    { role: 'assistant', content: 'And?' },
    sent('b'),
    sent('z'),
    output('b', 'b'),
    output('z', 'z'),
  ]);
  assert.deepEqual(recalled, []);
});

test('a call of a turn that the client left out is left out', () => {
  const { items, notes } = recalledFrom(asked(call('a')), answer('a', '1'));
  assert.deepEqual(items, [thought, sent('a'), output('a', '1')]);
  assert.deepEqual(notes, []);
});

test('several turns come back, each once', () => {
  const { items, recalled } = recalledFrom(
    asked(call('a'), call('b'), calledC),
    ...['a', 'b', 'c'].map((id) => answer(id, id)),
    asked(call('z')),
    answer('z', '4'),
  );
  assert.deepEqual(items.slice(-3), [thought, sent('z'), output('z', '4')]);
  assert.deepEqual(
    recalled.map((each) => each.turn),
    [turn, other],
  );
});

test('calls of different turns in one message, or one of no turn, are told apart', () => {
  for (const [id, items] of [
    ['z', [thought, sent('z')]],
    ['unknown', [sent('unknown')]],
  ] as const) {
    const input = recalledFrom(asked(call('a'), call(id)), answer('a', '1'), answer(id, '2'));
    assert.deepEqual(input.items, [thought, sent('a'), output('a', '1'), ...items, output(id, '2')]);
  }
});

test('a turn is looked for by the ids of its calls, by its call without an id, or by its text', () => {
  const user = { role: 'user', content: 'Hi' };
  const messages = [
    user,
    { ...asked(call('a_1'), call('', 'f')), content: 'One' },
    { role: 'assistant', function_call: { name: 'f' } },
    user,
    { role: 'assistant', content: ['Two', ' three'], refusal: 'No.' },
  ];
  assert.deepEqual(marksIn({ model: 'gpt-5.6-sol', messages }), [
    textMark(fingerprint('Hi'), 'Two three'),
    functionMark(undefined, callText('f', '{}')),
    callMark('a1'),
  ]);
});
