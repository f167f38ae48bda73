// Which part an event belongs to, and what it adds.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SentEvent } from '../../../lib/index.ts';
import { added, argumentsDelta, call, completed, done, message, reasoning, summaryDelta } from '../support.ts';
import { passed, shorts, partEvent, textDone, partDone, named, empty, hi, part, partText } from './support.ts';

test('a part whose index moves without being announced is the same part', () => {
  const { out } = passed([added(0, empty), part(0), partText(1, 'Hi'), partText(2, ' there')]);
  assert.deepEqual(out.slice(1), [
    { type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: 'Hi' },
    { type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: ' there' },
  ]);
});

test('an announced part waits for the end of the one before', () => {
  const events = [added(0, empty), part(0), part(1), partText(0, 'a'), partText(1, 'B'), partText(0, 'b')];
  assert.deepEqual(
    passed(events).out.map(({ delta }) => delta),
    [undefined, 'a', 'b'],
  );
  const end = { type: 'response.output_text.done', output_index: 0, content_index: 0, text: 'ab' };
  assert.deepEqual(
    passed([...events, end]).out.map(({ delta, text }) => delta ?? text),
    [undefined, 'a', 'b', 'ab', 'B'],
  );
});

test('a part that is announced begins when the one before has ended', () => {
  assert.deepEqual(shorts([added(0, empty), part(0), partText(0, 'a'), textDone(0, 'a'), part(1), partText(1, 'b')]).slice(1), [
    '0.0 a',
    '0.0=a',
    '0.1 b',
  ]);
  assert.deepEqual(shorts([added(0, empty), part(0), partText(0, 'a'), part(0), partText(0, 'b')]).slice(1), ['0.0 a', '0.1 b']);
  assert.deepEqual(shorts([added(0, empty), part(0), part(0), partText(0, 'b')]).slice(1), ['0.0 b']);
  assert.deepEqual(shorts([added(0, empty), part(5), partText(5, 'a'), textDone(5, 'a'), partText(5, 'b')]).slice(1), [
    '0.0 a',
    '0.0=a',
    '0.1 b',
  ]);
  assert.deepEqual(
    shorts([
      added(0, empty),
      part(0),
      partText(0, 'a'),
      part(1),
      part(2),
      partText(2, 'c'),
      partText(1, 'b'),
      textDone(1, 'b'),
      textDone(0, 'a'),
    ]).slice(1),
    ['0.0 a', '0.0=a', '0.1 b', '0.1=b', '0.2 c'],
  );
  assert.deepEqual(shorts([added(0, empty), part(0), partText(0, 'a'), part(1), partText(1, 'b'), done(0, message('ab'))]).slice(1), [
    '0.0 a',
    '0.1 b',
    '-0 message ab',
  ]);
  assert.deepEqual(
    shorts([added(0, empty), part(0), partText(0, 'a'), part(1), partText(1, 'b'), completed(message('ab') as never)]).slice(1),
    ['0.0 a', '0.1 b', '-0 message ab'],
  );
});

test('the end of a text counts once', () => {
  const begin = [added(0, empty), part(0), partText(0, 'a')];
  const ended = (...events: SentEvent[]): string[] => shorts([...begin, ...events]).slice(2);
  assert.deepEqual(ended(textDone(0, 'ab'), textDone(0, 'ab'), partDone(0, 'ab')), ['0.0=ab']);
  assert.deepEqual(ended(textDone(3, 'ab')), ['0.0=ab'], 'with another index');
  assert.deepEqual(ended(textDone(3, 'b')), ['0.1=b'], 'of another part');
  assert.deepEqual(ended(textDone(0, 'a'), textDone(1, 'b'), textDone(0, 'a')), ['0.0=a', '0.1=b']);
  assert.deepEqual(ended(textDone(0, 'a'), textDone(0, 'b')), ['0.0=a', '0.1=b']);
  assert.deepEqual(ended(partDone(0, 'ab')), ['0.0=ab']);
  assert.deepEqual(ended(textDone(0, 'a'), partDone(1, 'b')), ['0.0=a', '0.1=b']);
  assert.deepEqual(ended({ ...partDone(0, ''), part: { type: 'refusal', refusal: 'No' } }), ['0.0=No']);
  assert.deepEqual(ended({ ...partDone(0, ''), part: 5 }), []);
  const thought = [added(0, reasoning()), partEvent('reasoning_text.delta', 0, { delta: 'a' })];
  const thoughtOf = (...events: SentEvent[]): string[] => shorts([...thought, ...events]).slice(2);
  assert.deepEqual(thoughtOf(partEvent('content_part.done', 0, { part: { type: 'reasoning_text', text: 'ab' } })), ['0.0=ab']);
  assert.deepEqual(thoughtOf(partEvent('content_part.done', 0, { part: { text: 'ab' } })), ['0.0=ab']);
  assert.deepEqual(thoughtOf(partEvent('reasoning_summary_part.done', 0, { part: { text: 'c' } })), ['0.0=c']);
  assert.deepEqual(thoughtOf(partEvent('content_part.done', 0, { part: null })), ['0.0=']);
});

