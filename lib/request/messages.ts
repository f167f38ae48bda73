import type { ReasoningStyle } from '../answer-context.ts';
import { proxyError } from '../errors.ts';
import { arrayOf, isObject, objectOf, stringOf, type JsonObject } from '../json.ts';
import type { InputItem } from '../wire/responses.ts';
import { withBreakpoint } from './breakpoints.ts';
import { toAssistantParts, toInputContent, toOutputContent } from './content.ts';
import { toFullMessage } from './full-message.ts';
import { createOrigins, type Origins } from './origins.ts';
import { idOf, pairCalls, type Call, type Pairing } from './pairing.ts';
import { toReasoningItems } from './reasoning-details.ts';
import type { Placement, RecalledTurn, Step } from './recall.ts';
import { shortName } from './short-names.ts';

export interface Input {
  items: unknown[];
  /** Where each item comes from. */
  origins: Origins;
  notes: string[];
  /** The turns that were put back. */
  recalled: readonly RecalledTurn[];
  /** The indices of their items. */
  recalledItems: ReadonlySet<number>;
}

export interface InputOptions {
  /** Finds the places of turns of the model that were kept; undefined if there are none. */
  place: ((pairing: Pairing) => Placement | undefined) | undefined;
  /** Calls may also lie in a conversation that the server holds. */
  serverKeeps: boolean;
  /** The names of functions whose calls may wait for their outputs. */
  async: ReadonlySet<string>;
  /** A `cache_control` counts: see `breakpointOf`. */
  takesHints: boolean;
  /** How reasoning is shown to the client: such blocks are taken out of what comes back. */
  style: ReasoningStyle;
  /** Assistant messages have the full form of an output message. */
  fullMessages: boolean;
}

/**
 * Returns the input items for a chat conversation: the same roles and texts in the same order. Every call gets an output and every output has its
 * call, as the API demands.
 *
 * @throws ProxyError 400 that names the message which is not one.
 */
export function toInput(messages: readonly unknown[], options: InputOptions): Input {
  const { place, serverKeeps, async, takesHints, fullMessages } = options;
  const items: unknown[] = [];
  const notes: string[] = [];
  const pairing = pairCalls(messages);
  const { calls, answers } = pairing;
  const origins = createOrigins(calls);
  const placement = place?.(pairing);
  const recalledItems = new Set<number>();
  /** Outputs that already stand before a later step of their message. */
  const placed = new Set<number>();
  let answerOf: Map<Call, number> | undefined;

  for (const [at, message] of messages.entries()) {
    if (!isObject(message)) throw proxyError('messageNotObject', { param: `messages[${at}]` });
    add(message, at);
  }
  return { items, origins, notes, recalled: placement?.recalled ?? [], recalledItems };

  function push(at: number, ...more: readonly unknown[]): void {
    for (const item of more) {
      origins.add(item, objectOf(messages[at]), at);
      items.push(fullMessages ? toFullMessage(item, items.length) : item);
    }
  }

  function add(message: JsonObject, at: number): void {
    const { role, content } = message;
    switch (role) {
      case 'user':
      case 'system':
      case 'developer':
        if (arrayOf(message['images']).length > 0) notes.push(`dropped messages[${at}].images`);
        return push(at, { role, content: withBreakpoint(toInputContent(content, takesHints), message, takesHints) } satisfies InputItem);
      case 'assistant':
        return assistant(message, at);
      case 'tool':
      case 'function':
        if (!placed.has(at)) push(at, output(message, at));
        return;
      default:
        throw proxyError('roleInvalid', { param: `messages[${at}].role` });
    }
  }

  function assistant(message: JsonObject, at: number): void {
    const steps = placement?.steps.get(at);
    if (steps) return addSteps(steps, at);
    const parts = toAssistantParts(message, options.style, (what) => notes.push(`dropped messages[${at}].${what}`));
    const made = calls.get(at) ?? [];
    const item = toMessageItem(message['content'], parts);
    push(at, ...toReasoningItems(message), ...(item ? [item] : []), ...made.map(toCallItem), ...missingOutputs(made));
  }

  function addSteps(steps: readonly Step[], at: number): void {
    for (const [n, { items: kept, calls: own }] of steps.entries()) {
      for (let index = items.length; index < items.length + (kept?.length ?? 0); index += 1) recalledItems.add(index);
      push(at, ...(kept ?? own.map(toCallItem)));
      if (n < steps.length - 1) for (const answer of answersOf(own)) push(answer, output(objectOf(messages[answer]), answer));
      push(at, ...missingOutputs(own));
    }
  }

  /** Returns the messages that answer these calls; their outputs then do not come at their own place. */
  function answersOf(own: readonly Call[]): number[] {
    answerOf ??= new Map([...answers].map(([at, call]) => [call, at]));
    const found = own.flatMap((call) => answerOf?.get(call) ?? []).toSorted((a, b) => a - b);
    for (const at of found) placed.add(at);
    return found;
  }

  function missingOutputs(own: readonly Call[]): unknown[] {
    return own
      .filter(({ answered, name }) => !answered && !async.has(name))
      .map((call) => {
        const item = outputItem(call, '');
        notes.push(`empty output for ${item.call_id}`);
        return item;
      });
  }

  function output(message: JsonObject, at: number): unknown {
    const said = withBreakpoint(toOutputContent(message['content'], takesHints), message, takesHints);
    const call = answers.get(at);
    if (call) return outputItem(call, said);
    const id = idOf(message) ?? stringOf(message['name']);
    if (serverKeeps && id) return { type: 'function_call_output', call_id: shortName(id), output: said } satisfies InputItem;
    notes.push(`output of ${id || `messages[${at}]`} without its call sent as user text`);
    const heading = `Output of a tool call${id && ` (${id})`}:\n`;
    const content = typeof said === 'string' ? heading + said : [{ type: 'input_text' as const, text: heading }, ...said];
    return { role: 'user', content } satisfies InputItem;
  }

  /** The output of a call, under the id that the call has in the request. */
  function outputItem(call: Call, said: ReturnType<typeof toOutputContent>): InputItem & { call_id: string } {
    const own = placement?.calls.get(call);
    const isCustom = own ? own.type === 'custom_tool_call' : call.kind === 'custom';
    const common = { call_id: own?.call_id ?? call.callId, output: said };
    if (isCustom) return { type: 'custom_tool_call_output', ...common };
    // a program that waits for the output is named in it, too
    return { type: 'function_call_output', ...common, ...(own?.caller != null && { caller: own.caller }) };
  }
}

/** undefined for an assistant that said nothing: an empty message says nothing, and null is refused. */
function toMessageItem(content: unknown, parts: ReturnType<typeof toAssistantParts>): InputItem | undefined {
  const [first, ...more] = parts;
  if (!first) return undefined;
  if (typeof content === 'string' && more.length === 0 && first.type === 'output_text') return { role: 'assistant', content: first.text };
  return { type: 'message', role: 'assistant', content: parts };
}

/** Without an item `id`: that would have to be one that the server gave. */
function toCallItem({ kind, callId, name, input }: Call): InputItem {
  const common = { call_id: callId, name: shortName(name) };
  return kind === 'custom' ? { type: 'custom_tool_call', ...common, input } : { type: 'function_call', ...common, arguments: input };
}
