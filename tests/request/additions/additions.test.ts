import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  extendRequest,
  toResponsesRequest,
  translate as toTranslation,
  type RequestOptions,
  type TranslatedRequest,
} from '../../../lib/index.ts';

const messages = [{ role: 'user', content: 'Hi' }];

function translate(model: string, more: object = {}, options: RequestOptions = {}): TranslatedRequest {
  return toResponsesRequest({ model, messages, ...more }, options);
}

/** What of the defaults a request has got. */
function added(model: string, more: object = {}, options: RequestOptions = {}): unknown[] {
  const { request } = translate(model, more, options);
  return [
    request.reasoning?.effort,
    request.reasoning?.summary,
    request.tools?.some((tool) => (tool as { type: string }).type === 'web_search') ?? false,
  ];
}

const tool = { type: 'function', function: { name: 'f' } };

const table: [name: string, model: string, more: object, [effort: unknown, summary: unknown, search: boolean]][] = [
  ['a reasoning model gets all three', 'gpt-5', {}, ['medium', 'auto', true]],
  ['a model that only reasons when asked is asked', 'gpt-5.4', {}, ['medium', 'auto', true]],
  ['a model that does not reason gets a search', 'gpt-4.1', {}, [undefined, undefined, true]],
  ['a model that takes no search gets none', 'gpt-4.1-nano', {}, [undefined, undefined, false]],
  ['the effort is the nearest that the model has', 'gpt-5-pro', {}, ['high', 'auto', true]],
  ['nothing is known of a model, so nothing is added', 'llama-4', {}, [undefined, undefined, false]],

  ["the client's effort stays", 'gpt-5', { reasoning_effort: 'high' }, ['high', 'auto', true]],
  ["the client's effort stays in a reasoning object", 'gpt-5', { reasoning: { effort: 'low' } }, ['low', 'auto', true]],
  ["the client's effort stays even where the model has it not", 'gpt-5-pro', { reasoning_effort: 'low' }, ['low', 'auto', true]],
  ["the client's summary stays", 'gpt-5', { reasoning: { summary: 'detailed' } }, ['medium', 'detailed', true]],
  ['no summary without reasoning', 'gpt-5.4', { reasoning_effort: 'none' }, ['none', undefined, true]],
  ['no search at effort minimal', 'gpt-5', { reasoning_effort: 'minimal' }, ['minimal', 'auto', false]],
  ['an alias is an effort', 'gpt-5:res-low', {}, ['low', 'auto', true]],
  ['an alias may do without a summary', 'gpt-5:res-low:sum-none', {}, ['low', undefined, true]],

  ['no search beside tools', 'gpt-5', { tools: [tool] }, ['medium', 'auto', false]],
  ['no search beside functions', 'gpt-5', { functions: [{ name: 'f' }] }, ['medium', 'auto', false]],
  ['a search beside empty tools', 'gpt-5', { tools: [], functions: [], web_search_options: null }, ['medium', 'auto', true]],
  ['no search when the client wants no tool', 'gpt-5', { tool_choice: 'none' }, ['medium', 'auto', false]],
  ['a search when any tool will do', 'gpt-5', { tool_choice: 'auto' }, ['medium', 'auto', true]],
  ['no search for JSON', 'gpt-5', { response_format: { type: 'json_object' } }, ['medium', 'auto', false]],
  [
    'no search for JSON after a schema',
    'gpt-5',
    { response_format: { type: 'json_schema', json_schema: { name: 'n', schema: {} } } },
    ['medium', 'auto', false],
  ],
  ['a search for text', 'gpt-5', { response_format: { type: 'text' } }, ['medium', 'auto', true]],
  [
    'no search after a tool call',
    'gpt-5',
    {
      messages: [...messages, { role: 'assistant', tool_calls: [{ id: 'a', ...tool }] }, { role: 'tool', tool_call_id: 'a', content: '' }],
    },
    ['medium', 'auto', false],
  ],
  [
    'no search after a tool result without its call',
    'gpt-5',
    { messages: [...messages, { role: 'tool', tool_call_id: 'a', content: '' }] },
    ['medium', 'auto', false],
  ],

  ['a small token limit takes the lowest effort and no search', 'gpt-5', { max_tokens: 2047 }, ['minimal', 'auto', false]],
  ['a small token limit takes effort none where there is one', 'gpt-5.4', { max_completion_tokens: 100 }, ['none', undefined, false]],
  ['a larger token limit changes nothing', 'gpt-5', { max_tokens: 2048 }, ['medium', 'auto', true]],
  ["a small token limit leaves the client's effort", 'gpt-5', { max_tokens: 100, reasoning_effort: 'high' }, ['high', 'auto', false]],
];

