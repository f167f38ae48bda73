import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRecordings, type Recordings } from '../../../lib/server/inspect/recordings.ts';

const textOf = (recordings: Recordings, id: string): string => {
  const found = [...recordings.all].find((one) => one.id === id);
  return Buffer.concat(found?.from(0) ?? []).toString();
};

test('lines come back as they were written, from any offset', () => {
  const recordings = createRecordings();
  const lines = recordings.open('1');
  lines.append('{"é":1}');
  lines.appendQuoting('{"body":', Buffer.from('"é\n\u2028').toString('latin1'), '}');
  const expected = '{"é":1}\n{"body":"\\"é\\n\\u2028"}\n';
  assert.equal(textOf(recordings, '1'), expected);
  const [recording] = [...recordings.all];
  assert.equal(recording?.length, Buffer.byteLength(expected));
  for (let offset = 0; offset <= recording.length; offset += 1) {
    assert.deepEqual(Buffer.concat(recording.from(offset)), Buffer.from(expected).subarray(offset));
  }
});

test('the last exchanges stay, the oldest go first', () => {
  const recordings = createRecordings({ exchanges: 3, bytes: 1024 * 1024 });
  const first = recordings.open('1');
  for (const id of ['2', '3', '4', '5']) recordings.open(id).append(id);
  first.append('too late');
  assert.deepEqual(
    [...recordings.all].map(({ id }) => id),
    ['3', '4', '5'],
  );
});

test('what is kept stays within its bytes, whatever the lines are like', () => {
  const limit = 1024 * 1024;
  for (const length of [1, 100, 5000, 300_000]) {
    const recordings = createRecordings({ exchanges: 200, bytes: limit });
    for (let at = 0; at < 2_000_000 / length && at < 3000; at += 1) recordings.open(String(at)).append('x'.repeat(length));
    const held = [...recordings.all].reduce(
      (sum, one) => sum + one.from(0).reduce((bytes, piece) => bytes + piece.buffer.byteLength, 0),
      0,
    );
    assert.ok(held <= limit, `${held} bytes for lines of ${length}`);
    assert.ok(recordings.all.size > 0);
  }
});

test('of an exchange that is very long the beginning is kept, and it says that there was more', () => {
  const recordings = createRecordings({ exchanges: 200, bytes: 400_000 });
  recordings.open('before').append('small');
  const lines = recordings.open('1');
  for (let at = 0; at < 3000; at += 1) lines.append(`line ${at} ${'x'.repeat(200)}`);
  const text = textOf(recordings, '1');
  assert.match(text, /^line 0 x+\nline 1 x+\n/);
  assert.match(text, /The rest is too long to be kept here/);
  assert.ok(text.length < 300_000);
});

test('a change wakes who waits, once', async () => {
  const recordings = createRecordings();
  const lines = recordings.open('1');
  let woken = 0;
  void recordings.changed().then(() => (woken += 1));
  lines.append('one');
  lines.append('two');
  await Promise.resolve();
  await Promise.resolve();
  assert.equal(woken, 1);
  void recordings.changed().then(() => (woken += 1));
  lines.end();
  await Promise.resolve();
  await Promise.resolve();
  assert.equal(woken, 2);
});

test('what a page has been given does not change when its exchange is gone', () => {
  for (const isRead of [true, false]) {
    const recordings = createRecordings({ exchanges: 1, bytes: 1024 * 1024 });
    const done = isRead ? recordings.read() : undefined;
    recordings.open('1').append('first');
    const [piece] = [...recordings.all][0]?.from(0) ?? [];
    recordings.open('2').append('second');
    recordings.open('3').append('third');
    // without a reader the room is used again
    assert.equal(piece?.toString(), isRead ? 'first\n' : 'third\n'.slice(0, 6));
    done?.();
  }
});
