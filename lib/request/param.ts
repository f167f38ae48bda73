import { arrayOf, isGiven, isObject, objectOf, type JsonObject } from '../json.ts';
import { fields } from './fields.ts';
import type { Origin, Origins } from './origins.ts';
import { customFields, functionFields } from './tools.ts';

/**
 * Returns a function that turns the `param` of a Responses error into the name of the client's own field; names that both APIs share stay as
 * they are.
 *
 * The function holds nothing of the request itself (no closure in here may name `chat`): an error may come long after that was sent.
 *
 * @param origins Where each item of the input comes from; undefined if the client sent the items itself.
 * @param sources The client's fields for paths of `reasoning` that it asked for in another way: see `AskedReasoning`.
 */
export function chatParams(
  chat: JsonObject,
  origins: Origins | undefined,
  sources: ReadonlyMap<string, string>,
): (param: string | null) => string | null {
  const names = namesByPath(chat, origins !== undefined, sources);
  const toolParam = toolParams(chat);
  const choiceParam = choiceParams(chat);
  const includes = arrayOf(chat['include']).length;
  const isSchemaNested = isObject(objectOf(chat['response_format'])['json_schema']);

  return (param) => {
    if (param === null) return null;
    const [, list, index, rest = ''] = /^(input|tools|include)\[(\d+)\](.*)$/s.exec(param) ?? [];
    if (list === 'input' && origins) return inputParam(origins.of(Number(index)), rest);
    if (list === 'tools') return toolParam(Number(index), rest);
    if (list === 'include' && Number(index) < includes) return param;
    const path = [...names.keys()].find((one) => isBelow(param, one));
    const below = param.slice((path ?? 'tool_choice').length);
    if (path === 'tool_choice' || (path === undefined && isBelow(param, 'tool_choice'))) return choiceParam(below);
    if (path === undefined) return param;
    return names.get(path)! + restOf(path, below);
  };

  function restOf(path: string, below: string): string {
    if (path === 'include') return '';
    return path === 'text.format' && isSchemaNested && below !== '' && below !== '.type' ? `.json_schema${below}` : below;
  }
}

function isBelow(param: string, path: string): boolean {
  return param.startsWith(path) && /^(?:$|[.[])/.test(param.slice(path.length));
}

/** The fields that a Responses request has elsewhere; `root` is where that begins. */
const moved = [...fields.values()].flatMap(({ name, path }) => (path === undefined ? [] : { name, path, root: path.split('.', 1)[0]! }));

/** The client's field for each path of a Responses request that may come from another one: the first that it sends, else the first of all. */
function namesByPath(chat: JsonObject, hasMessages: boolean, sources: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const names = new Map(sources);
  const offer = (path: string, name: string): void => {
    if (!names.has(path) && (hasMessages || path !== 'input')) names.set(path, name);
  };
  for (const { name, path } of moved) if (isGiven(chat[name])) offer(path, name);
  for (const { name, path, root } of moved) if (root !== 'tools' && root !== 'include' && !isGiven(chat[root])) offer(path, name);
  for (const root of ['reasoning', 'text']) {
    const part = [...names.keys()].find((path) => path.startsWith(`${root}.`));
    if (!isGiven(chat[root]) && part !== undefined) names.set(root, names.get(part)!);
  }
  return names;
}

/** A field of an item: its message's, or its call's. */
function inputParam(origin: Origin | undefined, rest: string): string {
  if (!origin) return 'messages';
  const [, field = '', below = ''] = /^\.(\w+)(.*)$/s.exec(rest) ?? [];
  const own = origin.fields.get(field);
  if (own === undefined) return origin.path;
  const [, part, ofPart = ''] = /^\[(\d+)\](?:\.(\w+))?/.exec(below) ?? [];
  const names = part === undefined ? undefined : origin.parts?.[Number(part)];
  const name = names?.get(ofPart);
  return `${origin.path}.${own}${names ? `[${part}]` : ''}${name === undefined ? '' : `.${name}`}`;
}

/** Returns the name of a field of a tool, by the tool's index and what stands behind it. */
function toolParams(chat: JsonObject): (at: number, rest: string) => string {
  const tools = arrayOf(chat['tools']).map(toolForm);
  const functions = arrayOf(chat['functions']).length;
  const search = chat['web_search_options'];
  const hasSearch = isObject(search);
  const isPlaceNested = isObject(objectOf(objectOf(search)['user_location'])['approximate']);

  return (at, rest) => {
    const tool = tools[at];
    if (tool) return `tools[${at}]${nestedRest(tool, rest)}`;
    if (at < tools.length + functions) return `functions[${at - tools.length}]${rest}`;
    if (!hasSearch || at > tools.length + functions) return `tools[${at}]${rest}`;
    return `web_search_options${isPlaceNested ? rest.replace(/^\.user_location\.(?!type)/, '.user_location.approximate.') : rest}`;
  };
}

/** How a client wrote a tool. */
interface ToolForm {
  nesting: string;
  /** The fields that it has beside the nested ones, as Responses has them. */
  beside: readonly string[];
  isGrammarNested: boolean;
}

function toolForm(tool: unknown): ToolForm {
  const nesting = nestingOf(tool);
  const own = nesting === '' ? tool : objectOf(tool)[nesting.slice(1)];
  return {
    nesting,
    beside: nesting === '' ? [] : Object.keys(objectOf(tool)).filter((name) => isNested(name) && !(name in objectOf(own))),
    isGrammarNested: isObject(objectOf(objectOf(own)['format'])['grammar']),
  };
}

function nestedRest({ nesting, beside, isGrammarNested }: ToolForm, rest: string): string {
  const [field = ''] = /(?<=^\.)\w+/.exec(rest) ?? [];
  const below = isGrammarNested ? rest.replace(/^\.format\.(?=syntax|definition)/, '.format.grammar.') : rest;
  return isNested(field) && !beside.includes(field) ? nesting + below : below;
}

/** Whether Chat Completions have a field of a tool one level deeper. */
function isNested(field: string): boolean {
  return functionFields.has(field) || customFields.has(field);
}

/** Servers and clients exist that do not nest them. */
function nestingOf(tool: unknown): string {
  const nested = isObject(tool) ? ['function', 'custom'].find((kind) => isObject(tool[kind])) : undefined;
  return nested ? `.${nested}` : '';
}

/** Returns the name of a field of the tool choice, by what stands behind `tool_choice`. */
function choiceParams(chat: JsonObject): (below: string) => string {
  const field = !isGiven(chat['tool_choice']) && isGiven(chat['function_call']) ? 'function_call' : 'tool_choice';
  const choice = objectOf(chat[field]);
  const allowed = choice['allowed_tools'];
  const nesting = isObject(allowed) ? '.allowed_tools' : nestingOf(choice);
  const tools = arrayOf((isObject(allowed) ? allowed : choice)['tools']).map(nestingOf);

  return (below) => {
    if (below === '' || below === '.type') return field + below;
    return (
      field + nesting + below.replace(/^(\.tools\[(\d+)\])(?=\.name)/, (_, list: string, at: string) => list + (tools[Number(at)] ?? ''))
    );
  };
}
