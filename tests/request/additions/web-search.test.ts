import assert from 'node:assert/strict';
import { test } from 'node:test';
import { webSearch } from '../../../lib/request/additions/web-search.ts';
import { candidate, request } from './support.ts';

test('a search is added to a plain conversation', () => {
  assert.deepEqual(webSearch.choose(candidate('gpt-5'), undefined), { value: 'web_search' });
  assert.deepEqual(webSearch.choose(candidate('gpt-4.1'), undefined), { value: 'web_search' });
  assert.deepEqual(webSearch.choose(candidate('gpt-5', { chat: { tool_choice: 'auto' } }), undefined), { value: 'web_search' });
  assert.deepEqual(webSearch.choose(candidate('gpt-5', { request: { input: 'Hi' } }), undefined), { value: 'web_search' });
  assert.deepEqual(webSearch.choose(candidate('gpt-5', { request: { text: { verbosity: 'low' } } }), undefined), { value: 'web_search' });
});

test('none is added if the settings, the model or the effort do not allow it', () => {
  assert.equal(webSearch.choose(candidate('gpt-5', { settings: { webSearch: false } }), undefined), undefined);
  assert.equal(webSearch.choose(candidate('gpt-4.1-nano'), undefined), undefined);
  assert.equal(webSearch.choose(candidate('gpt-5', { request: { reasoning: { effort: 'minimal' } } }), undefined), undefined);
  assert.deepEqual(webSearch.choose(candidate('gpt-5', { request: { reasoning: { effort: 'low' } } }), undefined), { value: 'web_search' });
});

test('a small token limit has no search, and a note only if there would have been one', () => {
  const chat = { max_tokens: 100 };
  assert.deepEqual(webSearch.choose(candidate('gpt-5', { chat }), undefined), { note: 'small token limit: no web search' });
  assert.equal(webSearch.choose(candidate('gpt-5', { chat: { ...chat, tool_choice: 'none' } }), undefined), undefined);
});

const plans: [name: string, given: Parameters<typeof candidate>[1]][] = [
  ['tools', { request: { tools: [{ type: 'function', name: 'f' }] } }],
  ['no tool wanted', { chat: { tool_choice: 'none' } }],
  ['a JSON format', { request: { text: { format: { type: 'json_schema' } } } }],
  ['a JSON object', { request: { text: { format: { type: 'json_object' } } } }],
  ['a tool call', { request: { input: [{ type: 'function_call', call_id: 'a', name: 'f', arguments: '{}' }] } }],
  ['a tool output', { request: { input: [{ type: 'custom_tool_call_output', call_id: 'a', output: '' }] } }],
  ['a tool message', { chat: { messages: [{ role: 'tool', tool_call_id: 'a', content: '' }] } }],
  ['a function message', { chat: { messages: [{ role: 'function', name: 'f', content: '' }] } }],
];

for (const [name, given] of plans)
  test(`none is added to a client with a plan of its own: ${name}`, () => {
    assert.equal(webSearch.choose(candidate('gpt-5', given), undefined), undefined);
  });

test('it is the only tool of a new request', () => {
  const before = request();
  const after = webSearch.apply(before, 'web_search');
  assert.deepEqual(after.tools, [{ type: 'web_search' }]);
  assert.equal(before.tools, undefined);
  assert.equal(webSearch.valueIn(after), 'web_search');
  assert.equal(webSearch.valueIn(before), undefined);
});

test('a refusal names it by any parameter of tools or by its name', () => {
  const named = (param: string): boolean => webSearch.isNamed(param, request(), new Set());
  assert.deepEqual(['tools', 'tools[0]', 'tools[0].type', 'tools.0', 'toolset', 'x.tools', 'tool_choice'].map(named), [
    true,
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
  assert.match("Hosted tool 'web_search' is not supported with gpt-4.1-nano.", webSearch.refusal);
  assert.match("The following tools cannot be used with reasoning.effort 'minimal': web_search.", webSearch.refusal);
  assert.doesNotMatch("Hosted tool 'file_search' is not supported.", webSearch.refusal);
});
