// How items and the stream end, and what comes after it has begun again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OutputItem, SentEvent } from '../../../lib/index.ts';
import { added, argumentsDelta, call, completed, deltasOf, done, message, reasoning, summaryDelta, textDelta } from '../support.ts';
import { passed, shorts, partEvent, named, empty, hi } from './support.ts';

const again = { type: 'response.created', response: { id: 'resp_2' } };
const comment = { ...empty, phase: 'commentary' };

test('a final text that differs from what was streamed adds nothing, with a note', () => {
  const { notes } = passed([added(0, empty), textDelta(0, 'Ho'), done(0, hi)]);
  assert.deepEqual(notes, ['a final text differs from what was streamed; the streamed one stands']);
});

test('a stream that begins again repeats nothing', () => {
  const thought = (text: string): object => ({ ...reasoning(text), id: 'rs_1' });
  const think = [added(0, reasoning()), summaryDelta(0, 'Hm')];
  assert.deepEqual(shorts([...think, again, ...think, summaryDelta(0, ' so'), done(0, thought('Hm so'))]), [
    '+0 reasoning',
    '0.0 Hm',
    '-0 reasoning Hm so',
  ]);
  assert.deepEqual(shorts([...think, done(0, thought('Hm')), again, ...think, done(0, thought('Hm'))]), [
    '+0 reasoning',
    '0.0 Hm',
    '-0 reasoning Hm',
  ]);
  assert.deepEqual(shorts([...think, done(0, thought('Hm')), again, done(0, thought('Oh'))]), [
    '+0 reasoning',
    '0.0 Hm',
    '-0 reasoning Hm',
    '+1 reasoning Oh',
    '-1 reasoning Oh',
  ]);
  assert.deepEqual(shorts([...think, done(0, thought('Hm')), again, done(0, thought('Hm Hm'))]).slice(3), [
    '+1 reasoning Hm Hm',
    '-1 reasoning Hm Hm',
  ]);
  assert.deepEqual(
    shorts([
      added(0, call({ arguments: '' })),
      argumentsDelta(0, '{'),
      again,
      added(0, call({ arguments: '' })),
      argumentsDelta(0, '{}'),
      done(0, call()),
    ]),
    ['+0 function_call f', '0 {', '-0 function_call f {}'],
  );
  assert.deepEqual(shorts([done(0, call()), again, done(0, call()), done(1, call({ call_id: 'call_2', name: 'g' }))]), [
    '-0 function_call f {}',
    '-2 function_call g {}',
  ]);
  assert.deepEqual(
    shorts([added(0, empty), textDelta(0, 'Hi'), again, added(0, empty), textDelta(0, 'Hi'), done(0, hi), completed(hi as never)]),
    ['+0 message', '0.0 Hi', '-0 message', '+1 message', '1.0 Hi', '-1 message Hi there'],
  );
  const refuse = { type: 'response.refusal.delta', output_index: 0, content_index: 0, delta: 'No' };
  const refused = message('', { content: [{ type: 'refusal', refusal: 'No' }] });
  assert.deepEqual(shorts([added(0, empty), refuse, again, added(0, empty), refuse, done(0, refused), completed(refused as never)]), [
    '+0 message',
    '0.0 No',
    '-0 message No',
  ]);
  assert.deepEqual(
    shorts([
      added(0, comment),
      textDelta(0, 'a'),
      again,
      added(0, comment),
      textDelta(0, 'ab'),
      done(0, message('ab', { phase: 'commentary' })),
    ]),
    ['+0 message', '0.0 a', '-0 message ab'],
  );
  const search = { type: 'web_search_call', action: { query: 'cats' } };
  assert.deepEqual(shorts([done(0, search), again, done(0, search), done(1, { ...search, action: { query: 'dogs' } })]), [
    '-0 web_search_call',
    '-2 web_search_call',
  ]);
  assert.deepEqual(shorts([again, added(0, empty), { type: 'response.in_progress', response: {} }, textDelta(0, 'Hi')]), [
    '+0 message',
    '0.0 Hi',
  ]);
});

