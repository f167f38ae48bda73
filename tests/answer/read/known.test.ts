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
    (error) => error instanceof ProxyError && error.status === 502 && error.message.includes('more than 5000 output items'),
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
  const thought = (id: string): object => ({ type: 'reasoning', id, summary: [] });
  assert.deepEqual(shorts([added(0, thought('a')), added(0, thought('b'))]), ['+0 reasoning'], 'under another id');
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

const open = (...texts: [id: string, text: string][]): SentEvent[] =>
  texts.flatMap(([id, text], at) => [added(at, named(id)), ...(text === '' ? [] : [textDelta(at, text, { item_id: id })])]);
const search = (more: object = {}): object => ({ type: 'web_search_call', ...more });

test('without any ids an event is of the latest item of its kind', () => {
  const anonymous = (event: SentEvent): SentEvent => ({ ...event, output_index: undefined });
  const begin = (name: string): SentEvent[] => [
    anonymous(added(0, { type: 'function_call', name, arguments: '' })),
    anonymous(argumentsDelta(0, `{"${name}`)),
    anonymous(argumentsDelta(0, '":1}')),
  ];
  assert.deepEqual(shorts([...begin('f'), ...begin('g')]), [
    '+0 function_call f',
    '0 {"f',
    '0 ":1}',
    '+1 function_call g',
    '1 {"g',
    '1 ":1}',
  ]);
});

test('where all have one id an event is of the item at its index', () => {
  const one = (at: number, text: string): SentEvent => textDelta(at, text, { item_id: 'x' });
  const begin = [added(0, named('x')), one(0, 'A'), added(1, named('x')), one(1, 'B')];
  const rest = (...events: SentEvent[]): string[] => shorts([...begin, ...events]).slice(4);
  assert.deepEqual(rest(one(0, 'a'), one(1, 'b')), ['0.0 a', '1.0 b']);
  assert.deepEqual(rest(done(0, named('x', 'A')), done(1, named('x', 'B'))), ['-0 message A', '-1 message B']);
  assert.deepEqual(shorts([done(0, named('x', 'A')), done(1, named('x', 'B'))]), ['-0 message A', '-1 message B']);
  assert.deepEqual(shorts([added(0, named('x')), added(1, { type: 'reasoning', id: 'x' }), { ...textDelta(7, 'A'), item_id: 'x' }]), [
    '+0 message',
    '+1 reasoning',
    '0.0 A',
  ]);
  assert.deepEqual(shorts([done(0, { type: 'reasoning', id: 'x' }), one(7, 'A')]), ['-0 reasoning', '+7 message', '7.0 A']);
});

test('an id that is known is another item’s only while that is open', () => {
  const begin = [added(0, named('a')), textDelta(0, 'A'), done(0, named('a', 'A')), added(1, named('b'))];
  const rest = (...events: SentEvent[]): string[] => shorts([...begin, ...events]).slice(4);
  assert.deepEqual(rest({ ...textDelta(1, 'x'), item_id: 'a' }), ['1.0 x'], 'the index is right');
  assert.deepEqual(rest({ ...textDelta(9, 'x'), item_id: 'a' }), ['1.0 x'], 'neither');
  assert.deepEqual(rest({ ...textDone(0, 'x'), output_index: 9, item_id: 'a' }), [], 'the end of a text belongs to no new item');
  assert.deepEqual(shorts([...begin.slice(0, 3), { ...textDelta(0, 'x'), item_id: 'z' }]).slice(3), ['+1 message', '1.0 x']);
  assert.deepEqual(shorts([...begin.slice(0, 3), added(1, { type: 'reasoning' }), { ...textDelta(1, 'x'), item_id: 'a' }]).slice(4), []);
});

test('an item that no event has announced goes by its index, if it has one', () => {
  assert.deepEqual(shorts([textDelta(3, 'a'), textDelta('x' as never, 'b'), textDelta(4, 'c')]), [
    '+3 message',
    '3.0 a',
    '3.0 b',
    '+4 message',
    '4.0 c',
  ]);
  assert.deepEqual(shorts([textDelta('x' as never, 'a'), textDelta(4, 'b')]), ['+0 message', '0.0 a', '0.0 b']);
  assert.deepEqual(passed([{ ...textDelta(0, 'a'), item_id: 'x' }]).out[0]!['item'], { type: 'message', id: 'x' });
  assert.deepEqual(shorts([argumentsDelta(0, '{}'), completed()]), [], 'a call without a name is none');
});

