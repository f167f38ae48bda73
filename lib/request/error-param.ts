import { isObject, type JsonObject } from '../json.ts';

const renamed: readonly (readonly [string, (chat: JsonObject) => string])[] = [
  ['max_output_tokens', (chat) => ['max_completion_tokens', 'max_tokens'].find((name) => chat[name] != null) ?? 'max_output_tokens'],
  [
    'reasoning.effort',
    (chat) => (isObject(chat['reasoning']) && chat['reasoning_effort'] == null ? 'reasoning.effort' : 'reasoning_effort'),
  ],
  ['text.verbosity', () => 'verbosity'],
  ['text.format.type', () => 'response_format.type'],
];

/**
 * The field of a chat request that a Responses error is about. `param` is the upstream's name of it, `origins` the message of each input item.
 * Names that both APIs share stay as they are.
 */
export function toChatParam(param: string | null, chat: JsonObject, origins: readonly number[]): string | null {
  if (param === null) return null;
  const other = renamed.find(([name]) => name === param);
  if (other) return other[1](chat);
  if (param === 'input') return chat['messages'] == null ? 'input' : 'messages';
  const format = /^text\.format(?:\.(.*))?$/.exec(param);
  if (format) return format[1] ? `response_format.json_schema.${format[1]}` : 'response_format';
  const item = /^input\[(\d+)\](.*)$/s.exec(param);
  if (item && chat['messages'] != null) return `messages[${origins[Number(item[1])] ?? item[1]}]${item[2]}`;
  const tool = /^tools\[(\d+)\]\.(name|description|parameters|strict)(.*)$/s.exec(param);
  return tool ? toolParam(chat, Number(tool[1]), `${tool[2]}${tool[3]}`) : param;
}

function toolParam(chat: JsonObject, at: number, field: string): string {
  const tools = Array.isArray(chat['tools']) ? (chat['tools'] as unknown[]) : [];
  const tool = tools[at];
  if (at >= tools.length && chat['functions'] != null) return `functions[${at - tools.length}].${field}`;
  const nested = isObject(tool) ? ['function', 'custom'].find((kind) => isObject(tool[kind])) : undefined;
  return nested ? `tools[${at}].${nested}.${field}` : `tools[${at}].${field}`;
}
