import { arrayOf, objectOf, stringOf } from '../json.ts';
import type { HostedItem, OutputItem, UnknownItem } from '../wire/responses.ts';

/**
 * Returns the line of reasoning for an item that chat clients have no form for; an empty one if there is nothing to say, undefined if the
 * type is unknown. The values come from a server, so none is trusted to be what its type says.
 */
export function hostedLine(item: HostedItem | UnknownItem): string | undefined {
  switch (item.type) {
    case 'web_search_call':
      return searchLine(objectOf(item.action));
    case 'file_search_call':
      return `Searched files: ${quoted(item.queries)}`;
    case 'code_interpreter_call':
      return `Ran code:\n${stringOf(item.code)}`;
    case 'image_generation_call':
      return 'Generated an image';
    case 'mcp_call':
      return `Called ${stringOf(item.name)} on ${stringOf(item.server_label)}`;
    case 'mcp_approval_request':
      return `Asked for approval to call ${stringOf(item.name)} on ${stringOf(item.server_label)}, which a chat client cannot give`;
    case 'computer_call':
      return `Asked to use the computer (${stringOf(objectOf(item.action)['type'])}), which a chat client cannot do`;
    case 'local_shell_call':
      return `Asked to run: ${arrayOf(objectOf(item.action)['command']).join(' ')}`;
    case 'shell_call':
      return `Ran: ${arrayOf(objectOf(item.action)['commands']).join('\n')}`;
    case 'apply_patch_call':
      return `Asked to patch ${stringOf(objectOf(item.operation)['path'])}, which a chat client cannot do`;
    case 'tool_search_call':
      return 'Searched for tools';
    case 'program':
      return 'Ran a program';
    case 'mcp_list_tools':
    case 'mcp_approval_response':
    case 'additional_tools':
    case 'compaction':
    case 'tool_search_output':
    case 'program_output':
    case 'function_call_output':
    case 'custom_tool_call_output':
    case 'computer_call_output':
    case 'local_shell_call_output':
    case 'shell_call_output':
    case 'apply_patch_call_output':
      return '';
    default:
      item satisfies UnknownItem;
      return undefined;
  }
}

function searchLine(action: { readonly [key: string]: unknown }): string {
  const { type, query, queries, url, pattern } = action;
  if (type === 'open_page') return `Opened ${stringOf(url)}`;
  if (type === 'find_in_page' || type === 'find') return `Looked for “${stringOf(pattern)}” in ${stringOf(url)}`;
  const searched = quoted([...new Set([query, ...arrayOf(queries)])]);
  return searched ? `Searched the web: ${searched}` : 'Searched the web';
}

function quoted(queries: unknown): string {
  return arrayOf(queries)
    .filter((query) => typeof query === 'string' && query !== '')
    .map((query) => `“${String(query)}”`)
    .join(', ');
}

const mediaTypes: ReadonlyMap<unknown, string> = new Map([
  ['jpeg', 'image/jpeg'],
  ['webp', 'image/webp'],
]);

/** Returns the data URL of a finished `image_generation_call`. */
export function imageUrl(item: HostedItem | UnknownItem): string | undefined {
  if (item.type !== 'image_generation_call' || !item.result) return undefined;
  return `data:${mediaTypes.get(item.output_format) ?? 'image/png'};base64,${item.result}`;
}

/** Whether the item is a hosted tool's, or of an unknown type: nothing of it is emitted before it is finished. */
export function isHosted(item: OutputItem): item is HostedItem | UnknownItem {
  switch (item.type) {
    case 'message':
    case 'reasoning':
    case 'function_call':
    case 'custom_tool_call':
      return false;
    default:
      return true;
  }
}
