// Calls of tools that the client did not declare.
import assert from 'node:assert/strict';
import { test } from 'node:test';
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
