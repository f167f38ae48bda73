import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProxyError, toResponsesRequest, type TranslatedRequest } from '../../lib/index.ts';

const messages = [{ role: 'user', content: 'Hi' }];

function translate(more: object, model = 'gpt-4.1'): TranslatedRequest {
  return toResponsesRequest({ model, messages, ...more }, { additions: false });
}

const tool = { type: 'function', function: { name: 'f' } };
const sentTool = { type: 'function', name: 'f', parameters: { type: 'object', properties: {} }, strict: false };

test('values that ask for nothing are left out without a note', () => {
  const neutral = {
    n: 1,
    stop: null,
    seed: null,
    frequency_penalty: 0,
    presence_penalty: 0,
    logit_bias: {},
    modalities: ['text'],
    audio: null,
    prediction: null,
    logprobs: false,
    tools: [],
    functions: [],
    tool_choice: 'auto',
    reasoning_effort: null,
    response_format: { type: 'text' },
    stream: false,
    unknown: '',
  };
  const { request, notes } = translate(neutral);
  const { stream: _, ...rest } = request;
  assert.deepEqual(rest, { model: 'gpt-4.1', input: messages, store: false });
  assert.deepEqual(notes, []);
});

test('stop takes a text, a list and nothing', () => {
  for (const [stop, taken] of [
    ['a', ['a']],
    [
      ['a', 'b'],
      ['a', 'b'],
    ],
    ['', []],
    [[], []],
    [null, []],
    [['', 'a', 5], ['a']],
  ] as const)
    assert.deepEqual(translate({ stop }).context.stop, taken);
});

test('top_logprobs without logprobs asks for nothing', () => {
  const { request } = translate({ top_logprobs: 2 });
  assert.deepEqual([request['top_logprobs'], request.include], [undefined, undefined]);
});

test('what to include is a set', () => {
  const { request } = translate({ logprobs: true, include: ['message.output_text.logprobs', 'file_search_call.results'] });
  assert.deepEqual(request.include, ['message.output_text.logprobs', 'file_search_call.results']);
});

test('include_usage stays here, include_obfuscation goes out with a stream only', () => {
  const stream_options = { include_usage: true, include_obfuscation: false };
  assert.deepEqual(translate({ stream: true, stream_options }).request['stream_options'], { include_obfuscation: false });
  assert.equal(translate({ stream_options }).request['stream_options'], undefined);
  assert.equal(translate({ stream: true, stream_options: { include_usage: true } }).request['stream_options'], undefined);
  assert.equal(translate({ stream: true, stream_options }).context.includeUsage, true);
});

test('a model is needed', () => {
  for (const model of [undefined, null, '', 5])
    assert.throws(
      () => toResponsesRequest({ messages, model } as object),
      (error) => error instanceof ProxyError && error.status === 400 && error.param === 'model',
    );
});

// tools

test('flat tools, nested tools and functions are one list', () => {
  const { request, context } = translate({
    tools: [tool, { type: 'function', name: 'g', parameters: {}, strict: true }, { type: 'web_search' }],
    functions: [{ name: 'h' }],
  });
  assert.deepEqual(request.tools, [
    sentTool,
    { type: 'function', name: 'g', parameters: {}, strict: true },
    { type: 'web_search' },
    { ...sentTool, name: 'h' },
  ]);
  assert.deepEqual([...context.tools], ['f', 'g', 'h']);
  assert.equal(context.legacyFunctions, false, 'whoever has tools takes tool calls');
});

test('a tool choice is flat', () => {
  const choice = (tool_choice: unknown): unknown => translate({ tools: [tool], tool_choice }).request.tool_choice;
  for (const text of ['none', 'auto', 'required']) assert.equal(choice(text), text);
  assert.deepEqual(choice({ type: 'function', function: { name: 'f' } }), { type: 'function', name: 'f' });
  assert.deepEqual(choice({ type: 'function', name: 'f' }), { type: 'function', name: 'f' });
  assert.deepEqual(choice({ type: 'custom', custom: { name: 'c' } }), { type: 'custom', name: 'c' });
  assert.deepEqual(
    choice({
      type: 'allowed_tools',
      allowed_tools: { mode: 'required', tools: [tool, { type: 'custom', custom: { name: 'c' } }, { type: 'mcp', server_label: 's' }] },
    }),
    {
      type: 'allowed_tools',
      mode: 'required',
      tools: [
        { type: 'function', name: 'f' },
        { type: 'custom', name: 'c' },
        { type: 'mcp', server_label: 's' },
      ],
    },
  );
  assert.deepEqual(choice({ type: 'web_search_preview' }), { type: 'web_search_preview' });
  assert.deepEqual(choice({ type: 'mcp', name: 'n', server_label: 's' }), { type: 'mcp', name: 'n', server_label: 's' });
});

