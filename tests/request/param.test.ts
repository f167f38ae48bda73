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
    [{}, 'text.format.schema', 'response_format.json_schema.schema'],
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
