// Values as servers send them, and as they are published.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  annotationOf,
  indexOf,
  inputOf,
  isCount,
  itemOf,
  logprobsOf,
  messagePart,
  reasoningPart,
  responseOf,
  textOf,
} from '../../../lib/answer/read/values.ts';

const output = (text: string, more: object = {}): object => ({ type: 'output_text', text, annotations: [], ...more });

/** Holds that the value comes back as it is, not a copy. */
function assertSame(read: (value: unknown) => unknown, ...values: readonly unknown[]): void {
  for (const value of values) assert.equal(read(value), value, JSON.stringify(value));
}

describe('an output item', () => {
  test('that is as published is not copied', () => {
    assertSame(
      itemOf,
      { type: 'message', id: 'msg_1', content: [output('Hi', { logprobs: [] }), { type: 'refusal', refusal: 'No' }], phase: 'commentary' },
      { type: 'message', content: null, phase: null, id: null },
      { type: 'message', phase: 'final_answer' },
      { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'a' }], content: [{ type: 'reasoning_text', text: 'b' }] },
      { type: 'reasoning' },
      { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'f', arguments: '{}' },
      { type: 'custom_tool_call', id: 'ctc_1', call_id: 'call_1', name: 'f', input: 'in' },
      { type: 'web_search_call', id: 'ws_1', action: {} },
      { type: 'hologram_call' },
    );
  });

  test('of another kind is read as what it means', () => {
    const cases: [sent: unknown, item: unknown][] = [
      ['Hi', { type: 'message', content: [output('Hi')] }],
      [
        { role: 'assistant', content: 'Hi' },
        { role: 'assistant', type: 'message', content: [output('Hi')] },
      ],
      [
        { type: 'message', id: 5, phase: 'other', content: ['a', '', null, 5, { type: 'x' }] },
        { type: 'message', id: '5', content: [output('a')] },
      ],
      [
        { type: 'message', id: '', content: output('a') },
        { type: 'message', content: [output('a')] },
      ],
      [
        { type: 'reasoning', id: 5, summary: 'a', content: 'b' },
        { type: 'reasoning', id: '5', summary: [{ type: 'summary_text', text: 'a' }], content: [{ type: 'reasoning_text', text: 'b' }] },
      ],
      [
        { type: 'reasoning', summary: [null, { text: { value: 'a' } }, { text: 'b' }] },
        { type: 'reasoning', summary: [{ type: 'summary_text', text: 'a' }, { text: 'b' }] },
      ],
      [
        { type: 'function_call', id: 1, call_id: 2, name: null, arguments: { a: 1 } },
        { type: 'function_call', id: '1', call_id: '2', name: '', arguments: '{"a":1}' },
      ],
      [
        { type: 'function_call', name: 'f' },
        { type: 'function_call', name: 'f', arguments: '' },
      ],
      [
        { type: 'custom_tool_call', id: 1, call_id: 2, name: null, input: ['a'] },
        { type: 'custom_tool_call', id: '1', call_id: '2', name: '', input: '["a"]' },
      ],
      [
        { type: 'web_search_call', id: 7 },
        { type: 'web_search_call', id: '7' },
      ],
    ];
    for (const [sent, item] of cases) assert.deepEqual(itemOf(sent), item);
    for (const none of ['', null, 5, [], {}, { type: '' }, { type: 5 }, { role: 'user', content: 'x' }, { type: null }])
      assert.equal(itemOf(none), undefined, JSON.stringify(none));
  });
});

describe('a part', () => {
  test('of a message is text under any of its names, or a refusal', () => {
    assertSame(messagePart, output('Hi'), { type: 'output_text', text: 'Hi' }, { type: 'refusal', refusal: '' });
    const cases: [sent: unknown, part: unknown][] = [
      ['Hi', output('Hi')],
      [{ type: 'text', text: 'Hi' }, output('Hi')],
      [{ type: 'output_text', text: { value: 'Hi' } }, output('Hi')],
      [{ type: 'output_text', text: 5 }, output('5')],
      [{ type: 'output_text' }, output('')],
      [
        { type: 'refusal', text: 'No' },
        { type: 'refusal', refusal: 'No' },
      ],
      [output('a', { annotations: [null, { type: 'x' }] }), output('a', { annotations: [{ type: 'x' }] })],
      [output('a', { logprobs: [null, { token: 'a', logprob: -1 }] }), output('a', { logprobs: [{ token: 'a', logprob: -1 }] })],
      [output('a', { logprobs: 'x' }), output('a')],
      [
        { type: 'text', text: 'a', annotations: [{ type: 'x' }], logprobs: [{ token: 'a', logprob: -1 }] },
        output('a', { annotations: [{ type: 'x' }], logprobs: [{ token: 'a', logprob: -1 }] }),
      ],
    ];
    for (const [sent, part] of cases) assert.deepEqual(messagePart(sent), part);
    for (const none of ['', null, 5, [], {}, { type: 'input_text', text: 'x' }, { type: 'x', refusal: 'No' }])
      assert.equal(messagePart(none), undefined, JSON.stringify(none));
  });

  test('of reasoning is any with a text', () => {
    assertSame(reasoningPart, { type: 'reasoning_text', text: 'a' });
    assert.deepEqual(reasoningPart('a'), { type: 'reasoning_text', text: 'a' });
    for (const type of ['text', 'output_text', 'summary_text'])
      assert.deepEqual(reasoningPart({ type, text: 'a' }), { type: 'reasoning_text', text: 'a' });
    assert.deepEqual(reasoningPart({ type: 'reasoning_text', text: { value: 'a' } }), { type: 'reasoning_text', text: 'a' });
    for (const none of ['', null, 5, [], {}, { type: '_texts', text: 'a' }, { type: '_text_', text: 'a' }, { text: 'a' }])
      assert.equal(reasoningPart(none), undefined, JSON.stringify(none));
  });

  test('may have its text in an object', () => {
    assert.deepEqual(
      [
        { value: 'a', text: 'b', content: 'c' },
        { text: 'b', content: 'c' },
        { content: 'c' },
        {},
        { value: 5 },
        'a',
        7,
        null,
        [],
        true,
      ].map(textOf),
      ['a', 'b', 'c', '', '', 'a', '7', '', '', ''],
    );
  });
});

