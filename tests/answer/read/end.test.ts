// How items and the stream end, and what comes after it has begun again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OutputItem, SentEvent } from '../../../lib/index.ts';
import { added, argumentsDelta, call, completed, deltasOf, done, message, reasoning, summaryDelta, textDelta } from '../support.ts';
import { passed, shorts, partEvent, named, empty, hi } from './support.ts';

test('a final text that differs from what was streamed adds nothing, with a note', () => {
  const { notes } = passed([added(0, empty), textDelta(0, 'Ho'), done(0, hi)]);
  assert.deepEqual(notes, ['a final text differs from what was streamed; the streamed one stands']);
});

test('a stream that begins again repeats nothing', () => {
  const again = { type: 'response.created', response: { id: 'resp_2' } };
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
  const comment = { ...empty, phase: 'commentary' };
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
  const again = { type: 'response.created', response: { id: 'resp_2' } };
  const comment = { ...empty, phase: 'commentary' };
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
