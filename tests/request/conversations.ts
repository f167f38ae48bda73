import { createMemory, createMemoryStore, marksIn, sentLast, toChatCompletion, translate, type Memory } from '../../lib/index.ts';
import type { OutputItem } from '../../lib/index.ts';

// Conversations of a client with a model through the pure translation: what the client keeps, and what reaches the model.

export type Message = Record<string, unknown>;

interface Function {
  name: string;
  arguments: string;
}

export interface ToolCall {
  id: string;
  type: string;
  function?: Function;
  custom?: { name: string; input: string };
}

let count = 0;

/** Encrypted reasoning; no two are the same. */
export function thought(secret: string): OutputItem {
  count += 1;
  const summary = [{ type: 'summary_text' as const, text: `Thought ${count}.` }];
  return { type: 'reasoning', id: `rs_${count}`, summary, encrypted_content: `gAAAA ${secret} ${count}` };
}

export function said(text: string, phase?: 'commentary' | 'final_answer'): OutputItem {
  count += 1;
  const content = [{ type: 'output_text' as const, text, annotations: [], logprobs: [] }];
  return { type: 'message', id: `msg_${count}`, role: 'assistant', status: 'completed', content, ...(phase && { phase }) };
}

export function called(callId: string, args: object, more: object = {}): OutputItem {
  count += 1;
  const written = JSON.stringify(args);
  return { type: 'function_call', id: `fc_${count}`, call_id: callId, name: 'look', arguments: written, status: 'completed', ...more };
}

export function patched(callId: string, input: string): OutputItem {
  count += 1;
  return { type: 'custom_tool_call', id: `ctc_${count}`, call_id: callId, name: 'patch', input, status: 'completed' };
}

/** As they come back. */
export function withoutIds(output: readonly OutputItem[]): object[] {
  return output.map(({ id: _, ...item }) => item);
}

export function user(text: string): Message {
  return { role: 'user', content: text };
}

export function result(id: string, text = `Result of ${id}.`): Message {
  return { role: 'tool', tool_call_id: id, content: text };
}

const tools = [
  { type: 'function', function: { name: 'look' } },
  { type: 'custom', custom: { name: 'patch' } },
];

/** A model behind the translation, with a memory of its turns. */
export class Model {
  readonly memory: Memory = createMemory(createMemoryStore({ now: () => 0 }));

  /** Returns the input that reaches the model. */
  async input(chat: Message, scope = 'scope'): Promise<{ input: object[]; notes: string[]; recalled: number }> {
    const turns = await this.memory.read(scope, marksIn(chat));
    const { request, notes, recalled } = translate({ tools, ...chat }, { turns });
    return { input: request.input as object[], notes, recalled: recalled.length };
  }

  /** Answers a chat with an output; returns the message that the client gets. */
  async answer(chat: Message, output: OutputItem[], scope = 'scope'): Promise<Message> {
    const { context } = translate({ tools, ...chat });
    const completion = toChatCompletion({ status: 'completed', output }, context, { id: 'x', created: 0, model: 'x' });
    await this.memory.keep(scope, output, sentLast(chat));
    const { content, tool_calls, reasoning_details } = completion.choices[0].message;
    return { role: 'assistant', content, ...(tool_calls && { tool_calls }), ...(reasoning_details && { reasoning_details }) };
  }
}

export function callsOf(message: Message): ToolCall[] {
  return (message['tool_calls'] ?? []) as ToolCall[];
}

/** The same with its calls changed. */
export function withCalls(message: Message, change: (call: ToolCall) => ToolCall): Message {
  return message['tool_calls'] ? { ...message, tool_calls: callsOf(message).map(change) } : message;
}

/** The assistant messages between two messages of the user as one, and what they called with it. */
export function merged(messages: readonly Message[], { withAnswer = false }: { withAnswer?: boolean } = {}): Message[] {
  const out: Message[] = [];
  let open: { message: Message; results: Message[] } | undefined;
  const close = (): void => {
    if (open) out.push(open.message, ...open.results);
    open = undefined;
  };
  for (const message of messages) {
    if (message['role'] === 'tool') open!.results.push(message);
    else if (message['role'] === 'assistant' && (message['tool_calls'] || (withAnswer && open))) {
      const content = [open?.message['content'], message['content']].filter(Boolean).join('\n');
      open = {
        message: { role: 'assistant', content, tool_calls: [...callsOf(open?.message ?? {}), ...callsOf(message)] },
        results: open?.results ?? [],
      };
    } else {
      close();
      out.push(message);
    }
  }
  close();
  return out;
}
