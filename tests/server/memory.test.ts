import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import type { ProxyOptions } from '../../lib/server/index.ts';
import { chatBody, readStream, sse, startStream } from './bridge-support.ts';
import { call, scriptedUpstream, startProxy, type Context, type Started, type Upstream } from './support.ts';
import { assertInput, customCall, functionCall, giveTurn, message, thought, withoutIds, type Item } from './turns.ts';

interface ToolCall {
  id: string;
  type: string;
  function?: { name: string; arguments: string };
  custom?: { name: string; input: string };
}

interface Assistant {
  role: 'assistant';
  content: string | null;
  tool_calls?: ToolCall[];
}

type Message = Assistant | { role: 'user'; content: string } | { role: 'tool'; tool_call_id: string; content: string };

interface Sent {
  input: { type?: string; [key: string]: unknown }[];
  include?: string[];
}

interface Refusal {
  status?: number;
  message: string;
  param?: string;
  code?: string;
}

interface Bench extends Started {
  upstream: Upstream;
  /** What the upstream gives next; `Done.` once it is empty. */
  gives: Item[][];
  /** What it refuses, asked before anything is given. */
  refuses: { judge: (sent: Sent) => Refusal | undefined; as?: 'event' };
  /** Asks as a client does; gives the assistant's message as a client keeps it. */
  ask(messages: Message[], more?: { key?: string; model?: string; chat?: object; stream?: boolean }): Promise<Assistant>;
  /** The last body that reached the upstream. */
  last(): Sent;
}

async function bench(t: Context, options: ProxyOptions = {}): Promise<Bench> {
  const gives: Item[][] = [];
  const refuses: Bench['refuses'] = { judge: () => undefined };
  const upstream = await scriptedUpstream(t, (response: ServerResponse, { body }) => {
    const sent = JSON.parse(body.toString('utf8')) as Sent & { stream?: boolean };
    const refusal = refuses.judge(sent);
    if (!refusal) return giveTurn(response, gives.shift() ?? [message('Done.')], sent.stream === true);
    const { status = 400, ...more } = refusal;
    const error = { type: 'invalid_request_error', param: null, code: null, ...more };
    if (refuses.as === 'event') {
      startStream(response);
      response.end(sse([{ type: 'error', error }]));
    } else {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error }));
    }
  });
  const started = await startProxy(t, { upstream: upstream.url, mode: 'responses', ...options });
  return {
    ...started,
    upstream,
    gives,
    refuses,
    last: () => JSON.parse(upstream.seen.at(-1)!.body.toString('utf8')) as Sent,
    async ask(messages, { key = 'one', model = 'gpt-5.4', chat = {}, stream = false } = {}) {
      const answer = await call(started.port, {
        headers: key ? { authorization: `Bearer ${key}` } : {},
        body: chatBody({ model, messages, tools: [tool], stream, ...chat }),
      });
      assert.equal(answer.status, 200, answer.text);
      if (!stream) return (JSON.parse(answer.text) as { choices: { message: Assistant }[] }).choices[0]!.message;
      const { content, done } = readStream(answer.text);
      assert.ok(done);
      return { role: 'assistant', content };
    },
  };
}

const tool = { type: 'function', function: { name: 'look', parameters: { type: 'object', properties: {} } } };
const hello: Message = { role: 'user', content: 'Go.' };

function result(id: string, content = `result of ${id}`): Message {
  return { role: 'tool', tool_call_id: id, content };
}

function output(id: string, said = `result of ${id}`): object {
  return { type: 'function_call_output', call_id: id, output: said };
}

/** The calls that a client sends back of the message, under these ids. */
function only({ content, tool_calls = [] }: Assistant, ids: string[], text: string | null = content): Assistant {
  return { role: 'assistant', content: text, tool_calls: ids.map((id) => tool_calls.find((one) => one.id === id)!) };
}

