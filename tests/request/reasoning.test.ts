import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toResponsesRequest, type TranslatedRequest } from '../../lib/index.ts';

const messages = [{ role: 'user', content: 'Hi' }];

function translate(more: object, model = 'gpt-4.1'): TranslatedRequest {
  return toResponsesRequest({ model, messages, ...more }, { additions: false });
}

test("the client's own effort wins over its model name's", () => {
  assert.deepEqual(translate({}, 'gpt-5:res-high').request.reasoning, { effort: 'high' });
  assert.deepEqual(translate({}, 'gpt-5:res-high:sum-detailed').request.reasoning, { effort: 'high', summary: 'detailed' });
  assert.deepEqual(translate({ reasoning_effort: 'low' }, 'gpt-5:res-high').request.reasoning, { effort: 'low' });
  assert.deepEqual(translate({ reasoning: { effort: 'low' } }, 'gpt-5:res-high').request.reasoning, { effort: 'low' });
  assert.equal(translate({}, 'gpt-5:res-high').request.model, 'gpt-5');
  assert.equal(translate({}, 'gpt-5:res-high').context.model, 'gpt-5');
});

test('fields of reasoning that the API does not have are dropped with a note', () => {
  const { request, notes } = translate({ reasoning: { effort: 'low', enabled: true, max_tokens: 5, summary: null } }, 'gpt-5');
  assert.deepEqual([request.reasoning, notes], [{ effort: 'low' }, ['dropped reasoning.enabled', 'dropped reasoning.max_tokens']]);
});

const tools = [{ type: 'function', function: { name: 'f' } }];

test("none beside tools, which SDKs send unasked, loses against the model name's effort", () => {
  const lost: [more: object, note: string][] = [
    [{ reasoning_effort: 'none', tools }, 'dropped reasoning_effort'],
    [{ reasoning_effort: 'none', functions: [{ name: 'f' }] }, 'dropped reasoning_effort'],
    [{ reasoning: { effort: 'none' }, tools }, 'dropped reasoning.effort'],
    [{ enable_thinking: false, tools }, 'dropped enable_thinking'],
  ];
  for (const [more, note] of lost) {
    const { request, notes } = translate(more, 'gpt-5.6-sol:res-high');
    assert.deepEqual([request.reasoning, notes], [{ effort: 'high' }, [note]]);
  }
  assert.deepEqual(translate({ reasoning_effort: 'none' }, 'gpt-5.6-sol:res-high').request.reasoning, { effort: 'none' });
  assert.deepEqual(translate({ reasoning_effort: 'none', tools: [] }, 'gpt-5.6-sol:res-high').request.reasoning, { effort: 'none' });
  assert.deepEqual(translate({ reasoning_effort: 'low', tools }, 'gpt-5.6-sol:res-high').request.reasoning, { effort: 'low' });
  assert.deepEqual(translate({ reasoning_effort: 'none', tools }, 'gpt-5.6-sol').request.reasoning, { effort: 'none' });
  assert.deepEqual(translate({ reasoning_effort: 'none', tools }, 'gpt-5.6-sol:mode-pro').request.reasoning, {
    mode: 'pro',
    effort: 'none',
  });
});

test('the pro mode of a model name goes to models that have it', () => {
  const { request, notes } = translate({}, 'gpt-5.6-sol:mode-pro');
  assert.deepEqual([request.model, request.reasoning, notes], ['gpt-5.6-sol', { mode: 'pro' }, []]);
  assert.deepEqual(translate({}, 'gpt-6-astra:res-max:mode-pro').request.reasoning, { mode: 'pro', effort: 'max' });
  assert.deepEqual(translate({ reasoning: { mode: 'standard' } }, 'gpt-5.6-sol:mode-pro').request.reasoning, { mode: 'standard' });
  for (const model of ['gpt-5.5', 'gpt-4.1', 'qwen3']) {
    const without = translate({}, `${model}:mode-pro`);
    assert.deepEqual([without.request.model, without.request.reasoning, without.notes], [model, undefined, ['dropped mode-pro']]);
  }
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
