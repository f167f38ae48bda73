import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OutputItem } from '../../lib/index.ts';
import { toChatCompletion } from '../../lib/index.ts';
import { call, head, message, messageOf, plain, reasoning, responseOf } from './support.ts';

const contentOf = (output: OutputItem[], json = false): string | null => messageOf(output, { json }).content;

test('answer messages are joined by a blank line, and one that was said already is left out', () => {
  assert.equal(contentOf([message('a'), message('b'), message('a'), message('b'), message('ab')]), 'a\n\nb\n\nab');
});

test('commentary is reasoning, in its place among the summaries', () => {
  const got = messageOf([
    reasoning('one', 'two'),
    message('three', { phase: 'commentary' }),
    reasoning('four'),
    message('Answer', { phase: 'final_answer' }),
  ]);
  assert.deepEqual([got.content, got.reasoning_content], ['Answer', 'one\n\ntwo\n\nthree\n\nfour']);
});

test('commentary alone is emitted as content too, but not beside a call or a refusal', () => {
  const commentary = message('Looking.', { phase: 'commentary' });
  assert.equal(contentOf([commentary]), 'Looking.');
  assert.equal(contentOf([commentary, call()]), null);
  assert.equal(contentOf([commentary, { type: 'message', content: [{ type: 'refusal', refusal: 'No' }] }]), null);
});

test('nothing but reasoning is an empty text', () => {
  assert.equal(contentOf([reasoning('Hm')]), '');
  assert.equal(contentOf([]), '');
  assert.equal(contentOf([message('')]), '');
});

test('with a JSON format content is the first final answer, else the first message', () => {
  const answer = (text: string): OutputItem => message(text, { phase: 'final_answer' });
  assert.equal(contentOf([message('{"a":1}'), message('{"b":2}')], true), '{"a":1}');
  assert.equal(contentOf([message('{"a":1}'), answer('{"b":2}')], true), '{"a":1}', 'a model that labels no message is not waited for');
  const phases = { model: 'gpt-5.4' };
  assert.equal(messageOf([message('{"a":1}'), answer('{"b":2}'), answer('{"c":3}')], { json: true }, phases).content, '{"b":2}');
  assert.equal(messageOf([message('Looking', { phase: 'commentary' }), message('{"a":1}')], { json: true }, phases).content, '{"a":1}');
});

test('what is left out beside a JSON answer is noted', () => {
  const notes: string[] = [];
  toChatCompletion(responseOf([message('{}'), message('[]')]), { ...plain, json: true }, head, (all) => notes.push(...all));
  assert.deepEqual(notes, ['dropped a further message beside the JSON answer']);
});

test('reasoning is never in content beside JSON', () => {
  for (const style of ['quote', 'think'] as const) {
    const got = messageOf([reasoning('Hm'), message('{}')], { json: true, reasoning: style });
    assert.deepEqual([got.content, got.reasoning_content], ['{}', 'Hm']);
  }
  assert.equal(messageOf([reasoning('Hm'), message('{}')], { json: true, reasoning: 'off' }).reasoning_content, undefined);
});

test('a refusal is not content', () => {
  const got = messageOf([
    {
      type: 'message',
      content: [
        { type: 'refusal', refusal: 'I ' },
        { type: 'refusal', refusal: "can't." },
      ],
    },
  ]);
  assert.deepEqual([got.content, got.refusal], [null, "I can't."]);
});