/** Turns that made two calls, and said something. */
function turn(): Item[] {
  return [
    thought('which'),
    message('I look in two places.', 'commentary'),
    message('Looking.'),
    functionCall('call_a', 'look', { at: 'a', deep: [1, 2] }),
    functionCall('call_b', 'look', { at: 'b' }),
  ];
}

const both = ['call_a', 'call_b'];

/** What a client may make of the turn, and what must reach the upstream after the user's message. */
const arrangements: { name: string; back(own: Assistant): Message[]; expected(items: object[]): object[] }[] = [
  {
    name: 'together',
    back: (own) => [own, ...both.map((id) => result(id))],
    expected: (items) => [...items, ...both.map((id) => output(id))],
  },
  {
    name: 'with their results in another order',
    back: (own) => [own, result('call_b'), result('call_a')],
    expected: (items) => [...items, output('call_b'), output('call_a')],
  },
  {
    name: 'in another order',
    back: (own) => [only(own, ['call_b', 'call_a']), ...both.map((id) => result(id))],
    expected: (items) => [...items, ...both.map((id) => output(id))],
  },
  {
    name: 'apart, in two messages',
    back: (own) => [only(own, ['call_a']), result('call_a'), only(own, ['call_b'], null), result('call_b')],
    expected: (items) => [...items, output('call_a'), output('call_b')],
  },
  {
    name: 'apart and in another order',
    back: (own) => [only(own, ['call_b'], null), result('call_b'), only(own, ['call_a']), result('call_a')],
    expected: (items) => [...items, output('call_b'), output('call_a')],
  },
  {
    name: 'in two messages before their results',
    back: (own) => [only(own, ['call_a']), only(own, ['call_b']), ...both.map((id) => result(id))],
    expected: (items) => [...items, output('call_a'), output('call_b')],
  },
  {
    name: 'one of them dropped',
    back: (own) => [only(own, ['call_b']), result('call_b')],
    expected: (items) => [...items.filter((item) => (item as Item)['call_id'] !== 'call_a'), output('call_b')],
  },
  {
    name: 'with the text dropped',
    back: (own) => [only(own, both, null), ...both.map((id) => result(id))],
    expected: (items) => [...items, ...both.map((id) => output(id))],
  },
  {
    name: 'with an empty text',
    back: (own) => [only(own, both, ''), ...both.map((id) => result(id))],
    expected: (items) => [...items, ...both.map((id) => output(id))],
  },
  {
    name: 'with the text trimmed and wrapped',
    back: (own) => [only(own, both, `\n${own.content} \n`), ...both.map((id) => result(id))],
    expected: (items) => [...items, ...both.map((id) => output(id))],
  },
  {
    name: 'with the arguments written anew, their keys in another order',
    back: ({ tool_calls = [], ...own }) => [
      {
        ...own,
        tool_calls: tool_calls.map((one) => {
          const entries = Object.entries(JSON.parse(one.function!.arguments) as object).toReversed();
          return { ...one, function: { name: 'look', arguments: JSON.stringify(Object.fromEntries(entries), null, 2) } };
        }),
      },
      ...both.map((id) => result(id)),
    ],
    expected: (items) => [...items, ...both.map((id) => output(id))],
  },
];

for (const { name, back, expected } of arrangements) {
  test(`the turn comes back whole when its calls do: ${name}`, async (t) => {
    const { ask, gives, last } = await bench(t);
    const items = turn();
    gives.push(items);
    const own = await ask([hello]);
    assert.equal(own.content, 'Looking.');
    for (let times = 0; times < 3; times += 1) {
      await ask([hello, ...back(own)]);
      assertInput(last().input, [hello, ...expected(withoutIds(items))]);
    }
  });
}

