// Every field, role, part and tool by its name in the types of the official `openai` package: one that is new there does not compile here
// until it is decided what becomes of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type OpenAI from 'openai';
import { ProxyError } from '../../lib/error.ts';
import { toResponsesRequest } from '../../lib/index.ts';
import { fields, type Handling } from '../../lib/request/fields.ts';
import { partTypes } from '../../lib/request/parts.ts';

type ChatField = keyof OpenAI.ChatCompletionCreateParams;
type ResponsesField = Exclude<keyof OpenAI.Responses.ResponseCreateParams, ChatField>;

interface Case {
  handling: Handling;
  /** What a client sends. */
  sent: unknown;
  /** What of it goes out; nothing if not given. */
  out?: Record<string, unknown>;
  notes?: string[];
  /** Other fields that it needs. */
  with?: Record<string, unknown>;
  /** The `param` with which the upstream names it, if that is not its own name. */
  param?: string;
}

const same = (name: string, sent: unknown): Case => ({ handling: 'same', sent, out: { [name]: sent } });
const native = (name: string, sent: unknown): Case => ({ handling: 'responses', sent, out: { [name]: sent } });
const dropped = (name: string, sent: unknown): Case => ({ handling: 'dropped', sent, notes: [`dropped ${name}`] });

const tool = { type: 'function', name: 'f', parameters: { type: 'object', properties: {} }, strict: false };
const chatTool = { type: 'function', function: { name: 'f' } };
const schema = { type: 'object', properties: { a: { type: 'string' } } };

const chatFields: Record<ChatField, Case> = {
  messages: {
    handling: 'mapped',
    param: 'input',
    sent: [{ role: 'developer', content: 'Be brief' }],
    out: { input: [{ role: 'developer', content: 'Be brief' }] },
  },
  model: { handling: 'mapped', sent: 'gpt-4o', out: { model: 'gpt-4o' } },
  store: { handling: 'mapped', sent: true, out: { store: true } },
  stream: same('stream', true),
  stream_options: {
    handling: 'mapped',
    with: { stream: true },
    sent: { include_usage: true, include_obfuscation: false },
    out: { stream: true, stream_options: { include_obfuscation: false } },
  },
  temperature: same('temperature', 0.3),
  top_p: same('top_p', 0.4),
  logprobs: { handling: 'mapped', param: 'include', sent: true, out: { include: ['message.output_text.logprobs'] } },
  top_logprobs: {
    handling: 'same',
    with: { logprobs: true },
    sent: 3,
    out: { top_logprobs: 3, include: ['message.output_text.logprobs'] },
  },
  max_tokens: { handling: 'mapped', param: 'max_output_tokens', sent: 100, out: { max_output_tokens: 100 } },
  max_completion_tokens: { handling: 'mapped', param: 'max_output_tokens', sent: 200, out: { max_output_tokens: 200 } },
  reasoning_effort: { handling: 'mapped', param: 'reasoning.effort', sent: 'high', out: { reasoning: { effort: 'high' } } },
  verbosity: { handling: 'mapped', param: 'text.verbosity', sent: 'low', out: { text: { verbosity: 'low' } } },
  response_format: {
    handling: 'mapped',
    param: 'text.format',
    sent: { type: 'json_schema', json_schema: { name: 'n', schema } },
    out: { text: { format: { type: 'json_schema', name: 'n', schema, strict: false } } },
  },
  tools: { handling: 'mapped', sent: [chatTool], out: { tools: [tool] } },
  tool_choice: {
    handling: 'mapped',
    with: { tools: [chatTool] },
    sent: { type: 'function', function: { name: 'f' } },
    out: { tools: [tool], tool_choice: { type: 'function', name: 'f' } },
  },
  parallel_tool_calls: {
    handling: 'same',
    with: { tools: [chatTool] },
    sent: false,
    out: { tools: [tool], parallel_tool_calls: false },
  },
  functions: { handling: 'mapped', param: 'tools', sent: [{ name: 'f' }], out: { tools: [tool], parallel_tool_calls: false } },
  function_call: {
    handling: 'mapped',
    param: 'tool_choice',
    with: { functions: [{ name: 'f' }] },
    sent: { name: 'f' },
    out: { tools: [tool], parallel_tool_calls: false, tool_choice: { type: 'function', name: 'f' } },
  },
  web_search_options: {
    handling: 'mapped',
    param: 'tools',
    sent: { search_context_size: 'low', user_location: { type: 'approximate', approximate: { city: 'Bern', country: 'CH' } } },
    out: {
      tools: [{ type: 'web_search', search_context_size: 'low', user_location: { type: 'approximate', city: 'Bern', country: 'CH' } }],
    },
  },
  metadata: same('metadata', { topic: 'cats' }),
  service_tier: same('service_tier', 'flex'),
  user: same('user', 'u1'),
  safety_identifier: same('safety_identifier', 's1'),
  prompt_cache_key: same('prompt_cache_key', 'k1'),
  prompt_cache_retention: same('prompt_cache_retention', '24h'),
  prompt_cache_options: same('prompt_cache_options', { ttl: '30m' }),
  moderation: same('moderation', { model: 'omni-moderation-latest' }),
  stop: { handling: 'emulated', sent: ['END'] },
  seed: dropped('seed', 7),
  frequency_penalty: dropped('frequency_penalty', 0.5),
  presence_penalty: dropped('presence_penalty', -0.5),
  logit_bias: dropped('logit_bias', { 50256: -100 }),
  prediction: dropped('prediction', { type: 'content', content: 'x' }),
  n: dropped('n', 2),
  modalities: dropped('modalities', ['text', 'audio']),
  audio: dropped('audio', { voice: 'alloy', format: 'wav' }),
};

