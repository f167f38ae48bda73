import { arrayOf, isObject, type JsonObject } from '../../json.ts';
import type { ResponsesRequest } from '../../wire/responses.ts';
import { asksForJson } from '../text-format.ts';
import { hasSmallLimit } from '../token-limit.ts';
import type { Addition } from './addition.ts';

const type = 'web_search';

export const webSearch: Addition = {
  name: 'web_search',
  field: 'web_search',
  isShown: true,

  choose({ request, chat, traits, settings }) {
    if (!settings.webSearch || !traits.webSearch || !isPlainConversation(request, chat)) return undefined;
    if (hasSmallLimit(chat)) return { note: 'small token limit: no web search' };
    return request.reasoning?.effort === 'minimal' ? undefined : { value: type };
  },

  apply: (request) => ({ ...request, tools: [{ type }] }),
  valueIn: ({ tools }) => (tools ? type : undefined),
  // it is only added if the client has no tools
  isNamed: (param) => /^tools(?:\[|\.|$)/.test(param),
  refusal: /^The following tools cannot be used with reasoning\.effort|^(?:Hosted tool|Invalid value:) 'web_search'/,
};

/** Tools of the client, tool calls or a JSON format mean that it has a plan of its own. */
function isPlainConversation(request: ResponsesRequest, chat: JsonObject): boolean {
  return (
    !request.tools?.length &&
    chat['tool_choice'] !== 'none' &&
    !asksForJson(request) &&
    !arrayOf(request.input).some(isToolItem) &&
    !arrayOf(chat['messages']).some(isToolResult) // a result without its call has become a user's text
  );
}

function isToolItem(item: unknown): boolean {
  return isObject(item) && typeof item['type'] === 'string' && /_call(?:_output)?$/.test(item['type']);
}

function isToolResult(message: unknown): boolean {
  return isObject(message) && (message['role'] === 'tool' || message['role'] === 'function');
}