/** What is not the turn as it was: the client's message stands as it is. */
const strangers: { name: string; back?: (own: Assistant) => Assistant; more?: Parameters<Bench['ask']>[1]; options?: ProxyOptions }[] = [
  { name: 'an edited text', back: (own) => ({ ...own, content: 'Looking elsewhere.' }) },
  {
    name: 'other arguments',
    back: ({ tool_calls = [], ...own }) => ({
      ...own,
      tool_calls: tool_calls.map((one) => ({ ...one, function: { name: 'look', arguments: '{"at":"c"}' } })),
    }),
  },
  {
    name: 'other arguments in one of the calls',
    back: ({ tool_calls: [first, second] = [], ...own }) => ({
      ...own,
      tool_calls: [first!, { ...second!, function: { name: 'look', arguments: '{"at":"c"}' } }],
    }),
  },
  {
    name: 'another function',
    back: ({ tool_calls = [], ...own }) => ({
      ...own,
      tool_calls: tool_calls.map((one) => ({ ...one, function: { ...one.function!, name: 'peek' } })),
    }),
  },
  { name: 'another credential', more: { key: 'two' } },
  { name: 'no credential', more: { key: '' } },
  { name: 'another model', more: { model: 'gpt-5.5' } },
  { name: 'a request that is stored', more: { chat: { store: true } } },
  { name: 'no memory', options: { memory: false } },
];

for (const { name, back = (own: Assistant): Assistant => own, more, options } of strangers) {
  test(`a message of the client's stands as it is: ${name}`, async (t) => {
    const { ask, gives, last } = await bench(t, options);
    gives.push(turn());
    const own = back(await ask([hello]));
    await ask([hello, own, ...both.map((id) => result(id))], more);
    assertInput(last().input, [
      hello,
      { role: 'assistant', content: own.content },
      ...own.tool_calls!.map(({ id, function: made }) => ({ type: 'function_call', call_id: id, ...made })),
      ...both.map((id) => output(id)),
    ]);
    assert.equal(last().include?.length, options ? undefined : more?.key === '' || more?.chat ? undefined : 1);
  });
}

test('without a credential, and when the client has its answers stored, nothing is kept', async (t) => {
  for (const more of [{ key: '' }, { chat: { store: true } }]) {
    const { ask, gives, last } = await bench(t);
    gives.push(turn());
    const own = await ask([hello], more);
    await ask([hello, own, ...both.map((id) => result(id))], { key: more.key ?? 'one' });
    assert.ok(last().input.every(({ type }) => type !== 'reasoning'));
  }
});

test('a credential is all of its headers: organization and project too', async (t) => {
  const { ask, gives, port, last } = await bench(t);
  const items = turn();
  gives.push(items);
  const own = await ask([hello]);
  const body = chatBody({ model: 'gpt-5.4', messages: [hello, own, ...both.map((id) => result(id))], stream: false });
  for (const [more, found] of [
    [{}, 1],
    [{ 'openai-project': 'other' }, 0],
    [{ 'openai-organization': 'other' }, 0],
    [{ 'x-api-key': 'other' }, 0],
  ] as const) {
    await call(port, { headers: { authorization: 'Bearer one', ...more }, body });
    assert.equal(last().input.filter(({ type }) => type === 'reasoning').length, found);
  }
});

test('a conversation may fork, and each branch has its turns', async (t) => {
  const { ask, gives, last } = await bench(t);
  const trunk = turn();
  gives.push(trunk);
  const own = await ask([hello]);
  const begun = [hello, own, ...both.map((id) => result(id))];
  const branches = ['c', 'd'].map((at) => [thought(at), functionCall(`call_${at}`, 'look', { at })]);
  const made: Assistant[] = [];
  for (const branch of branches) {
    gives.push(branch);
    made.push(await ask(begun));
  }
  for (const [at, branch] of branches.entries()) {
    const id = `call_${'cd'[at]}`;
    await ask([...begun, made[at]!, result(id)]);
    assertInput(last().input, [hello, ...withoutIds(trunk), ...both.map((one) => output(one)), ...withoutIds(branch), output(id)]);
  }
});

test('an id that a server used for two different turns stands for neither', async (t) => {
  const { ask, gives, last } = await bench(t);
  const made: Assistant[] = [];
  for (const at of ['here', 'there']) {
    gives.push([thought(at), functionCall('call_0', 'look', { at })]);
    made.push(await ask([hello]));
  }
  for (const own of made) {
    await ask([hello, own, result('call_0')]);
    assert.deepEqual(
      last().input.map(({ type }) => type),
      ['message', 'function_call', 'function_call_output'],
    );
  }
});