test('what comes after a stream has begun again is not lost if nothing ends it', () => {
  const commentOf = (text: string): SentEvent[] => [added(0, comment), textDelta(0, text)];
  assert.deepEqual(shorts([...commentOf('a'), again, ...commentOf('ab'), completed()]), ['+0 message', '0.0 a', '-0 message ab']);
  assert.deepEqual(shorts([...commentOf('a'), again, ...commentOf('b'), completed()]), [
    '+0 message',
    '0.0 a',
    '+1 message',
    '-1 message b',
  ]);
  assert.deepEqual(
    deltasOf([...commentOf('Let me '), again, ...commentOf('Let me see.'), added(1, empty), textDelta(1, 'Hi'), completed()]),
    [{ role: 'assistant', content: '' }, { reasoning_content: 'Let me ' }, { reasoning_content: 'see.' }, { content: 'Hi' }, 'stop'],
  );
  const think = [added(0, reasoning()), summaryDelta(0, 'Hm')];
  assert.deepEqual(shorts([...think, again, ...think, summaryDelta(0, ' so'), completed()]), [
    '+0 reasoning',
    '0.0 Hm',
    '-0 reasoning Hm so',
  ]);
  assert.deepEqual(
    shorts([...think, again, ...think, summaryDelta(0, ' so'), done(0, reasoning()), completed()]).at(-1),
    '-0 reasoning Hm so',
  );
  const thought = partEvent('reasoning_text.delta', 0, { delta: 'Oh' });
  assert.deepEqual(shorts([...think, again, added(0, reasoning()), thought, completed()]).slice(2), ['+1 reasoning', '-1 reasoning Oh']);
  const refuse = (delta: string): SentEvent[] => [added(0, empty), partEvent('refusal.delta', 0, { delta })];
  const { out } = passed([...refuse('No'), again, ...refuse('No.'), completed()]);
  assert.deepEqual(out.at(-1)?.['item'], { ...empty, content: [{ type: 'refusal', refusal: 'No.' }] });
  const input = { type: 'response.custom_tool_call_input.delta', output_index: 0, delta: 'ab' };
  const custom = [added(0, { type: 'custom_tool_call', call_id: 'call_1', name: 'f', input: '' }), input];
  assert.deepEqual(shorts([custom[0]!, again, ...custom, completed()]), ['+0 custom_tool_call f', '-0 custom_tool_call f ab']);
  const x = call({ name: 'x', arguments: '' });
  assert.deepEqual(shorts([added(0, x), argumentsDelta(0, '{}'), done(0, x), completed()]).at(-1), '-0 function_call x {}');
});

test('the last event ends what is open, in its order, and adds what never came', () => {
  const ended = (come: SentEvent[], ...output: OutputItem[]): string[] => shorts([...come, completed(...output)]).slice(come.length);
  const open = [added(0, named('a')), added(1, named('b'))];
  assert.deepEqual(ended(open, named('b', 'B') as OutputItem, named('a', 'A') as OutputItem), ['-0 message A', '-1 message B']);
  assert.deepEqual(ended(open, named('c', 'C') as OutputItem), ['-0 message C']);
  assert.deepEqual(ended([done(0, named('a', 'A'))], named('a', 'A') as OutputItem, named('a', 'A') as OutputItem), []);
  assert.deepEqual(ended([done(0, named('a', 'A'))], named('a', 'A') as OutputItem, named('b', 'A') as OutputItem), ['-1 message A']);
  assert.deepEqual(ended([done(0, named('a', 'A'))], named('a', 'AB') as OutputItem), ['-1 message AB'], 'more than its own end had');
  assert.deepEqual(ended([done(0, named('a', 'A'))], named('a', '') as OutputItem), []);
  assert.deepEqual(ended([done(0, reasoning())], reasoning('Hm')), ['-1 reasoning Hm']);
  assert.deepEqual(ended([done(0, reasoning('H'))], reasoning('Hm')), []);
  assert.deepEqual(ended([done(0, call())], call({ arguments: '{"a":1}' })), []);
  const search = { type: 'web_search_call', id: 'ws_1' } as OutputItem;
  assert.deepEqual(ended([added(0, search)]), ['-0 web_search_call']);
  assert.deepEqual(ended([added(0, search)], message('Hi')), ['-1 message Hi']);
  assert.deepEqual(ended([added(0, search)], search, message('Hi')), ['-0 web_search_call', '-1 message Hi']);
  const { notes } = passed([done(0, named('a', 'A')), completed(named('a', 'B') as OutputItem)]);
  assert.deepEqual(notes, ['a final text differs from what was streamed; the streamed one stands']);
});

