// Which item an event is about.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProxyError, type SentEvent } from '../../../lib/index.ts';
import { added, argumentsDelta, call, completed, done, message, summaryDelta, textDelta } from '../support.ts';
import { passed, shorts, textDone, named, empty, hi } from './support.ts';

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

test('five thousand items are an answer, more are not', () => {
  const items = (count: number): SentEvent[] => Array.from({ length: count }, (_, at) => done(at, call({ call_id: `call_${at}` })));
  assert.equal(passed(items(5_000)).out.length, 5_000);
  assert.throws(
    () => passed(items(5_001)),
    (error) => error instanceof ProxyError && error.status === 502,
  );
});

test('an item that is announced twice is announced once', () => {
  assert.deepEqual(shorts([added(0, empty), added(0, empty), textDelta(0, 'Hi')]), ['+0 message', '0.0 Hi']);
  assert.deepEqual(
    shorts([textDelta(0, 'Hi'), added(0, empty), textDelta(0, '!')]),
    ['+0 message', '0.0 Hi', '0.0 !'],
    'nor one that has begun',
  );
  assert.deepEqual(shorts([textDelta(0, 'Hi'), added(0, named('x')), { ...textDelta(5, '!'), item_id: 'x' }]), [
    '+0 message',
    '0.0 Hi',
    '0.0 !',
  ]);
  const call2 = call({ call_id: 'call_2', arguments: '' });
  assert.deepEqual(shorts([added(0, call({ arguments: '' })), added(0, call2)]), ['+0 function_call f', '+1 function_call f']);
  assert.deepEqual(shorts([added(0, call({ arguments: '' })), added(1, call({ arguments: '' }))]), [
    '+0 function_call f',
    '+1 function_call f',
  ]);
  const [one, two] = ['a', 'b'].map((id) => ({ type: 'web_search_call', id }));
  assert.deepEqual(shorts([added(0, one!), added(0, two!), done(0, one!), done(0, two!)]), [
    '+0 web_search_call',
    '+1 web_search_call',
    '-0 web_search_call',
    '-1 web_search_call',
  ]);
  const anonymous = added(undefined as never, named('x'));
  assert.deepEqual(shorts([anonymous, anonymous]), ['+0 message']);
  assert.deepEqual(shorts([added(0, empty), added(0, { type: 'reasoning', id: 'rs_1' })]), ['+0 message', '+1 reasoning']);
  assert.deepEqual(shorts([added(0, empty), textDelta(0, 'Hi'), added(0, named('msg_2')), textDelta(0, 'Ho')]), [
    '+0 message',
    '0.0 Hi',
    '+1 message',
    '1.0 Ho',
  ]);
  assert.deepEqual(shorts([added(0, empty), textDelta(0, 'Hi'), added(0, empty)]), ['+0 message', '0.0 Hi', '-0 message', '+1 message']);
  assert.deepEqual(shorts([added(0, 5 as never), added(0, {}), done(0, null as never)]), []);
});

test('an index that is not free is replaced by the next one', () => {
  assert.deepEqual(shorts([done(0, named('a', 'A')), done(0, named('b', 'B')), done(7, named('c', 'C')), done(0, named('d', 'D'))]), [
    '-0 message A',
    '-1 message B',
    '-7 message C',
    '-8 message D',
  ]);
  assert.deepEqual(shorts([done('2' as never, named('a', 'A')), done(-1, named('b', 'B'))]), ['-2 message A', '-3 message B']);
});