test('a tool choice without tools is left out, with a note where it asked for one', () => {
  for (const choice of ['none', 'auto'])
    assert.deepEqual([translate({ tool_choice: choice }).request.tool_choice, translate({ tool_choice: choice }).notes], [undefined, []]);
  assert.deepEqual(translate({ tool_choice: 'required', parallel_tool_calls: true }).notes, ['dropped tool_choice']);
  assert.equal(translate({ parallel_tool_calls: true }).request['parallel_tool_calls'], undefined);
});

test('long names are the same in tools, choices and calls', () => {
  const name = 'n'.repeat(100);
  const { request, context } = translate({
    tools: [{ type: 'function', function: { name } }],
    tool_choice: { type: 'function', function: { name } },
    messages: [
      { role: 'assistant', tool_calls: [{ id: 'a', type: 'function', function: { name, arguments: '{}' } }] },
      { role: 'tool', tool_call_id: 'a', content: '' },
    ],
  });
  const short = (request.tools![0] as { name: string }).name;
  assert.equal(short.length, 64);
  assert.deepEqual([(request.tool_choice as { name: string }).name, (request.input as { name: string }[])[0]!.name], [short, short]);
  assert.equal(context.names.get(short), name);
});

test('what an answer needs to know of the request stands in the context', () => {
  const of = (more: object): unknown[] => {
    const { legacyFunctions, logprobs, includeUsage } = translate(more).context;
    return [legacyFunctions, logprobs, includeUsage];
  };
  assert.deepEqual(of({}), [false, false, false]);
  assert.deepEqual(of({ functions: [{ name: 'f' }], logprobs: true, stream: true, stream_options: { include_usage: true } }), [
    true,
    true,
    true,
  ]);
  assert.deepEqual(of({ functions: [{ name: 'f' }], tools: [tool], logprobs: 1, stream_options: { include_usage: 1 } }), [
    false,
    false,
    false,
  ]);
  assert.deepEqual(of({ functions: [], tools: [tool] }), [false, false, false]);
});

test('includes are texts, each once', () => {
  assert.deepEqual(translate({ include: ['a', 5, 'b', 'a', null], logprobs: true }).request.include, [
    'a',
    'b',
    'message.output_text.logprobs',
  ]);
  assert.equal(translate({ include: [5] }).request.include, undefined);
});

test('a body without messages may have an input, or a history that the server holds', () => {
  const error = (body: unknown): unknown[] => {
    try {
      return [toResponsesRequest(body as never, { additions: false }).request.input];
    } catch (thrown) {
      assert.ok(thrown instanceof ProxyError);
      return [thrown.status, thrown.param, thrown.message];
    }
  };
  const model = 'gpt-4.1';
  assert.deepEqual(error({ model, input: 'Hi' }), ['Hi']);
  assert.deepEqual(error({ model, input: ['x'], messages: [] }), [['x']]);
  assert.deepEqual(error({ model, messages: [], prompt: { id: 'p' } }), [[]]);
  assert.deepEqual(error({ model, messages: [], conversation: 'c' }), [[]]);
  assert.deepEqual(error({ model, messages: [], previous_response_id: 'r' }), [[]]);
  const missing = error({ model });
  const invalid = error({ model, messages: 5 });
  assert.deepEqual([missing[0], missing[1], invalid[0], invalid[1]], [400, 'messages', 400, 'messages']);
  assert.deepEqual(error({ model, messages: [] }), invalid);
  assert.deepEqual(error({ model, input: '' }), missing);
  assert.deepEqual(error({ model, input: 5, messages: 'x' }), invalid);
  for (const body of [null, [], 'x', 5, undefined]) assert.equal(error(body)[0], 400);
  const both = toResponsesRequest({ model, messages, input: 'x' } as never, { additions: false });
  assert.deepEqual([both.request.input, both.notes], [messages, ['dropped input']]);
});
