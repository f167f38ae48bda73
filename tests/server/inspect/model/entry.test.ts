import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEntry } from '../../../../lib/server/inspect/model/entry.ts';

test('a line of the log is read with what it has', () => {
  const line =
    '{"time":"2026-11-22T12:04:07.089Z","port":5102,"id":"7","direction":"upstream-response","path":"/responses","status":200,"headers":{"a":"b"},"body":"x"}';
  assert.deepEqual(parseEntry(line), {
    time: Date.parse('2026-11-22T12:04:07.089Z'),
    port: 5102,
    id: '7',
    direction: 'upstream-response',
    path: '/responses',
    method: undefined,
    status: 200,
    headers: { a: 'b' },
    body: 'x',
  });
});

test('what is not a line of the log is left out, whatever it is', () => {
  for (const line of ['', '{', 'null', '7', '"x"', '[]', '{}', '{"direction":7}', '{"inspector":"complete"}'])
    assert.equal(parseEntry(line), undefined);
});

test('values of a wrong kind are read as absent', () => {
  const entry = parseEntry('{"direction":"note","time":{},"port":"x","id":null,"path":7,"status":"200","headers":[],"body":7,"method":{}}');
  assert.deepEqual(entry, {
    time: NaN,
    port: 0,
    id: '',
    direction: 'note',
    path: '',
    method: undefined,
    status: undefined,
    headers: undefined,
    body: undefined,
  });
  assert.deepEqual(parseEntry('{"direction":"note","body":{"type":"image/png","length":"x"}}')?.body, { type: 'image/png', length: 0 });
});