test('a finished item is that of its index, its id or its text', () => {
  const begin = [added(0, named('a')), textDelta(0, 'A'), added(1, named('b')), textDelta(1, 'B')];
  const ended = (...items: SentEvent[]): string[] => shorts([...begin, ...items]).slice(4);
  assert.deepEqual(ended(done(0, named('a', 'A')), done(1, named('b', 'B'))), ['-0 message A', '-1 message B']);
  assert.deepEqual(ended(done(0, named('b', 'B')), done(0, named('a', 'A'))), ['-1 message B', '-0 message A']);
  assert.deepEqual(ended(done(0, message('A')), done(0, message('B'))), ['-0 message A', '-2 message B']);
  assert.deepEqual(ended(done(9, message('B!')), done(9, message('A!'))), ['-1 message B!', '-0 message A!']);
  assert.deepEqual(ended(done(9, message('C'))), ['-9 message C']);
  assert.deepEqual(ended(done(0, named('a', 'A')), done(0, named('a', 'A')), done(0, named('x', 'A'))), ['-0 message A']);
  assert.deepEqual(ended(done(undefined as never, named('a', 'A')), done(undefined as never, named('a', 'A'))), ['-0 message A']);
  assert.deepEqual(ended(done(9, { type: 'reasoning', summary: [] })), ['-9 reasoning']);
  assert.deepEqual(shorts([added(0, named('a')), textDelta(0, 'A'), done(9, named('x', 'Q'))]), ['+0 message', '0.0 A', '-0 message Q']);
  assert.deepEqual(shorts([added(0, named('a')), done(9, named('x', 'Q'))]), ['+0 message', '-9 message Q']);
  const search = (id: string): object => ({ type: 'web_search_call', id });
  assert.deepEqual(shorts([added(0, search('a')), added(1, search('b')), done(5, search('c')), done(5, search('d'))]), [
    '+0 web_search_call',
    '+1 web_search_call',
    '-0 web_search_call',
    '-1 web_search_call',
  ]);
  const g = call({ call_id: 'call_2', name: 'g', arguments: '{"a":1}' });
  assert.deepEqual(shorts([added(0, call({ name: 'g', arguments: '' })), argumentsDelta(0, '{"b"'), done(9, g)]), [
    '+0 function_call g',
    '0 {"b"',
    '-9 function_call g {"a":1}',
  ]);
});

test('an event of no announced item belongs to one that is open, or opens one', () => {
  assert.deepEqual(shorts([added(0, empty), textDelta(5, 'Hi'), textDelta('x' as never, '!')]), ['+0 message', '0.0 Hi', '0.0 !']);
  assert.deepEqual(shorts([textDelta(3, 'Hi'), textDelta(4, 'Ho'), textDelta(3, '!')]), [
    '+3 message',
    '3.0 Hi',
    '+4 message',
    '4.0 Ho',
    '3.0 !',
  ]);
  assert.deepEqual(shorts([added(0, empty), textDelta(0, 'Hi'), done(0, hi), textDelta(0, '!')]), [
    '+0 message',
    '0.0 Hi',
    '-0 message Hi there',
    '+1 message',
    '1.0 !',
  ]);
  assert.deepEqual(shorts([added(0, empty), textDelta(0, 'Hi there'), done(0, hi), textDone(0, 'Hi there')]), [
    '+0 message',
    '0.0 Hi there',
    '-0 message Hi there',
  ]);
  const late = { ...textDelta(0, '!'), item_id: 'msg_1' };
  assert.deepEqual(shorts([added(0, empty), done(0, hi), late]), ['+0 message', '-0 message Hi there']);
  const other = { ...textDelta(0, '!'), item_id: 'msg_2' };
  assert.deepEqual(shorts([added(0, empty), added(1, named('msg_2')), other]), ['+0 message', '+1 message', '1.0 !']);
  assert.deepEqual(shorts([added(0, empty), other]), ['+0 message', '0.0 !']);
  assert.deepEqual(shorts([summaryDelta(0, 'Hm'), argumentsDelta(1, '{}')], []), ['+0 reasoning', '0.0 Hm']);
  const input = { type: 'response.custom_tool_call_input.delta', output_index: 0, delta: 'a', item_id: 'ctc_1' };
  const custom = { type: 'custom_tool_call', id: 'ctc_1', call_id: 'call_1', name: 'f', input: 'ab' };
  assert.deepEqual(shorts([input, done(0, custom)]), ['-0 custom_tool_call f ab']);
  assert.deepEqual(shorts([argumentsDelta(0, '{'), added(0, call({ arguments: '' })), argumentsDelta(0, '}')]), [
    '+0 function_call f',
    '0 {',
    '0 }',
  ]);
  assert.deepEqual(shorts([argumentsDelta(0, '{}'), completed(call())]), ['-0 function_call f {}']);
});
