import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Calls } from '../../lib/answer/calls.ts';
import { Items } from '../../lib/answer/items.ts';
import { Messages } from '../../lib/answer/messages.ts';
import { Writer } from '../../lib/answer/writer.ts';
import type { SentEvent } from '../../lib/index.ts';
import {
  added,
  argumentsDelta,
  call,
  completed,
  deltasOf,
  done,
  head,
  message,
  plain,
  reasoning,
  summaryDelta,
  textDelta,
} from './support.ts';

const opening = { role: 'assistant', content: '' };
const hi = message('Hi there');
const empty = message('', { content: [] });
const search = { type: 'web_search_call', action: { type: 'search', query: 'cats' } };
const begun = (index: number, id: string, name: string): object => ({ index, id, type: 'function', function: { name, arguments: '' } });

test('text is emitted as it arrives; its end and the last event repeat nothing', () => {
  assert.deepEqual(
    deltasOf([
      added(0, empty),
      textDelta(0, 'Hi'),
      textDelta(0, ' there'),
      { type: 'response.output_text.done', output_index: 0, content_index: 0, text: 'Hi there' },
      done(0, hi),
      completed(hi),
    ]),
    [opening, { content: 'Hi' }, { content: ' there' }, 'stop'],
  );
});

test('what no delta brought comes with the end of the text, of the item, or of the answer', () => {
  const ends = [{ type: 'response.output_text.done', output_index: 0, content_index: 0, text: 'Hi there' }, done(0, hi), completed(hi)];
  for (const end of ends)
    assert.deepEqual(
      deltasOf([added(0, empty), textDelta(0, 'Hi'), end]).slice(0, 3),
      [opening, { content: 'Hi' }, { content: ' there' }],
      end.type,
    );
});

test('one item is emitted after the other, in the order of their indices', () => {
  assert.deepEqual(
    deltasOf([
      added(0, call({ arguments: '' })),
      added(1, call({ call_id: 'call_2', name: 'g', arguments: '' })),
      argumentsDelta(1, '{"b":'),
      argumentsDelta(0, '{"a":1}'),
      argumentsDelta(1, '2}'),
      done(1, call({ call_id: 'call_2', name: 'g', arguments: '{"b":2}' })),
      done(0, call({ arguments: '{"a":1}' })),
      completed(),
    ]),
    [
      { role: 'assistant', content: null },
      { tool_calls: [begun(0, 'call_1', 'f')] },
      { tool_calls: [{ index: 0, function: { arguments: '{"a":1}' } }] },
      { tool_calls: [begun(1, 'call_2', 'g')] },
      { tool_calls: [{ index: 1, function: { arguments: '{"b":' } }] },
      { tool_calls: [{ index: 1, function: { arguments: '2}' } }] },
      'tool_calls',
    ],
  );
});

test('a hosted tool is reported when it is done, and holds up nothing before', () => {
  assert.deepEqual(
    deltasOf([added(0, search), added(1, empty), textDelta(1, 'Hi'), done(0, search), textDelta(1, ' there'), done(1, hi), completed()]),
    [opening, { content: 'Hi' }, { content: ' there' }, { reasoning_content: 'Searched the web: “cats”' }, 'stop'],
  );
  assert.deepEqual(deltasOf([added(0, search), done(0, search), added(1, empty), textDelta(1, 'Hi'), completed()]), [
    opening,
    { reasoning_content: 'Searched the web: “cats”' },
    { content: 'Hi' },
    'stop',
  ]);
});

test('a finished image comes as an image, after its line', () => {
  assert.deepEqual(deltasOf([done(0, { type: 'image_generation_call', result: 'AAAA', output_format: 'webp' }), completed()]), [
    opening,
    { reasoning_content: 'Generated an image' },
    { images: [{ type: 'image_url', image_url: { url: 'data:image/webp;base64,AAAA' } }] },
    'stop',
  ]);
});

test('an item that ends twice is emitted once', () => {
  assert.deepEqual(deltasOf([done(0, hi), done(0, hi), completed(hi)]), [opening, { content: 'Hi there' }, 'stop']);
});

test('the summaries of reasoning are parts; the text after them is content', () => {
  assert.deepEqual(
    deltasOf([
      added(0, { type: 'reasoning', summary: [] }),
      summaryDelta(0, 'A'),
      summaryDelta(0, 'a'),
      summaryDelta(0, 'B', 1),
      done(0, reasoning('Aa', 'Bb')),
      added(1, empty),
      textDelta(1, 'Hi'),
      completed(),
    ]),
    [
      opening,
      { reasoning_content: 'A' },
      { reasoning_content: 'a' },
      { reasoning_content: '\n\nB' },
      { reasoning_content: 'b' },
      { content: 'Hi' },
      'stop',
    ],
  );
});

test('an item that was never announced comes with the last event, in its place', () => {
  assert.deepEqual(deltasOf([done(1, hi), completed(reasoning('Hm'), hi)]), [
    opening,
    { content: 'Hi there' },
    { reasoning_content: 'Hm' },
    'stop',
  ]);
  assert.deepEqual(deltasOf([completed(reasoning('Hm'), hi, call())]), [
    opening,
    { reasoning_content: 'Hm' },
    { content: 'Hi there' },
    { tool_calls: [begun(0, 'call_1', 'f')] },
    { tool_calls: [{ index: 0, function: { arguments: '{}' } }] },
    'tool_calls',
  ]);
});

