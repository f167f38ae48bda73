import { arrayOf, objectOf, stringOf } from '../json.ts';
import type { HostedItem, ImageGenerationItem, OutputItem, UnknownItem } from '../wire/responses.ts';
import { errorIn } from './failures.ts';

/**
 * Returns the line of reasoning for an item that chat clients have no form for; an empty one if there is nothing to say, undefined if the
 * type is unknown. The values come from a server, so none is trusted to be what its type says.
 */
export function hostedLine(item: HostedItem | UnknownItem): string | undefined {
  switch (item.type) {
    case 'web_search_call': {
      const { done, tried } = searchLine(objectOf(item.action));
      return failure(item, tried) ?? done;
    }
    case 'file_search_call':
      return failure(item, `Search in files (${quoted(item.queries)})`) ?? `Searched files: ${quoted(item.queries)}`;
    case 'code_interpreter_call':
      return `${failure(item, 'Code') ?? 'Ran code'}:\n${fenced(stringOf(item.code), 'python')}`;
    case 'image_generation_call':
      return failure(item, 'Image generation') ?? (imageUrl(item) ? 'Generated an image' : 'Image generation gave no image');
    case 'mcp_call': {
      const name = stringOf(item.name);
      const server = stringOf(item.server_label) && ` on ${stringOf(item.server_label)}`;
      return failure(item, `Call of ${name}${server}`) ?? `Called ${name}${server}`;
    }
    case 'mcp_list_tools':
      return failure(item, `Listing the tools of ${stringOf(item.server_label)}`) ?? '';
    case 'mcp_approval_request':
      return `Asked for approval to call ${stringOf(item.name)} on ${stringOf(item.server_label)}, which a chat client cannot give`;
    case 'computer_call': {
      const actions = arrayOf(item.actions).length > 0 ? arrayOf(item.actions) : [item.action];
      const kinds = actions.map((action) => stringOf(objectOf(action)['type'])).filter((kind) => kind !== '');
      return `Asked to use the computer (${kinds.join(', ')}), which a chat client cannot do`;
    }
    case 'local_shell_call':
      return `Asked to run:${commandLine([arrayOf(objectOf(item.action)['command']).map(String).join(' ')])}`;
    case 'shell_call': {
      const command = commandLine(arrayOf(objectOf(item.action)['commands']).map(String));
      // only a container is the server's; a call without one waits for the client
      const isRun = stringOf(objectOf(item.environment)['type']).startsWith('container');
      return isRun ? `${failure(item, 'A command') ?? 'Ran'}:${command}` : `Asked to run:${command}`;
    }
    case 'apply_patch_call':
      return `Asked to patch ${stringOf(objectOf(item.operation)['path'])}, which a chat client cannot do`;
    case 'tool_search_call':
      return failure(item, 'Search for tools') ?? 'Searched for tools';
    case 'program': {
      const code = stringOf(item.code);
      return `${failure(item, 'A program') ?? 'Ran a program'}${code && `:\n${fenced(code, 'js')}`}`;
    }
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

/** Returns what is said of a tool that failed, in the words of the server; undefined for one that did not. */
function failure(item: object, what: string): string | undefined {
  const { status, error } = item as { status?: unknown; error?: unknown };
  if (status !== 'failed' && (error == null || error === '')) return undefined;
  const { message, code } = errorIn(error);
  const reason = message || contentOf(error) || code;
  return `${what} failed${reason ? `: ${reason}` : ''}`;
}

/** The text parts of an error that an MCP tool returned. */
function contentOf(error: unknown): string {
  return arrayOf(objectOf(error)['content'])
    .map((part) => stringOf(objectOf(part)['text']))
    .filter((text) => text !== '')
    .join('\n');
}

/** Returns code as a Markdown block; its fence is longer than any in the code. */
function fenced(code: string, language: string): string {
  let longest = 2;
  for (const run of code.match(/`+/g) ?? []) longest = Math.max(longest, run.length);
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${code}${code.endsWith('\n') ? '' : '\n'}${fence}`;
}

/** Returns one command after a blank, several as a block. */
function commandLine(commands: readonly string[]): string {
  const [only = ''] = commands;
  return commands.length < 2 && !only.includes('\n') ? ` ${only}` : `\n${fenced(commands.join('\n'), 'sh')}`;
}

function searchLine(action: { readonly [key: string]: unknown }): { done: string; tried: string } {
  const { type, query, queries, url, pattern } = action;
  if (type === 'open_page') return { done: `Opened ${stringOf(url)}`, tried: `Opening ${stringOf(url)}` };
  if (type === 'find_in_page' || type === 'find') {
    const what = `“${stringOf(pattern)}” in ${stringOf(url)}`;
    return { done: `Looked for ${what}`, tried: `Looking for ${what}` };
  }
  const searched = quoted([...new Set([query, ...arrayOf(queries)])]);
  return searched
    ? { done: `Searched the web: ${searched}`, tried: `Web search (${searched})` }
    : { done: 'Searched the web', tried: 'Web search' };
}

function quoted(queries: unknown): string {
  return arrayOf(queries)
    .filter((query) => typeof query === 'string' && query !== '')
    .map((query) => `“${String(query)}”`)
    .join(', ');
}

/** Media types that are not named as the format is. */
const mediaTypes: ReadonlyMap<string, string> = new Map([
  ['jpg', 'image/jpeg'],
  ['svg', 'image/svg+xml'],
]);

/** How the base64 of an image of each type begins. */
const beginnings: readonly (readonly [string, string])[] = [
  ['/9j/', 'image/jpeg'],
  ['UklGR', 'image/webp'],
  ['R0lGOD', 'image/gif'],
  ['PHN2Zy', 'image/svg+xml'],
];

/** Returns the URL of the image of a finished `image_generation_call`: a data URL, unless the server gives one of its own. */
export function imageUrl(item: HostedItem | UnknownItem): string | undefined {
  if (item.type !== 'image_generation_call' || item.status === 'failed') return undefined;
  const result = stringOf(item.result);
  if (result === '' || /^(?:data|https?):/.test(result)) return result || undefined;
  return `data:${mediaTypeOf(item, result)};base64,${result}`;
}

function mediaTypeOf({ output_format }: ImageGenerationItem, result: string): string {
  const format = stringOf(output_format)
    .toLowerCase()
    .replace(/^image\//, '');
  if (/^[a-z0-9.+-]+$/.test(format)) return mediaTypes.get(format) ?? `image/${format}`;
  return beginnings.find(([beginning]) => result.startsWith(beginning))?.[1] ?? 'image/png';
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
