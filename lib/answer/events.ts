/**
 * What an event of a Response stream does:
 * `begin` names the Response, `item` tells something of an output item, `end` is the last one, `fail` an error, `none` gives no chunk.
 */
export type EventEffect = 'begin' | 'item' | 'end' | 'fail' | 'none';

/** Every published event, and those that servers send without having published them. */
export const eventEffects: ReadonlyMap<string, EventEffect> = new Map([
  ...all('begin', ['response.created', 'response.queued', 'response.in_progress']),
  ...all('item', [
    'response.output_item.added',
    'response.output_item.done',
    'response.output_text.delta',
    'response.output_text.done',
    'response.output_text.annotation.added',
    'response.refusal.delta',
    'response.refusal.done',
    'response.function_call_arguments.delta',
    'response.function_call_arguments.done',
    'response.custom_tool_call_input.delta',
    'response.custom_tool_call_input.done',
    'response.reasoning_summary_text.delta',
    'response.reasoning_summary_text.done',
    'response.reasoning_text.delta',
    'response.reasoning_text.done',
  ]),
  ...all('end', ['response.completed', 'response.incomplete']),
  ...all('fail', ['response.failed', 'error']),
  // the text of these comes again, or has come, with an event above; hosted tools are told when their item is done
  ...all('none', [
    'keepalive',
    'response.content_part.added',
    'response.content_part.done',
    'response.reasoning_summary_part.added',
    'response.reasoning_summary_part.done',
    'response.audio.delta',
    'response.audio.done',
    'response.audio.transcript.delta',
    'response.audio.transcript.done',
    'response.web_search_call.in_progress',
    'response.web_search_call.searching',
    'response.web_search_call.completed',
    'response.file_search_call.in_progress',
    'response.file_search_call.searching',
    'response.file_search_call.completed',
    'response.code_interpreter_call.in_progress',
    'response.code_interpreter_call.interpreting',
    'response.code_interpreter_call.completed',
    'response.code_interpreter_call_code.delta',
    'response.code_interpreter_call_code.done',
    'response.image_generation_call.in_progress',
    'response.image_generation_call.generating',
    'response.image_generation_call.partial_image',
    'response.image_generation_call.completed',
    'response.mcp_call.in_progress',
    'response.mcp_call.completed',
    'response.mcp_call.failed',
    'response.mcp_call_arguments.delta',
    'response.mcp_call_arguments.done',
    'response.mcp_list_tools.in_progress',
    'response.mcp_list_tools.completed',
    'response.mcp_list_tools.failed',
    'response.shell_call_command.added',
    'response.shell_call_command.delta',
    'response.shell_call_command.done',
    'response.shell_call_output_content.delta',
    'response.shell_call_output_content.done',
    'response.apply_patch_call_operation_diff.delta',
    'response.apply_patch_call_operation_diff.done',
    'response.compaction.compacting',
  ]),
]);

function all(effect: EventEffect, types: string[]): [string, EventEffect][] {
  return types.map((type) => [type, effect]);
}

/** Unknown events give no chunk: servers add new ones without notice. */
export function effectOf(type: string): EventEffect {
  return eventEffects.get(type) ?? 'none';
}
