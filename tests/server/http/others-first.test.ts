import assert from 'node:assert/strict';
import { test } from 'node:test';
import { turnsOf } from '../loop-turns.ts';
import { inLine, inSteps, othersFirst } from '../../../lib/server/http/others-first.ts';

const { signal } = new AbortController();
const mebi = 1024 * 1024;

test('a short body waits for nobody', async () => {
  assert.equal(othersFirst(signal, mebi - 1), undefined);
});

test('behind a step with a long body others have several turns of the event loop', async () => {
  assert.ok((await turnsOf(othersFirst(signal, mebi))) >= 3);
});

test('long steps of several requests do not follow each other at once', async () => {
  const all = [1, 2, 3].map(() => othersFirst(signal, mebi));
  for (const one of all) assert.ok((await turnsOf(one)) >= 3);
});

test('the steps of a long work wait each, those of a short one do not', async () => {
  const seen: string[] = [];
  function* work(): Generator<void, string> {
    seen.push('one');
    yield;
    seen.push('two');
    return 'done';
  }
  assert.ok((await turnsOf(inSteps(work(), signal, mebi).then((result) => void seen.push(result)))) >= 6);
  assert.deepEqual(seen.splice(0), ['one', 'two', 'done']);
  assert.equal(await turnsOf(inSteps(work(), signal, mebi - 1).then((result) => void seen.push(result))), 0);
  assert.deepEqual(seen.splice(0), ['one', 'two', 'done']);
  await assert.rejects(inSteps(work(), AbortSignal.abort(new Error('the client left')), mebi), /the client left/);
  assert.deepEqual(seen, []);
});

test('what must go on whatever became of its request waits, too', async () => {
  assert.ok((await turnsOf(inLine())) >= 3);
});

test('one whose client has left goes no further, and holds nobody up', async () => {
  const controller = new AbortController();
  const left = othersFirst(controller.signal, mebi);
  const next = othersFirst(signal, mebi);
  controller.abort(new Error('the client left'));
  await assert.rejects(Promise.resolve(left), /the client left/);
  await next;
});
