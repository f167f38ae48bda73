import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toResponsesRequest } from '../../lib/index.ts';

const tool = { type: 'function', function: { name: 'f' } };

const paramOf = (more: object, param: string): string | null =>
  toResponsesRequest({ model: 'gpt-4.1', ...more }, { additions: false }).chatParam(param);

test('an error about an item names the message that it comes from', () => {
  const calls = [
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content: 'Let me see', tool_calls: ['a', 'b'].map((id) => ({ ...tool, id })) },
    { role: 'tool', tool_call_id: 'a', content: '1' },
    { role: 'tool', tool_call_id: 'b', content: '2' },
  ];
  const table: [param: string, chat: string][] = [
    ['input[0].content', 'messages[0].content'],
    ['input[1]', 'messages[1]'],
    ['input[1].content', 'messages[1].content'],
    ['input[2].arguments', 'messages[1].tool_calls[0].function.arguments'],
    ['input[2].call_id', 'messages[1].tool_calls[0].id'],
    ['input[3]', 'messages[1].tool_calls[1]'],
    ['input[3].name', 'messages[1].tool_calls[1].function.name'],
    ['input[3].status', 'messages[1].tool_calls[1]'],
    ['input[4].output', 'messages[2].content'],
    ['input[4].call_id', 'messages[2].tool_call_id'],
    ['input[5].output[0].text', 'messages[3].content'],
    ['input[9]', 'messages'],
    ['input[0].status', 'messages[0]'],
  ];
  for (const [param, chat] of table) assert.equal(paramOf({ messages: calls }, param), chat, param);
  assert.equal(toResponsesRequest({ model: 'gpt-5', input: 'Hi' } as object).chatParam('input'), 'input');
  const native = toResponsesRequest({ model: 'gpt-5', messages: [], input: [{ role: 'user', content: 'Hi' }] });
  assert.deepEqual(['input', 'input[0].content'].map(native.chatParam), ['input', 'input[0].content']);
});

test('an error about a call names the fields that the client wrote it with', () => {
  const calls = [
    { role: 'assistant', tool_calls: [{ id: 'a', type: 'custom', custom: { name: 'c', input: 'x' } }] },
    { role: 'assistant', tool_calls: [{ id: 'b', type: 'function', name: 'f', arguments: '{}' }] },
    { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{}' } },
    { role: 'function', name: 'f', content: 'done' },
    { role: 'tool', tool_call_id: 'a', content: 'seen' },
    { role: 'tool', tool_call_id: 'lost', content: [{ type: 'text', text: 'seen' }] },
  ];
  const table: [param: string, chat: string][] = [
    ['input[0].input', 'messages[0].tool_calls[0].custom.input'],
    ['input[0].name', 'messages[0].tool_calls[0].custom.name'],
    ['input[1].name', 'messages[1].tool_calls[0].name'],
    ['input[1].arguments', 'messages[1].tool_calls[0].arguments'],
    ['input[2].output', 'messages[1].tool_calls[0]'], // the empty output of a call without one
    ['input[3].arguments', 'messages[2].function_call.arguments'],
    ['input[4].output', 'messages[3].content'],
    ['input[5].output', 'messages[4].content'],
    ['input[6].content', 'messages[5].content'],
    ['input[6].content[1].text', 'messages[5].content'],
  ];
  for (const [param, chat] of table) assert.equal(paramOf({ messages: calls }, param), chat, param);
});

test('an error about a part names its own fields', () => {
  const url = 'https://example.com/a.png';
  const mixed = [
    { type: 'text', text: 'Look' },
    { type: 'image_url', image_url: { url, detail: 'low' } },
    { type: 'image_url', image_url: url },
    { type: 'file', file: { file_id: 'file-1' } },
    { type: 'input_file', file_id: 'file-1' },
    'Well?',
  ];
  const conversation = [
    { role: 'user', content: mixed },
    { role: 'user', content: [{ type: 'thinking', thinking: '?' }, mixed[1]] },
    { role: 'assistant', tool_calls: [{ ...tool, id: 'a' }] },
    { role: 'tool', tool_call_id: 'a', content: mixed },
  ];
  const table: [param: string, chat: string][] = [
    ['input[0].content[0].text', 'messages[0].content[0].text'],
    ['input[0].content[1]', 'messages[0].content[1]'],
    ['input[0].content[1].image_url', 'messages[0].content[1].image_url.url'],
    ['input[0].content[1].detail', 'messages[0].content[1].image_url.detail'],
    ['input[0].content[2].image_url', 'messages[0].content[2].image_url'],
    ['input[0].content[3].file_id', 'messages[0].content[3].file.file_id'],
    ['input[0].content[4].file_id', 'messages[0].content[4].file_id'],
    ['input[0].content[5].text', 'messages[0].content[5]'],
    ['input[0].content[6].text', 'messages[0].content'],
    ['input[1].content[0].image_url', 'messages[1].content'], // one part was left out: which one is meant is not known
    ['input[3].output[1].image_url', 'messages[3].content[1].image_url.url'],
  ];
  for (const [param, chat] of table) assert.equal(paramOf({ messages: conversation }, param), chat, param);
});
