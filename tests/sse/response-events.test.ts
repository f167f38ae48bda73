import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEventReader, ProxyError, type SentEvent } from '../../lib/index.ts';

const encoder = new TextEncoder();

function read(text: string, isWanted?: (type: string) => boolean, limit?: number): SentEvent[] {
  const reader = createEventReader(isWanted, limit);
  return [...reader.push(encoder.encode(text)), ...reader.end()];
}

test("an event's type is that of its data; [DONE] is not an event", () => {
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

test('the line before the data names an event whose data has no type', () => {
  assert.deepEqual(read('event: response.created\ndata: {"n":1}\n\nevent: error\ndata: {"message":"no"}\n\n'), [
    { n: 1, type: 'response.created' },
    { message: 'no', type: 'error' },
  ]);
  const typed = { type: 'server_error', message: 'no' };
  assert.deepEqual(read(`event: error\ndata: ${JSON.stringify(typed)}\n\n`), [{ type: 'error', error: typed }]);
  assert.deepEqual(read('data: {"type":"server_error","error":{"message":"no"}}\n\n'), [{ type: 'error', error: { message: 'no' } }]);
  assert.deepEqual(read('event: ping\ndata: {"type":"ping"}\n\n'), [{ type: 'ping' }]);
  assert.deepEqual(read('event: error\ndata: it broke\n\n'), [{ type: 'error', message: 'it broke' }]);
});

test('a Response without an event around it ends the stream', () => {
  const response = { object: 'response', output: [] };
  assert.deepEqual(read(`data: ${JSON.stringify(response)}\n\n`), [{ type: 'response.completed', response }]);
});

const junk: [data: string, said: string][] = [
  ['the backend is starting', 'the backend is starting'],
  ['{"type":"a"', '{"type":"a"'],
  ['null', 'null'],
  ['5', '5'],
  ['[]', '[]'],
  ['{}', ''],
  ['{"type":5}', '{"type":5}'],
  ['{"message":"wait"}', 'wait'],
  ['{"detail":"wait"}', 'wait'],
  ['x'.repeat(1000), 'x'.repeat(500)],
];

for (const [data, said] of junk) {
  test(`data that is not an event is junk, with what it says: ${data.slice(0, 40)}`, () => {
    assert.deepEqual(read(`data: ${data}\n\ndata: {"type":"a"}\n\n`), [{ type: 'junk', said }, { type: 'a' }]);
  });
}

test('an event that is not wanted is left out wherever its type stands', () => {
  assert.deepEqual(
    read('data: {"n":1,"type":"big"}\n\nevent: big\ndata: {}\n\ndata: {"type":"small"}\n\n', (type) => type !== 'big'),
    [{ type: 'small' }],
  );
});

test('an event beyond the limit is an error of the upstream', () => {
  assert.throws(
    () => read(`data: {"type":"${'a'.repeat(2000)}"}\n\n`, undefined, 1000),
    (error) =>
      error instanceof ProxyError && error.status === 502 && error.code === 'upstream_invalid_answer' && /large/.test(error.message),
  );
});

test('an event nested deeper than 256 levels is refused, unless it is so short that it does no harm', () => {
  const nested = (levels: number): string => `data: {"type":"response.completed","x":${'['.repeat(levels)}${']'.repeat(levels)}}\n\n`;
  assert.equal(read(nested(1000)).length, 1);
  for (const levels of [3000, 100_000]) assert.throws(() => read(nested(levels)), { status: 502, code: 'upstream_invalid_answer' });
});
