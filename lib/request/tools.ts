import { arrayOf, isObject, stringOf, type JsonObject } from '../json.ts';
import { shortName } from './short-names.ts';

/** Tools as sent, and the names that were shortened for it. */
export interface Tools {
  tools: object[];
  /** Sent name → the client's own, of those that differ. */
  names: ReadonlyMap<string, string>;
  /** The sent names of the client's functions and custom tools. */
  declared: ReadonlySet<string>;
}

/** For requests without any; one for all, because each stream keeps what it is given. */
const noTools: Tools = { tools: [], names: new Map(), declared: new Set() };

/** The client's `tools`, `functions` and `web_search_options` as one list of Responses tools. */
export function toTools(chat: JsonObject): Tools {
  if (chat['tools'] == null && chat['functions'] == null && chat['web_search_options'] == null) return noTools;
  const names = new Map<string, string>();
  const declared = new Set<string>();
  const tools = arrayOf(chat['tools']).map((tool) => (isObject(tool) ? toTool(tool) : (tool as object)));
  tools.push(...arrayOf(chat['functions']).map((one) => (isObject(one) ? toFunction(one) : (one as object))));
  const search = chat['web_search_options'];
  if (isObject(search) && !tools.some(isSearch)) tools.push(toWebSearch(search));
  return { tools, names, declared };

  function toTool(tool: JsonObject): object {
    if (tool['type'] === 'function') return toFunction(isObject(tool['function']) ? tool['function'] : tool);
    if (tool['type'] === 'custom') return toCustom(isObject(tool['custom']) ? tool['custom'] : tool);
    return tool;
  }

  /** `strict` is always sent: without it the server rewrites the schema so that optional fields become required. */
  function toFunction({ name, description, parameters, strict, type: _, function: __, ...more }: JsonObject): object {
    return {
      ...more,
      type: 'function',
      ...named(name),
      ...(description != null && { description }),
      parameters: parameters ?? { type: 'object', properties: {} },
      strict: strict ?? false,
    };
  }

  function toCustom({ name, description, format, type: _, custom: __, ...more }: JsonObject): object {
    return {
      ...more,
      type: 'custom',
      ...named(name),
      ...(description != null && { description }),
      ...(format != null && { format: toGrammar(format) }),
    };
  }

  function named(name: unknown): object {
    if (typeof name !== 'string') return {};
    const sent = shortName(name);
    declared.add(sent);
    if (sent !== name) names.set(sent, name);
    return { name: sent };
  }
}

export function isSearch(tool: object): boolean {
  return isObject(tool) && stringOf(tool['type']).startsWith('web_search');
}

/** Chat nests a grammar's syntax and definition, Responses does not. */
function toGrammar(format: unknown): unknown {
  if (!isObject(format) || !isObject(format['grammar'])) return format;
  const { grammar, ...more } = format;
  return { ...more, ...grammar };
}

/** Chat nests the place under `approximate`, Responses does not. */
function toWebSearch({ search_context_size, user_location }: JsonObject): object {
  const place =
    isObject(user_location) && isObject(user_location['approximate'])
      ? { type: 'approximate', ...user_location['approximate'] }
      : user_location;
  return {
    type: 'web_search',
    ...(search_context_size != null && { search_context_size }),
    ...(place != null && { user_location: place }),
  };
}

/** `tool_choice` or the deprecated `function_call`: what Chat nests under the tool's type, Responses has flat. */
export function toToolChoice(choice: unknown): unknown {
  if (!isObject(choice)) return choice;
  const { type } = choice;
  if (type === 'allowed_tools') {
    const { mode, tools } = isObject(choice['allowed_tools']) ? choice['allowed_tools'] : choice;
    return { type, mode, tools: arrayOf(tools).map(toToolChoice) };
  }
  const kind = isObject(choice['custom']) || type === 'custom' ? 'custom' : 'function';
  const nested = choice[kind];
  const { name } = isObject(nested) ? nested : choice;
  if (typeof name !== 'string' || (type !== undefined && type !== kind)) return choice; // a hosted tool
  return { type: kind, name: shortName(name) };
}
