import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OutputItem } from '../../lib/index.ts';
import { call, message, wholeOf } from './support.ts';

test('the finish reason says that an answer was cut before it says that there is a call', () => {
  const reasonOf = (output: OutputItem[], more: object = {}, context = {}): string =>
    wholeOf(output, context, more).choices[0].finish_reason;
  const incomplete = (reason?: string): object => ({ status: 'incomplete', incomplete_details: reason ? { reason } : null });
  assert.equal(reasonOf([message('a')]), 'stop');
  assert.equal(reasonOf([message('a'), call()]), 'tool_calls');
  assert.equal(reasonOf([{ type: 'custom_tool_call', call_id: 'call_1', name: 'f', input: '' }]), 'tool_calls');
  assert.equal(reasonOf([call()], {}, { legacyFunctions: true }), 'function_call');
  assert.equal(reasonOf([call()], incomplete('max_output_tokens')), 'length');
  assert.equal(reasonOf([message('a')], incomplete('content_filter')), 'content_filter');
  assert.equal(reasonOf([message('a')], incomplete('something new')), 'length');
  assert.equal(reasonOf([message('a')], incomplete()), 'length');
  assert.equal(reasonOf([{ type: 'web_search_call' }, message('a')]), 'stop');
});
