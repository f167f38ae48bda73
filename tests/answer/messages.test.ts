import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OutputItem } from '../../lib/index.ts';
import { toChatCompletion } from '../../lib/index.ts';
import { added, call, completed, deltasOf, done, head, message, messageOf, plain, reasoning, responseOf, textDelta } from './support.ts';

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

// deltas

const opening = { role: 'assistant', content: '' };
const empty = message('', { content: [] });
const token = (name: string): object => ({ token: name, logprob: -1, bytes: null, top_logprobs: [] });
const tokens = (...names: string[]): object[] => names.map(token);

test('a second message begins after a blank line', () => {
  assert.deepEqual(
    deltasOf([
      added(0, empty),
      textDelta(0, 'One'),
      done(0, message('One')),
      added(1, empty),
      textDelta(1, 'Two'),
      done(1, message('Two')),
      completed(),
    ]),
    [opening, { content: 'One' }, { content: '\n\n' }, { content: 'Two' }, 'stop'],
  );
});

test('a second message waits as long as it could repeat an earlier one, and no longer', () => {
  const first = [
    added(0, empty),
    textDelta(0, 'One two'),
    done(0, message('One two')),
    added(1, empty),
    textDelta(1, 'One'),
    textDelta(1, ' '),
  ];
  assert.deepEqual(deltasOf(first), [opening, { content: 'One two' }]);
  assert.deepEqual(deltasOf([...first, textDelta(1, 'more')]), [
    opening,
    { content: 'One two' },
    { content: '\n\n' },
    { content: 'One' },
    { content: ' ' },
    { content: 'more' },
  ]);
  assert.deepEqual(deltasOf([...first, textDelta(1, 'two'), done(1, message('One two')), completed()]), [
    opening,
    { content: 'One two' },
    'stop',
  ]);
  assert.deepEqual(deltasOf([...first, done(1, message('One ')), completed()]), [
    opening,
    { content: 'One two' },
    { content: '\n\n' },
    { content: 'One' },
    { content: ' ' },
    'stop',
  ]);
});

test('commentary is reasoning at once, and content once more if nothing else comes', () => {
  const commentary = message('Looking', { phase: 'commentary' });
  const events = [added(0, { ...empty, phase: 'commentary' }), textDelta(0, 'Loo'), textDelta(0, 'king'), done(0, commentary)];
  const reasoned = [opening, { reasoning_content: 'Loo' }, { reasoning_content: 'king' }];
  assert.deepEqual(deltasOf([...events, completed()]), [...reasoned, { content: 'Loo' }, { content: 'king' }, 'stop']);
  assert.deepEqual(deltasOf([...events, done(1, message('Found')), completed()]), [...reasoned, { content: 'Found' }, 'stop']);
});

test('a refusal comes as it arrives, and its end adds the rest', () => {
  assert.deepEqual(
    deltasOf([
      added(0, empty),
      { type: 'response.refusal.delta', output_index: 0, content_index: 0, delta: 'I ' },
      { type: 'response.refusal.done', output_index: 0, content_index: 0, refusal: "I can't" },
      done(0, message('', { content: [{ type: 'refusal', refusal: "I can't." }] })),
      completed(),
    ]),
    [{ role: 'assistant', content: null }, { refusal: 'I ' }, { refusal: "can't" }, { refusal: '.' }, 'stop'],
  );
});

test('log probabilities come with the text that they belong to', () => {
  assert.deepEqual(
    deltasOf([added(0, empty), textDelta(0, 'Hi', { logprobs: tokens('H', 'i') }), done(0, message('Hi')), completed()], {
      logprobs: true,
    }),
    [opening, { content: 'Hi', tokens: ['H', 'i'] }, 'stop'],
  );
  assert.deepEqual(
    deltasOf([added(0, empty), textDelta(0, 'Hi', { logprobs: tokens('H', 'i') }), completed()]),
    [opening, { content: 'Hi' }, 'stop'],
    'only if they were asked for',
  );
});

test('log probabilities that come with the finished item only are emitted there, without text', () => {
  const logged = message('', { content: [{ type: 'output_text', text: 'Hi', annotations: [], logprobs: tokens('H', 'i') as never }] });
  assert.deepEqual(deltasOf([added(0, empty), textDelta(0, 'Hi'), done(0, logged), completed()], { logprobs: true }), [
    opening,
    { content: 'Hi' },
    { content: '', tokens: ['H', 'i'] },
    'stop',
  ]);
  assert.deepEqual(
    deltasOf([added(0, empty), textDelta(0, 'Hi', { logprobs: tokens('H', 'i') }), done(0, logged), completed()], { logprobs: true }),
    [opening, { content: 'Hi', tokens: ['H', 'i'] }, 'stop'],
    'and not twice',
  );
  assert.deepEqual(deltasOf([done(0, logged), completed()], { logprobs: true }), [opening, { content: 'Hi', tokens: ['H', 'i'] }, 'stop']);
});

test('with a JSON format a final answer takes the place of the message that was held back', () => {
  const context = { json: true, model: 'gpt-5.4' };
  const named = { type: 'response.created', response: { model: 'gpt-5.4' } };
  const events = [named, added(0, empty), textDelta(0, '{"a":1}'), done(0, message('{"a":1}'))];
  assert.deepEqual(deltasOf(events, context), []);
  assert.deepEqual(deltasOf([...events, completed()], context), [opening, { content: '{"a":1}' }, 'stop']);
  const last = message('{"b":2}', { phase: 'final_answer' });
  assert.deepEqual(
    deltasOf([...events, added(1, { ...last, content: [] }), textDelta(1, '{"b":2}'), done(1, last), completed()], context),
    [opening, { content: '{"b":2}' }, 'stop'],
  );
});

test('citations come in the finish chunk, those of a later message after the earlier text', () => {
  const cited = (value: string): object =>
    message('', {
      content: [
        {
          type: 'output_text',
          text: value,
          annotations: [{ type: 'url_citation', url: 'https://a.example/', title: 'A', start_index: 1, end_index: 3 }],
        },
      ],
    });
  const citation = (start_index: number, end_index: number): object => ({
    type: 'url_citation',
    url_citation: { start_index, end_index, url: 'https://a.example/', title: 'A' },
  });
  assert.deepEqual(deltasOf([done(0, cited('One')), done(1, cited('Two')), completed()]), [
    opening,
    { content: 'One' },
    { content: '\n\n' },
    { content: 'Two' },
    { annotations: [citation(1, 3), citation(6, 8)] },
    'stop',
  ]);
});