test('what is learnt of an item that no event had announced', () => {
  const later = { ...textDelta(9, '!'), item_id: 'x' };
  const first = { ...textDelta(0, 'Hi'), item_id: 'x' };
  assert.deepEqual(shorts([first, added(0, message('')), added(1, named('z')), later]).slice(2), ['+1 message', '0.0 !'], 'its id stays');
  assert.deepEqual(shorts([first, added(0, named('y')), added(0, named('z'))]).slice(2), ['+1 message'], 'it is announced now');
  assert.deepEqual(shorts([first, added(5, named('x')), later]).slice(2), ['0.0 !'], 'by its id');
});

test('a call is found by its call_id, whatever its index', () => {
  const begin = ['call_1', 'call_2'].flatMap((call_id, at) => [added(at, call({ call_id, arguments: '' })), argumentsDelta(at, '{')]);
  assert.deepEqual(shorts([...begin, done(9, call({ call_id: 'call_1' })), done(9, call({ call_id: 'call_2' }))]).slice(4), [
    '-0 function_call f {}',
    '-1 function_call f {}',
  ]);
  assert.deepEqual(shorts([done(0, call()), done(0, call({ call_id: 'call_2' }))]), ['-0 function_call f {}', '-1 function_call f {}']);
  const byId = (id: string): object => ({ type: 'function_call', id, name: 'f', arguments: '{}' });
  assert.deepEqual(shorts([done(0, byId('a')), done(0, byId('b')), done(0, byId('b'))]), [
    '-0 function_call f {}',
    '-1 function_call f {}',
  ]);
  assert.deepEqual(
    shorts([done(0, byId('a')), done(0, call())]),
    ['-0 function_call f {}'],
    'an id and a call_id say nothing of each other',
  );
  const output = (type: string): object => ({ type, call_id: 'call_1', output: 'x' });
  assert.deepEqual(shorts([done(0, call({ id: 'a' })), done(0, byId('a'))]), ['-0 function_call f {}']);
  for (const type of ['function_call_output', 'custom_tool_call_output'])
    assert.deepEqual(shorts([...begin, done(2, output(type)), done(9, call())]).slice(5), ['-0 function_call f {}'], type);
});

test('a tool that has run is another if its id or its line is', () => {
  const [cats, dogs] = ['cats', 'dogs'].map((query) => search({ action: { type: 'search', query } }));
  assert.deepEqual(shorts([done(0, cats!), done(0, cats!), done(0, dogs!)]), ['-0 web_search_call', '-1 web_search_call']);
  assert.deepEqual(shorts([done(0, search({ id: 'a' })), done(0, search({ id: 'b' }))]), ['-0 web_search_call', '-1 web_search_call']);
  assert.deepEqual(shorts([added(0, search()), added(0, search({ id: 'a' })), done(0, search({ id: 'a' }))]), [
    '+0 web_search_call',
    '-0 web_search_call',
  ]);
});

test('an end that names no item is that of the open one with which it agrees, even if others are done since', () => {
  const others = Array.from({ length: 20 }, (_, at) => [added(at + 2, named(`m${at}`)), done(at + 2, named(`m${at}`, 'x'))]).flat();
  assert.deepEqual(shorts([...open(['a', 'A'], ['b', 'B']), ...others, textDelta('x' as never, '!')]).at(-1), '1.0 !');
  const [, ...texts] = 'ABCDEFGHIJKLMNOPQ';
  const many = open(['a', 'A'], ...texts.map((text): [string, string] => [text, text]));
  assert.deepEqual(shorts([...many, done(99, message('B!'))]).at(-1), '-1 message B!');
  assert.deepEqual(shorts([...many, done(99, message('A!'))]).at(-1), '-99 message A!', 'the last sixteen are looked at');
  assert.deepEqual(shorts([...open(['a', 'A'], ['b', '']), done(9, named('c', 'A!'))]).at(-1), '-0 message A!');
  assert.deepEqual(shorts([...open(['a', ''], ['b', '']), done(9, message('x'))]).at(-1), '-1 message x');
});

test('an open item at an index gives way to the open one that the end names', () => {
  assert.deepEqual(shorts([done(0, named('a', 'A')), added(1, named('b')), textDelta(1, 'A'), done(0, named('b', 'A'))]).slice(3), [
    '-1 message A',
  ]);
});
