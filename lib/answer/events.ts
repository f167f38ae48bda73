import type { SilentEvent } from '../wire/responses.ts';

/** Every published event without an effect, and those that servers send without having published them. */
const silent: Record<SilentEvent['type'], true> = {
  keepalive: true,
  'response.audio.delta': true,
  'response.audio.done': true,
  'response.audio.transcript.delta': true,
  'response.audio.transcript.done': true,
  'response.web_search_call.in_progress': true,
  'response.web_search_call.searching': true,
  'response.web_search_call.completed': true,
  'response.file_search_call.in_progress': true,
  'response.file_search_call.searching': true,
  'response.file_search_call.completed': true,
  'response.code_interpreter_call.in_progress': true,
  'response.code_interpreter_call.interpreting': true,
  'response.code_interpreter_call.completed': true,
  'response.code_interpreter_call_code.delta': true,
  'response.code_interpreter_call_code.done': true,
  'response.image_generation_call.in_progress': true,
  'response.image_generation_call.generating': true,
  'response.image_generation_call.partial_image': true,
  'response.image_generation_call.completed': true,
  'response.mcp_call.in_progress': true,
  'response.mcp_call.completed': true,
  'response.mcp_call.failed': true,
  'response.mcp_call_arguments.delta': true,
  'response.mcp_call_arguments.done': true,
  'response.mcp_list_tools.in_progress': true,
  'response.mcp_list_tools.completed': true,
  'response.mcp_list_tools.failed': true,
  'response.shell_call_command.added': true,
  'response.shell_call_command.delta': true,
  'response.shell_call_command.done': true,
  'response.shell_call_output_content.delta': true,
  'response.shell_call_output_content.done': true,
  'response.apply_patch_call_operation_diff.delta': true,
  'response.apply_patch_call_operation_diff.done': true,
  'response.compaction.compacting': true,
};

/** The types of event that have no effect, and need not be parsed. */
export const silentEvents: ReadonlySet<string> = new Set(Object.keys(silent));
