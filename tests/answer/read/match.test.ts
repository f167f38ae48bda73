import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Entry } from '../../../lib/answer/read/entry.ts';
import { agree, continuedMessages, matchOutput, textSoFar } from '../../../lib/answer/read/match.ts';
import type { OutputItem } from '../../../lib/index.ts';
import { call, message, reasoning } from '../support.ts';

/** Items as they have come, each with the text of its events. */
function entriesOf(...come: readonly [item: OutputItem, text: string][]): Entry[] {
  return come.map(([item, text], index) => {
    const entry = new Entry(item, index, index, false);
    entry.content.text = text;
    return entry;
  });
}

/** The places of the items that have come, for each item of the last event. */
function matched(entries: Entry[], ...output: OutputItem[]): unknown[] {
  return matchOutput(output, entries).map((entry) => entry && entries.indexOf(entry));
}

const named = (id: string | null, text = ''): OutputItem => message(text, { id: id as never });

test('items are found by their id, whatever their order', () => {
  assert.deepEqual(matched(entriesOf([named('a'), 'x'], [named('b'), 'y']), named('b', 'q'), named('a', 'r')), [1, 0]);
  assert.deepEqual(matched(entriesOf([named('a'), 'x'], [named('a'), 'y']), named('a', 'q'), named('a', 'r'), named('a', 's')), [
    0,
    1,
    undefined,
  ]);
  assert.deepEqual(matched([], named('a')), [undefined]);
});

test('calls are found by their call_id', () => {
  const one = call({ call_id: 'call_1', arguments: '' });
  const two = call({ call_id: 'call_2', arguments: '' });
  assert.deepEqual(matched(entriesOf([one, '{}'], [two, '{}']), two, one), [1, 0]);
});

test('items without an id are found by their name and text', () => {
  assert.deepEqual(matched(entriesOf([message(''), 'x'], [message(''), 'y']), message('y'), message('x')), [1, 0]);
  const nameless = ({ call_id: _, ...item }: { call_id?: string }): OutputItem => item as OutputItem;
  const f = nameless(call({ name: 'f', arguments: '1' }) as object);
  const g = nameless(call({ name: 'g', arguments: '1' }) as object);
  assert.deepEqual(matched(entriesOf([f, '1'], [g, '1']), g, f), [1, 0]);
  assert.deepEqual(matched(entriesOf([reasoning(), 'x'], [message(''), 'x']), message('x'), reasoning('x')), [1, 0]);
});

test('else by their place if their text goes on, and at last by kind and order', () => {
  assert.deepEqual(matched(entriesOf([message(''), 'a'], [message(''), 'b']), message('ab'), message('bc')), [0, 1]);
  assert.deepEqual(matched(entriesOf([message(''), 'a'], [message(''), 'b']), message('ba'), message('bc')), [0, 1]);
  assert.deepEqual(matched(entriesOf([reasoning(), ''], [message(''), 'a']), message('z'), message('y')), [1, undefined]);
  assert.deepEqual(
    matched(entriesOf([message(''), 'a'], [message(''), 'b'], [message(''), 'c']), message('q'), message('bb'), message('r')),
    [0, 1, 2],
  );
});

test('an item that is matched already is not found again', () => {
  const entries = entriesOf([named('a'), 'x'], [message(''), 'x']);
  entries[0]!.matched = true;
  assert.deepEqual(matched(entries, named('a', 'x')), [1]);
});

test('a finished item agrees with what has come of it if its text goes on and its name is the same', () => {
  const [entry] = entriesOf([call({ name: 'f' }), '{"a']) as [Entry];
  assert.equal(agree(entry, call({ name: 'f', arguments: '{"a":1}' })), true);
  assert.equal(agree(entry, call({ name: 'f', arguments: '{"b":1}' })), false);
  assert.equal(agree(entry, call({ name: 'g', arguments: '{"a":1}' })), false);
  const [unnamed] = entriesOf([call({ name: '' }), '']) as [Entry];
  assert.equal(agree(unnamed, call({ name: 'g' })), true);
  assert.equal(textSoFar(entry), '{"a');
  entry.finished = call({ arguments: '{"a":1}' });
  assert.equal(textSoFar(entry), '{"a":1}');
  entry.finished = call({ arguments: '' });
  assert.equal(textSoFar(entry), '{"a');
});

test('an item in its place counts before the order', () => {
  const come = entriesOf([message(''), 'a'], [message(''), 'b'], [message(''), 'c']);
  assert.deepEqual(matched(come, reasoning('r'), message('b!'), message('c!')), [undefined, 1, 2]);
  assert.deepEqual(matched(entriesOf([named('a'), 'h']), message('hi'), named('a', 'ho')), [undefined, 0], 'unless it is another’s');
  assert.deepEqual(matched(entriesOf([reasoning(), 'h'], [message(''), 'x']), message('hi')), [1], 'or of another kind');
});

test('a message of the last event continues the one before if it begins with all of it', () => {
  const continued = (output: OutputItem[], ...found: number[]): number[] => {
    const [entry] = entriesOf([message(''), '']);
    return [
      ...continuedMessages(
        output,
        output.map((_, at) => (found.includes(at) ? entry : undefined)),
      ),
    ].map((item) => output.indexOf(item));
  };
  assert.deepEqual(continued([message('A'), message('AB')], 1), [0]);
  assert.deepEqual(continued([message('A'), message('AB'), message('ABC')], 2), [1, 0], 'one after the other');
  assert.deepEqual(continued([message('A'), reasoning('r'), message('AB')], 2), [0], 'whatever stands between');
  assert.deepEqual(continued([message('A'), message('B')], 1), []);
  assert.deepEqual(continued([message('A'), message('AB')]), [], 'that has come');
  assert.deepEqual(continued([message('A'), message('x'), message('AB')], 2), []);
  assert.deepEqual(continued([message('A'), message('AB')], 0, 1), []);
  assert.deepEqual(continued([message('A', { phase: 'commentary' }), message('AB')], 1), []);
  assert.deepEqual(continued([message('A'), message('AB', { phase: 'commentary' })], 1), []);
});
