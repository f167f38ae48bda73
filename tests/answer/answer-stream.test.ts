import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createChunkStream, createChunkText } from '../../lib/index.ts';
import { head, message, plain, responseOf } from './support.ts';

test('a stream shows how far it has come', () => {
  for (const make of [createChunkStream, createChunkText]) {
    const stream = make(plain, head);
    const hi = message('Hi', { id: 'msg_1' });
    stream.push({ type: 'response.created', response: { id: 'resp_resp_1' } });
    assert.deepEqual([stream.response, stream.output, stream.notes], [undefined, [], []]);
    assert.deepEqual([stream.begun, stream.finished], [false, false]);
    assert.deepEqual([stream.wants('response.output_text.delta'), stream.wants('response.in_progress')], [true, false]);
    stream.push({ type: 'response.output_item.done', output_index: 0, item: hi });
    stream.push({ type: 'x.y' });
    assert.deepEqual([stream.output, stream.notes], [[hi], ['skipped an event of type x.y']]);
    assert.deepEqual([stream.begun, stream.finished], [true, false]);
    const response = responseOf([hi]);
    stream.push({ type: 'response.completed', response });
    assert.equal(stream.response, response);
    assert.deepEqual([stream.begun, stream.finished], [true, true]);
  }
});