test('a text that stands in a field of its own is that of a message', () => {
  const ended = (output_text: unknown, output: OutputItem[], come: SentEvent[] = []): string[] =>
    shorts([...come, { type: 'response.completed', response: { output, output_text } }]).slice(come.length);
  assert.deepEqual(ended('Hi', []), ['-0 message Hi']);
  assert.deepEqual(ended('Hi', [message(''), reasoning('Hm')]), ['-0 reasoning Hm', '-1 message Hi']);
  assert.deepEqual(ended('Hi', [message('Ho')]), ['-0 message Ho']);
  assert.deepEqual(ended('', []), []);
  assert.deepEqual(ended(5, []), []);
  assert.deepEqual(ended('Hi', [], [added(0, empty), textDelta(0, 'H')]), []);
  assert.deepEqual(ended('Hi', [], [added(0, empty)]), ['-0 message Hi']);
});

const think = [added(0, reasoning()), summaryDelta(0, 'Hm'), done(0, reasoning('Hm'))];

test('only a final text that differs is noted, and once', () => {
  const differs = 'a final text differs from what was streamed; the streamed one stands';
  const notesOf = (...events: SentEvent[]): string[] => passed(events).notes;
  const begun = [added(0, empty), textDelta(0, 'Hi')];
  assert.deepEqual(notesOf(...begun, done(0, hi)), [], 'it goes on');
  assert.deepEqual(notesOf(...begun, done(0, empty)), [], 'it is left out');
  assert.deepEqual(notesOf(...begun, done(0, hi), completed(empty)), []);
  assert.deepEqual(notesOf(...begun, done(0, message('x')), added(1, named('b')), textDelta(1, 'a'), done(1, named('b', 'x'))), [differs]);
  assert.deepEqual(notesOf(done(0, call()), completed(call({ arguments: '[]' }))), [differs]);
  const thought = [added(0, reasoning()), partEvent('reasoning_text.delta', 0, { delta: 'c' }), summaryDelta(0, 's')];
  const whole = (content: string, summary: string): object => ({
    type: 'reasoning',
    content: [content, '2'].map((text) => ({ type: 'reasoning_text', text })),
    summary: [
      { type: 'summary_text', text: summary },
      { type: 'summary_text', text: '2' },
    ],
  });
  assert.deepEqual(notesOf(...thought, done(0, whole('c!', 's!'))), [], 'each text of reasoning may go on');
  assert.deepEqual(notesOf(...thought, summaryDelta(0, '2', 1), done(0, whole('c', 's'))), [], 'through its parts');
  const more = partEvent('reasoning_text.delta', 0, { delta: '2' });
  assert.deepEqual(notesOf(...thought, more, done(0, whole('c', 's'))), []);
  assert.deepEqual(notesOf(...thought, done(0, whole('x', 's'))), [differs]);
  assert.deepEqual(notesOf(...thought, done(0, whole('c', 'x'))), [differs]);
  assert.deepEqual(notesOf(...thought.slice(0, 1), summaryDelta(0, 's'), done(0, reasoning('s'))), []);
  assert.deepEqual(notesOf(...thought.slice(0, 2), done(0, { type: 'reasoning', content: [{ type: 'reasoning_text', text: 'c' }] })), []);
});