test('summaries are told apart by their index', () => {
  const summary = (index: number, type: string, fields: object): SentEvent => partEvent(`reasoning_summary_${type}`, index, fields);
  const opened = [added(0, reasoning())];
  assert.deepEqual(
    shorts([...opened, summaryDelta(0, 'a'), summaryDelta(1, 'x', 1), summaryDelta(0, 'b', 1), summaryDelta(0, 'c')]).slice(1),
    ['0.0 a', '0.1 x', '0.1 b', '0.0 c'],
  );
  assert.deepEqual(
    shorts([...opened, summary(0, 'part.added', {}), summaryDelta(0, 'a'), summary(1, 'part.added', {}), summaryDelta(0, 'b', 1)]).slice(1),
    ['0.0 a', '0.1 b'],
  );
  assert.deepEqual(
    shorts([...opened, summary(0, 'part.added', {}), summaryDelta(0, 'a'), summary(0, 'part.added', {}), summaryDelta(0, 'b')]).slice(1),
    ['0.0 a', '0.1 b'],
  );
  assert.deepEqual(
    shorts([...opened, summaryDelta(0, 'a'), summary(0, 'text.done', { text: 'ab' }), summary(0, 'text.done', { text: 'ab' })]).slice(1),
    ['0.0 a', '0.0=ab'],
  );
});

test('citations stand in the part that they name, or in the current one', () => {
  const cited = (content_index: unknown): SentEvent => ({
    type: 'response.output_text.annotation.added',
    output_index: 0,
    content_index,
    annotation: { type: 'url_citation' },
  });
  const begin = [added(0, empty), textDone(0, 'a'), textDone(1, 'b')];
  assert.deepEqual(shorts([...begin, cited(0), cited(1), cited(9), cited(undefined)]).slice(3), [
    '0.0 url_citation',
    '0.1 url_citation',
    '0.1 url_citation',
    '0.1 url_citation',
  ]);
  assert.deepEqual(shorts([added(0, empty), cited(3), { ...cited(0), annotation: 5 }]).slice(1), ['0.0 url_citation']);
});

/** A message without an id, as the events here are of none. */
const bare = message('', { content: [] });

/** What comes of it after its beginning. */
const grown = (...events: SentEvent[]): string[] => shorts([added(0, bare), ...events]).slice(1);
const without = (event: SentEvent, ...names: string[]): SentEvent =>
  Object.fromEntries(Object.entries(event).filter(([name]) => !names.includes(name))) as SentEvent;
const noIndex = (event: SentEvent): SentEvent => without(event, 'content_index', 'summary_index');

test('a part goes by the index with which it began', () => {
  assert.deepEqual(grown(partText(1, 'a'), partText(1, 'b')), ['0.0 a', '0.0 b']);
  assert.deepEqual(grown(partText(3, 'a'), textDone(3, 'x')), ['0.0 a', '0.0=x'], 'begun by a delta');
  assert.deepEqual(grown(part(3), partText(3, 'a'), textDone(3, 'x')), ['0.0 a', '0.0=x'], 'by its announcement');
  assert.deepEqual(grown(noIndex(part(3)), partText(0, 'a'), textDone(0, 'x')), ['0.0 a', '0.0=x'], 'without an index');
  const ended = [textDone(0, 'a')];
  assert.deepEqual(grown(...ended, partText(5, 'b'), textDone(5, 'x')), ['0.0=a', '0.1 b', '0.1=x'], 'after an end');
  assert.deepEqual(grown(...ended, noIndex(partText(5, 'b')), textDone(1, 'x')), ['0.0=a', '0.1 b', '0.1=x']);
  assert.deepEqual(grown(...ended, part(4), partText(4, 'b'), textDone(4, 'x')), ['0.0=a', '0.1 b', '0.1=x']);
  assert.deepEqual(grown(...ended, noIndex(part(4)), partText(1, 'b'), textDone(1, 'x')), ['0.0=a', '0.1 b', '0.1=x']);
  assert.deepEqual(grown(...ended, partText(0, 'b')), ['0.0=a', '0.1 b'], 'the same index again');
  const begun = [part(0), partText(0, 'a')];
  assert.deepEqual(grown(...begun, noIndex(part(1)), partText(1, 'b'), textDone(1, 'x')), ['0.0 a', '0.1 b', '0.1=x']);
  assert.deepEqual(grown(...begun, noIndex(textDone(0, 'x'))), ['0.0 a', '0.0=x']);
  assert.deepEqual(grown(...begun, part(1), noIndex(partText(1, 'b'))), ['0.0 a', '0.0 b'], 'beside one that waits');
});

