import assert from 'node:assert/strict';
import { test } from 'node:test';
import { says } from '../../lib/answer/says.ts';
import type { SentEvent } from '../../lib/index.ts';
import { added, argumentsDelta, call, done, message, reasoning, summaryDelta, textDelta } from './support.ts';

const at = { output_index: 0, content_index: 0 };
const custom = { type: 'custom_tool_call', call_id: 'call_1', name: 'f', input: '' };

const cases: [event: SentEvent, says: boolean][] = [
  [added(0, call({ arguments: '' })), true],
  [added(0, custom), true],
  [added(0, message('Hi')), false],
  [added(0, reasoning('Hm')), false],
  [added(0, { type: 'web_search_call' }), false],
  [done(0, call({ arguments: '' })), true],
  [done(0, custom), true],
  [done(0, message('Hi')), true],
  [done(0, message('')), false],
  [done(0, reasoning('Hm')), true],
  [done(0, reasoning()), false],
  [done(0, { type: 'web_search_call' }), true],
  [done(0, { type: 'compaction' }), false],
  [done(0, { type: 'hologram_call' }), false],
  [{ type: 'response.output_text.annotation.added', ...at, annotation: { type: 'url_citation' } }, false],
  [{ type: 'response.output_text.done', ...at, text: 'Hi' }, true],
  [{ type: 'response.output_text.done', ...at, text: '' }, false],
  [{ type: 'response.reasoning_text.done', ...at, text: 'Hm' }, true],
  [{ type: 'response.reasoning_text.done', ...at, text: '' }, false],
  [{ type: 'response.reasoning_summary_text.done', ...at, text: 'Hm' }, true],
  [{ type: 'response.reasoning_summary_text.done', ...at, text: '' }, false],
  [{ type: 'response.refusal.done', ...at, refusal: 'No' }, true],
  [{ type: 'response.refusal.done', ...at, refusal: '' }, false],
  [{ type: 'response.function_call_arguments.done', ...at, arguments: '{}' }, true],
  [{ type: 'response.function_call_arguments.done', ...at, arguments: '' }, false],
  [{ type: 'response.custom_tool_call_input.done', ...at, input: 'a' }, true],
  [{ type: 'response.custom_tool_call_input.done', ...at, input: '' }, false],
  [textDelta(0, 'Hi'), true],
  [textDelta(0, ''), false],
  [summaryDelta(0, 'Hm'), true],
  [argumentsDelta(0, ''), false],
];

for (const [event, expected] of cases) {
  test(`${JSON.stringify(event)} ${expected ? 'says' : 'does not say'} something to a client`, () =>
    assert.equal(says(event as never), expected));
}