test('a citation may be in the nested form of Chat', () => {
  assertSame(annotationOf, { type: 'url_citation', url: 'u' }, { type: 'file_path' }, { type: 'url_citation', url_citation: 5 });
  assert.deepEqual(annotationOf({ type: 'url_citation', url_citation: { url: 'u', start_index: 1 } }), {
    type: 'url_citation',
    url: 'u',
    start_index: 1,
  });
  for (const none of [null, 'x', [], {}, { type: 5 }]) assert.equal(annotationOf(none), undefined, JSON.stringify(none));
});

test('log probabilities are a list of tokens', () => {
  const one = { token: 'a', logprob: -1 };
  assertSame(logprobsOf, [], [one], [{ ...one, bytes: null, top_logprobs: [] }], [{ ...one, bytes: [97], top_logprobs: [{ token: 'b' }] }]);
  const cases: [sent: object, read: object][] = [
    [
      { ...one, bytes: 'x' },
      { ...one, top_logprobs: [] },
    ],
    [
      { ...one, bytes: [97], top_logprobs: 5 },
      { ...one, bytes: [97], top_logprobs: [] },
    ],
    [
      { ...one, top_logprobs: [null, { token: 'b' }] },
      { ...one, top_logprobs: [{ token: 'b' }] },
    ],
    [
      { ...one, bytes: null, top_logprobs: null },
      { ...one, top_logprobs: [] },
    ],
  ];
  for (const [sent, read] of cases) assert.deepEqual(logprobsOf([sent]), [read]);
  assert.deepEqual(
    logprobsOf([null, 5, 'a', {}, { token: 'a' }, { logprob: -1 }, { token: 5, logprob: -1 }, { token: 'a', logprob: '1' }, one]),
    [one],
  );
  for (const none of [null, undefined, 'a', {}, one]) assert.equal(logprobsOf(none), undefined);
});

test('a Response keeps the fields that are of their kind', () => {
  assertSame(
    responseOf,
    {},
    {
      id: 'resp_1',
      created_at: 5,
      model: 'm',
      output: [{ type: 'reasoning' }],
      usage: { input_tokens: 1 },
      metadata: {},
      service_tier: 'flex',
      incomplete_details: {},
    },
  );
  assert.deepEqual(responseOf({ id: 5, created_at: '2026-03-01T00:00:00Z', output: 'Hi', usage: { total_tokens: '5' }, service_tier: 5 }), {
    id: '5',
    created_at: 1_772_323_200,
    output: [{ type: 'message', content: [output('Hi')] }],
  });
  assert.deepEqual(responseOf({ model: '', metadata: 'x', incomplete_details: [], output: [null, 'Hi', 5], usage: [] }), {
    output: [{ type: 'message', content: [output('Hi')] }],
  });
  for (const usage of [{ input_tokens: 0 }, { output_tokens: 1 }, { total_tokens: 1 }])
    assert.deepEqual(responseOf({ usage, id: 5 }), { usage, id: '5' });
  for (const none of [null, 'x', 5, []]) assert.deepEqual(responseOf(none), {});
});

test('a time is a number of seconds or a date', () => {
  const timeOf = (created_at: unknown): unknown => responseOf({ created_at }).created_at;
  assert.deepEqual([0, 5.5, '7', '1970-01-01T00:00:02Z'].map(timeOf), [0, 5.5, 7, 2]);
  for (const none of [-1, NaN, Infinity, '', 'x', '0', '-5', '1970-01-01T00:00:00Z', '1960-01-01', true, {}])
    assert.equal(timeOf(none), undefined, String(none));
});

test('counts, indices and inputs', () => {
  assert.deepEqual([0, 1.5, -1, NaN, Infinity, '1', null].map(isCount), [true, true, false, false, false, false, false]);
  assert.deepEqual([0, 7, '3', '', -1, 1.5, '1.5', 'x', NaN, 2 ** 53, null, true].map(indexOf), [
    0,
    7,
    3,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  assert.deepEqual(['a', '', null, undefined, 0, false, { a: 1 }, []].map(inputOf), ['a', '', '', '', '0', 'false', '{"a":1}', '[]']);
});
