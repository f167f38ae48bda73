import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEventReader, ProxyError, type SentEvent } from '../../lib/index.ts';

const encoder = new TextEncoder();

function read(text: string, isWanted?: (type: string) => boolean, limit?: number): SentEvent[] {
  const reader = createEventReader(isWanted, limit);
  return [...reader.push(encoder.encode(text)), ...reader.end()];
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

for (const data of ['no JSON', '{"type":"a"', 'null', '5', '"a"', '[]', '{}', '{"type":5}']) {
  test(`${data} is no event: 502, without a word of it`, () => {
    assert.throws(
      () => read(`data: ${data}\n\n`),
      (error) =>
        error instanceof ProxyError && error.status === 502 && error.code === 'upstream_invalid_answer' && !error.message.includes(data),
    );
  });
}

test('an event beyond the limit is an error of the upstream', () => {
  assert.throws(
    () => read(`data: {"type":"${'a'.repeat(2000)}"}\n\n`, undefined, 1000),
    (error) => error instanceof ProxyError && error.status === 502,
  );
});
