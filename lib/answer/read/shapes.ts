import type { ContentEvent } from '../../wire/responses.ts';
import { annotationOf, inputOf, textOf } from './values.ts';

/** What an event brings: to which kind of item, to which of its parts, and in which field. */
export interface Shape {
  readonly type: ContentEvent['type'];
  readonly kind: 'message' | 'reasoning' | 'function_call' | 'custom_tool_call';
  readonly parts: 'content' | 'summary';
  /** The field that numbers the parts. */
  readonly index: 'content_index' | 'summary_index' | undefined;
  readonly field: 'delta' | 'text' | 'refusal' | 'arguments' | 'input' | 'annotation';
  /** The field has the whole of the part, of which some may have come in deltas. */
  readonly ends: boolean;
  /** Reads the field; undefined if it has nothing that could be read. */
  readonly read: (given: unknown) => unknown;
}

function shape(
  type: Shape['type'],
  kind: Shape['kind'],
  field: Shape['field'],
  index: Shape['index'] = undefined,
  parts: Shape['parts'] = 'content',
): Shape {
  const read = field === 'annotation' ? annotationOf : kind === 'message' || kind === 'reasoning' ? textOf : inputOf;
  return { type, kind, parts, index, field, ends: field !== 'delta' && field !== 'annotation', read };
}

export const textDelta: Shape = shape('response.output_text.delta', 'message', 'delta', 'content_index');
export const textDone: Shape = shape('response.output_text.done', 'message', 'text', 'content_index');
export const annotationAdded: Shape = shape('response.output_text.annotation.added', 'message', 'annotation', 'content_index');
export const refusalDelta: Shape = shape('response.refusal.delta', 'message', 'delta', 'content_index');
export const refusalDone: Shape = shape('response.refusal.done', 'message', 'refusal', 'content_index');
export const summaryDelta: Shape = shape('response.reasoning_summary_text.delta', 'reasoning', 'delta', 'summary_index', 'summary');
export const summaryDone: Shape = shape('response.reasoning_summary_text.done', 'reasoning', 'text', 'summary_index', 'summary');
export const reasoningDelta: Shape = shape('response.reasoning_text.delta', 'reasoning', 'delta', 'content_index');
export const reasoningDone: Shape = shape('response.reasoning_text.done', 'reasoning', 'text', 'content_index');
export const argumentsDelta: Shape = shape('response.function_call_arguments.delta', 'function_call', 'delta');
export const argumentsDone: Shape = shape('response.function_call_arguments.done', 'function_call', 'arguments');
export const inputDelta: Shape = shape('response.custom_tool_call_input.delta', 'custom_tool_call', 'delta');
export const inputDone: Shape = shape('response.custom_tool_call_input.done', 'custom_tool_call', 'input');
