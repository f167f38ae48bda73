import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

type Event = { type: string; [key: string]: unknown };

/** The events of an answer of one message, as short as they may be. */
export function textEvents(deltas: readonly string[], more: object = {}): Event[] {
  const text = deltas.join('');
  const item = { type: 'message', id: 'msg_1', role: 'assistant', content: [{ type: 'output_text', text, annotations: [] }] };
  return [
    { type: 'response.created', response: { id: 'resp_1', created_at: 1, model: 'gpt-5', status: 'in_progress', output: [] } },
    { type: 'response.output_item.added', output_index: 0, item: { ...item, content: [] } },
    ...deltas.map((delta) => ({ type: 'response.output_text.delta', output_index: 0, content_index: 0, delta })),
    { type: 'response.output_item.done', output_index: 0, item },
    { type: 'response.completed', response: wholeResponse(text, more) },
  ];
}

export function wholeResponse(text: string, more: object = {}): object {
  const content = [{ type: 'output_text', text, annotations: [] }];
  const output = [{ type: 'message', id: 'msg_1', role: 'assistant', content }];
  return { id: 'resp_1', created_at: 1, model: 'gpt-5', status: 'completed', output, ...more };
}

/** Events as they go over the wire. */
export function sse(events: readonly Event[]): string {
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
}

/** An event of text, as it goes over the wire. */
export function deltaOf(text: string): string {
  return sse([{ type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: text }]);
}

export function startStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
}

/** Writes as fast as it is taken, until the answer is closed or all is written; counts the bytes. */
export async function flood(response: ServerResponse, piece: string, pieces: number, count: (bytes: number) => void): Promise<void> {
  const source = Readable.from(
    (function* () {
      for (let n = 0; n < pieces; n += 1) {
        count(piece.length);
        yield Buffer.from(piece);
      }
    })(),
  );
  await pipeline(source, response).catch(() => {});
}

/** The body of a chat completion. */
export function chatBody(more: object = {}): string {
  return JSON.stringify({ model: 'gpt-5', messages: [{ role: 'user', content: 'hi' }], stream: true, ...more });
}

/** The same as bytes for a raw connection. */
export function chatRequest(more: object = {}, headers = ''): string {
  const body = chatBody(more);
  return `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\n${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

interface Chunk {
  error?: { message: string; type: string; param: unknown; code: unknown };
  choices?: { delta: { role?: string; content?: string | null }; finish_reason: string | null }[];
}

/** What a chat client makes of a stream. */
export function readStream(text: string): { chunks: Chunk[]; content: string; finish: string[]; done: boolean; error: Chunk['error'] } {
  const lines = text.split('\n').filter((line) => line.startsWith('data: '));
  const chunks = lines.filter((line) => line !== 'data: [DONE]').map((line) => JSON.parse(line.slice('data: '.length)) as Chunk);
  const choices = chunks.flatMap((chunk) => chunk.choices ?? []);
  return {
    chunks,
    content: choices.map(({ delta }) => delta.content ?? '').join(''),
    finish: choices.flatMap(({ finish_reason: reason }) => reason ?? []),
    done: lines.at(-1) === 'data: [DONE]',
    error: chunks.find(({ error }) => error)?.error,
  };
}

/** Does the work for each number below `count`, eight at a time. */
export async function forEachBelow(count: number, work: (n: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}