const responsesFields: Record<ResponsesField, Case> = {
  input: { handling: 'mapped', with: { messages: null }, sent: 'Hi', out: { input: 'Hi' } },
  max_output_tokens: { handling: 'mapped', sent: 300, out: { max_output_tokens: 300 } },
  reasoning: { handling: 'mapped', sent: { effort: 'low', summary: 'auto' }, out: { reasoning: { effort: 'low', summary: 'auto' } } },
  text: { handling: 'mapped', sent: { verbosity: 'high' }, out: { text: { verbosity: 'high' } } },
  include: { handling: 'mapped', sent: ['file_search_call.results'], out: { include: ['file_search_call.results'] } },
  background: { handling: 'mapped', sent: false },
  instructions: native('instructions', 'Be brief'),
  truncation: native('truncation', 'auto'),
  previous_response_id: native('previous_response_id', 'resp_1'),
  conversation: native('conversation', 'conv_1'),
  prompt: native('prompt', { id: 'pmpt_1' }),
  max_tool_calls: native('max_tool_calls', 3),
  context_management: native('context_management', [{ type: 'compaction' }]),
  image: native('image', { detail: 'high' }),
  access_programs: native('access_programs', {}),
};

/** Fields that servers or clients know although the `openai` package does not. A new one is a line here and in the table of fields. */
const unpublishedFields: Record<string, Case> = {
  enable_thinking: { handling: 'mapped', sent: false },
  thinking: { handling: 'mapped', sent: { type: 'disabled' } },
  chat_template_kwargs: { handling: 'mapped', sent: { enable_thinking: false } },
  include_reasoning: { handling: 'mapped', sent: false },
  cache_control: { handling: 'dropped', sent: { type: 'ephemeral' } },
};

const base = { model: 'gpt-4.1', messages: [{ role: 'user', content: 'Hi' }] };
const plain = { model: 'gpt-4.1', input: [{ role: 'user', content: 'Hi' }], store: false };

const cases = Object.entries({ ...chatFields, ...responsesFields, ...unpublishedFields });

test('exactly the fields that have a case here are known', () => {
  const known = [...fields].map(([name, { handling }]) => [name, handling]);
  assert.deepEqual(Object.fromEntries(known), Object.fromEntries(cases.map(([name, { handling }]) => [name, handling])));
});

for (const [name, { handling, sent, out = {}, notes = [], with: needed = {}, param = name }] of cases) {
  test(`${name} is ${handling}, and errors about it name it`, () => {
    const translated = toResponsesRequest({ ...base, ...needed, [name]: sent }, { additions: false });
    assert.deepEqual(translated.request, { ...plain, ...out });
    assert.deepEqual(translated.notes, notes);
    const [root = ''] = param.split('.', 1);
    if (Object.keys(out).length > 0) assert.ok(root in out, `a case whose field goes out under another name has a param`);
    assert.equal(translated.chatParam(param), name);
  });
}

test('null says nothing in any field', () => {
  for (const [name] of cases) {
    if (name === 'messages' || name === 'model') continue;
    const { request, notes } = toResponsesRequest({ ...base, [name]: null }, { additions: false });
    assert.deepEqual([request, notes], [plain, []], name);
  }
});

