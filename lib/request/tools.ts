import { arrayOf, isGiven, isObject, objectOf, stringOf, type JsonObject } from '../json.ts';
import { isNeutral } from './fields.ts';
import { shortName } from './short-names.ts';

/** Tools as sent, and the names that were shortened for it. */
export interface Tools {
  tools: object[];
  /** Sent name → the client's own, of those that differ. */
  names: ReadonlyMap<string, string>;
  /** The sent names of the client's functions and custom tools. */
  declared: ReadonlySet<string>;
  /** The client's names of those whose calls may wait for their outputs. */
  async: ReadonlySet<string>;
  notes: string[];
}

/** For requests without any; one for all, because each stream keeps what it is given. */
const noTools: Tools = { tools: [], names: new Map(), declared: new Set(), async: new Set(), notes: [] };

/** The client's `tools`, `functions` and `web_search_options` as one list of Responses tools. */
export function toTools(chat: JsonObject): Tools {
  if (chat['tools'] == null && chat['functions'] == null && chat['web_search_options'] == null) return noTools;
  const names = new Map<string, string>();
  const declared = new Set<string>();
  const async = new Set<string>();
  const notes: string[] = [];
  const tools = arrayOf(chat['tools']).map((tool, at) => (isObject(tool) ? toTool(tool, at) : (tool as object)));
  for (const one of arrayOf(chat['functions'])) tools.push(isObject(one) ? toFunction(one) : (one as object));
  const search = chat['web_search_options'];
  if (isObject(search)) {
    if (!tools.some(isSearch)) tools.push(toWebSearch(search));
    else if (!isNeutral('web_search_options', search)) notes.push('dropped web_search_options');
  }
  return { tools, names, declared, async, notes };

  function toTool(tool: JsonObject, at: number): object {
    const { type = isObject(tool['function']) ? 'function' : undefined } = tool;
    if (type === 'function') return toFunction(flat(tool, 'function', functionFields, at));
    if (type === 'custom') return toCustom(flat(tool, 'custom', customFields, at));
    return withoutHint(tool);
  }

  /** Chat nests a tool under its type, Responses does not. What stands beside it counts if Responses has it. */
  function flat(tool: JsonObject, type: string, fields: ReadonlySet<string>, at: number): JsonObject {
    const own = tool[type];
    if (!isObject(own)) return tool;
    const { type: _, [type]: __, ...beside } = withoutHint(tool);
    const kept: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(beside)) {
      if (fields.has(name)) kept[name] = value;
      else if (!isNeutral(name, value)) notes.push(`dropped tools[${at}].${name}`);
    }
    return { ...kept, ...own };
  }

  /** `strict` is always sent: without it the server rewrites the schema so that optional fields become required. */
  function toFunction(tool: JsonObject): object {
    const { name, description, parameters, strict, type: _, function: __, ...more } = withoutHint(tool);
    return {
      ...more,
      type: 'function',
      ...named(tool),
      ...(description != null && { description }),
      parameters: parameters ?? { type: 'object', properties: {} },
      strict: strict ?? false,
    };
  }

  function toCustom(tool: JsonObject): object {
    const { name, description, format, type: _, custom: __, ...more } = withoutHint(tool);
    return {
      ...more,
      type: 'custom',
      ...named(tool),
      ...(description != null && { description }),
      ...(format != null && { format: toGrammar(format) }),
    };
  }

  function named({ name, async: isAsync }: JsonObject): object {
    if (typeof name !== 'string') return {};
    if (isAsync === true) async.add(name);
    const sent = shortName(name);
    declared.add(sent);
    if (sent !== name) names.set(sent, name);
    return { name: sent };
  }
}

/** What a function may have in Responses, beside its type. */
export const functionFields: ReadonlySet<string> = new Set([
  'name',
  'description',
  'parameters',
  'strict',
  'allowed_callers',
  'async',
  'defer_loading',
  'output_schema',
]);

/** Likewise a custom tool. */
export const customFields: ReadonlySet<string> = new Set(['name', 'description', 'format', 'allowed_callers', 'async', 'defer_loading']);

/** Tools have no breakpoint for the cache. */
function withoutHint(tool: JsonObject): JsonObject {
  if (!('cache_control' in tool)) return tool;
  const { cache_control: _, ...rest } = tool;
  return rest;
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
function toWebSearch({ user_location: place, ...options }: JsonObject): object {
  const { approximate, ...location } = objectOf(place);
  const user_location = isObject(place) ? { ...given(location), ...given({ type: 'approximate', ...objectOf(approximate) }) } : place;
  return { ...given(options), type: 'web_search', ...(isGiven(user_location) && { user_location }) };
}

function given(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => isGiven(value)));
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
