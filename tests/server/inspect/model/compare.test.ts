import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toResponsesRequest } from '../../../../lib/index.ts';
import { compareRequests, differences, type Marks } from '../../../../lib/server/inspect/model/compare.ts';
import type { JsonObject } from '../../../../lib/json.ts';
import type { ChatRequest } from '../../../../lib/wire/chat.ts';

const shown = (marks: Marks): string[] => [...marks].map(([pointer, { kind, why }]) => `${pointer} ${kind}${why && `: ${why}`}`).toSorted();
const messages = [{ role: 'user', content: 'Hello' }];

test('what is added, dropped, changed and mapped is marked on its side', () => {
  const asked = {
    model: 'gpt-5.5:res-high',
    messages: [{ role: 'user', name: 'bob', content: 'Hello' }],
    max_tokens: 5,
    stop: ['x'],
    seed: 7,
    unheard_of: true,
    verbosity: 'low',
    logit_bias: {},
    user: 'me',
    stream: true,
    stream_options: { include_usage: true },
    tools: [{ type: 'function', function: { name: 'f', parameters: {} } }],
  };
  const sent = {
    model: 'gpt-5.5',
    input: messages,
    max_output_tokens: 16,
    user: 'me',
    stream: true,
    store: false,
    text: { verbosity: 'low' },
    reasoning: { effort: 'high', summary: 'auto' },
    include: ['reasoning.encrypted_content'],
    tools: [{ type: 'function', name: 'f', parameters: {}, strict: false }, { type: 'web_search' }],
  };
  const { asked: left, sent: right, labels } = compareRequests(asked, sent);
  assert.deepEqual(shown(left), [
    '/max_tokens mapped: max_output_tokens',
    '/messages mapped: input',
    '/messages/0/name dropped: Responses does not have it',
    '/seed dropped: Responses does not have it',
    '/stop served: done by the proxy',
    '/stream_options served: done by the proxy',
    '/unheard_of dropped: not known',
    '/verbosity mapped: text.verbosity',
  ]);
  assert.deepEqual(shown(right), [
    '/include/0 added: keeps the reasoning of earlier turns',
    '/input mapped: from messages',
    '/max_output_tokens changed: was 5',
    '/model changed: without :res-high',
    '/reasoning/effort mapped: from :res-high',
    '/reasoning/summary added: default summary',
    "/store added: Chat's default: not stored",
    '/text/verbosity mapped: from verbosity',
    "/tools/0/strict added: Chat's default",
    '/tools/1 added: default tool',
  ]);
  assert.deepEqual(
    labels.map(({ kind, text }) => `${kind} ${text}`),
    ['dropped seed', 'dropped unheard_of', 'changed max_tokens', 'added summary', 'added memory', 'added web_search'],
  );
});

test('what a translation carries over is never marked as added or dropped', () => {
  const asked = {
    model: 'gpt-5.5',
    messages,
    store: true,
    reasoning_effort: 'low',
    reasoning: { summary: 'auto' },
    prompt_cache_key: 'k',
    temperature: null,
    metadata: { a: 'b' },
    response_format: { type: 'json_object' },
    tool_choice: 'auto',
    parallel_tool_calls: false,
    web_search_options: {},
    max_completion_tokens: 500,
    tools: [{ type: 'custom', custom: { name: 'c' } }],
  } as unknown as ChatRequest;
  const { request } = toResponsesRequest(asked, { additions: false });
  const { asked: left, sent: right } = compareRequests(asked as unknown as JsonObject, request as unknown as JsonObject);
  assert.deepEqual(
    [...left.values(), ...right.values()].filter(({ kind }) => kind !== 'mapped'),
    [],
  );
});

test('items that a chat client cannot have sent are restored ones', () => {
  const input = [
    { role: 'user', content: 'Hello' },
    { type: 'reasoning', encrypted_content: 'x', summary: [] },
    { type: 'web_search_call' },
    { type: 'message', role: 'assistant', phase: 'commentary', content: [] },
    { type: 'function_call', call_id: '1', name: 'f', arguments: '{}' },
    { type: 'function_call_output', call_id: '1', output: '' },
    { type: 'custom_tool_call', call_id: '2' },
    { type: 'custom_tool_call_output', call_id: '2' },
  ];
  const { sent, labels } = compareRequests({ model: 'm', messages }, { model: 'm', input });
  assert.deepEqual(
    [...sent].filter(([, { kind }]) => kind === 'restored').map(([pointer]) => pointer),
    ['/input/1', '/input/2', '/input/3'],
  );
  assert.deepEqual(labels, [{ kind: 'restored', text: '3 restored' }]);
});

test('of a request that was forwarded only differences are marked', () => {
  const asked = { model: 'gpt-5:res-low', messages, seed: 7 };
  assert.deepEqual(compareRequests(asked, structuredClone(asked)).labels, []);
  const { asked: left, sent: right } = compareRequests(asked, { ...asked, model: 'gpt-5' });
  assert.deepEqual([shown(left), shown(right)], [['/model changed'], ['/model changed']]);
});

test('differences are named as deep as they can be', () => {
  const before = {
    model: 'm',
    reasoning: { effort: 'high', summary: 'auto' },
    tools: [{ type: 'function' }, { type: 'web_search' }],
    'a/b~c': 1,
  };
  const after = { model: 'm', reasoning: { effort: 'low' }, tools: [{ type: 'function' }], include: [] };
  assert.deepEqual(differences(before, after), [
    { pointer: '/reasoning/effort', kind: 'changed' },
    { pointer: '/reasoning/summary', kind: 'dropped' },
    { pointer: '/tools/1', kind: 'dropped' },
    { pointer: '/a~1b~0c', kind: 'dropped' },
    { pointer: '/include', kind: 'added' },
  ]);
  assert.deepEqual(differences(before, structuredClone(before)), []);
});

test('requests of strangers are compared without a fault', () => {
  const strange: JsonObject[] = [
    { messages: 7, tools: 'x', reasoning: [], include: {} },
    { messages: [null], tools: [null], model: {} },
    JSON.parse('{"__proto__":{"a":1},"messages":[]}'),
  ];
  for (const asked of strange)
    for (const sent of [...strange, { input: [null, 7], tools: [7], include: [7], reasoning: null }]) compareRequests(asked, sent);
});