test('an id that comes twice in one conversation brings its turn once', async (t) => {
  const { ask, gives, last } = await bench(t);
  const items = [thought('again'), functionCall('call_0', 'look', {})];
  gives.push(items);
  const model = 'gpt-5.6-sol';
  const own = await ask([hello], { model });
  await ask([hello, own, result('call_0'), { role: 'user', content: 'Again.' }, own, result('call_0')], { model });
  assertInput(last().input, [
    hello,
    ...withoutIds(items),
    output('call_0'),
    { role: 'user', content: 'Again.' },
    { type: 'function_call', call_id: 'call_0_2', name: 'look', arguments: '{}' },
    { type: 'function_call_output', call_id: 'call_0_2', output: 'result of call_0' },
  ]);
});

test('custom tool calls come back too', async (t) => {
  const { ask, gives, last } = await bench(t);
  const items = [thought('patch'), customCall('call_p', 'patch', '*** Begin'), functionCall('call_a', 'look', {})];
  gives.push(items);
  const chat = { tools: [tool, { type: 'custom', custom: { name: 'patch' } }] };
  const own = await ask([hello], { chat });
  await ask([hello, own, result('call_a'), result('call_p')], { chat });
  assertInput(last().input, [
    hello,
    ...withoutIds(items),
    output('call_a'),
    { type: 'custom_tool_call_output', call_id: 'call_p', output: 'result of call_p' },
  ]);
});

test('a call that came as the deprecated `function_call` comes back with its turn, by its arguments and what was sent before it', async (t) => {
  for (const stream of [false, true]) {
    const { ask, gives, last } = await bench(t);
    const chat = { tools: undefined, functions: [{ name: 'look', parameters: { type: 'object', properties: {} } }] };
    const first = [thought('one'), functionCall('call_1', 'look', { at: 1, deep: true })];
    const second = [thought('two'), functionCall('call_2', 'look', { at: 2 }), functionCall('call_3', 'look', { at: 3 })];
    gives.push(first, second);
    const called = (args: string): object => ({ role: 'assistant', content: null, function_call: { name: 'look', arguments: args } });
    const seen = (content: string): object => ({ role: 'function', name: 'look', content });
    const messages: object[] = [hello];
    await ask(messages as Message[], { chat, stream });
    messages.push(called('{"deep": true, "at": 1}'), seen('a'));
    await ask(messages as Message[], { chat, stream });
    assertInput(last().input, [hello, ...withoutIds(first), output('call_1', 'a')]);
    messages.push(called('{"at":2}'), seen('b'));
    await ask(messages as Message[], { chat, stream });
    const [thinking, got] = second;
    assertInput(last().input, [
      hello,
      ...withoutIds(first),
      output('call_1', 'a'),
      ...withoutIds([thinking!, got!]),
      output('call_2', 'b'),
    ]);
    await ask([hello, called('{"at":2}'), seen('b')] as Message[], { chat, stream });
    assertInput(
      last().input,
      [
        hello,
        { type: 'function_call', call_id: 'call_fn_0', name: 'look', arguments: '{"at":2}' },
        { type: 'function_call_output', call_id: 'call_fn_0', output: 'b' },
      ],
      'in another place it is another call',
    );
  }
});

