import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OutputItem, SentEvent } from '../../lib/index.ts';
import { createChunkStream, toChatCompletion } from '../../lib/index.ts';
import {
  added,
  call,
  chunksOf,
  completed,
  deltasOf,
  done,
  head,
  message,
  messageOf,
  plain,
  reasoning,
  responseOf,
  textDelta,
  wholeOf,
} from './support.ts';

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

// JSON formats, and messages that go on where one has ended

const events = (index: number, phase: string | undefined, ...texts: string[]): SentEvent[] => [
  added(index, { ...empty, phase }),
  ...texts.map((text) => textDelta(index, text)),
  done(index, message(texts.join(''), { phase: phase as never })),
];

/** The content of each chunk, and the notes. */
function jsonOf(
  model: string,
  ...messages: [phase: string | undefined, ...texts: string[]][]
): { content: unknown[]; notes: readonly string[] } {
  const stream = createChunkStream({ ...plain, json: true }, { ...head, model });
  const content = [
    ...messages.flatMap(([phase, ...texts], index) => events(index, phase, ...texts)),
    { type: 'response.completed', response: { status: 'completed', output: [] } },
  ]
    .flatMap((event) => stream.push(event))
    .flatMap(({ choices }) => choices[0]?.delta.content || []);
  return { content, notes: stream.notes };
}
const dropped = 'dropped a further message beside the JSON answer';

test('a message that begins with all of the JSON answer goes on with it', () => {
  assert.deepEqual(jsonOf('gpt-5', [undefined, '{"a":1}'], [undefined, '{"a"', ':1} x', 'y']), {
    content: ['{"a":1}', ' x', 'y'],
    notes: [],
  });
  assert.deepEqual(jsonOf('gpt-5', [undefined, '{"a":1}'], [undefined, '{"a"', ':1}']), { content: ['{"a":1}'], notes: [] });
  assert.deepEqual(jsonOf('gpt-5', [undefined, '{"a":1}'], [undefined, '{"a"']), { content: ['{"a":1}'], notes: [dropped] });
  assert.deepEqual(jsonOf('gpt-5', [undefined, '{"a":1}'], [undefined, '{"a"', ':2}'], [undefined, 'x']), {
    content: ['{"a":1}'],
    notes: [dropped, dropped],
  });
  assert.deepEqual(jsonOf('gpt-5', [undefined, '{"a":1}'], [undefined, '2{"a":1}']), { content: ['{"a":1}'], notes: [dropped] });
  assert.deepEqual(jsonOf('gpt-5', [undefined, '1'], [undefined, '12'], [undefined, '123', '4']), {
    content: ['1', '2', '3', '4'],
    notes: [],
  });
});

test('where a final answer may follow, a message goes on with the one that is held back, or is dropped', () => {
  const model = 'gpt-5.4';
  assert.deepEqual(jsonOf(model, [undefined, '{"a":1}'], [undefined, '{"a"', ':1} x', 'y']), {
    content: ['{"a"', ':1} x', 'y'],
    notes: [],
  });
  assert.deepEqual(jsonOf(model, [undefined, '{"a":1}'], [undefined, '{"a":1}']), { content: ['{"a":1}'], notes: [] });
  assert.deepEqual(jsonOf(model, [undefined, '{"a":1}'], [undefined, '{"a"']), { content: ['{"a":1}'], notes: [dropped] });
  assert.deepEqual(jsonOf(model, [undefined, '{"a":1}'], [undefined, '[]']), { content: ['{"a":1}'], notes: [dropped] });
  assert.deepEqual(jsonOf(model, [undefined, '[]'], ['final_answer', '[', ']'], ['final_answer', '[]', '1']), {
    content: ['[', ']', '1'],
    notes: [dropped],
  });
  assert.deepEqual(jsonOf(model, ['final_answer', '[]'], [undefined, '{}']), { content: ['[]'], notes: [dropped] });
  assert.deepEqual(jsonOf(model, ['commentary', 'a'], ['commentary', 'b']), { content: ['a'], notes: [] });
  assert.deepEqual(jsonOf(model, ['commentary', 'a'], [undefined, '[]'], ['commentary', 'b']), { content: ['[]'], notes: [] });
  assert.deepEqual(jsonOf(model, ['commentary'], ['commentary', 'b']), { content: ['b'], notes: [] });
});

test('a message that begins with all of the one before continues it', () => {
  const one = events(0, undefined, 'One');
  assert.deepEqual(deltasOf([...one, ...events(1, undefined, 'One', ' more', '!'), completed()]), [
    opening,
    { content: 'One' },
    { content: ' more' },
    { content: '!' },
    'stop',
  ]);
  const logged = (index: number, ...texts: string[]): SentEvent[] => [
    added(index, empty),
    ...texts.map((text) => textDelta(index, text, { logprobs: tokens(text) })),
    done(index, message(texts.join(''))),
  ];
  assert.deepEqual(deltasOf([...logged(0, 'One'), ...logged(1, 'On', 'e m', 'ore'), completed()], { logprobs: true }), [
    opening,
    { content: 'One', tokens: ['One'] },
    { content: ' m' },
    { content: 'ore', tokens: ['ore'] },
    'stop',
  ]);
  assert.deepEqual(deltasOf([...logged(0, 'One'), ...logged(1, 'One', ' m'), completed()], { logprobs: true }), [
    opening,
    { content: 'One', tokens: ['One'] },
    { content: ' m', tokens: [' m'] },
    'stop',
  ]);
  const latest = [...one, ...events(1, undefined, 'Two'), ...events(2, undefined, 'One', ' more'), completed()];
  assert.deepEqual(deltasOf(latest).slice(4), [{ content: '\n\n' }, { content: 'One' }, { content: ' more' }, 'stop'], 'only the latest');
});

