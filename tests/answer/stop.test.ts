import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStopFilter, type Segment } from '../../lib/answer/stop.ts';
import type { MessageItem, TokenLogprob } from '../../lib/index.ts';
import { createChunkStream } from '../../lib/index.ts';
import { eventsOf } from './events.ts';
import { folded } from './fold.ts';
import { call, chunksOf, head, message, messageOf, plain, reasoning, responseOf, wholeOf } from './support.ts';

const cited = (text: string, part: string): MessageItem['content'] => [
  {
    type: 'output_text',
    text,
    annotations: [
      {
        type: 'url_citation',
        url: 'https://a.example/',
        title: 'A',
        start_index: text.indexOf(part),
        end_index: text.indexOf(part) + part.length,
      },
    ],
  },
];

const stopped = (text: string | string[], stop: string[], more: object = {}): string | null =>
  messageOf(
    [text].flat().map((one) => message(one)),
    { stop, ...more },
  ).content;

const cuts: [name: string, text: string, stop: string[], content: string][] = [
  ['at its first place', 'one two one', ['one'], ''],
  ['before it', 'a STOP b', ['STOP'], 'a '],
  ['nowhere', 'a b c', ['STOP'], 'a b c'],
  ['nowhere, though it begins', 'a STO', ['STOP'], 'a STO'],
  ['at the one that begins first', 'abcd', ['cd', 'bcd'], 'a'],
  ['at a shorter one inside of a longer one that does not come', 'xaab', ['aac', 'ab'], 'xa'],
  ['at an overlapping one', 'aaab', ['aab'], 'a'],
  ['inside of text of several bytes', 'ü👋🏽你好', ['你'], 'ü👋🏽'],
  ['at a sequence of several bytes', 'a👋🏽b', ['👋🏽'], 'a'],
  ['at line ends', 'a\n\nb', ['\n\n'], 'a'],
];

for (const [name, text, stop, content] of cuts) {
  test(`text is cut ${name}, however it is cut into deltas`, () => {
    assert.equal(stopped(text, stop), content);
    for (let size = 1; size <= text.length; size += 1) {
      const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
      const events = eventsOf(responseOf([message(text)]), (whole) => (whole === text ? pieces : [whole]));
      const { message: got, finish_reason } = folded(chunksOf(events, { stop }), true);
      assert.deepEqual([got.content, finish_reason], [content, 'stop']);
    }
  });
}

test('what may be the beginning of a stop sequence is held back, and no more than that', () => {
  const stream = createChunkStream({ ...plain, stop: ['STOP'] }, head);
  const at = { output_index: 0, content_index: 0 };
  stream.push({ type: 'response.output_item.added', output_index: 0, item: message('') });
  const sent = ['a S', 'T', 'x', 'STO', 'P b'].map((delta) =>
    stream.push({ type: 'response.output_text.delta', ...at, delta }).map(({ choices }) => choices[0]?.delta.content),
  );
  assert.deepEqual(
    sent,
    [['', 'a '], [], ['STx'], [], []].map((one, index) => (index === 2 ? ['S', 'T', 'x'] : one)),
  );
});

test('a stop sequence may span two messages', () => {
  assert.equal(stopped(['one', 'two'], ['e\n\nt']), 'on');
});

test('after a stop sequence nothing is emitted: no text, no call, no citation, and the reason is stop', () => {
  const output = [message('', { content: [...cited('See (a) STOP.', '(a)')!, ...cited(' And (b).', '(b)')!] }), message('More'), call()];
  const { message: got, finish_reason } = wholeOf(output, { stop: ['STOP'] }).choices[0];
  assert.deepEqual([got.content, got.tool_calls, got.annotations.length, finish_reason], ['See (a) ', undefined, 1, 'stop']);
});

test('a call before the stop sequence stays, and so does the reason', () => {
  const { message: got, finish_reason } = wholeOf([call(), message('a STOP')], { stop: ['STOP'] }).choices[0];
  assert.deepEqual([got.content, got.tool_calls?.length], ['a ', 1]);
  assert.equal(finish_reason, 'stop');
});

test('stop sequences are not looked for in reasoning, refusals, commentary and arguments', () => {
  const output = [reasoning('a STOP'), message('b STOP', { phase: 'commentary' }), call({ arguments: '{"a":"STOP"}' })];
  for (const style of ['field', 'quote', 'think'] as const) {
    const { message: got, finish_reason } = wholeOf(output, { stop: ['STOP'], reasoning: style }).choices[0];
    assert.equal(finish_reason, 'tool_calls');
    assert.ok((got.reasoning_content ?? got.content)!.includes('b STOP'));
    assert.deepEqual(got.tool_calls?.[0], { id: 'call_1', type: 'function', function: { name: 'f', arguments: '{"a":"STOP"}' } });
  }
  assert.equal(messageOf([{ type: 'message', content: [{ type: 'refusal', refusal: 'STOP' }] }], { stop: ['STOP'] }).refusal, 'STOP');
});