test('the reasoning before a wrapper of calls comes back with the calls that the client got', async (t) => {
  for (const stream of [false, true]) {
    const { ask, gives, last } = await bench(t);
    const [thinking, uses] = [thought('both'), [1, 2].map((at) => ({ recipient_name: 'functions.look', parameters: { at } }))];
    gives.push([thinking, functionCall('call_w', 'multi_tool_use.parallel', { tool_uses: uses })]);
    await ask([hello], { stream });
    const tool_calls = [1, 2].map((at) => ({
      id: `call_w_${at - 1}`,
      type: 'function',
      function: { name: 'look', arguments: `{"at":${at}}` },
    }));
    await ask([hello, { role: 'assistant', content: null, tool_calls }, result('call_w_0'), result('call_w_1')]);
    assertInput(last().input, [
      hello,
      ...withoutIds([thinking]),
      { type: 'function_call', call_id: 'call_w_0', name: 'look', arguments: '{"at":1}' },
      { type: 'function_call', call_id: 'call_w_1', name: 'look', arguments: '{"at":2}' },
      output('call_w_0'),
      output('call_w_1'),
    ]);
  }
});

test('several answer messages come back as they were, also with reasoning shown in the content', async (t) => {
  for (const reasoning of ['field', 'quote', 'think', 'off'] as const) {
    const { ask, gives, last } = await bench(t, { reasoning });
    const items = [
      thought('one'),
      message('First.'),
      thought('two'),
      message('Second.'),
      message('First.'),
      functionCall('call_a', 'look', {}),
    ];
    gives.push(items);
    const own = await ask([hello]);
    if (reasoning === 'field') assert.equal(own.content, 'First.\n\nSecond.');
    await ask([hello, own, result('call_a')]);
    assertInput(last().input, [hello, ...withoutIds(items), output('call_a')], reasoning);
  }
});

test('a turn of a JSON answer comes back whole', async (t) => {
  const { ask, gives, last } = await bench(t);
  const items = [thought('one'), message('{"a":1}', 'final_answer'), message('{"a":2}'), functionCall('call_a', 'look', {})];
  gives.push(items);
  const own = await ask([hello], { chat: { response_format: { type: 'json_object' } } });
  assert.equal(own.content, '{"a":1}');
  await ask([hello, own, result('call_a')]);
  assertInput(last().input, [hello, ...withoutIds(items), output('call_a')]);
});