test('what a refusal in commentary says reaches no client, and hides nothing', () => {
  const refusal = { type: 'refusal', refusal: 'No' } as const;
  const text = { type: 'output_text' as const, text: 'Looking', annotations: [] };
  const got = messageOf([message('', { phase: 'commentary', content: [text, refusal] })]);
  assert.deepEqual([got.content, got.refusal], ['Looking', null]);
  const both = messageOf([message('', { content: [text, refusal, { ...text, text: ' on' }, { ...refusal, refusal: '!' }] })]);
  assert.deepEqual([both.content, both.refusal], ['Looking on', 'No!']);
});

test('the end of a text has log probabilities only for a text that came without deltas', () => {
  const end = { type: 'response.output_text.done', output_index: 0, content_index: 0, text: 'Hi', logprobs: tokens('H', 'i') };
  assert.deepEqual(deltasOf([added(0, empty), end, completed()], { logprobs: true }), [
    opening,
    { content: 'Hi', tokens: ['H', 'i'] },
    'stop',
  ]);
  assert.deepEqual(deltasOf([added(0, empty), textDelta(0, 'H'), end, completed()], { logprobs: true }), [
    opening,
    { content: 'H' },
    { content: 'i' },
    'stop',
  ]);
  const ends = [0, 1].flatMap((content_index) => [
    textDelta(0, `${content_index}`, { content_index }),
    { ...end, content_index, text: `${content_index}.` },
  ]);
  assert.deepEqual(deltasOf([added(0, empty), ...ends, completed()]), [
    opening,
    { content: '0' },
    { content: '.' },
    { content: '1' },
    { content: '.' },
    'stop',
  ]);
});

test('a citation that comes in an event counts from its part, unless the finished item has its own', () => {
  const citation = { type: 'url_citation', url: 'https://a.example/', title: 'A', start_index: 0, end_index: 1 };
  const cited = (content_index: number, annotation: unknown): SentEvent => ({
    type: 'response.output_text.annotation.added',
    output_index: 0,
    content_index,
    annotation,
  });
  const ended = (content_index: number, text: string): SentEvent => ({
    type: 'response.output_text.done',
    output_index: 0,
    content_index,
    text,
  });
  const start = [added(0, empty), ended(0, 'One'), ended(1, 'Two'), cited(0, citation), cited(1, citation), cited(1, null)];
  const starts = (all: SentEvent[]): unknown =>
    chunksOf(all)
      .flatMap(({ choices }) => choices[0]?.delta.annotations ?? [])
      .map(({ url_citation: { start_index } }) => start_index);
  assert.deepEqual(starts([...start, completed()]), [0, 3]);
  const parts = (...annotations: object[]): object =>
    message('', {
      content: [
        { type: 'output_text', text: 'One', annotations: [] },
        { type: 'output_text', text: 'Two', annotations: annotations as never },
      ],
    });
  assert.deepEqual(starts([...start, done(0, parts({ ...citation, start_index: 2, end_index: 3 })), completed()]), [5]);
  assert.deepEqual(starts([...start, done(0, parts()), completed()]), [0, 3]);
});

test('cited files are noted, each once', () => {
  const file = (filename: string): object => ({ type: 'file_citation', file_id: 'file-1', filename, index: 0 });
  const notes: string[] = [];
  const annotations = [file('b.txt'), file('a.txt'), file('b.txt'), { type: 'url_citation', url: 'u' }] as never;
  const cited = message('', { content: [{ type: 'output_text', text: 'x', annotations }] });
  const completion = toChatCompletion(responseOf([cited]), plain, head, (all) => notes.push(...all));
  assert.deepEqual(notes, ['cited files: b.txt, a.txt']);
  assert.deepEqual(completion.choices[0].message.annotations[0]?.url_citation, { start_index: 0, end_index: 1, url: 'u', title: 'u' });
});

test('of log probabilities the fields that a server leaves out are added', () => {
  const given = [
    { token: 'a', logprob: -1, bytes: [97], top_logprobs: [{ token: 'b', logprob: -2, bytes: [98] }, {}] },
    { token: 'b', logprob: -1 },
  ];
  const content = [{ type: 'output_text', text: 'ab', annotations: [], logprobs: given }] as never;
  assert.deepEqual(wholeOf([message('', { content })], { logprobs: true }).choices[0].logprobs?.content, [
    {
      token: 'a',
      logprob: -1,
      bytes: [97],
      top_logprobs: [
        { token: 'b', logprob: -2, bytes: [98] },
        { token: '', logprob: 0, bytes: null },
      ],
    },
    { token: 'b', logprob: -1, bytes: null, top_logprobs: [] },
  ]);
});
