import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProxyError, toResponsesRequest, type TranslatedRequest } from '../../lib/index.ts';
import { replaceModel } from '../../lib/request/replace-model.ts';

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

test('a token limit under 16 becomes 16, with a note that names the field', () => {
  for (const field of ['max_tokens', 'max_completion_tokens', 'max_output_tokens']) {
    const { request, notes } = translate({ [field]: 5 });
    assert.deepEqual([request.max_output_tokens, notes], [16, [`raised ${field} to 16`]]);
    assert.deepEqual([translate({ [field]: 16 }).request.max_output_tokens, translate({ [field]: 16 }).notes], [16, []]);
  }
  assert.equal(translate({ max_tokens: 100, max_completion_tokens: 200 }).request.max_output_tokens, 200);
});

test('JSON formats are flat, and strict is always said', () => {
  const schema = { type: 'object' };
  const format = (response_format: object): unknown => translate({ response_format }).request.text?.format;
  assert.deepEqual(format({ type: 'json_object' }), { type: 'json_object' });
  assert.deepEqual(format({ type: 'json_schema', json_schema: { name: 'n', description: 'd', schema, strict: true } }), {
    type: 'json_schema',
    name: 'n',
    description: 'd',
    schema,
    strict: true,
  });
  assert.deepEqual(format({ type: 'json_schema', json_schema: { name: 'n', schema, strict: null } }), {
    type: 'json_schema',
    name: 'n',
    schema,
    strict: false,
  });
  assert.equal(translate({ response_format: { type: 'json_object' } }).context.json, true);
  assert.equal(translate({ text: { format: { type: 'json_object' } } }).context.json, true);
  assert.equal(translate({ response_format: { type: 'text' } }).context.json, false);
});

test('verbosity, a format and a text of Responses are one text', () => {
  const { request } = translate({ verbosity: 'low', response_format: { type: 'json_object' }, text: { verbosity: 'high' } });
  assert.deepEqual(request.text, { verbosity: 'low', format: { type: 'json_object' } });
});

test("the client's own effort wins over its model name's", () => {
  assert.deepEqual(translate({}, 'gpt-5:res-high').request.reasoning, { effort: 'high' });
  assert.deepEqual(translate({}, 'gpt-5:res-high:sum-detailed').request.reasoning, { effort: 'high', summary: 'detailed' });
  assert.deepEqual(translate({ reasoning_effort: 'low' }, 'gpt-5:res-high').request.reasoning, { effort: 'low' });
  assert.deepEqual(translate({ reasoning: { effort: 'low' } }, 'gpt-5:res-high').request.reasoning, { effort: 'low' });
  assert.equal(translate({}, 'gpt-5:res-high').request.model, 'gpt-5');
  assert.equal(translate({}, 'gpt-5:res-high').context.model, 'gpt-5');
});

test('fields of reasoning that the API does not have are dropped with a note', () => {
  const { request, notes } = translate({ reasoning: { effort: 'low', enabled: true, max_tokens: 5, summary: null } }, 'gpt-5');
  assert.deepEqual([request.reasoning, notes], [{ effort: 'low' }, ['dropped reasoning.enabled', 'dropped reasoning.max_tokens']]);
});

