// What the same work costs at least with `fetch`, in a process of its own: `relay` passes bytes on, `translator` parses every event
// and writes a chunk for each delta. Neither cares for anything else that a proxy must care for.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const [kind, upstream] = process.argv.slice(2);

interface Event {
  type: string;
  delta?: string;
  response?: { id: string; created_at: number; model: string; usage: unknown; output: { content: { text: string }[] }[] };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  const parts: Buffer[] = [];
  await new Promise((resolve) => request.on('data', (part: Buffer) => parts.push(part)).on('end', resolve));
  return Buffer.concat(parts);
}

function call(path: string, { headers }: IncomingMessage, body: string | Buffer<ArrayBuffer>, gone: AbortSignal): Promise<Response> {
  const { authorization = '' } = headers;
  const sent = { authorization, 'content-type': 'application/json', 'x-bench': String(headers['x-bench']) };
  return fetch(upstream + path, { method: 'POST', headers: sent, body, signal: gone });
}

async function relay(request: IncomingMessage, response: ServerResponse, gone: AbortSignal): Promise<void> {
  const answer = await call('/chat/completions', request, await bodyOf(request), gone);
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  const reader = answer.body!.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    if (!response.write(read.value)) await new Promise((resolve) => response.once('drain', resolve));
  }
  response.end();
}

async function translator(request: IncomingMessage, response: ServerResponse, gone: AbortSignal): Promise<void> {
  const { model, messages, stream } = JSON.parse((await bodyOf(request)).toString()) as {
    model: string;
    messages: unknown;
    stream: boolean;
  };
  const answer = await call('/responses', request, JSON.stringify({ model, input: messages, stream, store: false }), gone);
  if (!stream) {
    const { id, created_at: created, model: named, usage, output } = (await answer.json()) as NonNullable<Event['response']>;
    const choices = [{ index: 0, message: { role: 'assistant', content: output[0]!.content[0]!.text }, finish_reason: 'stop' }];
    const text = JSON.stringify({ id, object: 'chat.completion', created, model: named, choices, usage });
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
    response.end(text);
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const reader = answer.body!.getReader();
  const decoder = new TextDecoder();
  let head = {};
  let rest = '';
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    const lines = (rest + decoder.decode(read.value, { stream: true })).split('\n');
    rest = lines.pop()!;
    let out = '';
    for (const line of lines) {
      if (!line.startsWith('data: ')) continue;
      const event = JSON.parse(line.slice(6)) as Event;
      if (event.type === 'response.created') {
        const { id, created_at: created, model: named } = event.response!;
        head = { id, object: 'chat.completion.chunk', created, model: named };
      }
      if (event.type === 'response.output_text.delta') out += chunk({ content: event.delta }, null);
      if (event.type === 'response.completed') out += `${chunk({}, 'stop')}data: [DONE]\n\n`;
    }
    if (out !== '' && !response.write(out)) await new Promise((resolve) => response.once('drain', resolve));
  }
  response.end();

  function chunk(delta: object, finish_reason: string | null): string {
    return `data: ${JSON.stringify({ ...head, choices: [{ index: 0, delta, logprobs: null, finish_reason }] })}\n\n`;
  }
}

const serve = kind === 'relay' ? relay : translator;
const server = createServer((request, response) => {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  serve(request, response, gone.signal).catch(() => response.destroy());
});
server.listen(0, '127.0.0.1', 4096, () => process.send?.((server.address() as AddressInfo).port));
