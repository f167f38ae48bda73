import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addToAnswer, emptyAnswer, tokensOf, type Answer } from '../../../../lib/server/inspect/model/answer.ts';

function folded(...values: object[]): Answer {
  const answer = emptyAnswer();
  for (const value of values) addToAnswer(answer, value as { [key: string]: unknown });
  return answer;
}

const chunk = (delta: object, finish_reason: string | null = null): object => ({ choices: [{ index: 0, delta, finish_reason }] });
const whole = (message: object, finish_reason = 'stop'): object => ({ choices: [{ index: 0, message, finish_reason }] });
const citation = { type: 'url_citation', url_citation: { title: 'A page', url: 'https://a.example', start_index: 0, end_index: 2 } };

test('chunks add up to what the whole answer is', () => {
  const expected: Answer = {
    reasoning: 'Hm. So.',
    content: 'Hello',
    refusal: 'No.',
    calls: [
      { id: 'a', name: 'f', arguments: '{"x":1}' },
      { id: 'b', name: 'g', arguments: '' },
    ],
    citations: [{ title: 'A page', url: 'https://a.example' }],
    images: 1,
    finish: 'tool_calls',
  };
  const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } };
  const streamed = folded(
    chunk({ role: 'assistant', content: '' }),
    chunk({ reasoning_content: 'Hm.' }),
    chunk({ reasoning_content: ' So.' }),
    chunk({ content: 'Hel' }),
    chunk({ content: 'lo' }),
    chunk({ refusal: 'No.' }),
    chunk({ images: [image] }),
    chunk({ tool_calls: [{ index: 0, id: 'a', type: 'function', function: { name: 'f', arguments: '' } }] }),
    chunk({ tool_calls: [{ index: 0, function: { arguments: '{"x"' } }] }),
    chunk({ tool_calls: [{ index: 0, function: { arguments: ':1}' } }] }),
    chunk({ tool_calls: [{ index: 1, id: 'b', type: 'function', function: { name: 'g', arguments: '' } }] }),
    chunk({ annotations: [citation] }, 'tool_calls'),
    { choices: [], usage: { prompt_tokens: 1 } },
  );
  const message = {
    content: 'Hello',
    reasoning_content: 'Hm. So.',
    refusal: 'No.',
    annotations: [citation],
    images: [image],
    tool_calls: [
      { id: 'a', type: 'function', function: { name: 'f', arguments: '{"x":1}' } },
      { id: 'b', type: 'function', function: { name: 'g', arguments: '' } },
    ],
  };
  assert.deepEqual(streamed, expected);
  assert.deepEqual(folded(whole(message, 'tool_calls')), expected);
});

test('calls are read in every form: custom ones, the deprecated one, and with an index that cannot be', () => {
  assert.deepEqual(folded(whole({ tool_calls: [{ id: 'a', type: 'custom', custom: { name: 'c', input: 'x' } }] })).calls, [
    { id: 'a', name: 'c', arguments: 'x' },
  ]);
  assert.deepEqual(folded(chunk({ function_call: { name: 'f' } }), chunk({ function_call: { arguments: '{}' } })).calls, [
    { id: '', name: 'f', arguments: '{}' },
  ]);
  const strange = [-1, 7, 'x'].map((index) => ({ index, id: `at ${index}`, function: { name: 'f' } }));
  assert.deepEqual(
    folded(chunk({ tool_calls: strange })).calls.map(({ id }) => id),
    ['at -1', 'at 7', 'at x'],
  );
});

test('what another server calls reasoning is reasoning, and what is of another kind adds nothing', () => {
  assert.equal(folded(whole({ reasoning: 'Hm.' })).reasoning, 'Hm.');
  const nothing = { content: [{ text: 'x' }], reasoning_content: 5, refusal: null, tool_calls: 'x', annotations: {}, images: null };
  for (const value of [{}, { choices: 'x' }, { choices: [null] }, chunk(nothing)]) assert.deepEqual(folded(value), emptyAnswer());
  assert.deepEqual(folded(whole({ tool_calls: [null], annotations: [5] })), {
    ...emptyAnswer(),
    calls: [{ id: '', name: '', arguments: '' }],
    citations: [{ title: '', url: '' }],
    finish: 'stop',
  });
});

test('tokens are read as either API counts them', () => {
  const expected = { input: 20, cached: 5, output: 10, reasoning: 3 };
  const responses = {
    input_tokens: 20,
    input_tokens_details: { cached_tokens: 5 },
    output_tokens: 10,
    output_tokens_details: { reasoning_tokens: 3 },
  };
  const chat = {
    prompt_tokens: 20,
    prompt_tokens_details: { cached_tokens: 5 },
    completion_tokens: 10,
    completion_tokens_details: { reasoning_tokens: 3 },
  };
  assert.deepEqual(tokensOf({ usage: responses }), expected);
  assert.deepEqual(tokensOf({ type: 'response.completed', response: { usage: responses } }), expected);
  assert.deepEqual(tokensOf({ usage: chat }), expected);
});

test('tokens that are not counted are 0, and without a usage there are none', () => {
  assert.deepEqual(tokensOf({ usage: { prompt_tokens: 'many', output_tokens: null, completion_tokens: 2 } }), {
    input: 0,
    cached: 0,
    output: 2,
    reasoning: 0,
  });
  for (const value of [{}, { usage: null }, { response: {} }, { response: { usage: [] } }]) assert.equal(tokensOf(value), undefined);
});
