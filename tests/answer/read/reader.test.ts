// Hand-written: what is passed on of what servers send, and what a reader knows. What a client gets of it stands in deviating.test.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Reader } from '../../../lib/answer/read/reader.ts';
import type { SentEvent } from '../../../lib/index.ts';
import { added, argumentsDelta, call, completed, deltasOf, done, reasoning, summaryDelta, textDelta } from '../support.ts';
import { passed, shortItem, textDone, named, empty, hi, part } from './support.ts';

test('events as they are published are passed on as they are, not copied', () => {
  const events = [
    added(0, { type: 'reasoning', id: 'rs_1', summary: [] }),
    { ...summaryDelta(0, 'Hm'), item_id: 'rs_1' },
    done(0, { ...reasoning('Hm'), id: 'rs_1' }),
    added(1, empty),
    textDelta(1, 'Hi', { item_id: 'msg_1', logprobs: [] }),
    textDelta(1, ' there', { item_id: 'msg_1', logprobs: [{ token: 'a', logprob: -1 }] }),
    { type: 'response.output_text.done', output_index: 1, content_index: 0, item_id: 'msg_1', text: 'Hi there', logprobs: [] },
    done(1, hi),
    added(2, call({ id: 'fc_1', arguments: '' })),
    argumentsDelta(2, '{}'),
    done(2, call({ id: 'fc_1' })),
  ];
  const { out, notes } = passed([...events, completed({ ...reasoning('Hm'), id: 'rs_1' }, hi, call({ id: 'fc_1' }))]);
  assert.equal(out.length, events.length);
  for (const [at, event] of events.entries()) assert.equal(out[at], event, event.type);
  assert.deepEqual(notes, []);
});

test('what is unknown or unreadable is noted once', () => {
  const { notes } = passed([{ type: 'a.b' }, { type: 'c.d' }, { type: 'junk', said: 'x' }, { type: 'ping' }, { type: 'keepalive' }]);
  assert.deepEqual(notes, ['skipped an event of type a.b']);
});

test('a Response that failed without saying why waits for the event after it', () => {
  const failed = { type: 'response.failed', response: { status: 'failed', error: null } };
  passed([failed]);
  assert.throws(() => passed([failed, { type: 'error', error: { message: 'Slower.', code: 'rate_limit_exceeded' } }]), /Slower\./);
  assert.throws(() => deltasOf([failed, { type: 'error', message: 'x' }]), /x/);
});

test('values of other kinds are read as what they mean', () => {
  assert.deepEqual(
    deltasOf([
      done(0, { role: 'assistant', content: 'Hi' }),
      done(1, { ...call(), arguments: { a: [1] } }),
      { type: 'response.completed', response: { created_at: '2026-03-01T00:00:00Z', output: null, usage: { input_tokens: null } } },
    ]).slice(1),
    [
      { content: 'Hi' },
      { tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: 'f', arguments: '' } }] },
      { tool_calls: [{ index: 0, function: { arguments: '{"a":[1]}' } }] },
      'tool_calls',
    ],
  );
});

test('a Response that ends as failed or cancelled is an error', () => {
  for (const status of ['failed', 'cancelled'])
    assert.throws(() => passed([{ type: 'response.completed', response: { status, error: { message: 'no' } } }]), { message: 'no' });
  assert.throws(() => passed([{ type: 'response.cancelled', response: { error: { message: 'no' } } }]), { message: 'no' });
  assert.throws(() => passed([{ type: 'response.error', error: { message: 'no' } }]), { message: 'no' });
});

test('events that have no effect need not be parsed', () => {
  const reader = new Reader({ begin() {}, item() {}, content() {}, end() {} }, () => true, []);
  const wanted = (...types: string[]): boolean[] => types.map((type) => reader.wants(`response.${type}`));
  const ends = ['content_part.done', 'reasoning_summary_part.done'];
  const names = ['queued', 'in_progress'];
  assert.deepEqual(wanted('output_text.delta', 'completed', 'web_search_call.searching', 'a.b'), [true, true, false, true]);
  assert.deepEqual(wanted(...ends, ...names), [true, true, true, true]);
  reader.read({ type: 'response.in_progress', response: {} });
  assert.deepEqual([wanted(...names), reader.begun], [[false, false], false]);
  reader.read(added(0, empty));
  assert.equal(reader.begun, true);
  reader.read(textDone(0, 'Hi'));
  assert.deepEqual(wanted(...ends), [false, false]);
  reader.read(added(1, named('b')));
  assert.deepEqual(wanted(...ends), [true, true]);
  reader.read(textDone(1, 'Hi'));
  reader.read(part(1));
  assert.deepEqual(wanted(...ends), [true, true]);
  reader.read(textDone(1, 'Hi'));
  reader.read(done(0, hi));
  assert.deepEqual(wanted(...ends), [true, true]);
  reader.read(textDone(1, 'Hi'));
  reader.read(done(2, call({ name: 'f' })));
  assert.deepEqual(reader.output.map(shortItem), ['message Hi there', 'function_call f {}']);
});

test('what was said in place of an answer is kept until one begins', () => {
  const saidOf = (...events: SentEvent[]): [string, boolean] => {
    const reader = new Reader({ begin() {}, item() {}, content() {}, end() {} }, () => true, []);
    for (const event of events) reader.read(event);
    return [reader.said, reader.failed];
  };
  assert.deepEqual(saidOf({ type: 'junk', said: 'a' }, { type: 'junk', said: 'b' }), ['a', false]);
  assert.deepEqual(saidOf({ type: 'x', message: 'a' }), ['a', false]);
  assert.deepEqual(saidOf({ type: 'x', detail: 'a' }), ['a', false]);
  assert.deepEqual(saidOf({ type: 'ping', said: 'a' }, { type: 'keepalive', said: 'a' }), ['', false]);
  assert.deepEqual(saidOf({ type: 'junk', said: 'a' }, added(0, empty)), ['', false]);
  assert.deepEqual(saidOf({ type: 'response.failed' }), ['', true]);
  assert.deepEqual(passed([{ type: 'x'.repeat(100) }]).notes, [`skipped an event of type ${'x'.repeat(64)}`]);
  assert.deepEqual(passed([{ type: '' }]).notes, ['skipped an event that cannot be read']);
});

test('the output is what has ended, in its order, without what was not passed on', () => {
  const reader = new Reader({ begin() {}, item() {}, content() {}, end() {} }, ({ name }) => name === 'f', []);
  const again = { type: 'response.created', response: {} };
  const run = [done(3, call({ name: 'x', call_id: 'call_2' })), done(4, { type: 'function_call_output', call_id: 'call_2' })];
  const events = [done(2, hi), done(1, call()), added(0, reasoning()), ...run, again, done(1, call())];
  for (const event of events) reader.read(event);
  assert.deepEqual(reader.output.map(shortItem), ['function_call f {}', 'message Hi there', 'function_call_output']);
});

test('an item of another form is passed on as it is published', () => {
  const { out } = passed([added(0, { type: 'message', id: 5, content: 'Hi' }), done(0, { role: 'assistant', content: 'Ho' })]);
  assert.deepEqual(out, [
    added(0, { type: 'message', id: '5', content: [{ type: 'output_text', text: 'Hi', annotations: [] }] }),
    done(0, { role: 'assistant', type: 'message', content: [{ type: 'output_text', text: 'Ho', annotations: [] }] }),
  ]);
});

test('an event that is no JSON is not named', () => {
  assert.deepEqual(passed([{ type: 'junk' }]).notes, ['skipped an event that cannot be read']);
});
