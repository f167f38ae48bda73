import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Entry, Parts } from '../../../lib/answer/read/entry.ts';
import type { OutputItem } from '../../../lib/index.ts';
import { call, message } from '../support.ts';

test('parts are counted from 0 in the order in which they begin', () => {
  const parts = new Parts();
  assert.deepEqual([parts.index, parts.current, parts.ended], [-1, '', false]);
  parts.begin(5);
  parts.text += 'a';
  parts.ended = true;
  parts.begin(2);
  parts.text += 'b';
  assert.deepEqual([parts.index, parts.sent, parts.current, parts.text, parts.ended], [1, 2, 'b', 'ab', false]);
  assert.deepEqual(
    [5, 2, 1, undefined].map((sent) => parts.placeOf(sent)),
    [0, 1, undefined, undefined],
  );
  parts.begin(1);
  assert.deepEqual([parts.placeOf(1), parts.placeOf(undefined)], [2, undefined]);
});

test('an entry has the names and the text of its item', () => {
  const namesOf = (item: OutputItem): unknown[] => {
    const { kind, id, callId, name } = new Entry(item, 0, 0);
    return [kind, id, callId, name];
  };
  assert.deepEqual(namesOf(call({ id: 'fc_1' })), ['function_call', 'fc_1', 'call_1', 'f']);
  assert.deepEqual(namesOf(message('', { id: null as never })), ['message', undefined, undefined, '']);
  const entry = new Entry(message('Hi'), 0, undefined);
  assert.deepEqual([entry.text, entry.implied], ['', false]);
  entry.content.text = 'a';
  entry.summary.text = 'b';
  assert.equal(entry.text, 'ab');
});
