import { arrayOf, objectOf, stringOf } from '../json.ts';
import type { OutputItem } from '../wire/responses.ts';

type Line = (item: OutputItem) => string | undefined;

const silent: Line = () => undefined;

/** What a chat client has no form for, told as a line of reasoning; undefined where there is nothing to tell a reader. */
export const hostedLines: ReadonlyMap<string, Line> = new Map<string, Line>([
  ['web_search_call', ({ action }) => searchLine(objectOf(action))],
  ['file_search_call', ({ queries }) => `Searched files: ${quoted(queries)}`],
  ['code_interpreter_call', ({ code }) => `Ran code:\n${stringOf(code)}`],
  ['image_generation_call', () => 'Generated an image'],
  ['mcp_call', ({ name, server_label }) => `Called ${stringOf(name)} on ${stringOf(server_label)}`],
  [
    'mcp_approval_request',
    ({ name, server_label }) =>
      `Asked for approval to call ${stringOf(name)} on ${stringOf(server_label)}, which a chat client cannot give`,
  ],
  ['computer_call', ({ action }) => `Asked to use the computer (${stringOf(objectOf(action)['type'])}), which a chat client cannot do`],
  ['local_shell_call', ({ action }) => `Asked to run: ${arrayOf(objectOf(action)['command']).join(' ')}`],
  ['shell_call', ({ action }) => `Ran: ${arrayOf(objectOf(action)['commands']).join('\n')}`],
  ['apply_patch_call', ({ operation }) => `Asked to patch ${stringOf(objectOf(operation)['path'])}, which a chat client cannot do`],
  ['tool_search_call', () => 'Searched for tools'],
  ['program', () => 'Ran a program'],
  ['mcp_list_tools', silent],
  ['mcp_approval_response', silent],
  ['additional_tools', silent],
  ['compaction', silent],
  ['tool_search_output', silent],
  ['program_output', silent],
  ['function_call_output', silent],
  ['custom_tool_call_output', silent],
  ['computer_call_output', silent],
  ['local_shell_call_output', silent],
  ['shell_call_output', silent],
  ['apply_patch_call_output', silent],
]);

/** The line for an item that is no message, reasoning or call of the client's tools. */
export function hostedLine(item: OutputItem): string | undefined {
  return hostedLines.get(item.type)?.(item);
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

/** The data URL of a finished `image_generation_call`; its `result` is base64. */
export function imageUrl(item: OutputItem): string | undefined {
  if (item.type !== 'image_generation_call' || !item.result) return undefined;
  return `data:${mediaTypes.get(item.output_format) ?? 'image/png'};base64,${item.result}`;
}

/** Whether the item is one of those above, of an unknown type included, so that nothing of it waits for its turn. */
export function isHosted(item: OutputItem): boolean {
  return !['message', 'reasoning', 'function_call', 'custom_tool_call'].includes(item.type);
}
