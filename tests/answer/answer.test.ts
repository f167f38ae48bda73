import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OutputItem, SentEvent } from '../../lib/index.ts';
import { createChunkStream, createChunkText, ProxyError, toChatCompletion } from '../../lib/index.ts';
import { eventsOf } from './events.ts';
import { added, completed, head, message, plain, responseOf, textDelta, wholeOf } from './support.ts';

test('what is not finished is not an answer', () => {
  for (const status of ['queued', 'in_progress', 'cancelled']) assert.throws(() => wholeOf([message('a')], {}, { status }), ProxyError);
  const stream = createChunkStream(plain, head);
  for (const event of eventsOf(responseOf([message('a')])).slice(0, -1)) stream.push(event);
  assert.throws(
    () => stream.end(),
    (error) => error instanceof ProxyError && error.status === 502 && error.code === 'stream_ended_early',
  );
});

test('after the end nothing is emitted, not even an error', () => {
  const stream = createChunkStream(plain, head);
  for (const event of eventsOf(responseOf([message('a')]))) stream.push(event);
  assert.ok(stream.finished);
  assert.deepEqual(stream.push({ type: 'error', message: 'late' }), []);
  assert.deepEqual(stream.push({ type: 'response.completed', response: responseOf([message('b')]) }), []);
  stream.end();
});

test('an answer has begun with its first item, or where it comes whole; not with its name or its failure', () => {
  for (const make of [createChunkStream, createChunkText]) {
    const stream = make(plain, head);
    const begun = eventsOf(responseOf([message('a')])).map((event) => {
      stream.push(event);
      return [event.type, stream.begun];
    });
    assert.deepEqual(begun[0], ['response.created', false]);
    const at = begun.findIndex(([, is]) => is);
    assert.equal(begun[at]?.[0], 'response.output_item.added');
    assert.ok(begun.slice(at).every(([, is]) => is));

    const whole = make(plain, head);
    whole.push({ type: 'response.completed', response: responseOf([message('a')]) });
    assert.ok(whole.begun);

    const failed = make(plain, head);
    assert.throws(() => failed.push({ type: 'response.completed', response: responseOf([], { status: 'failed' }) }), ProxyError);
    assert.ok(!failed.begun);
  }
});

test('what begins every chunk does not change once something was emitted', () => {
  const created = (id: string): SentEvent => ({ type: 'response.created', response: { id, created_at: 5, model: 'other' } });
  const idsOf = (...events: SentEvent[]): string[] => {
    const stream = createChunkStream(plain, head);
    return [...new Set(events.flatMap((event) => stream.push(event)).map(({ id, created: at, model }) => `${id} ${at} ${model}`))];
  };
  const last = completed(message('Hi'));
  assert.deepEqual(
    idsOf({ type: 'response.queued' }, created('resp_5'), last),
    ['chatcmpl-5 5 other'],
    'an event without a Response names nothing',
  );
  assert.deepEqual(idsOf(created('resp_5'), created('resp_6'), textDelta(0, 'Hi'), last), ['chatcmpl-5 5 other']);
  assert.deepEqual(idsOf(added(0, message('')), textDelta(0, 'Hi'), created('resp_5'), last), ['chatcmpl-fallback 1 gpt-5']);
});

test('before the upstream has named the answer, the given names stand', () => {
  const stream = createChunkStream(plain, head);
  const [chunk] = stream.push({ type: 'response.completed', response: { status: 'completed', output: [message('Hi')] } });
  assert.deepEqual([chunk?.id, chunk?.created, chunk?.model], ['chatcmpl-fallback', 1, 'gpt-5']);
});

test('an end without anything for the client is not an answer', () => {
  const silent: OutputItem[] = [{ type: 'mcp_list_tools', server_label: 'a' }, { type: 'hologram_call' } as never];
  for (const output of [[], silent]) {
    assert.throws(
      () => wholeOf(output),
      (error) => error instanceof ProxyError && error.status === 502 && error.code === 'upstream_invalid_answer',
    );
  }
  const incomplete = wholeOf([], {}, { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } });
  assert.equal(incomplete.choices[0].finish_reason, 'length');
  assert.equal(wholeOf([message('')]).choices[0].message.content, '');
});

test('input that the server did not use is noted', () => {
  const stream = createChunkStream(plain, head);
  const input_transformations = [{ id: 'rs_1', type: 'reasoning', action: 'removed', reason: 'prefix_mismatch' }];
  stream.push({ type: 'response.completed', response: { ...responseOf([message('Hi')]), input_transformations } });
  assert.deepEqual(stream.notes, ['the upstream did not use 1 of the earlier reasoning items']);
});

test('what was sent in place of an answer is in the error, and a failure without words is one', () => {
  const endOf = (...events: SentEvent[]): string => {
    const stream = createChunkStream(plain, head);
    for (const event of events) stream.push(event);
    try {
      stream.end();
      return '';
    } catch (error) {
      assert.ok(error instanceof ProxyError);
      return `${error.status} ${error.message}`;
    }
  };
  assert.equal(endOf({ type: 'junk', said: 'Try later.' }), '502 The upstream sent no answer. It said: "Try later.".');
  assert.equal(endOf({ type: 'junk', said: 'x'.repeat(600) }), `502 The upstream sent no answer. It said: "${'x'.repeat(500)}".`);
  assert.equal(endOf({ type: 'response.failed', response: {} }), '500 The upstream failed without saying why.');
  assert.equal(endOf(), '502 The upstream ended its stream before the answer was complete.');
  assert.throws(() => wholeOf([]), { message: 'The upstream sent an empty answer: without text, reasoning or calls.' });
  assert.equal(wholeOf([], {}, { status: 'incomplete' }).choices[0].finish_reason, 'length');
});

test('resp_ is left out of an id that begins with it, and of no other', () => {
  assert.equal(wholeOf([message('Hi')], {}, { id: 'x_resp_1' }).id, 'chatcmpl-x_resp_1');
});

test('what is not an object is no answer', () => {
  assert.throws(() => toChatCompletion('Hi' as never, plain, head), { message: "The upstream's answer is not a Response object." });
});
