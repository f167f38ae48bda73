import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toResponsesRequest } from '../../lib/index.ts';
import { speaksReasoningDetails, toReasoningItems } from '../../lib/request/reasoning-details.ts';
import { called, Model, said, thought, user, withoutIds, type Message } from './conversations.ts';

const format = 'openai-responses-v1';
const summary = (id: string | null, text: string, index = 0): object => ({ type: 'reasoning.summary', summary: text, id, format, index });
const encrypted = (id: string | null, data: string, index = 0): object => ({ type: 'reasoning.encrypted', data, id, format, index });

test('details of one id are one item, in their order', () => {
  const details = [summary('rs_1', 'One.'), summary('rs_1', 'Two.'), encrypted('rs_1', 'gA'), encrypted('rs_2', 'gB', 1)];
  assert.deepEqual(toReasoningItems({ reasoning_details: details }), [
    {
      type: 'reasoning',
      summary: [
        { type: 'summary_text', text: 'One.' },
        { type: 'summary_text', text: 'Two.' },
      ],
      encrypted_content: 'gA',
    },
    { type: 'reasoning', summary: [], encrypted_content: 'gB' },
  ]);
  assert.equal(toReasoningItems({ reasoning_details: [encrypted(null, 'gA', 0), encrypted(null, 'gB', 1)] }).length, 2);
});

test('details of other providers, without encrypted data, and what is none of the kind give no item', () => {
  const foreign = { type: 'reasoning.encrypted', data: 'x', format: 'google-gemini-v1', index: 0 };
  const text = { type: 'reasoning.text', text: 'x', signature: 'y', format: 'anthropic-claude-v1', index: 0 };
  for (const reasoning_details of [[summary('rs_1', 'One.')], [foreign], [text], [encrypted('rs_1', '')], [null, 'x', 5], 'x', null, {}])
    assert.deepEqual(toReasoningItems({ reasoning_details }), []);
});

test('a client speaks the dialect if it sends a reasoning object or details, unless it wants no reasoning', () => {
  const message = { role: 'assistant', content: 'Hi.', reasoning_details: [] };
  for (const [chat, expected] of [
    [{}, false],
    [{ messages: [user('Hi')] }, false],
    [{ reasoning: 'high' }, false],
    [{ reasoning: {} }, true],
    [{ reasoning: { effort: 'low' } }, true],
    [{ reasoning: { exclude: true } }, false],
    [{ messages: [user('Hi'), message] }, true],
  ] as const)
    assert.equal(speaksReasoningDetails(chat), expected);
});

test('encrypted reasoning is asked for in the dialect, also where nothing is kept', () => {
  const ask = (chat: object): unknown => toResponsesRequest({ model: 'gpt-5', messages: [user('Hi')], ...chat }).request.include;
  assert.deepEqual(ask({ reasoning: { effort: 'low' } }), ['reasoning.encrypted_content']);
  assert.equal(ask({}), undefined);
});

test('what the client carries goes out before its message, and wins over what is kept', async () => {
  const model = new Model();
  const items = [thought('kept'), called('call_a', {})];
  const chat = { model: 'gpt-5.6-sol', messages: [user('Go.')] };
  const message = await model.answer(chat, items);
  const input = async (details?: object[]): Promise<object[]> => {
    const own: Message = details ? { ...message, reasoning_details: details } : message;
    return (await model.input({ ...chat, messages: [...chat.messages, own] })).input.slice(1, 3);
  };
  assert.deepEqual(await input(), withoutIds(items));
  const [reasoning, call] = await input([encrypted('rs_9', 'gAAAA carried')]);
  assert.deepEqual(reasoning, { type: 'reasoning', summary: [], encrypted_content: 'gAAAA carried' });
  assert.deepEqual(call, { type: 'function_call', call_id: 'call_a', name: 'look', arguments: '{}' });
});

test('if the client carries what is kept, the turn comes back whole', async () => {
  const model = new Model();
  const items = [thought('one'), said('First.', 'commentary'), thought('two'), said('Second.', 'final_answer')];
  const chat = { model: 'gpt-5.6-sol', reasoning: { effort: 'low' }, messages: [user('Go.')] };
  const message = await model.answer(chat, items);
  const details = message['reasoning_details'] as object[];
  assert.equal(details.length, 4);
  const asked = await model.input({ ...chat, messages: [...chat.messages, message, user('And?')] });
  assert.deepEqual(asked.input.slice(1, -1), withoutIds(items));
  const half = { ...message, reasoning_details: details.slice(0, 2) };
  const cut = await model.input({ ...chat, messages: [...chat.messages, half, user('And?')] });
  assert.deepEqual(cut.input.slice(1, -1), [withoutIds(items)[0], { role: 'assistant', content: 'Second.' }]);
});
