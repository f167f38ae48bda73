import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../lib/json.ts';
import { readSwitches } from '../../lib/request/off-switches.ts';
import { toResponsesRequest, type TranslatedRequest } from '../../lib/index.ts';

const messages = [{ role: 'user', content: 'Hi' }];

function translate(more: object, model = 'gpt-4.1'): TranslatedRequest {
  return toResponsesRequest({ model, messages, ...more }, { additions: false });
}

test('a switch is known by its field and value; of several the first one is named', () => {
  const nothing = { off: undefined, isHidden: false, dropped: [] };
  const table: [chat: object, read: object][] = [
    [{}, {}],
    [{ reasoning: { enabled: false } }, { off: 'reasoning.enabled' }],
    [{ enable_thinking: false }, { off: 'enable_thinking' }],
    [{ thinking: { type: 'disabled' } }, { off: 'thinking' }],
    [{ chat_template_kwargs: { enable_thinking: false } }, { off: 'chat_template_kwargs.enable_thinking' }],
    [{ enable_thinking: false, thinking: { type: 'disabled' } }, { off: 'enable_thinking' }],
    [{ reasoning: { exclude: true } }, { isHidden: true }],
    [{ include_reasoning: false }, { isHidden: true }],
    [{ reasoning: { enabled: false, exclude: true } }, { off: 'reasoning.enabled', isHidden: true }],
    // near to a switch, and none
    [{ reasoning: { enabled: 'false', exclude: 1 } }, {}],
    [{ include_reasoning: null }, {}],
    [{ enable_thinking: 'no' }, { dropped: ['enable_thinking'] }],
    [{ thinking: 'disabled' }, { dropped: ['thinking'] }],
    [{ thinking: { type: 'disabled', budget_tokens: 1, display: null } }, { off: 'thinking', dropped: ['thinking.budget_tokens'] }],
  ];
  for (const [chat, read] of table) assert.deepEqual(readSwitches(chat as JsonObject), { ...nothing, ...read }, JSON.stringify(chat));
});

const offSwitches: object[] = [
  { reasoning: { enabled: false } },
  { enable_thinking: false },
  { thinking: { type: 'disabled' } },
  { chat_template_kwargs: { enable_thinking: false } },
];

for (const sent of offSwitches) {
  const name = JSON.stringify(sent);
  test(`${name} means the lowest effort of the model`, () => {
    const lowest = (model: string, more: object = {}): unknown => translate({ ...sent, ...more }, model).request.reasoning?.effort;
    assert.deepEqual(
      ['gpt-5.6-sol', 'gpt-5.5', 'gpt-5', 'o3', 'gpt-6-astra', 'gpt-5-pro', 'gpt-4.1'].map((model) => lowest(model)),
      ['none', 'none', 'minimal', 'low', 'low', 'high', undefined],
    );
    assert.equal(lowest('gpt-5', { web_search_options: {} }), 'low', 'OpenAI refuses a search at minimal effort');
    assert.equal(lowest('gpt-5', { tools: [{ type: 'web_search' }] }), 'low');
    assert.deepEqual([translate(sent, 'gpt-5.5').notes, translate(sent, 'gpt-4.1').notes], [[], []]);
    assert.equal(lowest('gpt-5.6-sol:res-high'), 'none');
    assert.equal(toResponsesRequest({ model: 'gpt-5.5', messages, ...sent }).added.has('summary'), false);
  });

  test(`${name} is dropped with a note where it cannot be meant`, () => {
    const unknown = translate(sent, 'qwen3');
    assert.equal(unknown.request.reasoning, undefined);
    assert.match(String(unknown.notes), /^dropped (?:reasoning\.enabled|enable_thinking|thinking|chat_template_kwargs\.enable_thinking)$/);
    const { request, notes } = translate({ reasoning_effort: 'high', ...sent }, 'gpt-5.5');
    assert.deepEqual([request.reasoning, notes], [{ effort: 'high' }, unknown.notes]);
  });
}

test('what else the fields of off switches say is dropped with a note', () => {
  const notes = (more: object): string[] => translate(more, 'gpt-5.5').notes;
  assert.deepEqual(notes({ enable_thinking: true }), ['dropped enable_thinking']);
  assert.deepEqual(notes({ thinking: { type: 'enabled', budget_tokens: 5000 } }), ['dropped thinking']);
  assert.deepEqual(notes({ thinking: { type: 'disabled', budget_tokens: 5000 } }), ['dropped thinking.budget_tokens']);
  assert.deepEqual(notes({ chat_template_kwargs: { enable_thinking: false, documents: ['x'] } }), [
    'dropped chat_template_kwargs.documents',
  ]);
  assert.deepEqual(notes({ chat_template_kwargs: {}, thinking: null, enable_thinking: '' }), []);
  assert.deepEqual(notes({ reasoning: { max_tokens: 2000 } }), ['dropped reasoning.max_tokens']);
});

test('reasoning that the client excludes is left out of the answer, in whatever style', () => {
  for (const sent of [{ reasoning: { exclude: true } }, { include_reasoning: false }]) {
    const { request, notes, context } = toResponsesRequest(
      { model: 'gpt-5.5', messages, ...sent },
      { additions: false, reasoning: 'quote' },
    );
    assert.deepEqual([request.reasoning, notes, context.reasoning], [undefined, [], 'off']);
  }
  for (const sent of [{ reasoning: { exclude: false } }, { include_reasoning: true }])
    assert.deepEqual([translate(sent, 'gpt-5.5').notes, translate(sent, 'gpt-5.5').context.reasoning], [[], 'field']);
});
