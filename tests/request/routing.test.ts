import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProxyError, routeOf } from '../../lib/index.ts';

const messages = [{ role: 'user', content: 'Hi' }];
const tool = { type: 'function', function: { name: 'f' } };
const audio = [{ role: 'user', content: [{ type: 'input_audio', input_audio: { data: 'AA==', format: 'wav' } }] }];

const routed: [name: string, model: string, more: object, route: 'chat' | 'responses'][] = [
  ['a plain request', 'gpt-5', {}, 'responses'],
  ['a chat-only model', 'gpt-4o-search-preview', {}, 'chat'],
  ['a model of an unknown name', 'llama-4', {}, 'responses'],
  ['audio in', 'gpt-4.1', { messages: audio }, 'chat'],
  ['audio of an assistant', 'gpt-4.1', { messages: [...messages, { role: 'assistant', audio: { id: 'audio_1' } }] }, 'chat'],
  ['audio out', 'gpt-4.1', { modalities: ['text', 'audio'], audio: { voice: 'alloy', format: 'wav' } }, 'chat'],
  ['a prediction', 'gpt-4.1', { prediction: { type: 'content', content: 'x' } }, 'chat'],
  ['a logit bias', 'gpt-4.1', { logit_bias: { 1: 2 } }, 'chat'],
  ['several choices', 'gpt-4.1', { n: 2 }, 'chat'],
  [
    'neutral values',
    'gpt-4.1',
    { n: 1, logit_bias: {}, prediction: null, modalities: ['text'], audio: null, presence_penalty: 0, n_: null },
    'responses',
  ],
  ['penalties and a seed, which are dropped', 'gpt-4.1', { presence_penalty: 1, frequency_penalty: 1, seed: 1, stop: ['x'] }, 'responses'],
  ['a logit bias for a model of Responses', 'gpt-5-codex', { logit_bias: { 1: 2 } }, 'responses'],
  [
    'a prediction beside tools that need Responses',
    'gpt-5.4',
    { prediction: { type: 'content', content: 'x' }, tools: [tool] },
    'responses',
  ],
  [
    'the same without reasoning',
    'gpt-5.4',
    { prediction: { type: 'content', content: 'x' }, tools: [tool], reasoning_effort: 'none' },
    'chat',
  ],
  [
    'the same with an effort that only the model name turns off',
    'gpt-5.4:res-none',
    { prediction: { type: 'content', content: 'x' }, tools: [tool] },
    'responses',
  ],
  [
    'the same with a switch of another dialect',
    'gpt-5.4',
    { prediction: { type: 'content', content: 'x' }, tools: [tool], enable_thinking: false },
    'responses',
  ],
  [
    'the same with an effort in the model name that wins',
    'gpt-5.4:res-high',
    { prediction: { type: 'content', content: 'x' }, tools: [tool], reasoning_effort: 'none' },
    'responses',
  ],
  ['a logit bias beside an empty field of Responses', 'gpt-4.1', { logit_bias: { 1: 2 }, previous_response_id: '' }, 'chat'],
  ['a logit bias beside a hosted tool', 'gpt-4.1', { logit_bias: { 1: 2 }, tools: [{ type: 'web_search' }] }, 'responses'],
  ['a prediction of a model of Responses', 'gpt-5-codex', { prediction: { type: 'content', content: 'x' } }, 'responses'],
  ['several choices in words', 'gpt-4.1', { n: '2' }, 'responses'],
  ['another part than audio', 'gpt-4.1', { messages: [{ role: 'user', content: [null, { type: 'text', text: 'x' }] }] }, 'responses'],
  ['audio behind a text', 'gpt-4.1', { messages: [{ role: 'user', content: ['x', { type: 'input_audio', input_audio: {} }] }] }, 'chat'],
  ['a prediction of a model that only its tools take to Responses', 'gpt-5.4', { prediction: { type: 'content', content: 'x' } }, 'chat'],
  [
    'a prediction beside functions that need Responses',
    'gpt-5.4',
    { prediction: { type: 'content', content: 'x' }, functions: [{ name: 'f' }] },
    'responses',
  ],
  [
    'a prediction beside tools that need Responses, and low reasoning',
    'gpt-5.4',
    { prediction: { type: 'content', content: 'x' }, tools: [tool], reasoning_effort: 'low' },
    'responses',
  ],
  ['a logit bias beside a custom tool', 'gpt-4.1', { logit_bias: { 1: 2 }, tools: [{ type: 'custom', custom: { name: 'c' } }] }, 'chat'],
  ['a logit bias beside a search', 'gpt-4.1', { logit_bias: { 1: 2 }, web_search_options: {} }, 'responses'],
  ['a logit bias beside an alias', 'gpt-4.1:res-low', { logit_bias: { 1: 2 } }, 'chat'],
];

for (const [name, model, more, route] of routed)
  test(`${name} goes to ${route}`, () => assert.equal(routeOf({ model, messages, ...more }), route));

const impossible: [name: string, chat: object, param: string][] = [
  ['several choices of a model of Responses', { model: 'gpt-5-pro', messages, n: 2 }, 'n'],
  ['audio out of a model of Responses', { model: 'gpt-5-codex', messages, modalities: ['audio'] }, 'modalities'],
  ['an audio voice of a model of Responses', { model: 'gpt-5-codex', messages, audio: { voice: 'alloy' } }, 'audio'],
  ['audio for a model of Responses', { model: 'gpt-5-codex', messages: audio }, 'messages[0].content[0]'],
  [
    'audio of an assistant for a model of Responses',
    { model: 'gpt-5-codex', messages: [...messages, { role: 'assistant', audio: { id: 'audio_1' } }] },
    'messages[1].audio',
  ],
  ['several choices beside tools that need Responses', { model: 'gpt-5.4', messages, n: 2, tools: [tool] }, 'n'],
];

for (const [name, chat, param] of impossible)
  test(`${name} can be had nowhere: 400 that names it`, () => {
    assert.throws(
      () => routeOf({ ...chat }),
      (error) => error instanceof ProxyError && error.status === 400 && error.param === param,
    );
  });

test('what Chat has refused goes to Responses, if that can do it', () => {
  assert.equal(routeOf({ model: 'gpt-4.1', messages, logit_bias: { 1: 2 } }, true), 'responses');
  assert.equal(routeOf({ model: 'gpt-4o-search-preview', messages }, true), 'responses');
  assert.throws(() => routeOf({ model: 'gpt-4.1', messages, n: 2 }, true), ProxyError);
});