test('what cannot come back without an id is left out, with the reasoning that led to it', async (t) => {
  const { ask, gives, last } = await bench(t);
  const [one, two, three] = [thought('one'), thought('two'), thought('three')];
  const search = { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search', query: 'x' } };
  const made = functionCall('call_a', 'look', {});
  gives.push([one, search, two, { type: 'code_interpreter_call', id: 'ci_1', code: '1' }, three, made]);
  const own = await ask([hello]);
  await ask([hello, own, result('call_a')]);
  assertInput(last().input, [hello, ...withoutIds([three, made]), output('call_a')]);
});

test('a memory at its bound forgets the turns that were used least recently', async (t) => {
  const { ask, gives, last } = await bench(t);
  const large = 'x'.repeat(15 * 1024 * 1024);
  const made: Assistant[] = [];
  for (let n = 0; n < 5; n += 1) {
    gives.push([{ ...thought(''), encrypted_content: large }, functionCall(`call_${n}`, 'look', {})]);
    made.push(await ask([hello]));
    // the first is used again and again
    await ask([hello, made[0]!, result('call_0')]);
    assert.equal(last().input[1]?.type, 'reasoning');
  }
  const kept: number[] = [];
  for (const n of made.keys()) {
    await ask([hello, made[n]!, result(`call_${n}`)]);
    if (last().input[1]?.type === 'reasoning') kept.push(n);
  }
  assert.deepEqual(kept, [0, 2, 3, 4]);
});

test('a turn is forgotten an hour after its last use', async (t) => {
  const clock = { time: 0 };
  const { ask, gives, last } = await bench(t, { now: () => clock.time });
  gives.push(turn());
  const own = await ask([hello]);
  for (const [minutes, found] of [
    [59, true],
    [59, true],
    [61, false],
    [0, false],
  ] as const) {
    clock.time += minutes * 60_000;
    await ask([hello, own, ...both.map((id) => result(id))]);
    assert.equal(last().input[1]?.type === 'reasoning', found);
  }
});

const refusals: (Refusal & { name: string })[] = [
  {
    name: 'encrypted reasoning that cannot be read',
    message: 'The encrypted content for item rs_1 could not be verified.',
    code: 'invalid_encrypted_content',
  },
  { name: 'an output without its call', message: 'No tool call found for function call output with call_id call_a.', param: 'input' },
  { name: 'a call without its output', message: 'No tool output found for function call call_a.', param: 'input' },
  {
    name: 'an item that is not stored',
    message:
      "Item with id 'rs_1' not found. Items are not persisted when `store` is set to false. Try again with `store` set to true, or remove this item from your input.",
    param: 'input',
  },
  {
    name: 'an item that is not stored, as not found',
    status: 404,
    message: "Item with id 'rs_1' not found. Items are not persisted when `store` is set to false.",
  },
  {
    name: 'an item that is there twice',
    message: 'Duplicate item found with id rs_1. Remove duplicate items from your input and try again.',
  },
  {
    name: 'reasoning alone',
    message: "Item 'rs_1' of type 'reasoning' was provided without its required following item.",
    param: 'input',
  },
  {
    name: 'a field of a restored item',
    message: "Unknown parameter: 'input[1].status'.",
    param: 'input[1].status',
    code: 'unknown_parameter',
  },
];

for (const { name, ...refusal } of refusals) {
  for (const as of [undefined, 'event'] as const) {
    if (as && refusal.status) continue;
    test(`kept items that the upstream refuses are forgotten and the request goes out without them: ${name}${as ? ', in a stream' : ''}`, async (t) => {
      const { ask, gives, refuses, upstream, last, finished } = await bench(t);
      gives.push(turn());
      const own = await ask([hello]);
      const back = [hello, own, ...both.map((id) => result(id))];
      refuses.judge = ({ input }) => (input.some(({ type }) => type === 'reasoning') ? refusal : undefined);
      if (as) refuses.as = as;
      const next = [thought('then'), functionCall('call_c', 'look', {})];
      gives.push(next);

      const stream = as !== undefined;
      const answer = await ask(back, { stream });
      assert.equal(upstream.seen.length, 3);
      const plain = [
        hello,
        { role: 'assistant', content: 'Looking.' },
        ...own.tool_calls!.map(({ id, function: made }) => ({ type: 'function_call', call_id: id, ...made })),
        ...both.map((id) => output(id)),
      ];
      assertInput(last().input, plain);
      assert.deepEqual(last().include, ['reasoning.encrypted_content'], 'the next turn can still be kept');
      assert.deepEqual(finished.at(-1)?.report.notes, ['removed kept reasoning (refused upstream)']);

      // the refused turn is gone, what came after it is kept
      refuses.judge = () => undefined;
      const then: Assistant = stream
        ? {
            role: 'assistant',
            content: null,
            tool_calls: [{ id: 'call_c', type: 'function', function: { name: 'look', arguments: '{}' } }],
          }
        : answer;
      await ask([...back, then, result('call_c')]);
      assert.equal(upstream.seen.length, 4);
      assertInput(last().input, [...plain, ...withoutIds(next), output('call_c')]);
    });
  }
}

test("an error about the client's own item is the client's, also beside kept ones", async (t) => {
  const { ask, gives, refuses, upstream, port } = await bench(t);
  gives.push(turn());
  const own = await ask([hello]);
  refuses.judge = () => ({ message: "Invalid type for 'input[0].content'.", param: 'input[0].content' });
  const body = chatBody({ model: 'gpt-5.4', messages: [hello, own, ...both.map((id) => result(id))], tools: [tool], stream: false });
  const answer = await call(port, { headers: { authorization: 'Bearer one' }, body });
  assert.equal(answer.status, 400);
  assert.match(answer.text, /"param":"messages\[0\]\.content"/);
  assert.equal(upstream.seen.length, 2);
});

test('a refusal of kept items and one of an addition are both retried without them', async (t) => {
  const { ask, gives, refuses, upstream, finished, last } = await bench(t);
  gives.push(turn());
  const own = await ask([hello]);
  refuses.judge = ({ input, ...sent }) => {
    if ((sent as { reasoning?: { summary?: string } }).reasoning?.summary)
      return { message: 'Your organization must be verified to generate reasoning summaries.', param: 'reasoning.summary' };
    return input.some(({ type }) => type === 'reasoning') ? { message: 'x', code: 'invalid_encrypted_content' } : undefined;
  };
  await ask([hello, own, ...both.map((id) => result(id))]);
  assert.equal(upstream.seen.length, 4);
  assert.deepEqual(finished.at(-1)?.report.notes, [
    'removed reasoning.summary (refused upstream)',
    'removed kept reasoning (refused upstream)',
  ]);
  assert.ok(last().input.every(({ type }) => type !== 'reasoning'));
});

test('a stream that was cut short leaves nothing behind', async (t) => {
  const items = turn();
  let cut = true;
  const upstream = await scriptedUpstream(t, (response) => {
    if (!cut) return giveTurn(response, [message('Done.')], false);
    startStream(response);
    response.end(sse(items.map((item, output_index) => ({ type: 'response.output_item.done', output_index, item }))));
  });
  const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
  const headers = { authorization: 'Bearer one' };
  const answer = await call(port, { headers, body: chatBody({ model: 'gpt-5.4', messages: [hello], tools: [tool] }) });
  assert.ok(readStream(answer.text).error);
  cut = false;
  const own = {
    role: 'assistant',
    content: null,
    tool_calls: [{ id: 'call_b', type: 'function', function: { name: 'look', arguments: '{"at":"b"}' } }],
  };
  await call(port, {
    headers,
    body: chatBody({ model: 'gpt-5.4', messages: [hello, own, result('call_b')], tools: [tool], stream: false }),
  });
  const { input } = JSON.parse(upstream.seen[1]!.body.toString('utf8')) as Sent;
  assert.deepEqual(
    input.map(({ type }) => type),
    ['message', 'function_call', 'function_call_output'],
  );
});

test('reasoning that the server withheld from the model is noted', async (t) => {
  const withheld = ['prefix_mismatch', 'prefix_mismatch', 'model_mismatch'].map((reason) => ({
    id: 'rs_1',
    type: 'reasoning',
    action: 'removed',
    reason,
  }));
  const upstream = await scriptedUpstream(t, (response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ status: 'completed', output: [message('Hello')], input_transformations: withheld }));
  });
  const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
  const answer = await call(port, { body: chatBody({ stream: false }) });
  assert.equal(answer.headers['x-openai-proxy-notes'], 'the upstream did not use 3 of the earlier reasoning items');
});

