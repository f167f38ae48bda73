// Hand-written: what is passed on of what servers send. What a client gets of it stands in deviating.test.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Reader } from '../../../lib/answer/read/reader.ts';
import { ProxyError, type SentEvent } from '../../../lib/index.ts';
import { added, argumentsDelta, call, completed, deltasOf, done, message, reasoning, summaryDelta, textDelta } from '../support.ts';

/** What the reader passes on of items, in the order in which it does. */
function passed(events: readonly SentEvent[], tools: readonly string[] = ['f', 'g']): { out: SentEvent[]; notes: string[] } {
  const out: SentEvent[] = [];
  const notes: string[] = [];
  const take = (event: unknown): void => void out.push(event as SentEvent);
  const reader = new Reader({ begin() {}, item: take, content: take, end() {} }, ({ name }) => tools.includes(name), notes);
  for (const event of events) reader.read(event);
  return { out, notes };
}

const empty = message('', { id: 'msg_1', content: [] });
const hi = message('Hi there', { id: 'msg_1' });
const part = (content_index: number): SentEvent => ({
  type: 'response.content_part.added',
  output_index: 0,
  content_index,
  part: { type: 'output_text', text: '' },
});
const partText = (content_index: number, delta: string): SentEvent => textDelta(0, delta, { content_index });

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

test('a part whose index moves without being announced is the same part', () => {
  const { out } = passed([added(0, empty), part(0), partText(1, 'Hi'), partText(2, ' there')]);
  assert.deepEqual(out.slice(1), [
    { type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: 'Hi' },
    { type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: ' there' },
  ]);
});

test('an announced part waits for the end of the one before', () => {
  const events = [added(0, empty), part(0), part(1), partText(0, 'a'), partText(1, 'B'), partText(0, 'b')];
  assert.deepEqual(
    passed(events).out.map(({ delta }) => delta),
    [undefined, 'a', 'b'],
  );
  const end = { type: 'response.output_text.done', output_index: 0, content_index: 0, text: 'ab' };
  assert.deepEqual(
    passed([...events, end]).out.map(({ delta, text }) => delta ?? text),
    [undefined, 'a', 'b', 'ab', 'B'],
  );
});

test('an index that names an item of another kind is not believed', () => {
  const { out } = passed([added(0, { type: 'reasoning', id: 'rs_1', summary: [] }), added(0, empty), textDelta(0, 'Hi')]);
  assert.deepEqual(
    out.map(({ output_index }) => output_index),
    [0, 1, 1],
  );
});

test('text that belongs to no item opens one', () => {
  assert.deepEqual(passed([textDelta(3, 'Hi')]).out, [
    { type: 'response.output_item.added', output_index: 3, item: { type: 'message' } },
    textDelta(3, 'Hi'),
  ]);
});

test('a call of a tool that the client did not declare is its own only if nothing follows', () => {
  const x = call({ name: 'x', arguments: '{}' });
  assert.deepEqual(passed([added(0, { ...x, arguments: '' }), argumentsDelta(0, '{}'), done(0, x)]).out, []);
  assert.deepEqual(
    passed([done(0, x), completed(x)]).out.map(({ type }) => type),
    ['response.output_item.added', 'response.output_item.done'],
  );
  const { out } = passed([done(0, x), added(1, empty), textDelta(1, 'Hi')]);
  assert.deepEqual(
    out.map(({ item }) => (item as { type: string } | undefined)?.type),
    ['message', 'mcp_call', undefined],
  );
});

test('a call whose output stands in the same answer was run by the server', () => {
  const output = { type: 'function_call_output', call_id: 'call_1', output: 'x' } as const;
  assert.deepEqual(deltasOf([completed(call(), output as never, message('Hi'))]), [
    { role: 'assistant', content: '' },
    { reasoning_content: 'Called f' },
    { content: 'Hi' },
    'stop',
  ]);
});

test('what is unknown or unreadable is noted once', () => {
  const { notes } = passed([{ type: 'a.b' }, { type: 'c.d' }, { type: 'junk', said: 'x' }, { type: 'ping' }, { type: 'keepalive' }]);
  assert.deepEqual(notes, ['skipped an event of type a.b']);
});

test('a final text that differs from what was streamed adds nothing, with a note', () => {
  const { notes } = passed([added(0, empty), textDelta(0, 'Ho'), done(0, hi)]);
  assert.deepEqual(notes, ['a final text differs from what was streamed; the streamed one stands']);
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

test('five thousand items are an answer, more are not', () => {
  const items = (count: number): SentEvent[] => Array.from({ length: count }, (_, at) => done(at, call({ call_id: `call_${at}` })));
  assert.equal(passed(items(5_000)).out.length, 5_000);
  assert.throws(
    () => passed(items(5_001)),
    (error) => error instanceof ProxyError && error.status === 502,
  );
});
