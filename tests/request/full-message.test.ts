import assert from 'node:assert/strict';
import { test } from 'node:test';
import { translate, type OutputItem } from '../../lib/index.ts';
import { callMark } from '../../lib/memory/marks.ts';

const messages = [
  { role: 'system', content: 'S' },
  { role: 'user', content: 'Hi' },
  { role: 'assistant', content: 'Hi.' },
  { role: 'user', content: [{ type: 'text', text: 'Look' }] },
  {
    role: 'assistant',
    content: [{ type: 'text', text: 'Well.' }],
    refusal: 'No.',
    tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } }],
  },
  { role: 'tool', tool_call_id: 'c1', content: '1' },
];
const call = { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{}' };
const output = { type: 'function_call_output', call_id: 'c1', output: '1' };
const said = (id: string, text: string, ...more: object[]): object => ({
  type: 'message',
  id,
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text, annotations: [] }, ...more],
});
const full = [
  { type: 'message', role: 'system', content: 'S' },
  { type: 'message', role: 'user', content: 'Hi' },
  said('msg_2', 'Hi.'),
  { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Look' }] },
  said('msg_4', 'Well.', { type: 'refusal', refusal: 'No.' }),
  call,
  output,
];
const inputOf = (list: unknown[], fullMessages: boolean): unknown[] =>
  translate({ model: 'qwen3', messages: list }, { fullMessages }).request.input as unknown[];

test("for servers other than OpenAI every message has its type, and an assistant's the form of an output item", () => {
  assert.deepEqual(inputOf(messages, true), full);
});

test('for OpenAI messages are plain, without ids', () => {
  assert.deepEqual(inputOf(messages, false), [
    { role: 'system', content: 'S' },
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content: 'Hi.' },
    { role: 'user', content: [{ type: 'input_text', text: 'Look' }] },
    {
      type: 'message',
      role: 'assistant',
      content: [
        { type: 'output_text', text: 'Well.' },
        { type: 'refusal', refusal: 'No.' },
      ],
    },
    call,
    output,
  ]);
  assert.deepEqual(translate({ model: 'qwen3', messages }).request.input, inputOf(messages, false));
});

test('a longer conversation begins with the shorter one, ids included', () => {
  const longer = inputOf([...messages, { role: 'assistant', content: 'So.' }, { role: 'user', content: 'And?' }], true);
  assert.deepEqual(longer, [...full, said('msg_7', 'So.'), { type: 'message', role: 'user', content: 'And?' }]);
});

test('what was put back keeps what it has', () => {
  const phased = {
    type: 'message',
    role: 'assistant',
    phase: 'commentary',
    content: [{ type: 'output_text', text: 'a', annotations: [{ type: 'file_path' }] }],
  };
  const reasoning = { type: 'reasoning', summary: [], encrypted_content: 'x' };
  const turns = new Map([[callMark(call.call_id), { sent: [], items: [reasoning, phased, call] as OutputItem[] }]]);
  const { request } = translate(
    { model: 'qwen3', messages: [{ ...messages[4], content: null, refusal: null }, messages[5]] },
    { fullMessages: true, turns },
  );
  assert.deepEqual(request.input, [reasoning, { ...phased, id: 'msg_1', status: 'completed' }, call, output]);
});
