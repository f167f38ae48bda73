import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as shapes from '../../../lib/answer/read/shapes.ts';

test('a shape says what its event brings', () => {
  const all = Object.values(shapes).map(({ type, kind, parts, index, field, ends }) => [type, kind, parts, index, field, ends]);
  assert.deepEqual(
    all.toSorted(([one], [other]) => String(one).localeCompare(String(other))),
    [
      ['response.custom_tool_call_input.delta', 'custom_tool_call', 'content', undefined, 'delta', false],
      ['response.custom_tool_call_input.done', 'custom_tool_call', 'content', undefined, 'input', true],
      ['response.function_call_arguments.delta', 'function_call', 'content', undefined, 'delta', false],
      ['response.function_call_arguments.done', 'function_call', 'content', undefined, 'arguments', true],
      ['response.output_text.annotation.added', 'message', 'content', 'content_index', 'annotation', false],
      ['response.output_text.delta', 'message', 'content', 'content_index', 'delta', false],
      ['response.output_text.done', 'message', 'content', 'content_index', 'text', true],
      ['response.reasoning_summary_text.delta', 'reasoning', 'summary', 'summary_index', 'delta', false],
      ['response.reasoning_summary_text.done', 'reasoning', 'summary', 'summary_index', 'text', true],
      ['response.reasoning_text.delta', 'reasoning', 'content', 'content_index', 'delta', false],
      ['response.reasoning_text.done', 'reasoning', 'content', 'content_index', 'text', true],
      ['response.refusal.delta', 'message', 'content', 'content_index', 'delta', false],
      ['response.refusal.done', 'message', 'content', 'content_index', 'refusal', true],
    ],
  );
});

test('it reads what another form means', () => {
  const forms = (shape: shapes.Shape): unknown[] => [{ value: 'a' }, 'b', undefined].map((given) => shape.read(given));
  for (const shape of [shapes.textDelta, shapes.refusalDone, shapes.summaryDone, shapes.reasoningDelta])
    assert.deepEqual(forms(shape), ['a', 'b', '']);
  for (const shape of [shapes.argumentsDelta, shapes.inputDone]) assert.deepEqual(forms(shape), ['{"value":"a"}', 'b', '']);
  const citation = { type: 'url_citation', url: 'u' };
  assert.deepEqual([citation, 'b', undefined].map(shapes.annotationAdded.read), [citation, undefined, undefined]);
});
