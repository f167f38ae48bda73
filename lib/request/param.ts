import { arrayOf, isObject, type JsonObject } from '../json.ts';
import { fields } from './fields.ts';

/**
 * Returns a function that turns the `param` of a Responses error into the name of the client's own field; names that both APIs share stay as
 * they are. `origins` is the index of the message of each input item.
 *
 * The function holds nothing of the request itself (no closure in here may name `chat`): an error may come long after that was sent.
 */
export function chatParams(chat: JsonObject, origins: readonly number[]): (param: string | null) => string | null {
  const names = namesByPath(chat);
  const nestings = arrayOf(chat['tools']).map(nestingOf);
  const functions = arrayOf(chat['functions']).length;
  const hasSearch = chat['web_search_options'] != null;
  const hasMessages = chat['messages'] != null;

  return (param) => {
    if (param === null) return null;
    const [, list, index, rest = ''] = /^(input|tools)\[(\d+)\](.*)$/s.exec(param) ?? [];
    if (list === 'input' && hasMessages) return `messages[${origins[Number(index)] ?? index}]${rest}`;
    if (list === 'tools') return toolParam(Number(index), rest);
    for (const [path, name] of names) {
      const below = param.slice(path.length);
      if (param.startsWith(path) && /^(?:$|[.[])/.test(below)) return name + restIn(name, below);
    }
    return param;
  };

  function toolParam(at: number, rest: string): string {
    if (at < nestings.length) return `tools[${at}]${ownFields.test(rest) ? nestings[at] : ''}${rest}`;
    if (at < nestings.length + functions) return `functions[${at - nestings.length}]${rest}`;
    return (hasSearch && at === nestings.length + functions ? 'web_search_options' : `tools[${at}]`) + rest;
  }
}

/** The client's field for each path of a Responses request that may come from another one: the first that it sends, else the first of all. */
function namesByPath(chat: JsonObject): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { name, path } of fields.values()) if (path !== undefined && chat[name] != null && !names.has(path)) names.set(path, name);
  for (const { name, path = '' } of fields.values()) {
    const [root = ''] = path.split('.', 1);
    if (root !== '' && root !== 'tools' && root !== 'include' && chat[root] == null && !names.has(path)) names.set(path, name);
  }
  return names;
}

/** The fields of a tool that Chat Completions has one level deeper. */
const ownFields = /^\.(?:name|description|parameters|strict)\b/;

/** Servers and clients exist that do not nest them. */
function nestingOf(tool: unknown): string {
  const nested = isObject(tool) ? ['function', 'custom'].find((kind) => isObject(tool[kind])) : undefined;
  return nested ? `.${nested}` : '';
}

/** What stands below a field of the client: its form differs where the field's own does. */
function restIn(name: string, below: string): string {
  if (name === 'logprobs') return '';
  return name === 'response_format' && below !== '' && below !== '.type' ? `.json_schema${below}` : below;
}