/** The texts that items emit, in the order of their events, before the end of the answer and with it. Reasoning stands in brackets. */
function emitted(events: readonly SentEvent[]): { texts: string[]; atEnd: string[]; anything: boolean } {
  const texts: string[] = [];
  const writer = new Writer(plain, {
    delta({ content, reasoning_content: reasoned, tool_calls: calls }) {
      if (content) texts.push(content);
      if (reasoned) texts.push(`(${reasoned})`);
      for (const { function: called } of calls ?? []) texts.push(`${called?.name ?? ''}${called?.arguments}`);
    },
  });
  const items = new Items(new Messages(plain, { head, notes: [] }, writer), new Calls(plain, writer, []), writer, []);
  for (const event of events) {
    if (event.type.startsWith('response.output_item.')) items.push(event as never);
    else items.content(event as never);
  }
  const before = texts.splice(0);
  items.finish();
  return { texts: before, atEnd: texts, anything: items.anything };
}

const textsOf = (events: readonly SentEvent[]): string[] => emitted(events).texts;

test('an item of which nothing has come gives way to one with a lower index, and no other', () => {
  const low = [added(0, empty), textDelta(0, 'A'), done(0, message('A'))];
  const high = [textDelta(1, 'B'), done(1, message('B'))];
  assert.deepEqual(textsOf([added(1, empty), ...low, ...high]), ['A', '\n\n', 'B']);
  const annotated = {
    type: 'response.output_text.annotation.added',
    output_index: 1,
    content_index: 0,
    annotation: { type: 'url_citation' },
  };
  assert.deepEqual(textsOf([added(1, empty), textDelta(1, ''), annotated, ...low, ...high]), ['A', '\n\n', 'B']);
  assert.deepEqual(textsOf([added(1, empty), textDelta(1, 'B'), ...low, done(1, message('B'))]), ['B', '\n\n', 'A']);
  assert.deepEqual(textsOf([added(0, empty), added(1, empty), ...high]), []);
  assert.deepEqual(textsOf([added(1, empty), added(0, empty), ...high]), []);
  assert.deepEqual(textsOf([added(1, empty), added(0, empty), ...high, done(0, message('A'))]), ['A', '\n\n', 'B']);
});

test('items that wait are emitted in the order of their indices', () => {
  const waiting = [7, 2, 5, 1, 6, 3, 4];
  const events = waiting.flatMap((index) => [added(index, empty), textDelta(index, `${index}`), done(index, message(`${index}`))]);
  const { texts } = emitted([added(0, empty), textDelta(0, '0'), ...events, done(0, message('0'))]);
  assert.deepEqual(
    texts.filter((text) => text !== '\n\n'),
    ['0', '1', '2', '3', '4', '5', '6', '7'],
  );
});

test('reasoning that is open gives way to what comes next, and goes on after it', () => {
  const open = [added(0, reasoning()), summaryDelta(0, 'Hm'), added(1, empty), textDelta(1, 'Hi')];
  assert.deepEqual(textsOf(open), ['(Hm)', 'Hi']);
  const more = [...open, summaryDelta(0, ' so'), textDelta(1, ' there')];
  assert.deepEqual(textsOf(more), ['(Hm)', 'Hi', ' there']);
  assert.deepEqual(textsOf([...more, done(1, hi)]), ['(Hm)', 'Hi', ' there', '( so)']);
  assert.deepEqual(emitted(more).atEnd, ['( so)']);
  assert.deepEqual(textsOf([added(0, reasoning()), added(1, empty), textDelta(1, 'Hi')]), ['Hi'], 'before it has begun it holds no place');
});

test('what waits at the end of the answer is emitted then', () => {
  const events = [
    added(0, empty),
    textDelta(0, 'A'),
    added(2, empty),
    textDelta(2, 'C'),
    added(1, call({ arguments: '' })),
    argumentsDelta(1, '{}'),
  ];
  assert.deepEqual(emitted(events), { texts: ['A'], atEnd: ['f', '{}', '\n\n', 'C'], anything: true });
  assert.deepEqual(emitted([added(0, search)]), { texts: [], atEnd: [], anything: false });
  assert.deepEqual(emitted([done(0, { type: 'compaction' })]), { texts: [], atEnd: [], anything: false });
  assert.deepEqual(emitted([done(0, search)]), { texts: ['(Searched the web: “cats”)'], atEnd: [], anything: true });
  assert.deepEqual(emitted([done(0, empty)]), { texts: [], atEnd: [], anything: true });
});

test('events of no item, and of another kind than their item, are ignored', () => {
  const all = (index: number): SentEvent[] => [
    textDelta(index, 'x'),
    { type: 'response.output_text.done', output_index: index, content_index: 0, text: 'x' },
    summaryDelta(index, 'x'),
    { type: 'response.reasoning_summary_text.done', output_index: index, summary_index: 0, text: 'x' },
    argumentsDelta(index, 'x'),
    { type: 'response.function_call_arguments.done', output_index: index, arguments: 'x' },
  ];
  assert.deepEqual(textsOf([...all(0), added(0, empty), ...all(1), ...all(0), done(0, message('x'))]), ['x']);
  assert.deepEqual(textsOf([added(0, reasoning()), ...all(0), done(0, reasoning('x'))]), ['(x)']);
  assert.deepEqual(textsOf([added(0, call({ arguments: '' })), ...all(0), done(0, call({ arguments: 'x' }))]), ['f', 'x']);
});