test('log probabilities end where the text does', () => {
  const tokens = ['a', ' ST', 'OP', ' b'];
  const logprobs = tokens.map((token) => ({ token, logprob: -1, top_logprobs: [] }));
  const output = [message('', { content: [{ type: 'output_text', text: tokens.join(''), annotations: [], logprobs }] })];
  const of = (stop: string[]): string[] | undefined =>
    wholeOf(output, { stop, logprobs: true }).choices[0].logprobs?.content?.map(({ token }) => token);
  assert.deepEqual(of(['STOP']), ['a']);
  assert.deepEqual(of([' b']), ['a', ' ST', 'OP']);
  assert.deepEqual(of(['x']), tokens);
  assert.equal(of(['a']), undefined);
});

test('a stream without usage to wait for is finished with the stop sequence', () => {
  const events = eventsOf(responseOf([message('a STOP b')]));
  for (const includeUsage of [false, true]) {
    const stream = createChunkStream({ ...plain, stop: ['STOP'], includeUsage }, head);
    const at = events.findIndex((event) => {
      stream.push(event);
      return stream.finished;
    });
    assert.equal(events[at]?.type, includeUsage ? 'response.completed' : 'response.output_text.delta');
  }
});

// the filter alone

const token = (name: string): TokenLogprob => ({ token: name, logprob: -1, bytes: null, top_logprobs: [] });

/** What comes out for each text, and with the flush; each piece of text followed by its tokens. */
function filtered(stops: string[], ...texts: string[][]): string[][] {
  const filter = createStopFilter(stops);
  const written = (segments: Segment[]): string[] =>
    segments.map(({ text, logprobs }) => [text, ...logprobs.map((one) => one.token)].join('|'));
  const out = texts.map((tokens) => written(filter.push({ text: tokens.join(''), logprobs: tokens.map(token) })));
  return [...out, written(filter.flush())];
}

test('tokens stay with the piece of text in which they end', () => {
  assert.deepEqual(filtered(['cX'], ['a', 'b', 'c'], ['d']), [['ab|a|b'], ['c|c', 'd|d'], []]);
  assert.deepEqual(filtered(['bX'], ['ab', 'c']), [['abc|ab|c'], []]);
  assert.deepEqual(filtered(['bX'], ['a', 'ab']), [['aa|a'], ['b|ab']]);
  assert.deepEqual(filtered(['bX'], ['a', 'b', 'X', 'c'], ['d']), [['a|a'], [], []]);
  assert.deepEqual(filtered(['X'], ['a'], []), [['a|a'], [''], []], 'an empty text comes out at once');
  assert.deepEqual(filtered(['aX'], ['a'], []), [[], [], ['a|a', '']]);
});

test('a sequence that begins first counts, even if it ends later', () => {
  const texts = (stops: string[], ...pieces: string[]): string[] =>
    filtered(stops, ...pieces.map((piece) => [...piece])).map((out) => out.map((one) => one.split('|')[0]).join(''));
  assert.deepEqual(texts(['abcde', 'bc'], 'xabcde'), ['x', '']);
  assert.deepEqual(texts(['abcde', 'bc'], 'xabcdf'), ['xa', '']);
  assert.deepEqual(texts(['abcde', 'bc'], 'xabc', 'd', 'f'), ['x', '', 'a', '']);
  assert.deepEqual(texts(['abcde', 'bc'], 'xabcd'), ['x', 'a']);
  assert.deepEqual(texts(['abcde', 'bc'], 'xabcd', 'e', 'y'), ['x', '', '', '']);
  assert.deepEqual(texts(['bc', 'b'], 'abc'), ['a', '']);
  assert.deepEqual(texts(['aab'], 'aaab'), ['a', '']);
  assert.deepEqual(texts(['abab', 'bac'], 'abac'), ['a', '']);
  assert.deepEqual(texts(['abcd', 'c'], 'abce'), ['ab', '']);
});

test('text after a flush completes nothing that began before', () => {
  const filter = createStopFilter(['ab']);
  const push = (text: string): string =>
    filter
      .push({ text, logprobs: [] })
      .map((one) => one.text)
      .join('');
  assert.equal(push('a'), '');
  assert.equal(filter.flush()[0]?.text, 'a');
  assert.equal(push('b'), 'b');
  assert.equal(push('ab'), '');
  assert.deepEqual([filter.matched(), push('x'), filter.flush()], [true, '', []]);
});