test('a stream that begins again ends its messages once', () => {
  assert.deepEqual(shorts([done(0, hi), again, again]), ['-0 message Hi there']);
  assert.deepEqual(shorts([added(0, empty), again, again]), ['+0 message', '-0 message']);
  assert.deepEqual(shorts([added(0, empty), textDelta(0, 'Hi'), again, textDelta(0, '!')]).slice(2), ['-0 message', '+1 message', '1.0 !']);
  const told = [added(0, empty), textDelta(0, 'Hi'), added(0, empty), done(0, hi)];
  assert.deepEqual(
    shorts([...told, textDelta('x' as never, '!')]).slice(4),
    ['-1 message Hi there', '+2 message', '2.0 !'],
    'one told anew',
  );
});

test('the last event is about what came after the stream began again', () => {
  const commentOf = (text: string): SentEvent[] => [added(0, comment), textDelta(0, text)];
  const ended = (text: string): OutputItem => message(text, { id: 'msg_1', phase: 'commentary' });
  const { out, notes } = passed([...commentOf('a'), again, ...commentOf('x'), completed(ended('x'))]);
  assert.deepEqual(
    out.slice(2).map(({ output_index, item }) => [output_index, item]),
    [
      [1, comment],
      [1, ended('x')],
    ],
  );
  assert.deepEqual(notes, []);
  assert.deepEqual(shorts([...commentOf('a'), again, ...commentOf('a'), completed(ended('ab'))]).slice(2), ['-0 message ab']);
  assert.deepEqual(shorts([...commentOf('a'), again, completed(ended('ab'))]).slice(2), ['-0 message ab'], 'or before, if nothing came');
  assert.deepEqual(shorts([added(0, empty), textDelta(0, 'Hi'), again, completed(message('Ho'))]).at(-1), '-1 message Ho');
});

test('a stream may begin again more than once', () => {
  assert.deepEqual(shorts([...think, again, ...think, again, ...think]), ['+0 reasoning', '0.0 Hm', '-0 reasoning Hm']);
  assert.deepEqual(shorts([...think, again, again, ...think, added(1, reasoning()), summaryDelta(1, 'Hm', 0)]).slice(3), [
    '+2 reasoning',
    '2.0 Hm',
  ]);
});

test('what repeats nothing is passed on', () => {
  const open = think.slice(0, 2);
  assert.deepEqual(
    shorts([...open, again, added(1, empty), textDelta(1, 'Hi')]).slice(2),
    ['+1 message', '1.0 Hi'],
    'another kind, at once',
  );
  const [cats, dogs] = ['cats', 'dogs'].map((query) => ({ type: 'web_search_call', action: { query } }));
  assert.deepEqual(shorts([done(0, cats!), again, done(0, dogs!)]), ['-0 web_search_call', '+1 web_search_call', '-1 web_search_call']);
  const g = call({ name: 'g', call_id: 'call_2' });
  assert.deepEqual(shorts([done(0, call()), again, done(0, g)]), [
    '-0 function_call f {}',
    '+1 function_call g {}',
    '-1 function_call g {}',
  ]);
  const x = call({ name: 'x', call_id: 'call_2' });
  assert.deepEqual(shorts([done(0, call()), again, done(0, x)]), ['-0 function_call f {}'], 'but for a call that may be the server’s');
  assert.deepEqual(shorts([done(0, call()), again, done(0, x), added(1, empty), textDelta(1, 'Hi')]).slice(1), [
    '+2 message',
    '-1 mcp_call x',
    '2.0 Hi',
  ]);
  assert.deepEqual(
    shorts([
      added(0, comment),
      textDelta(0, 'H'),
      ...think.map((event) => ({ ...event, output_index: 1 })),
      again,
      done(1, reasoning('Hm')),
    ]).slice(5),
    [],
    'the same text of another kind',
  );
  assert.deepEqual(shorts([...think, again, added(0, reasoning()), completed()]).slice(3), ['+1 reasoning', '-1 reasoning']);
});

