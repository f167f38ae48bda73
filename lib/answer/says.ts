import type { ItemEvent } from '../wire/responses.ts';
import { hostedLine, isHosted } from './hosted.ts';
import { textOfItem } from './item-text.ts';

/** Whether a client learns something of the event. */
export function says(event: ItemEvent): boolean {
  switch (event.type) {
    case 'response.output_item.added':
      return isCall(event.item.type);
    case 'response.output_item.done':
      return isHosted(event.item) ? Boolean(hostedLine(event.item)) : isCall(event.item.type) || textOfItem(event.item) !== '';
    case 'response.output_text.annotation.added':
      return false;
    case 'response.output_text.done':
    case 'response.reasoning_text.done':
    case 'response.reasoning_summary_text.done':
      return event.text !== '';
    case 'response.refusal.done':
      return event.refusal !== '';
    case 'response.function_call_arguments.done':
      return event.arguments !== '';
    case 'response.custom_tool_call_input.done':
      return event.input !== '';
    default:
      return event.delta !== '';
  }
}

function isCall(type: string): boolean {
  return type === 'function_call' || type === 'custom_tool_call';
}