test('a field that nobody knows is dropped with a note', () => {
  const { request, notes } = toResponsesRequest({ ...base, chat_template_kwargs: { thinking: true }, cache: 0 } as object, {
    additions: false,
  });
  assert.deepEqual(request, plain);
  assert.deepEqual(notes, ['dropped cache', 'dropped chat_template_kwargs']);
});

test('an empty string says nothing in any field but the model', () => {
  for (const [name] of cases) {
    if (name === 'messages' || name === 'model') continue;
    const { request, notes } = toResponsesRequest({ ...base, [name]: '' }, { additions: false });
    assert.deepEqual([request, notes], [plain, []], name);
  }
});

test('a value of a form that is not read is dropped with a note', () => {
  const wrong = {
    tools: { type: 'function' },
    functions: 'f',
    include: 'x',
    web_search_options: true,
    stream_options: true,
    reasoning: 'high',
    text: 'low',
    response_format: 'yaml',
    stop: 5,
    stream: 'true',
    store: 1,
    logprobs: 5,
  };
  for (const [name, value] of Object.entries(wrong)) {
    const { request, notes } = toResponsesRequest({ ...base, [name]: value } as object, { additions: false });
    assert.deepEqual([request, notes], [plain, [`dropped ${name}`]], name);
  }
});

test('what is asked for in vain is dropped with a note', () => {
  const lost: [sent: object, note: string][] = [
    [{ top_logprobs: 3 }, 'dropped top_logprobs'],
    [{ modalities: ['text', 'image'] }, 'dropped modalities'],
    [{ stream: true, stream_options: { include_usage: true, chunk_size: 5 } }, 'dropped stream_options.chunk_size'],
    [{ input: 'Hi' }, 'dropped input'],
    [{ tools: [{ type: 'web_search' }], web_search_options: { search_context_size: 'low' } }, 'dropped web_search_options'],
  ];
  for (const [sent, note] of lost) assert.deepEqual(toResponsesRequest({ ...base, ...sent }, { additions: false }).notes, [note]);
  for (const nothing of [
    { top_logprobs: 0 },
    { modalities: ['text'] },
    { stream_options: { continuous_usage_stats: false } },
    { tools: [{ type: 'web_search' }], web_search_options: {} },
  ])
    assert.deepEqual(toResponsesRequest({ ...base, ...nothing } as object, { additions: false }).notes, []);
});

test('background is refused where it is asked for', () => {
  assert.throws(
    () => toResponsesRequest({ ...base, background: true } as object),
    (error) => error instanceof ProxyError && error.status === 400 && error.param === 'background',
  );
});

// messages

type Role = OpenAI.ChatCompletionMessageParam['role'];

