// Calls of tools that the client did not declare.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Entry } from '../../../lib/answer/read/entry.ts';
import { asFinished } from '../../../lib/answer/read/outgoing.ts';
import type { OutputItem, SentEvent } from '../../../lib/index.ts';
import { added, argumentsDelta, call, completed, deltasOf, done, message, reasoning, summaryDelta, textDelta } from '../support.ts';
import { passed, shorts, empty } from './support.ts';

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

test('a call of another tool is held back until something follows, or the answer ends', () => {
  const x = call({ name: 'x', arguments: '' });
  const begin = [added(0, x), argumentsDelta(0, '{}')];
  assert.deepEqual(shorts([...begin, completed()]), ['+0 function_call x', '0 {}']);
  assert.deepEqual(shorts([...begin, completed(call({ name: 'x' }))]), ['+0 function_call x {}', '-0 function_call x {}']);
  assert.deepEqual(shorts([...begin, completed(message('Hi'))]), ['-0 mcp_call x', '-1 message Hi']);
  assert.deepEqual(shorts([...begin, added(1, reasoning()), summaryDelta(1, 'Hm')]), ['+1 reasoning', '-0 mcp_call x', '1.0 Hm']);
  assert.deepEqual(shorts([...begin, added(1, call({ arguments: '' }))]), ['-0 mcp_call x', '+1 function_call f']);
  const output = { type: 'function_call_output', call_id: 'call_1', output: 'y' };
  assert.deepEqual(shorts([...begin, done(0, call({ name: 'x' })), done(1, output)]), ['-0 mcp_call x', '-1 function_call_output']);
  assert.deepEqual(shorts([...begin, done(1, { ...output, call_id: 'call_2' })]), ['-1 function_call_output']);
  assert.deepEqual(shorts([added(0, call({ name: '', arguments: '' })), done(0, call({ name: 'f' }))]), ['-0 function_call f {}']);
  const unnamed = added(0, call({ name: '', arguments: '' }));
  assert.deepEqual(shorts([unnamed, added(0, call({ arguments: '' })), argumentsDelta(0, '{}')]), ['+0 function_call f', '0 {}']);
  const custom = { type: 'custom_tool_call', call_id: 'call_1', name: 'x', input: '' };
  const input = { type: 'response.custom_tool_call_input.delta', output_index: 0, delta: 'a' };
  assert.deepEqual(shorts([added(0, custom), input, completed()]), ['+0 custom_tool_call x', '0 a']);
});

const unnamed = call({ name: '', arguments: '' });
const x = call({ name: 'x', arguments: '' });

test('a call that is withheld is of the kind that it was', () => {
  const custom = { type: 'custom_tool_call', call_id: 'call_1', name: 'x', input: '' };
  const last = (item: object, event: SentEvent): unknown => passed([added(0, item), event, completed()]).out.at(-1);
  assert.deepEqual(last(x, argumentsDelta(0, '{}')), argumentsDelta(0, '{}'));
  const input = { type: 'response.custom_tool_call_input.delta', output_index: 0, delta: 'a' };
  assert.deepEqual(last(custom, input), input);
});

test('a call without a name is known when it has one, and is none if it never has', () => {
  assert.deepEqual(shorts([added(0, unnamed), completed()]), []);
  assert.deepEqual(shorts([added(0, unnamed), completed(message('Hi'))]), ['-1 message Hi']);
  assert.deepEqual(shorts([added(0, unnamed), added(1, empty), textDelta(1, 'Hi'), done(0, call())]).slice(1), [
    '1.0 Hi',
    '-0 function_call f {}',
  ]);
  assert.deepEqual(shorts([added(0, x), done(0, unnamed), completed()]), ['+0 function_call x', '-0 function_call']);
});

test('a call of another tool was run if the answer goes on after it, not before it', () => {
  const text = [added(0, empty), textDelta(0, 'Hi')];
  assert.deepEqual(shorts([...text, added(1, x), textDelta(0, '!'), completed()]).slice(2), ['0.0 !', '+1 function_call x']);
  assert.deepEqual(shorts([added(5, x), completed(reasoning())]), ['-0 reasoning', '-5 mcp_call x'], 'or if it is not in the output');
  assert.deepEqual(shorts([done(5, x), completed(reasoning())]), ['-0 reasoning', '+5 function_call x', '-5 function_call x']);
});

test('calls of other tools are passed on in their order', () => {
  const y = call({ name: 'y', call_id: 'call_2', arguments: '' });
  assert.deepEqual(shorts([added(1, x), added(0, y), completed()]), ['+0 function_call y', '+1 function_call x']);
});

test('what came in events is in the item that has none of it', () => {
  const come = (item: object, content: string, summary = '', more: Partial<Entry> = {}): Entry => {
    const entry = Object.assign(new Entry(item as OutputItem, 0, 0), more);
    entry.content.text = content;
    entry.summary.text = summary;
    return entry;
  };
  const finished = (...given: Parameters<typeof come>): unknown => asFinished(come(...given));
  assert.deepEqual(finished({ type: 'message', id: 'a' }, 'Hi'), {
    type: 'message',
    id: 'a',
    content: [{ type: 'output_text', text: 'Hi', annotations: [] }],
  });
  assert.deepEqual(finished({ type: 'message' }, 'No', '', { refused: true }), {
    type: 'message',
    content: [{ type: 'refusal', refusal: 'No' }],
  });
  const [summary, content] = [[{ type: 'summary_text', text: 's' }], [{ type: 'reasoning_text', text: 'c' }]];
  assert.deepEqual(finished({ type: 'reasoning' }, 'c', 's'), { type: 'reasoning', summary, content });
  assert.deepEqual(finished({ type: 'reasoning' }, 'c'), { type: 'reasoning', summary: [], content });
  assert.deepEqual(finished({ type: 'reasoning' }, '', 's'), { type: 'reasoning', summary, content: [] });
  assert.deepEqual(finished(call({ arguments: '' }), '{}'), call());
  const custom = { type: 'custom_tool_call', name: 'f', input: '' };
  assert.deepEqual(finished(custom, 'a'), { ...custom, input: 'a' });
  for (const item of [{ type: 'message' }, { type: 'reasoning' }, custom]) assert.equal(finished(item, ''), item);
  const whole = message('whole');
  assert.equal(finished({ type: 'message' }, 'who', '', { finished: whole }), whole);
  assert.deepEqual(finished({ type: 'message' }, 'who', '', { finished: message('', { id: 'b' }) }), message('who', { id: 'b' }));
  const search = { type: 'web_search_call' };
  assert.equal(finished(search, 'x'), search);
});