test('sampling is dropped, with a note, while the model reasons, and only then', () => {
  const asked = { temperature: 0.5, top_p: 0.9, logprobs: true, top_logprobs: 2 };
  const reasons = translate(asked, 'gpt-5');
  assert.deepEqual(reasons.request, { model: 'gpt-5', input: messages, store: false });
  assert.deepEqual(reasons.notes, ['dropped temperature', 'dropped top_p', 'dropped top_logprobs', 'dropped logprobs']);
  assert.deepEqual(translate({ temperature: 1, top_p: 1 }, 'gpt-5').notes, [], 'the default values need no note');
  for (const model of ['gpt-4.1', 'gpt-5.1', 'gpt-5.4', 'unheard-of']) {
    const { request, notes } = translate(asked, model);
    assert.deepEqual(
      [request['temperature'], request['top_p'], request.include, request['top_logprobs']],
      [0.5, 0.9, ['message.output_text.logprobs'], 2],
      model,
    );
    assert.deepEqual(notes, []);
  }
  assert.equal(translate({ ...asked, reasoning_effort: 'low' }, 'gpt-5.4').request['temperature'], undefined);
  assert.equal(translate({ ...asked, reasoning_effort: 'none' }, 'gpt-5.6').request['temperature'], 0.5);
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

// the parameters that errors name

const paramOf = (more: object, param: string | null): string | null => translate(more).chatParam(param);

test('an error names the field that the client has', () => {
  const both = { tools: [tool, { type: 'function', name: 'g' }, { type: 'custom', custom: { name: 'c' } }], functions: [{ name: 'h' }] };
  const table: [more: object, param: string | null, chat: string | null][] = [
    [{}, null, null],
    [{}, 'temperature', 'temperature'],
    [{}, 'input', 'messages'],
    [{ max_tokens: 50 }, 'max_output_tokens', 'max_tokens'],
    [{ max_completion_tokens: 50 }, 'max_output_tokens', 'max_completion_tokens'],
    [{}, 'max_output_tokens', 'max_output_tokens'],
    [{}, 'reasoning.effort', 'reasoning_effort'],
    [{ reasoning: { effort: 'low' } }, 'reasoning.effort', 'reasoning.effort'],
    [{}, 'text.verbosity', 'verbosity'],
    [{}, 'text.format', 'response_format'],
    [{}, 'text.format.schema', 'response_format.json_schema.schema'],
    [{}, 'text.format.type', 'response_format.type'],
    [both, 'tools[0].name', 'tools[0].function.name'],
    [both, 'tools[1].parameters', 'tools[1].parameters'],
    [both, 'tools[2].name', 'tools[2].custom.name'],
    [both, 'tools[3].name', 'functions[0].name'],
    [both, 'tools[0].type', 'tools[0].type'],
  ];
  for (const [more, param, chat] of table) assert.equal(paramOf(more, param), chat, String(param));
});

test('an error about an item names the message that it comes from', () => {
  const calls = [
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content: 'Let me see', tool_calls: ['a', 'b'].map((id) => ({ ...tool, id })) },
    { role: 'tool', tool_call_id: 'a', content: '1' },
    { role: 'tool', tool_call_id: 'b', content: '2' },
  ];
  assert.deepEqual(
    ['input[0].content', 'input[1]', 'input[2].arguments', 'input[3]', 'input[4].output', 'input[5].output[0].text', 'input[9]'].map(
      (param) => paramOf({ messages: calls }, param),
    ),
    [
      'messages[0].content',
      'messages[1]',
      'messages[1].arguments',
      'messages[1]',
      'messages[2].output',
      'messages[3].output[0].text',
      'messages[9]',
    ],
  );
  assert.equal(toResponsesRequest({ model: 'gpt-5', input: 'Hi' } as object).chatParam('input'), 'input');
});

// aliases in a body that is passed on

const replaced: [name: string, before: string, after: string][] = [
  ['white space and order', '{ "a" : 1 ,\n"model"\t:  "old" , "b":[] }', '{ "a" : 1 ,\n"model"\t:  "new" , "b":[] }'],
  [
    'a model further down',
    '{"a":{"model":"old"},"b":["model","old"],"model":"old"}',
    '{"a":{"model":"old"},"b":["model","old"],"model":"new"}',
  ],
  ['model as a value', '{"a":"model","model":"old","b":"model"}', '{"a":"model","model":"new","b":"model"}'],
  ['escapes', '{"a":"\\"model\\":\\"x\\"}","model":"o\\"l\\\\d","b":"\\\\"}', '{"a":"\\"model\\":\\"x\\"}","model":"new","b":"\\\\"}'],
  ['numbers and literals as they were', '{"n":1.0e+2,"z":-0,"t":true,"model":"old"}', '{"n":1.0e+2,"z":-0,"t":true,"model":"new"}'],
  ['a model that is no text', '{"model":5,"a":"x"}', '{"model":5,"a":"x"}'],
  ['no model', '{"a":"model"}', '{"a":"model"}'],
  ['two models, of which the last counts', '{"model":"x","model":"old"}', '{"model":"x","model":"new"}'],
  ['characters of several bytes', '{"a":"👋🏽\\ud83d","model":"ü","b":"你"}', '{"a":"👋🏽\\ud83d","model":"new","b":"你"}'],
  ['null before it', '{"a":null,"model":"old"}', '{"a":null,"model":"new"}'],
];

for (const [name, before, after] of replaced)
  test(`the model is replaced and every other byte stays: ${name}`, () => assert.equal(replaceModel(before, 'new'), after));
