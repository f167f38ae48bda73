import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toResponsesRequest, type TranslatedRequest } from '../../lib/index.ts';

const tool = { type: 'function', function: { name: 'f' } };
const messages = [{ role: 'user', content: 'Hi' }];

function translate(more: object, model = 'gpt-4.1'): TranslatedRequest {
  return toResponsesRequest({ model, messages, ...more }, { additions: false });
}

const paramOf = (more: object, param: string | null): string | null => translate(more).chatParam(param);

test('an error names the field that the client has', () => {
  const both = { tools: [tool, { type: 'function', name: 'g' }, { type: 'custom', custom: { name: 'c' } }], functions: [{ name: 'h' }] };
  const table: [more: object, param: string | null, chat: string | null][] = [
    [{}, null, null],
    [{}, 'temperature', 'temperature'],
    [{}, 'input', 'messages'],
    [{ max_tokens: 50 }, 'max_output_tokens', 'max_tokens'],
    [{ max_completion_tokens: 50 }, 'max_output_tokens', 'max_completion_tokens'],
    [{}, 'max_output_tokens', 'max_completion_tokens'],
    [{ max_output_tokens: 50 }, 'max_output_tokens', 'max_output_tokens'],
    [{ max_tokens: 50, max_completion_tokens: 60 }, 'max_output_tokens', 'max_completion_tokens'],
    [{ max_tokens: 50 }, 'max_output_tokens_x', 'max_output_tokens_x'],
    [{}, 'reasoning.effort', 'reasoning_effort'],
    [{ reasoning: { effort: 'low' } }, 'reasoning.effort', 'reasoning.effort'],
    [{}, 'text.verbosity', 'verbosity'],
    [{}, 'text.format', 'response_format'],
    [{ response_format: { type: 'json_schema', json_schema: {} } }, 'text.format.schema', 'response_format.json_schema.schema'],
    [{}, 'text.format.type', 'response_format.type'],
    [both, 'tools[0].name', 'tools[0].function.name'],
    [both, 'tools[1].parameters', 'tools[1].parameters'],
    [both, 'tools[2].name', 'tools[2].custom.name'],
    [both, 'tools[3].name', 'functions[0].name'],
    [both, 'tools[0].type', 'tools[0].type'],
    [both, 'tools[0].named', 'tools[0].named'],
    [both, 'tools[3]', 'functions[0]'],
    [both, 'tools[4].name', 'tools[4].name'],
    [both, 'tools', 'functions'],
    [{ tools: [tool], web_search_options: {} }, 'tools[1].search_context_size', 'web_search_options.search_context_size'],
    [{ tools: [tool] }, 'tools', 'tools'],
    [{ functions: [{ name: 'h' }], function_call: { name: 'h' } }, 'tool_choice', 'function_call'],
    [{ tools: [tool], tool_choice: 'auto' }, 'tool_choice', 'tool_choice'],
    [{ logprobs: true }, 'include', 'logprobs'],
    [{ logprobs: true }, 'include[0]', 'logprobs'],
    [{}, 'include', 'include'],
    [{ text: { format: { type: 'json_object' } } }, 'text.format.type', 'text.format.type'],
    [{ text: { verbosity: 'low' }, verbosity: 'high' }, 'text.verbosity', 'verbosity'],
    [{ reasoning: {}, reasoning_effort: 'low' }, 'reasoning.effort', 'reasoning_effort'],
    [{ reasoning_effort: 'low' }, 'reasoning', 'reasoning_effort'],
    [{ reasoning: { effort: 'low' } }, 'reasoning', 'reasoning'],
    [{ response_format: { type: 'json_object' } }, 'text', 'response_format'],
    [{ verbosity: 'low' }, 'text', 'verbosity'],
    [{ response_format: { type: 'json_schema', json_schema: {} } }, 'text.format.name', 'response_format.json_schema.name'],
    [{ response_format: { type: 'json_schema', name: 'n' } }, 'text.format.name', 'response_format.name'],
    [{ text: { format: { type: 'json_schema', name: 'n' } } }, 'text.format.name', 'text.format.name'],
    [{ logprobs: true, include: ['a'] }, 'include[0]', 'include[0]'],
    [{ logprobs: true, include: ['a'] }, 'include[1]', 'logprobs'],
  ];
  for (const [more, param, chat] of table) assert.equal(paramOf(more, param), chat, String(param));
});

