import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OutputItem } from '../../lib/index.ts';
import { eventsOf } from './events.ts';
import { call, chunksOf, message, reasoning, responseOf } from './support.ts';

test('commentary that opens the answer and a call that does differ in their first chunk', () => {
  const opening = (output: OutputItem[]): unknown => chunksOf(eventsOf(responseOf(output)))[0]?.choices[0]?.delta.content;
  assert.equal(opening([message('Hi')]), '');
  assert.equal(opening([reasoning('Hm'), call()]), '');
  assert.equal(opening([call()]), null);
  assert.equal(opening([]), '');
});
