import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gistOf, type Kind } from '../../../../lib/server/inspect/model/kinds.ts';

describe('the gist', () => {
  const cases: [value: unknown, kind: Kind, name: string, text: string][] = [
    [{ type: 'response.created', response: {} }, 'begin', 'created', ''],
    [{ type: 'response.output_item.added', item: { type: 'reasoning' } }, 'reasoning', 'output_item.added', 'reasoning'],
    [{ type: 'response.output_item.done', item: { type: 'function_call', name: 'f' } }, 'call', 'output_item.done', 'function_call f'],
    [{ type: 'response.output_item.added', item: { type: 'web_search_call' } }, 'tool', 'output_item.added', 'web_search_call'],
    [{ type: 'response.output_item.added', item: null }, 'tool', 'output_item.added', ''],
    [{ type: 'response.reasoning_summary_text.delta', delta: 'a' }, 'reasoning', 'reasoning_summary_text.delta', 'a'],
    [{ type: 'response.output_text.delta', delta: 'a' }, 'text', 'output_text.delta', 'a'],
    [{ type: 'response.refusal.delta', delta: 'a' }, 'text', 'refusal.delta', 'a'],
    [{ type: 'response.function_call_arguments.delta', delta: '{' }, 'call', 'function_call_arguments.delta', '{'],
    [{ type: 'response.custom_tool_call_input.delta', delta: 'x' }, 'call', 'custom_tool_call_input.delta', 'x'],
    [{ type: 'response.web_search_call.searching' }, 'tool', 'web_search_call.searching', ''],
    [{ type: 'response.mcp_list_tools.completed' }, 'tool', 'mcp_list_tools.completed', ''],
    [{ type: 'response.completed', response: {} }, 'end', 'completed', ''],
    [{ type: 'response.failed', response: { error: { message: 'no' } } }, 'error', 'failed', 'no'],
    [{ type: 'error', message: 'no' }, 'error', 'error', 'no'],
    [{ type: 'error', error: { message: 'no' } }, 'error', 'error', 'no'],
    [{ error: { message: 'no' } }, 'error', 'error', 'no'],
    [{ type: 'response.never_heard_of' }, 'other', 'never_heard_of', ''],
    [{ choices: [{ delta: { role: 'assistant', content: '' } }] }, 'begin', 'role', 'assistant'],
    [{ choices: [{ delta: { content: 'a' } }] }, 'text', 'content', 'a'],
    [{ choices: [{ delta: { reasoning_content: 'a' } }] }, 'reasoning', 'reasoning_content', 'a'],
    [{ choices: [{ delta: { tool_calls: [{ function: { name: 'f', arguments: '{' } }] } }] }, 'call', 'tool_calls', 'f{'],
    [{ choices: [{ delta: { function_call: { arguments: '{' } } }] }, 'call', 'function_call', '{'],
    [{ choices: [{ delta: {}, finish_reason: 'stop' }] }, 'end', 'finish_reason', 'stop'],
    [{ choices: [], usage: {} }, 'end', 'usage', ''],
    [{ choices: [null] }, 'other', 'chunk', ''],
    [{}, 'other', 'no type', ''],
    [7, 'other', 'not JSON', '7'],
  ];
  for (const [value, kind, name, text] of cases) {
    const data = JSON.stringify(value);
    it(`of ${data} is ${kind} ${name}`, () => assert.deepEqual(gistOf(data, value), { kind, name, text }));
  }
  it('of [DONE] is an end', () => assert.equal(gistOf('[DONE]', undefined).kind, 'end'));
});