test('an error about a tool, a search or a choice names the fields that the client wrote it with', () => {
  const grammar = { type: 'grammar', grammar: { syntax: 'lark', definition: 'start: "a"' } };
  const tools = [
    { type: 'custom', custom: { name: 'c', format: grammar } },
    { type: 'custom', name: 'd', format: { type: 'grammar', syntax: 'lark', definition: 'start: "a"' } },
    { type: 'function', function: { name: 'f' }, strict: true, defer_loading: true },
  ];
  const approximate = { city: 'Bern' };
  const nested = { tools, web_search_options: { user_location: { type: 'approximate', approximate } } };
  const choice = (tool_choice: unknown): object => ({ tools, tool_choice });
  const allowed = [
    { type: 'function', function: { name: 'f' } },
    { type: 'custom', name: 'd' },
  ];
  const table: [more: object, param: string, chat: string][] = [
    [nested, 'tools[0].format', 'tools[0].custom.format'],
    [nested, 'tools[0].format.type', 'tools[0].custom.format.type'],
    [nested, 'tools[0].format.definition', 'tools[0].custom.format.grammar.definition'],
    [nested, 'tools[1].format.definition', 'tools[1].format.definition'],
    [nested, 'tools[2].name', 'tools[2].function.name'],
    [nested, 'tools[2].strict', 'tools[2].strict'],
    [nested, 'tools[2].defer_loading', 'tools[2].defer_loading'],
    [nested, 'tools[2].parameters.properties.a', 'tools[2].function.parameters.properties.a'],
    [nested, 'tools[3]', 'web_search_options'],
    [nested, 'tools[3].filters.allowed_domains[0]', 'web_search_options.filters.allowed_domains[0]'],
    [nested, 'tools[3].user_location.city', 'web_search_options.user_location.approximate.city'],
    [nested, 'tools[3].user_location.type', 'web_search_options.user_location.type'],
    [{ web_search_options: { user_location: approximate } }, 'tools[0].user_location.city', 'web_search_options.user_location.city'],
    [choice({ type: 'function', function: { name: 'f' } }), 'tool_choice.name', 'tool_choice.function.name'],
    [choice({ type: 'function', name: 'f' }), 'tool_choice.name', 'tool_choice.name'],
    [choice({ type: 'custom', custom: { name: 'c' } }), 'tool_choice.name', 'tool_choice.custom.name'],
    [choice({ type: 'custom', custom: { name: 'c' } }), 'tool_choice.type', 'tool_choice.type'],
    [choice('required'), 'tool_choice', 'tool_choice'],
    [
      choice({ type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: allowed } }),
      'tool_choice.tools[0].name',
      'tool_choice.allowed_tools.tools[0].function.name',
    ],
    [
      choice({ type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: allowed } }),
      'tool_choice.tools[1].name',
      'tool_choice.allowed_tools.tools[1].name',
    ],
    [
      choice({ type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: allowed } }),
      'tool_choice.mode',
      'tool_choice.allowed_tools.mode',
    ],
    [choice({ type: 'allowed_tools', mode: 'auto', tools: allowed }), 'tool_choice.mode', 'tool_choice.mode'],
    [{ functions: [{ name: 'f' }], function_call: { name: 'f' } }, 'tool_choice.name', 'function_call.name'],
  ];
  for (const [more, param, chat] of table) assert.equal(paramOf(more, param), chat, param);
});

test('an error about the reasoning names what asked for it', () => {
  const table: [model: string, more: object, param: string, chat: string][] = [
    ['gpt-5.6-sol:res-high', {}, 'reasoning.effort', 'model'],
    ['gpt-5.6-sol:res-high:sum-auto:mode-pro', {}, 'reasoning.mode', 'model'],
    ['gpt-5.6-sol:res-high:sum-auto:mode-pro', {}, 'reasoning.summary', 'model'],
    ['gpt-5.6-sol:res-high', { reasoning_effort: 'low' }, 'reasoning.effort', 'reasoning_effort'],
    ['gpt-5.6-sol:mode-pro', { reasoning: { mode: 'standard' } }, 'reasoning.mode', 'reasoning.mode'],
    ['gpt-5.6-sol', { enable_thinking: false }, 'reasoning.effort', 'enable_thinking'],
    ['gpt-5.6-sol', { reasoning: { enabled: false } }, 'reasoning.effort', 'reasoning.enabled'],
    ['gpt-5.6-sol', { chat_template_kwargs: { enable_thinking: false } }, 'reasoning.effort', 'chat_template_kwargs.enable_thinking'],
  ];
  for (const [model, more, param, chat] of table) assert.equal(translate(more, model).chatParam(param), chat, model);
});

