import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEventReader, ProxyError, type SentEvent } from '../../lib/index.ts';

const encoder = new TextEncoder();

function read(text: string, isWanted?: (type: string) => boolean, limit?: number): SentEvent[] {
  const reader = createEventReader(isWanted, limit);
  return [...reader.push(encoder.encode(text)), ...reader.end()];
}

function isUnreadable(error: unknown, why: string): error is ProxyError {
  assert.ok(error instanceof ProxyError);
  assert.deepEqual([error.status, error.code], [502, 'upstream_invalid_answer']);
  assert.match(error.message, new RegExp(`upstream.*${why}`));
  return true;
}

test("an event's type is that of its data; [DONE] is none", () => {
  assert.deepEqual(read('event: other\ndata: {"type":"a","n":1}\n\ndata: {"n":2,"type":"b"}\n\ndata: [DONE]\n\ndata: [DONE]\n\n'), [
    { type: 'a', n: 1 },
    { n: 2, type: 'b' },
  ]);
});

test('an error line in the style of Chat is an error event', () => {
  assert.deepEqual(read('data: {"error":{"message":"no"}}\n\n'), [{ error: { message: 'no' }, type: 'error' }]);
});

test('an event that is not wanted is not even parsed', () => {
  const asked: string[] = [];
  const wanted = (type: string): boolean => {
    asked.push(type);
    return type !== 'big';
  };
  assert.deepEqual(read('data: {"type":"big", broken\n\ndata: {"type":"small"}\n\n', wanted), [{ type: 'small' }]);
  assert.deepEqual(asked, ['big', 'small']);
});

test('an event whose type does not stand first is read without asking', () => {
  assert.deepEqual(
    read('data: {"n":1,"type":"a"}\n\n', () => assert.fail()),
    [{ n: 1, type: 'a' }],
  );
});

for (const [data, why] of [
  ['no JSON', 'JSON'],
  ['{"type":"a"', 'JSON'],
  ['null', 'object'],
  ['5', 'object'],
  ['"a"', 'object'],
  ['[]', 'type'],
  ['{}', 'type'],
  ['{"type":5}', 'type'],
] as const) {
  test(`${data} is not an event: 502 that says why, without a word of it`, () => {
    assert.throws(
      () => read(`data: ${data}\n\n`),
      (error) => isUnreadable(error, why) && !error.message.includes(data),
    );
  });
}

test('an event beyond the limit is an error of the upstream', () => {
  assert.throws(
    () => read(`data: {"type":"${'a'.repeat(2000)}"}\n\n`, undefined, 1000),
    (error) => isUnreadable(error, 'large'),
  );
});
