import assert from 'node:assert/strict';
import { test } from 'node:test';
import { turnsOf } from '../loop-turns.ts';
import { jsonBytes } from '../../../lib/server/http/json-bytes.ts';

const { signal } = new AbortController();
const mebi = 1024 * 1024;

test('bytes are those of the JSON, in one piece if it is short', async () => {
  const short = await jsonBytes({ a: ['é', { b: '😀' }] }, signal);
  assert.deepEqual(short.map(String), ['{"a":["é",{"b":"😀"}]}']);
  const value = { a: 'é'.repeat(2 * mebi), b: ['x'.repeat(70_000), 'y'], c: '😀'.repeat(mebi) };
  const long = await jsonBytes(value, signal);
  assert.ok(Buffer.concat(long).equals(Buffer.from(JSON.stringify(value))));
  assert.ok(long.length >= 4);
  for (const { length } of long) assert.ok(length <= 4 * mebi, String(length));
});

test('others go first between the pieces of a long one', async () => {
  const pieces = Promise.resolve(jsonBytes('x'.repeat(5 * mebi), signal));
  const [turns, { length }] = await Promise.all([turnsOf(pieces), pieces]);
  assert.ok(turns >= length, `${turns} turns of the event loop for ${length} pieces`);
});

test('one whose client has left goes no further', async () => {
  const controller = new AbortController();
  const bytes = jsonBytes('x'.repeat(5 * mebi), controller.signal);
  controller.abort(new Error('the client left'));
  await assert.rejects(Promise.resolve(bytes), /the client left/);
});
