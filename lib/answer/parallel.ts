import { budgets } from '../budgets.ts';
import { isBeyond } from '../json-extent.ts';
import { arrayOf, objectOf, stringOf } from '../json.ts';
import type { AnswerContext } from '../answer-context.ts';
import type { CallItem, FunctionCallItem, OutputItem } from '../wire/responses.ts';

// Models sometimes invent a tool with the real calls in its arguments:
// `{"tool_uses": [{"recipient_name": "functions.NAME", "parameters": {…}}]}`.

const names: ReadonlySet<string> = new Set(['parallel', 'multi_tool_use.parallel']);

/** Whether a call of this name may be such a wrapper: it is none of the client's tools. */
export function mayWrap({ name }: CallItem, tools: AnswerContext['tools']): boolean {
  return names.has(name) && !tools.has(name);
}

/** Returns the calls inside of a wrapper; undefined for any other call, and unless all of them are declared tools. */
export function wrappedCalls(call: CallItem, tools: AnswerContext['tools']): FunctionCallItem[] | undefined {
  if (call.type !== 'function_call' || !mayWrap(call, tools)) return undefined;
  const uses = arrayOf(objectOf(parse(call.arguments))['tool_uses']).map(objectOf);
  const calls = uses.map(({ recipient_name: name, parameters }, at) => ({
    type: 'function_call' as const,
    call_id: `${call.call_id}_${at}`,
    name: stringOf(name).replace(/^functions\./, ''),
    arguments: JSON.stringify(parameters ?? {}),
  }));
  return calls.length > 0 && calls.every(({ name }) => tools.has(name)) ? calls : undefined;
}

/** Returns the output items with the calls that the client got in place of each wrapper: it returns those, and its results are theirs. */
export function withoutWrappers(items: readonly OutputItem[], tools: AnswerContext['tools']): readonly OutputItem[] {
  return items.flatMap((item) => (item.type === 'function_call' && wrappedCalls(item, tools)) || item);
}

/** undefined for what is no JSON, or what would take twenty times its size to read. */
function parse(json: string): unknown {
  if (isBeyond(json, budgets.values, budgets.depth)) return undefined;
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