test('a turn that answers a long image or a long result of a tool is found, and not behind another one', async (t) => {
  const { ask, gives, last } = await bench(t);
  const model = 'gpt-5.6-sol';
  const see = (data: string): Message[] => [
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What is it?' },
        { type: 'image_url', image_url: { url: `data:image/png;base64,${data}` } },
      ] as never,
    },
  ];
  const [one, other] = ['iVBORw0KGgoA', 'iVBORw0KGgoB'].map((start) => start.repeat(20_000));
  const items = [thought('cat'), message('A cat.', 'final_answer')];
  gives.push(items);
  const own = await ask(see(one!), { model });
  const found = (): boolean => last().input.some(({ type }) => type === 'reasoning');
  await ask([...see(one!), own, { role: 'user', content: 'Sure?' }], { model });
  assert.ok(found());
  await ask([...see(other!), own, { role: 'user', content: 'Sure?' }], { model });
  assert.ok(!found());
  const text = 'word '.repeat(20_000);
  gives.push([functionCall('call_r', 'look', {})], [thought('read'), message('Read.', 'final_answer')]);
  const made = await ask([hello], { model });
  const read = await ask([hello, made, result('call_r', text)], { model });
  await ask([hello, made, result('call_r', text), read, { role: 'user', content: 'Sure?' }], { model });
  assert.ok(found());
  await ask([hello, made, result('call_r', `${text}more`), read, { role: 'user', content: 'Sure?' }], { model });
  assert.ok(!found());
});