test('what is announced again begins nothing, and loses nothing that waits', () => {
  assert.deepEqual(grown(part(0), partText(0, 'a'), textDone(0, 'a'), part(1), partText(1, 'b'), part(0), partText(0, 'c')), [
    '0.0 a',
    '0.0=a',
    '0.1 b',
    '0.1 c',
  ]);
  assert.deepEqual(grown(part(0), partText(0, 'a'), part(1), partText(1, 'B'), part(1), textDone(0, 'a')), ['0.0 a', '0.0=a', '0.1 B']);
});

test('of several parts that wait each waits for the one before', () => {
  const waiting = [part(0), partText(0, 'a'), part(1), part(2), partText(2, 'c'), textDone(0, 'a')];
  assert.deepEqual(grown(...waiting, partText(1, 'b')), ['0.0 a', '0.0=a', '0.1 b']);
  assert.deepEqual(grown(...waiting, part(3), partText(3, 'd'), textDone(1, 'b')), ['0.0 a', '0.0=a', '0.1=b', '0.2 c']);
  assert.deepEqual(grown(...waiting, textDone(1, 'b'), part(3), partText(3, 'd'), textDone(2, 'c')), [
    '0.0 a',
    '0.0=a',
    '0.1=b',
    '0.2 c',
    '0.2=c',
    '0.3 d',
  ]);
  const many = Array.from({ length: 5000 }, (_, at) => at);
  const events = [...many.map(part), ...many.toReversed().flatMap((at) => [partText(at, 'a'), textDone(at, 'a')])];
  assert.equal(grown(...events).length, 10_000, 'however many');
});

test('a citation waits with its part', () => {
  const cited = {
    type: 'response.output_text.annotation.added',
    output_index: 0,
    content_index: 1,
    annotation: { type: 'url_citation' },
  };
  const waiting = [part(0), partText(0, 'a'), part(1), partText(1, 'b'), cited];
  assert.deepEqual(grown(...waiting, textDone(0, 'a')), ['0.0 a', '0.0=a', '0.1 b', '0.1 url_citation']);
  const { notes } = passed([added(0, empty), partText(0, 'a'), { ...cited, content_index: 0 }, done(0, message('ab'))]);
  assert.deepEqual(notes, [], 'it is no text');
  assert.deepEqual(grown({ ...cited, annotation: 'x' }), []);
});

test('parts that wait when the stream begins again are those of the item before', () => {
  const again = { type: 'response.created', response: { id: 'resp_2' } };
  assert.deepEqual(grown(part(0), partText(0, 'a'), part(1), partText(1, 'b'), again), ['0.0 a', '0.1 b', '-0 message']);
});

test('the end of a text that differs adds nothing to what has come', () => {
  assert.deepEqual(passed([added(0, empty), partText(0, 'Ho'), textDone(0, 'Hi!'), done(0, message('Ho'))]).notes, []);
  assert.deepEqual(passed([added(0, empty), partText(0, 'Hi'), textDone(0, 'Hi!'), done(0, message('Hi!!'))]).notes, []);
});

test('the end of a part counts if no text has ended', () => {
  assert.deepEqual(grown(textDone(0, 'a'), partDone(0, 'x'), noIndex(partDone(0, 'x'))), ['0.0=a']);
  assert.deepEqual(grown(noIndex(partDone(0, 'a'))), ['0.0=a']);
  assert.deepEqual(shorts([partDone(0, 'a')]), ['+0 message', '0.0=a']);
  const { out } = passed([
    added(0, reasoning()),
    partEvent('reasoning_summary_part.done', 0, { part: { type: 'summary_text', text: 'c' } }),
  ]);
  assert.equal(out.at(-1)!.type, 'response.reasoning_summary_text.done');
  const thought = (sent: unknown): unknown => {
    const event = passed([added(0, reasoning()), partEvent('content_part.done', 0, { part: sent })]).out.at(-1)!;
    return [event.type.slice('response.'.length), event['text']];
  };
  assert.deepEqual(thought('a'), ['reasoning_text.done', 'a']);
  assert.deepEqual(thought({ text: { value: 'b' } }), ['reasoning_text.done', 'b']);
  assert.deepEqual(thought({ type: 'reasoning_text', text: 'c' }), ['reasoning_text.done', 'c']);
});

