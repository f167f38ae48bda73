import type {
  AnswerContext,
  ChatChunk,
  ChatCompletion,
  ChatMessage,
  FunctionCallItem,
  Head,
  MessageItem,
  OutputItem,
  Response,
  ResponseEvent,
  SentEvent,
} from '../../lib/index.ts';
import { createChunkStream, createChunkText, toChatCompletion } from '../../lib/index.ts';

export const plain: AnswerContext = {
  model: 'gpt-5',
  reasoning: 'field',
  json: false,
  legacyFunctions: false,
  logprobs: false,
  stop: [],
  includeUsage: true,
  names: new Map(),
  tools: new Set(['f', 'g']),
};

export const head: Head = { id: 'chatcmpl-fallback', created: 1, model: 'gpt-5' };

export function responseOf(output: OutputItem[], more: Partial<Response> = {}): Response {
  return { id: 'resp_1', object: 'response', created_at: 1_763_800_000, model: 'gpt-5', status: 'completed', output, ...more };
}

export function message(text: string, more: Partial<MessageItem> = {}): MessageItem {
  return { type: 'message', role: 'assistant', content: [{ type: 'output_text', text, annotations: [] }], ...more };
}

export function wholeOf(output: OutputItem[], context: Partial<AnswerContext> = {}, more: Partial<Response> = {}): ChatCompletion {
  return toChatCompletion(responseOf(output, more), { ...plain, ...context }, head);
}

/** The message that a client gets. */
export function messageOf(output: OutputItem[], context: Partial<AnswerContext> = {}, more: Partial<Response> = {}): ChatMessage {
  return wholeOf(output, context, more).choices[0].message;
}

/** The chunks of a whole stream. */
export function chunksOf(events: readonly (ResponseEvent | SentEvent)[], context: Partial<AnswerContext> = {}): ChatChunk[] {
  const stream = createChunkStream({ ...plain, ...context }, head);
  const chunks = events.flatMap((event) => stream.push(event));
  stream.end();
  return chunks;
}

/** The deltas of a stream that need not be complete, each with the tokens of its log probabilities if it has any; a finish reason stands for its chunk. */
export function deltasOf(events: readonly SentEvent[], context: Partial<AnswerContext> = {}): unknown[] {
  const stream = createChunkStream({ ...plain, ...context }, head);
  return events
    .flatMap((event) => stream.push(event))
    .flatMap(({ choices: [choice] }) => {
      if (!choice) return [];
      const { delta, logprobs, finish_reason } = choice;
      if (finish_reason) return Object.keys(delta).length > 0 ? [delta, finish_reason] : [finish_reason];
      return logprobs ? [{ ...delta, tokens: logprobs.content?.map(({ token }) => token) }] : [delta];
    });
}

// Events, written short

export const added = (output_index: number, item: object): SentEvent => ({ type: 'response.output_item.added', output_index, item });
export const done = (output_index: number, item: object): SentEvent => ({ type: 'response.output_item.done', output_index, item });
export const textDelta = (output_index: number, delta: string, more: object = {}): SentEvent => ({
  type: 'response.output_text.delta',
  output_index,
  content_index: 0,
  delta,
  ...more,
});
export const summaryDelta = (output_index: number, delta: string, summary_index = 0): SentEvent => ({
  type: 'response.reasoning_summary_text.delta',
  output_index,
  summary_index,
  delta,
});
export const argumentsDelta = (output_index: number, delta: string): SentEvent => ({
  type: 'response.function_call_arguments.delta',
  output_index,
  delta,
});
export const completed = (...output: OutputItem[]): SentEvent => ({ type: 'response.completed', response: responseOf(output) });

/** The same, as it goes over the wire. */
export function textOf(events: readonly (ResponseEvent | SentEvent)[], context: Partial<AnswerContext> = {}): string {
  const stream = createChunkText({ ...plain, ...context }, head);
  const text = events.map((event) => stream.push(event)).join('');
  stream.end();
  return text;
}

/** The chunks in an event stream of Chat's, which must have ended as it should. */
export function chunksIn(text: string): ChatChunk[] {
  const lines = text.split('\n\n');
  if (lines.pop() !== '' || lines.pop() !== 'data: [DONE]') throw new Error(`The stream does not end with [DONE]: ${text.slice(-100)}`);
  return lines.map((line) => {
    if (!line.startsWith('data: {') || line.includes('\n')) throw new Error(`No data line: ${line}`);
    return JSON.parse(line.slice('data: '.length)) as ChatChunk;
  });
}

export const reasoning = (...texts: string[]): OutputItem => ({
  type: 'reasoning',
  summary: texts.map((text) => ({ type: 'summary_text', text })),
});

export const call = (more: Partial<FunctionCallItem> = {}): OutputItem => ({
  type: 'function_call',
  call_id: 'call_1',
  name: 'f',
  arguments: '{}',
  ...more,
});
