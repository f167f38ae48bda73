import { proxyError } from '../errors.ts';
import { arrayOf, isObject, stringOf, type JsonObject } from '../json.ts';
import type { Recall, RecalledTurn } from '../memory/memory.ts';
import type { InputItem } from '../wire/responses.ts';
import { withBreakpoint } from './breakpoints.ts';
import { toAssistantParts, toInputContent, toOutputContent } from './content.ts';
import { toFullMessage } from './full-message.ts';
import { createOrigins, type Origins } from './origins.ts';
import { idOf, pairCalls, type Call } from './pairing.ts';
import { shortName } from './short-names.ts';

export interface Input {
  items: unknown[];
  /** Where each item comes from. */
  origins: Origins;
  notes: string[];
  /** The turns that were put back. */
  recalled: RecalledTurn[];
}

export interface InputOptions {
  /** Finds the turns of the model that were kept. */
  recall: Recall | undefined;
  /** Calls may also lie in a conversation that the server holds. */
  serverKeeps: boolean;
  /** The names of functions whose calls may wait for their outputs. */
  async: ReadonlySet<string>;
  /** A `cache_control` counts: see `breakpointOf`. */
  takesHints: boolean;
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
  const { recall, serverKeeps, async, takesHints, fullMessages } = options;
  const items: unknown[] = [];
  const notes: string[] = [];
  const recalled = new Map<unknown, { turn: RecalledTurn; callIds: Set<string> }>();
  const { calls, answers } = pairCalls(messages);
  const origins = createOrigins(calls);

  for (const [at, message] of messages.entries()) {
    if (!isObject(message)) throw proxyError('messageNotObject', { param: `messages[${at}]` });
    for (const item of itemsOf(message, at)) {
      origins.add(item, message, at);
      items.push(fullMessages ? toFullMessage(item, items.length) : item);
    }
  }
  return { items, origins, notes, recalled: [...recalled.values()].map(({ turn }) => turn) };

  function itemsOf(message: JsonObject, at: number): unknown[] {
    const { role, content } = message;
    switch (role) {
      case 'user':
      case 'system':
      case 'developer':
        if (arrayOf(message['images']).length > 0) notes.push(`dropped messages[${at}].images`);
        return [{ role, content: withBreakpoint(toInputContent(content, takesHints), message, takesHints) } satisfies InputItem];
      case 'assistant':
        return assistant(message, at);
      case 'tool':
      case 'function':
        return [output(message, at)];
      default:
        throw proxyError('roleInvalid', { param: `messages[${at}].role` });
    }
  }

  function assistant(message: JsonObject, at: number): unknown[] {
    const parts = toAssistantParts(message, (what) => notes.push(`dropped messages[${at}].${what}`));
    const text = parts.map((part) => (part.type === 'output_text' ? part.text : '')).join('');
    const made = calls.get(at) ?? [];
    return [...turnOf(made, text, parts), ...missingOutputs(made)];

    function turnOf(own: readonly Call[], said: string, all: typeof parts): unknown[] {
      const turns = recall
        ? own.map(({ id, name, input, callId }) => (id && callId === id ? recall({ id, name: shortName(name), input }, said) : undefined))
        : [];
      const turn = turns[0];
      if (turn && turns.every((one) => one?.key === turn.key)) {
        const before = recalled.get(turn.key);
        // the calls of one turn may come back in several messages: the first of them brings the whole turn
        if (before && own.every(({ callId }) => before.callIds.delete(callId))) return [];
        if (!before) return recallTurn(turn, own);
      }
      const item = toMessageItem(message['content'], all);
      return [...(item ? [item] : []), ...own.filter(({ callId }) => !isBack(callId)).map(toCallItem)];
    }
  }

  function recallTurn(turn: RecalledTurn, own: readonly Call[]): unknown[] {
    const back = new Set(own.map(({ callId }) => callId));
    const callIds = new Set<string>();
    const extra: unknown[] = [];
    for (const item of turn.items) {
      if (!isObject(item) || typeof item['call_id'] !== 'string' || back.has(item['call_id'])) continue;
      callIds.add(item['call_id']);
      if (answeredLater(item['call_id'])) continue;
      notes.push(`empty output for ${item['call_id']}`);
      extra.push(outputItem(item['type'] === 'custom_tool_call' ? 'custom' : 'function', item['call_id'], ''));
    }
    recalled.set(turn.key, { turn, callIds });
    return [...turn.items, ...extra];
  }

  /** The call came back with its turn. */
  function isBack(callId: string): boolean {
    for (const { callIds } of recalled.values()) if (callIds.has(callId)) return true;
    return false;
  }

  function answeredLater(callId: string): boolean {
    for (const list of calls.values()) for (const call of list) if (call.callId === callId) return true;
    return false;
  }

  function missingOutputs(own: readonly Call[]): unknown[] {
    return own
      .filter(({ answered, name }) => !answered && !async.has(name))
      .map(({ kind, callId }) => {
        notes.push(`empty output for ${callId}`);
        return outputItem(kind, callId, '');
      });
  }

  function output(message: JsonObject, at: number): unknown {
    const said = withBreakpoint(toOutputContent(message['content'], takesHints), message, takesHints);
    const call = answers.get(at);
    if (call) return outputItem(call.kind, call.callId, said);
    const id = idOf(message) ?? stringOf(message['name']);
    if (serverKeeps && id) return outputItem('function', shortName(id), said);
    notes.push(`output of ${id || `messages[${at}]`} without its call sent as user text`);
    const heading = `Output of a tool call${id && ` (${id})`}:\n`;
    const content = typeof said === 'string' ? heading + said : [{ type: 'input_text' as const, text: heading }, ...said];
    return { role: 'user', content } satisfies InputItem;
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

function outputItem(kind: Call['kind'], call_id: string, output: ReturnType<typeof toOutputContent>): InputItem {
  return kind === 'custom' ? { type: 'custom_tool_call_output', call_id, output } : { type: 'function_call_output', call_id, output };
}
