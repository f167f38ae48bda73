import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { toFullMessage } from '../../lib/request/full-message.ts';
import { sse, startStream } from './bridge-support.ts';

/** An output item as an upstream gives it. */
export interface Item {
  type: string;
  id: string;
  [key: string]: unknown;
}

/** Asserts what reached an upstream of the tests. It is not OpenAI, so that messages have their full form. */
export function assertInput(input: unknown, expected: readonly unknown[], what?: string): void {
  assert.deepEqual(input, expected.map(toFullMessage), what);
}

let count = 0;

/** Encrypted reasoning; no two are the same. */
export function thought(text: string): Item {
  count += 1;
  return { type: 'reasoning', id: `rs_${count}`, summary: [{ type: 'summary_text', text }], encrypted_content: `gAAAA${count}${text}` };
}

/** A message; commentary and final answers have a phase, at models that know phases. */
export function message(text: string, phase?: 'commentary' | 'final_answer'): Item {
  count += 1;
  const content = [{ type: 'output_text', text, annotations: [], logprobs: [] }];
  return { type: 'message', id: `msg_${count}`, status: 'completed', role: 'assistant', content, ...(phase && { phase }) };
}

export function functionCall(callId: string, name: string, args: object | string): Item {
  count += 1;
  const written = typeof args === 'string' ? args : JSON.stringify(args);
  return { type: 'function_call', id: `fc_${count}`, status: 'completed', call_id: callId, name, arguments: written };
}

export function customCall(callId: string, name: string, input: string): Item {
  count += 1;
  return { type: 'custom_tool_call', id: `ctc_${count}`, status: 'completed', call_id: callId, name, input };
}

/** As they must come back: the ids are unknown upstream while `store` is false. */
export function withoutIds(items: readonly Item[]): object[] {
  return items.map(({ id: _, ...item }) => item);
}

/** Answers with these items, as a stream or whole. */
export function giveTurn(response: ServerResponse, items: readonly Item[], stream: boolean): void {
  count += 1;
  const usage = { input_tokens: 10, output_tokens: 10, total_tokens: 20 };
  const whole = { id: `resp_${count}`, object: 'response', created_at: 1, model: 'gpt-5.4', status: 'completed', usage };
  if (!stream) {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ...whole, output: items }));
    return;
  }
  startStream(response);
  response.write(sse([{ type: 'response.created', response: { ...whole, status: 'in_progress', output: [] } }]));
  response.write(sse(items.flatMap((item, at) => eventsOf(item, at))));
  // encrypted reasoning is final only where its item is done, so the last event brings none
  const output = items.map(({ encrypted_content: _, ...item }) => item);
  response.end(sse([{ type: 'response.completed', response: { ...whole, output } }]));
}

type Event = { type: string; [key: string]: unknown };

function eventsOf(item: Item, output_index: number): Event[] {
  const { encrypted_content: encrypted, content: _, summary: __, ...begun } = item;
  const unfinished = { ...begun, ...(encrypted !== undefined && { encrypted_content: 'not yet final', summary: [] }) };
  const { name, input } = item as { name?: string; input?: string };
  const open = { ...unfinished, ...(name !== undefined && (input === undefined ? { arguments: '' } : { input: '' })) };
  return [
    { type: 'response.output_item.added', output_index, item: item.type === 'message' ? { ...open, content: [] } : open },
    ...deltasOf(item).map((delta) => ({ ...delta, output_index, content_index: 0, summary_index: 0 })),
    { type: 'response.output_item.done', output_index, item },
  ];
}

function deltasOf(item: Item): Event[] {
  const halves = (type: string, text: string): Event[] => [
    { type, delta: text.slice(0, text.length / 2) },
    { type, delta: text.slice(text.length / 2) },
  ];
  const {
    summary,
    content,
    arguments: args,
    input,
  } = item as unknown as { [key: string]: { text: string }[] } & { arguments: string; input: string };
  switch (item.type) {
    case 'reasoning':
      return summary!.flatMap(({ text }) => halves('response.reasoning_summary_text.delta', text));
    case 'message':
      return content!.flatMap(({ text }) => halves('response.output_text.delta', text));
    case 'function_call':
      return halves('response.function_call_arguments.delta', args);
    default:
      return halves('response.custom_tool_call_input.delta', input);
  }
}