test('a part says what kind of item it is of', () => {
  const summary = partEvent('reasoning_summary_part.added', 0, { part: { type: 'summary_text', text: '' } });
  assert.deepEqual(shorts([summary, summaryDelta(0, 'a')]), ['+0 reasoning', '0.0 a']);
  const thought = partEvent('content_part.added', 0, { part: { type: 'reasoning_text', text: '' } });
  assert.deepEqual(shorts([thought]), ['+0 reasoning']);
  assert.deepEqual(shorts([added(0, reasoning()), partEvent('content_part.added', 0, { part: null })]), ['+0 reasoning']);
  assert.deepEqual(shorts([part(0)]), ['+0 message']);
});

test('a part of an item that is done comes too late', () => {
  const late = (event: SentEvent): string[] => shorts([added(0, empty), done(0, hi), { ...event, item_id: 'msg_1' }, part(0)]);
  assert.deepEqual(late(part(0)), ['+0 message', '-0 message Hi there']);
  assert.deepEqual(late(partDone(0, 'x')), ['+0 message', '-0 message Hi there']);
});

test('a summary without an index goes on, and one of an index that has not begun begins', () => {
  const thought = (...events: SentEvent[]): string[] => shorts([added(0, reasoning()), ...events]).slice(1);
  assert.deepEqual(thought(summaryDelta(0, 'a'), noIndex(summaryDelta(0, 'b'))), ['0.0 a', '0.0 b']);
  assert.deepEqual(thought(summaryDelta(0, 'a', 5), summaryDelta(0, 'b', 0)), ['0.0 a', '0.1 b']);
});

test('a text may come in another form', () => {
  const deltas = (...events: SentEvent[]): unknown[] =>
    passed(events)
      .out.slice(1)
      .map(({ delta }) => delta);
  assert.deepEqual(
    deltas(added(0, bare), partText(0, 'a'), { ...partText(0, ''), delta: { value: 'b' } }, { ...partText(0, ''), delta: 5 }),
    ['a', 'b', '5'],
  );
  const whole = (type: string, item: object, fields: object): unknown =>
    passed([added(0, item), { type: `response.${type}`, output_index: 0, ...fields }]).out.at(-1);
  assert.deepEqual(whole('function_call_arguments.done', call({ arguments: '' }), { arguments: { a: 1 } }), {
    type: 'response.function_call_arguments.done',
    output_index: 0,
    arguments: '{"a":1}',
  });
  const custom = { type: 'custom_tool_call', call_id: 'call_1', name: 'f', input: '' };
  assert.deepEqual(whole('custom_tool_call_input.done', custom, { input: ['a'] }), {
    type: 'response.custom_tool_call_input.done',
    output_index: 0,
    input: '["a"]',
  });
  const deltaOfCall = argumentsDelta(1, '{}');
  assert.deepEqual(
    passed([done(0, hi), added(0, call({ arguments: '' })), deltaOfCall]).out.at(-1),
    deltaOfCall,
    'an index that was not free',
  );
});

test('log probabilities that are none are left out', () => {
  const one = { token: 'a', logprob: -1 };
  const logprobs = (...lists: unknown[]): unknown[] =>
    passed([added(0, bare), partText(0, 'a'), ...lists.map((list) => ({ ...partText(0, 'a'), logprobs: list }))])
      .out.slice(2)
      .map((event) => event['logprobs']);
  assert.deepEqual(logprobs('x', { length: 0 }, [null, one], [one], null), [undefined, undefined, [one], [one], undefined]);
});

test('a delta goes to the item that its index names, not to the latest', () => {
  const at = (output_index: number, delta: string): SentEvent => ({ ...partText(0, delta), output_index });
  assert.deepEqual(shorts([done(0, hi), added(0, named('b')), at(0, 'b'), added(1, named('c')), at(1, 'c'), at(0, 'd'), at(1, 'e')]), [
    '-0 message Hi there',
    '+1 message',
    '1.0 b',
    '+2 message',
    '2.0 c',
    '1.0 d',
    '2.0 e',
  ]);
  assert.deepEqual(shorts([done(0, hi), added(0, bare), at(0, 'b'), added(1, bare), at(1, 'c')]).slice(3), ['+2 message', '2.0 c']);
});

test('the end of arguments may come again, with others', () => {
  const end = (text: string): SentEvent => ({ type: 'response.function_call_arguments.done', output_index: 0, arguments: text });
  const { out, notes } = passed([added(0, call({ arguments: '' })), end('{}'), end('[]'), done(0, call())]);
  assert.deepEqual([out.length, notes], [4, []]);
});
