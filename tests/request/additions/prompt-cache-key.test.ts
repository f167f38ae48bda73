import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toResponsesRequest } from '../../../lib/index.ts';
import { promptCacheKey } from '../../../lib/request/additions/prompt-cache-key.ts';
import { candidate, request } from './support.ts';

const system = { role: 'system', content: 'Be brief.' };
const user = { role: 'user', content: 'Hi' };
const tool = (name: string): object => ({ type: 'function', function: { name, parameters: { type: 'object', properties: {} } } });

/** The key that a chat request gets. */
function keyOf(chat: object = {}): unknown {
  return toResponsesRequest({ model: 'gpt-5.6-sol', messages: [system, user], ...chat }).request['prompt_cache_key'];
}

test('it is a hash that tells nothing, and the same each time', () => {
  assert.match(String(keyOf()), /^[\da-f]{16}$/);
  assert.equal(keyOf(), keyOf());
});

test('it stays the same through a conversation, whatever else changes', () => {
  const key = keyOf();
  const assistant = { role: 'assistant', content: 'Hello.' };
  assert.equal(keyOf({ messages: [system, user, assistant, { role: 'user', content: 'And?' }] }), key);
  assert.equal(keyOf({ messages: [system, user, assistant, { role: 'system', content: 'Be long.' }] }), key);
  assert.equal(keyOf({ stream: true, stream_options: { include_usage: true } }), key);
  assert.equal(keyOf({ reasoning_effort: 'low', max_tokens: 100, temperature: 1, metadata: { turn: '2' } }), key);
  assert.equal(keyOf({ model: 'gpt-5.6-sol:res-high' }), key);
  assert.equal(keyOf({ tool_choice: 'none' }), key, 'an added search does not count');
  assert.equal(keyOf({ prompt_cache_key: '' }), key, 'no key of its own');
});

test('marks for the cache, which move on with the conversation, do not count', () => {
  const text = (more: object): object => ({ messages: [system, { role: 'user', content: [{ type: 'text', text: 'Hi', ...more }] }] });
  assert.equal(keyOf(text({ prompt_cache_breakpoint: { mode: 'explicit' } })), keyOf(text({})));
});

const others: [what: string, chat: object][] = [
  ['model', { model: 'gpt-5.6-terra' }],
  ['instructions', { instructions: 'Be kind.' }],
  ['system message', { messages: [{ role: 'system', content: 'Be long.' }, user] }],
  ['role of the instructions', { messages: [{ role: 'developer', content: 'Be brief.' }, user] }],
  ['first user message', { messages: [system, { role: 'user', content: 'Hi!' }] }],
  ['tools', { tools: [tool('measure')] }],
  [
    'image',
    { messages: [system, { role: 'user', content: [user.content, { type: 'image_url', image_url: { url: 'https://a.example/1' } }] }] },
  ],
  [
    'other image',
    { messages: [system, { role: 'user', content: [user.content, { type: 'image_url', image_url: { url: 'https://a.example/2' } }] }] },
  ],
  ['long text', { messages: [system, { role: 'user', content: `${'a'.repeat(50_000)}b` }] }],
  ['long text with another end', { messages: [system, { role: 'user', content: `${'a'.repeat(50_000)}c` }] }],
  ['longer text', { messages: [system, { role: 'user', content: `${'a'.repeat(50_001)}b` }] }],
];

test('it differs between conversations', () => {
  const keys = [keyOf(), ...others.map(([, chat]) => keyOf(chat))];
  assert.equal(new Set(keys).size, keys.length);
  const many = Array.from({ length: 20_000 }, (_, at) => keyOf({ messages: [system, { role: 'user', content: `Question ${at}` }] }));
  assert.equal(new Set(many).size, many.length);
});

test('what stands next to each other is not run together', () => {
  assert.notEqual(keyOf({ tools: [tool('ab'), tool('c')] }), keyOf({ tools: [tool('a'), tool('bc')] }));
});