for (const [name, model, more, expected] of table) test(name, () => assert.deepEqual(added(model, more), expected));

test('a small token limit stands in the notes', () => {
  assert.deepEqual(translate('gpt-5', { max_tokens: 100 }).notes, [
    'small token limit: effort minimal',
    'small token limit: no web search',
  ]);
  assert.deepEqual(translate('gpt-5', { max_tokens: 5000 }).notes, []);
});

test('the defaults can be others, or none', () => {
  const defaults = { effort: 'high', summary: 'detailed', webSearch: false } as const;
  assert.deepEqual(added('gpt-5', {}, { additions: defaults }), ['high', 'detailed', false]);
  assert.deepEqual(added('gpt-5', {}, { additions: { effort: 'off', summary: 'off', webSearch: true } }), [undefined, undefined, true]);
  assert.deepEqual(added('gpt-5', {}, { additions: false }), [undefined, undefined, false]);
  assert.equal(translate('gpt-5', {}, { additions: false }).request.reasoning, undefined);
});

test('no summary is added without an effort where the model then does not reason', () => {
  assert.deepEqual(added('gpt-5.4', {}, { additions: { effort: 'off', summary: 'auto', webSearch: false } }), [
    undefined,
    undefined,
    false,
  ]);
  assert.deepEqual(added('gpt-5.5', {}, { additions: { effort: 'off', summary: 'auto', webSearch: false } }), [undefined, 'auto', false]);
});

test('the added effort wins over sampling, and no effort leaves it where the model then does not reason', () => {
  const off = { additions: { effort: 'off', summary: 'auto', webSearch: false } } as const;
  assert.equal(translate('gpt-5.4', { temperature: 0.3 }).request['temperature'], undefined);
  assert.deepEqual(translate('gpt-5.4', { temperature: 0.3 }).notes, ['dropped temperature']);
  assert.equal(translate('gpt-5.4', { temperature: 0.3 }, off).request['temperature'], 0.3);
  assert.equal(translate('gpt-5', { temperature: 0.3 }, off).request['temperature'], undefined);
});

test('what was added is reported, and only that', () => {
  assert.deepEqual([...translate('gpt-5').added].toSorted(), ['effort', 'prompt_cache_key', 'summary', 'web_search']);
  assert.deepEqual([...translate('gpt-5', { reasoning_effort: 'low', tools: [tool] }).added], ['prompt_cache_key', 'summary']);
  assert.deepEqual([...translate('gpt-5:res-low:sum-none', { tools: [tool], prompt_cache_key: 'mine' }).added], []);
});

test('the additions are applied again to the same request, without the refused ones', () => {
  const { request } = toTranslation({ model: 'gpt-5', messages });
  const before = structuredClone(request);
  const settings = { effort: 'medium', summary: 'auto', webSearch: true, encryptedContent: false } as const;
  const all = extendRequest(request, { model: 'gpt-5', messages }, settings);
  assert.deepEqual([...all.added], ['prompt_cache_key', 'effort', 'summary', 'web_search']);
  const some = extendRequest(
    request,
    { model: 'gpt-5', messages },
    settings,
    new Map([
      ['prompt_cache_key', []],
      ['summary', []],
      ['web_search', []],
    ]),
  );
  assert.deepEqual([[...some.added], some.request], [['effort'], { ...before, reasoning: { effort: 'medium' } }]);
  assert.deepEqual(request, before);
});
