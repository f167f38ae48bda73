import { arrayOf, isObject, type JsonObject } from '../json.ts';

/**
 * Finds the fields of a chat request that Responses errors are about, by the upstream's names of them; `origins` is the message of each input
 * item. Names that both APIs share stay as they are. It holds nothing of the request itself (no function in it may name `chat`): an error may
 * come long after that was sent.
 */
export function chatParams(chat: JsonObject, origins: readonly number[]): (param: string | null) => string | null {
  const limit = limitOf(chat);
  const effort = isObject(chat['reasoning']) && chat['reasoning_effort'] == null ? 'reasoning.effort' : 'reasoning_effort';
  const hasMessages = chat['messages'] != null;
  const hasFunctions = chat['functions'] != null;
  const nestings = arrayOf(chat['tools']).map(nestingOf);
  return (param) => {
    switch (param) {
      case null:
        return null;
      case 'max_output_tokens':
        return limit;
      case 'reasoning.effort':
        return effort;
      case 'text.verbosity':
        return 'verbosity';
      case 'text.format':
        return 'response_format';
      case 'text.format.type':
        return 'response_format.type';
      case 'input':
        return hasMessages ? 'messages' : param;
    }
    const format = /^text\.format\.(.*)$/s.exec(param);
    if (format) return `response_format.json_schema.${format[1]}`;
    const item = /^input\[(\d+)\](.*)$/s.exec(param);
    if (item && hasMessages) return `messages[${origins[Number(item[1])] ?? item[1]}]${item[2]}`;
    const tool = /^tools\[(\d+)\]\.((?:name|description|parameters|strict).*)$/s.exec(param);
    if (!tool) return param;
    const at = Number(tool[1]);
    if (at >= nestings.length && hasFunctions) return `functions[${at - nestings.length}].${tool[2]}`;
    return `tools[${at}]${nestings[at] ?? ''}.${tool[2]}`;
  };
}

function limitOf(chat: JsonObject): string {
  return ['max_completion_tokens', 'max_tokens'].find((name) => chat[name] != null) ?? 'max_output_tokens';
}

/** Chat has the fields of a tool one level deeper; servers and clients exist that have not. */
function nestingOf(tool: unknown): string {
  const nested = isObject(tool) ? ['function', 'custom'].find((kind) => isObject(tool[kind])) : undefined;
  return nested ? `.${nested}` : '';
}