const call = { role: 'assistant', tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } }] };
const sentCall = { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{}' };

const roles: Record<Role, { sent: object[]; out: object[] }> = {
  system: { sent: [{ role: 'system', content: 'S', name: 'dropped' }], out: [{ role: 'system', content: 'S' }] },
  developer: { sent: [{ role: 'developer', content: 'D' }], out: [{ role: 'developer', content: 'D' }] },
  user: { sent: [{ role: 'user', content: 'U', name: 'dropped' }], out: [{ role: 'user', content: 'U' }] },
  assistant: { sent: [{ role: 'assistant', content: 'A', refusal: null, annotations: [] }], out: [{ role: 'assistant', content: 'A' }] },
  tool: {
    sent: [call, { role: 'tool', tool_call_id: 'c1', content: '42' }],
    out: [sentCall, { type: 'function_call_output', call_id: 'c1', output: '42' }],
  },
  function: {
    sent: [
      { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{}' } },
      { role: 'function', name: 'f', content: '42' },
    ],
    out: [
      { ...sentCall, call_id: 'call_fn_0' },
      { type: 'function_call_output', call_id: 'call_fn_0', output: '42' },
    ],
  },
};

for (const [role, { sent, out }] of Object.entries(roles)) {
  test(`a message of role ${role} becomes its item`, () => {
    const { request, notes } = toResponsesRequest({ ...base, messages: sent }, { additions: false });
    assert.deepEqual(request.input, out);
    assert.deepEqual(notes, []);
  });
}

test('a role that does not exist is refused by name', () => {
  for (const role of ['tools', '', null, undefined, 'constructor', 5]) {
    assert.throws(
      () => toResponsesRequest({ ...base, messages: [...base.messages, { role, content: 'x' }] }),
      (error) => error instanceof ProxyError && error.status === 400 && error.param === 'messages[1].role',
      String(role),
    );
  }
});

/** Parts of what anybody but the assistant says. */
type InputPartType = OpenAI.ChatCompletionContentPart['type'] | OpenAI.Responses.ResponseInputContent['type'];
/** Parts of what the assistant says. */
type OutputPartType =
  | Exclude<OpenAI.ChatCompletionAssistantMessageParam['content'], string | null | undefined>[number]['type']
  | OpenAI.Responses.ResponseOutputMessage['content'][number]['type'];

const url = 'https://example.com/a.png';
const inputParts: Record<InputPartType, { sent: object; out: object }> = {
  text: { sent: { type: 'text', text: 'T' }, out: { type: 'input_text', text: 'T' } },
  input_text: { sent: { type: 'input_text', text: 'T' }, out: { type: 'input_text', text: 'T' } },
  image_url: {
    sent: { type: 'image_url', image_url: { url, detail: 'low' } },
    out: { type: 'input_image', detail: 'low', image_url: url },
  },
  input_image: { sent: { type: 'input_image', image_url: url }, out: { type: 'input_image', detail: 'auto', image_url: url } },
  file: { sent: { type: 'file', file: { file_id: 'file-1' } }, out: { type: 'input_file', file_id: 'file-1' } },
  input_file: {
    sent: { type: 'input_file', file_url: 'https://example.com/a.pdf' },
    out: { type: 'input_file', file_url: 'https://example.com/a.pdf' },
  },
  // keeps the whole request on Chat; where that cannot be, it is refused before
  input_audio: {
    sent: { type: 'input_audio', input_audio: { data: 'AA==', format: 'wav' } },
    out: { type: 'input_audio', input_audio: { data: 'AA==', format: 'wav' } },
  },
};

const outputParts: Record<OutputPartType, { sent: object; out: object }> = {
  text: { sent: { type: 'text', text: 'T' }, out: { type: 'output_text', text: 'T' } },
  output_text: { sent: { type: 'output_text', text: 'T', annotations: [] }, out: { type: 'output_text', text: 'T' } },
  refusal: { sent: { type: 'refusal', refusal: 'No' }, out: { type: 'refusal', refusal: 'No' } },
};

for (const [type, { sent, out }] of Object.entries(inputParts)) {
  test(`a user's part of type ${type} becomes its part`, () => {
    const { request } = toResponsesRequest({ ...base, messages: [{ role: 'user', content: [sent] }] }, { additions: false });
    assert.deepEqual(request.input, [{ role: 'user', content: [out] }]);
    assert.ok(partTypes.includes(type) || type === 'input_audio');
  });
}

for (const [type, { sent, out }] of Object.entries(outputParts)) {
  test(`an assistant's part of type ${type} becomes its part`, () => {
    const { request } = toResponsesRequest({ ...base, messages: [{ role: 'assistant', content: [sent] }] }, { additions: false });
    assert.deepEqual(request.input, [{ type: 'message', role: 'assistant', content: [out] }]);
  });
}

// tools

type ChatToolType = OpenAI.ChatCompletionTool['type'];
type HostedToolType = Exclude<OpenAI.Responses.Tool['type'], ChatToolType>;

const grammar = { syntax: 'lark', definition: 'start: "a"' };
const chatTools: Record<ChatToolType, { sent: object; out: object }> = {
  function: {
    sent: { type: 'function', function: { name: 'f', description: 'd', parameters: schema, strict: true } },
    out: { type: 'function', name: 'f', description: 'd', parameters: schema, strict: true },
  },
  custom: {
    sent: { type: 'custom', custom: { name: 'c', description: 'd', format: { type: 'grammar', grammar } } },
    out: { type: 'custom', name: 'c', description: 'd', format: { type: 'grammar', ...grammar } },
  },
};

const hostedTools: Record<HostedToolType, true> = {
  file_search: true,
  computer: true,
  computer_use_preview: true,
  web_search: true,
  web_search_2025_08_26: true,
  web_search_preview: true,
  web_search_preview_2025_03_11: true,
  mcp: true,
  code_interpreter: true,
  programmatic_tool_calling: true,
  image_generation: true,
  local_shell: true,
  shell: true,
  namespace: true,
  tool_search: true,
  apply_patch: true,
};

for (const [type, { sent, out }] of Object.entries(chatTools)) {
  test(`a ${type} tool is sent flat`, () => {
    assert.deepEqual(toResponsesRequest({ ...base, tools: [sent] } as object, { additions: false }).request.tools, [out]);
  });
}

test('tools of Responses go out as they came', () => {
  const tools = Object.keys(hostedTools).map((type) => ({ type, own: { field: [1] } }));
  assert.deepEqual(toResponsesRequest({ ...base, tools } as object, { additions: false }).request.tools, tools);
});