test('a body with input in place of messages gets one, too', () => {
  const key = (input: unknown): unknown => keyOf({ messages: undefined, input });
  assert.match(String(key('Hi')), /^[\da-f]{16}$/);
  assert.equal(key([user, { role: 'assistant', content: 'Hello.' }, { role: 'user', content: 'And?' }]), key([user]));
  assert.match(String(key([null, 5, { role: 'user', content: [null, 'x', { type: 'input_text', text: 5 }] }])), /^[\da-f]{16}$/);
});

test("none is added beside the client's own, to an unknown model, or to a history that the server keeps", () => {
  assert.equal(keyOf({ prompt_cache_key: 'mine' }), 'mine');
  assert.equal(keyOf({ model: 'llama-4' }), undefined);
  assert.equal(keyOf({ previous_response_id: 'resp_1' }), undefined);
  assert.equal(keyOf({ conversation: 'conv_1' }), undefined);
  assert.equal(keyOf({ prompt: { id: 'pmpt_1' } }), undefined);
});

test('texts count as the client wrote them, not by the short names that stand for them', () => {
  const named = candidate('gpt-5', { request: { input: [{ role: 'user', content: 'NAME-17' }] } });
  const plain = candidate('gpt-5', { request: { input: [{ role: 'user', content: 'a long text' }] } });
  const brief = (text: string): string => text.replace('NAME-17', 'a long text');
  assert.deepEqual(promptCacheKey.choose({ ...named, brief }, undefined), promptCacheKey.choose(plain, undefined));
});

test('it is applied to a new request, and named by its own name only', () => {
  const before = request();
  const after = promptCacheKey.apply(before, 'abc');
  assert.deepEqual([after['prompt_cache_key'], before['prompt_cache_key']], ['abc', undefined]);
  assert.deepEqual([promptCacheKey.valueIn(after), promptCacheKey.valueIn(before)], ['abc', undefined]);
  const named = (param: string): boolean => promptCacheKey.isNamed(param, after, new Set());
  assert.deepEqual(['prompt_cache_key', 'prompt_cache_key.x', 'prompt_cache_options'].map(named), [true, false, false]);
  assert.match("Invalid 'prompt_cache_key': string too long.", promptCacheKey.refusal);
});

test('all that a conversation begins with counts, and nothing after the first message of the user', () => {
  const keyFor = (input: unknown): unknown =>
    promptCacheKey.choose(candidate('gpt-5.6-sol', { request: { input: input as never } }), undefined)?.value;
  const first = { role: 'user', content: 'Hi' };
  const key = keyFor([first]);
  assert.notEqual(keyFor('Hi'), keyFor('Ho'));
  assert.notEqual(keyFor([{ role: 'user', content: 'Ho' }]), key);
  for (const role of ['system', 'developer']) assert.notEqual(keyFor([{ role, content: 'Hi' }, first]), key, role);
  assert.notEqual(keyFor([{ role: 'system', content: 'Hi' }, first]), keyFor([{ role: 'developer', content: 'Hi' }, first]));
  for (const other of [{ role: 'assistant', content: 'x' }, { type: 'reasoning', content: [{ text: 'x' }] }, null])
    assert.equal(keyFor([other, first]), key);
  for (const role of ['user', 'system', 'developer']) assert.equal(keyFor([first, { role, content: 'x' }]), key, role);
  for (const name of ['text', 'image_url', 'file_id', 'file_data', 'file_url'])
    assert.notEqual(keyFor([{ role: 'user', content: [{ [name]: 'a' }] }]), keyFor([{ role: 'user', content: [{ [name]: 'b' }] }]), name);
  assert.equal(
    keyFor([{ role: 'user', content: [{ text: 'a', image_url: 'b' }] }]),
    keyFor([{ role: 'user', content: [{ text: 'a', image_url: 'c' }] }]),
  );
});