test('a refusal is compared, however it has come', () => {
  const refused = (...texts: string[]): object =>
    message('', { content: [...texts.map((text) => ({ type: 'output_text', text }) as const), { type: 'refusal', refusal: 'No' }] });
  assert.deepEqual(shorts([done(0, refused()), again, done(0, refused())]), ['-0 message No']);
  assert.deepEqual(shorts([done(0, { type: 'message' })]), ['-0 message'], 'without content');
  assert.deepEqual(shorts([done(0, refused('Hm. ')), again, done(0, refused('Hm. '))]), ['-0 message Hm. No']);
  const end = partEvent('refusal.done', 0, { refusal: 'No' });
  assert.deepEqual(shorts([added(0, empty), end, again, added(0, empty), end, done(0, refused())]), [
    '+0 message',
    '0.0=No',
    '-0 message No',
  ]);
  assert.deepEqual(shorts([done(0, hi), again, done(0, hi)]), ['-0 message Hi there', '-1 message Hi there'], 'a message is not');
});

test('the last event has an item twice', () => {
  const ended = (come: SentEvent[], ...output: object[]): string[] =>
    shorts([...come, completed(...(output as OutputItem[]))]).slice(come.length);
  const a = [done(0, named('a', 'A'))];
  assert.deepEqual(ended(a, named('a', 'A'), named('a', 'B')), ['-1 message B'], 'not if its text is another');
  assert.deepEqual(ended(a, named('a', 'A'), { ...reasoning('A'), id: 'a' }), ['-1 reasoning A'], 'nor if its kind is');
  assert.deepEqual(ended([done(0, { ...reasoning('A'), id: 'a' })], named('a', 'A')), ['-1 message A']);
});

test('outputs in the last event say which calls were run', () => {
  const output = { type: 'function_call_output', call_id: 'call_1', output: 'x' } as unknown as OutputItem;
  assert.deepEqual(shorts([completed(output, message('Hi'))]), ['-0 function_call_output', '-1 message Hi']);
  assert.deepEqual(shorts([completed(output, call())]), ['-0 function_call_output', '-1 mcp_call f'], 'before the call');
  const nameless = { type: 'function_call', name: 'f', arguments: '{}' } as OutputItem;
  assert.deepEqual(shorts([completed(nameless, message('Hi'))]), ['-0 function_call f {}', '-1 message Hi']);
  const x = { ...call({ name: 'x' }) };
  assert.deepEqual(shorts([done(0, x), completed(x, output)]), ['-0 mcp_call x', '-1 function_call_output']);
});

test('a tool that is open at the end has run, unless the output does not have it', () => {
  const search = { type: 'web_search_call' };
  assert.deepEqual(shorts([added(0, search), added(1, empty), textDelta(1, 'Hi'), completed()]).slice(3), ['-0 web_search_call']);
  assert.deepEqual(shorts([done(0, search), again, added(0, search), completed(hi)]).slice(1), ['-2 message Hi there']);
});

test('a text of its own is a message of that text, be there reasoning', () => {
  const { out } = passed([...think, { type: 'response.completed', response: { output: [], output_text: 'Hi' } }]);
  assert.deepEqual(out.at(-1), done(1, { type: 'message', content: [{ type: 'output_text', text: 'Hi', annotations: [] }] }));
});

test('the last event adds to a call or to reasoning only what could not be told twice', () => {
  assert.deepEqual(shorts([done(0, call({ arguments: '' })), completed(call())]), ['-0 function_call f']);
  assert.deepEqual(shorts([done(0, reasoning()), completed(reasoning('Hm'))]), ['-0 reasoning', '-1 reasoning Hm']);
});