test('a field is named by the whole of its path', () => {
  const nested = (more: object = {}): object => ({ tools: [{ type: 'function', function: { name: 'f', ...more } }] });
  const custom = {
    tools: [{ type: 'custom', custom: { name: 'c', format: { type: 'grammar', grammar: { syntax: 'lark', definition: 'x' } } } }],
  };
  const choice = (tool_choice: object): object => ({ ...nested(), tool_choice });
  const many = { tools: Array.from({ length: 12 }, () => tool), web_search_options: {} };
  const table: [more: object, param: string, chat: string][] = [
    [many, 'tools[11].name', 'tools[11].function.name'],
    [many, 'tools[12]', 'web_search_options'],
    [many, 'tools[13].x', 'tools[13].x'],
    [many, 'tools[12].user_location.city', 'web_search_options.user_location.city'],
    [
      { web_search_options: { user_location: { approximate: {} } } },
      'tools[0].user_location.city',
      'web_search_options.user_location.approximate.city',
    ],
    [
      { web_search_options: { user_location: { approximate: {} } } },
      'tools[0].user_location.type',
      'web_search_options.user_location.type',
    ],
    [
      { web_search_options: { user_location: { approximate: {} } } },
      'tools[0].a.user_location.city',
      'web_search_options.a.user_location.city',
    ],
    [nested(), 'tools[0].parameters.properties.name', 'tools[0].function.parameters.properties.name'],
    [nested(), 'tools[0].x.name', 'tools[0].x.name'],
    [nested(), 'xtools[0].name', 'xtools[0].name'],
    [nested(), 'tools[0].parameters\n.x', 'tools[0].function.parameters\n.x'],
    [{ tools: [{ type: 'function', strict: true, function: { name: 'f' } }] }, 'tools[0].strict', 'tools[0].strict'],
    [{ tools: [{ type: 'function', strict: true, function: { name: 'f', strict: true } }] }, 'tools[0].strict', 'tools[0].function.strict'],
    [custom, 'tools[0].format.definition', 'tools[0].custom.format.grammar.definition'],
    [custom, 'tools[0].format.type', 'tools[0].custom.format.type'],
    [custom, 'tools[0].x.format.syntax', 'tools[0].x.format.syntax'],
    [choice({ type: 'function', function: { name: 'f' } }), 'tool_choice.name', 'tool_choice.function.name'],
    [choice({ type: 'function', function: { name: 'f' } }), 'tool_choice.type', 'tool_choice.type'],
    [choice({ type: 'function', name: 'f' }), 'tool_choice.name', 'tool_choice.name'],
    [
      choice({ type: 'allowed_tools', allowed_tools: { tools: [tool, { type: 'function', name: 'f' }] } }),
      'tool_choice.tools[0].name',
      'tool_choice.allowed_tools.tools[0].function.name',
    ],
    [
      choice({ type: 'allowed_tools', allowed_tools: { tools: [tool, { type: 'function', name: 'f' }] } }),
      'tool_choice.tools[1].name',
      'tool_choice.allowed_tools.tools[1].name',
    ],
    [
      choice({ type: 'allowed_tools', allowed_tools: { tools: Array.from({ length: 11 }, () => tool) } }),
      'tool_choice.tools[10].name',
      'tool_choice.allowed_tools.tools[10].function.name',
    ],
    [choice({ type: 'allowed_tools', tools: [tool] }), 'tool_choice.mode', 'tool_choice.mode'],
    [{ ...nested(), tool_choice: 'auto', function_call: { name: 'f' } }, 'tool_choice', 'tool_choice'],
    [{ response_format: { type: 'json_schema', json_schema: {} } }, 'text.format', 'response_format'],
    [{ response_format: { type: 'json_schema', json_schema: {} } }, 'text.format.type', 'response_format.type'],
    [{ response_format: { type: 'json_schema', json_schema: {} }, verbosity: 'low' }, 'text.verbosity', 'verbosity'],
    [{}, 'input[0]', 'messages[0]'],
    [{}, 'input[0].content', 'messages[0].content'],
    [{}, 'input[0].unknown', 'messages[0]'],
    [{}, 'input[99].content', 'messages'],
    [
      {
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'a' },
              { type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } },
            ],
          },
        ],
      },
      'input[0].content[1].image_url',
      'messages[0].content[1].image_url.url',
    ],
    [{ messages: [{ role: 'user', content: [{ type: 'text', text: 'a' }] }] }, 'input[0].content[0].unknown', 'messages[0].content[0]'],
  ];
  for (const [more, param, chat] of table) assert.equal(paramOf(more, param), chat, `${param} of ${JSON.stringify(more).slice(0, 100)}`);
  const ten = Array.from({ length: 12 }, (_, at) => ({ role: 'user', content: [{ type: 'text', text: `${at}` }] }));
  assert.equal(paramOf({ messages: ten }, 'input[11].content[0].text'), 'messages[11].content[0].text');
});
