import { arrayOf, isObject, stringOf, type JsonObject } from '../../json.ts';
import type { ResponsesRequest } from '../../wire/responses.ts';
import { hash } from '../../hash.ts';
import type { Addition } from './addition.ts';

const field = 'prompt_cache_key';

/** Where the client leaves the history to the server, the conversation's beginning is not known. */
const serverKeeps = ['previous_response_id', 'conversation', 'prompt'];

/** By this key the servers find the prompt's cache. It is a hash of what stays the same through a conversation, and tells nothing of it. */
export const promptCacheKey: Addition = {
  name: field,
  field,
  isShown: false,

  choose({ request, traits, brief }) {
    if (request[field] || !traits.known || serverKeeps.some((name) => request[name] != null)) return undefined;
    return { value: hash(JSON.stringify(beginningOf(request).map(brief))) };
  },

  apply: (request, value) => ({ ...request, [field]: value }),
  valueIn: (request) => stringOf(request[field]) || undefined,
  isNamed: (param) => param === field,
  refusal: /^Invalid 'prompt_cache_key'/,
};

/** The model, the client's tools, the instructions, and all up to the first user message, as texts. Marks for the cache move on, so they do not count. */
function beginningOf({ model, instructions, tools, input }: ResponsesRequest): string[] {
  const texts = [model, stringOf(instructions), ...arrayOf(tools).map(nameOf)];
  if (typeof input === 'string') return [...texts, input];
  for (const item of input) {
    const { role, content } = isObject(item) ? item : ({} as JsonObject);
    if (role !== 'user' && role !== 'system' && role !== 'developer') continue;
    texts.push(role);
    for (const text of textsOf(content)) texts.push(text);
    if (role === 'user') break;
  }
  return texts;
}

function nameOf(tool: unknown): string {
  return isObject(tool) ? stringOf(tool['name'] ?? tool['server_label'] ?? tool['type']) : '';
}

function textsOf(content: unknown): string[] {
  if (typeof content === 'string') return [content];
  return arrayOf(content).map((part) =>
    isObject(part) ? stringOf(part['text'] ?? part['image_url'] ?? part['file_id'] ?? part['file_data'] ?? part['file_url']) : '',
  );
}
