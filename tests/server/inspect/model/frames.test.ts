import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FrameReader } from '../../../../lib/server/inspect/model/frames.ts';

const stream = 'event: a\ndata: {"one":1}\n\n: keep-alive\n\ndata:two\r\ndata: lines\r\n\r\nid: 7\n\ndata: [DONE]\n\n';
const frames = [
  { data: '{"one":1}', isComment: false },
  { data: 'keep-alive', isComment: true },
  { data: 'two\nlines', isComment: false },
  { data: '[DONE]', isComment: false },
];

test('the events of a stream are the same wherever its pieces end', () => {
  for (let at = 0; at <= stream.length; at += 1) {
    const reader = new FrameReader();
    assert.deepEqual([...reader.push(stream.slice(0, at)), ...reader.push(stream.slice(at)), ...reader.end()], frames, `cut at ${at}`);
  }
  const reader = new FrameReader();
  assert.deepEqual(
    [...stream].flatMap((character) => reader.push(character)),
    frames,
  );
});

test('what no empty line ends comes at the end', () => {
  const reader = new FrameReader();
  assert.deepEqual(reader.push('data: half'), []);
  assert.deepEqual(reader.end(), [{ data: 'half', isComment: false }]);
  assert.deepEqual(reader.end(), []);
});
