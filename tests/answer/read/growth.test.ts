// Which part an event belongs to, and what it adds.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SentEvent } from '../../../lib/index.ts';
import { added, completed, done, message, reasoning, summaryDelta } from '../support.ts';
import { passed, shorts, partEvent, textDone, partDone, empty, part, partText } from './support.ts';

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
