import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toReasoningDetails } from '../../lib/answer/reasoning-details.ts';
import { createChunkStream, toChatCompletion, type OutputItem, type Response, type ResponseEvent } from '../../lib/index.ts';
import type { AnswerContext } from '../../lib/index.ts';

const context: AnswerContext = {
  model: 'gpt-5.6-sol',
  reasoning: 'field',
  reasoningDetails: true,
  json: false,
  legacyFunctions: false,
  logprobs: false,
  stop: [],
  includeUsage: false,
  names: new Map(),
  tools: new Set(),
};
const head = { id: 'x', created: 0, model: 'x' };
const format = 'openai-responses-v1';

const output: OutputItem[] = [
  { type: 'reasoning', id: 'rs_1', summary: [{ text: 'One.' }, { text: 'Two.' }], encrypted_content: 'gA' },
  { type: 'reasoning', summary: [], encrypted_content: 'gB' },
  { type: 'reasoning', id: 'rs_3', summary: [{ text: 'Three.' }] },
  { type: 'message', content: [{ type: 'output_text', text: 'Done.' }] },
];
const details = [
  { type: 'reasoning.summary', summary: 'One.', id: 'rs_1', format, index: 0 },
  { type: 'reasoning.summary', summary: 'Two.', id: 'rs_1', format, index: 0 },
  { type: 'reasoning.encrypted', data: 'gA', id: 'rs_1', format, index: 0 },
  { type: 'reasoning.encrypted', data: 'gB', id: 'reasoning_1', format, index: 1 },
  { type: 'reasoning.summary', summary: 'Three.', id: 'rs_3', format, index: 2 },
];

function whole(own: AnswerContext, response: Response = { status: 'completed', output }): unknown {
  return toChatCompletion(response, own, head).choices[0].message.reasoning_details;
}

/** The chunks that carry details, each with its finish reason. */
function streamed(own: AnswerContext, events: object[]): [unknown, unknown][] {
  const stream = createChunkStream(own, head);
  return events
    .flatMap((event) => stream.push(event as ResponseEvent))
    .flatMap(({ choices: [choice] }) => (choice?.delta.reasoning_details ? [[choice.finish_reason, choice.delta.reasoning_details]] : []));
}

test('a message carries the reasoning of its answer, for those who ask for it', () => {
  assert.deepEqual(whole(context), details);
  assert.equal(whole({ ...context, reasoningDetails: false }), undefined);
  assert.equal(whole(context, { output: output.slice(3) }), undefined);
});

test('a stream carries it once, in the finish chunk, as it was when each item was done', () => {
  const done = output.map((item, output_index) => ({ type: 'response.output_item.done', output_index, item }));
  const bare = output.map((item) => ('encrypted_content' in item ? { ...item, encrypted_content: '' } : item));
  const end = { type: 'response.completed', response: { status: 'completed', output: bare } };
  assert.deepEqual(streamed(context, [...done, end]), [['stop', details]]);
  assert.deepEqual(streamed(context, [{ ...end, response: { output } }]), [['stop', details]]);
  assert.deepEqual(streamed({ ...context, reasoningDetails: false }, [...done, end]), []);
});

test('nothing of an answer that was cut at a stop sequence is carried', () => {
  assert.equal(whole({ ...context, stop: ['ne'] }), undefined);
});

test('only reasoning counts, and only texts that are not empty', () => {
  const item = {
    type: 'reasoning',
    id: 'rs_1',
    summary: [
      { type: 'summary_text', text: '' },
      { type: 'summary_text', text: 'a' },
    ],
    encrypted_content: '',
  };
  const other = { type: 'compaction', id: 'cmp_1', encrypted_content: 'x' };
  assert.deepEqual(toReasoningDetails([other, item, { ...item, id: null }] as never), [
    { type: 'reasoning.summary', summary: 'a', id: 'rs_1', format: 'openai-responses-v1', index: 0 },
    { type: 'reasoning.summary', summary: 'a', id: 'reasoning_1', format: 'openai-responses-v1', index: 1 },
  ]);
});
