import assert from 'node:assert/strict';
import { test } from 'node:test';
import { added, argumentsDelta, call, completed, deltasOf, done, message, reasoning, summaryDelta, textDelta } from './support.ts';

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
