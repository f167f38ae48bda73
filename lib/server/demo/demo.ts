import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { packageFolder } from '../about.ts';
import { eventsOf, words } from './demo-events.ts';
import type { DemoResponse } from './demo-events.ts';

/** The examples, in the order in which they are tried; `text` fits whatever is left. */
const examples: readonly { name: string; fits: (request: Asked) => boolean }[] = [
  { name: 'tool', fits: ({ tool, answersCall }) => tool !== undefined && !answersCall },
  { name: 'search', fits: ({ prompt, searches }) => searches && /\b(?:search|web|news|latest|today)\b/i.test(prompt) },
  { name: 'reasoning', fits: ({ prompt }) => /\b(?:think|reason|why|how many|puzzle)\b/i.test(prompt) },
  { name: 'text', fits: () => true },
];

interface Tool {
  type?: unknown;
  name?: unknown;
  parameters?: unknown;
  function?: Tool;
}

/** A request, as far as the demo looks at it; in either API's form, of which none is checked. */
interface Body {
  model?: unknown;
  stream?: unknown;
  stream_options?: { include_usage?: unknown } | null;
  tools?: Tool[];
  tool_choice?: unknown;
  input?: unknown;
  messages?: unknown;
}

interface Asked {
  /** What the user said last. */
  prompt: string;
  /** The first function that may be called. */
  tool: Tool | undefined;
  /** The last message is the result of a call. */
  answersCall: boolean;
  searches: boolean;
}

let answers = 0;

/**
 * Stands in for `fetch`: an upstream that needs no key and no network, and answers each request with the example that fits it best.
 * Streams come event by event, with small pauses.
 */
export const demoFetch: typeof globalThis.fetch = async (input, init) => {
  const { pathname } = new URL(String(input));
  const signal = init?.signal ?? undefined;
  const make = makers.get(pathname);
  if (init?.method !== 'POST' || !make) return json(404, { error: notThere });
  const body = parse(init.body);
  if (!body) return json(400, { error: { ...notThere, message: 'The body of the request is not JSON.' } });
  const response = load(body);
  const made = make(response, body);
  if (body.stream !== true) return delay(200, json(200, made.whole), { signal });
  const stream = paced(made.frames, signal);
  return new Response(stream, { headers: { 'content-type': 'text/event-stream; charset=utf-8', 'x-request-id': response.id } });
};

const notThere = {
  message: 'The demo answers chat completions and responses only.',
  type: 'invalid_request_error',
  param: null,
  code: 'demo',
};

function json(status: number, value: unknown): Response {
  return new Response(JSON.stringify(value), { status, headers: { 'content-type': 'application/json' } });
}

function parse(body: unknown): Body | undefined {
  try {
    const value: unknown = JSON.parse(typeof body === 'string' ? body : Buffer.from(body as Uint8Array).toString('utf8'));
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A new Response made from the example that fits. */
function load(body: Body): DemoResponse {
  const asked = read(body);
  const { name } = examples.find((example) => example.fits(asked)) as { name: string };
  const file = new URL(`fixtures/demo-${name}.response.json`, packageFolder());
  const response = JSON.parse(readFileSync(file, 'utf8')) as DemoResponse;
  answers += 1;
  for (const item of response.output) {
    item.id += `_${answers}`;
    if (item.type !== 'function_call' || !asked.tool) continue;
    const { name: called, parameters } = asked.tool.function ?? asked.tool;
    item.call_id += `_${answers}`;
    item.name = String(called);
    item.arguments = JSON.stringify(exampleOf(parameters));
  }
  return {
    ...response,
    id: `${response.id}_${answers}`,
    created_at: Math.floor(Date.now() / 1000),
    ...(typeof body.model === 'string' ? { model: body.model } : {}),
  };
}

function read(body: Body): Asked {
  const items = [body.input, body.messages].find(Array.isArray) ?? [{ role: 'user', content: body.input }];
  const said = items.findLast((item: { role?: unknown }) => item?.role === 'user') as { content?: unknown } | undefined;
  const latest = items.at(-1) as { role?: unknown; type?: unknown } | undefined;
  const tools = Array.isArray(body.tools) ? body.tools : [];
  return {
    prompt: JSON.stringify(said?.content ?? ''),
    tool: body.tool_choice === 'none' ? undefined : tools.find((tool) => tool?.type === 'function'),
    answersCall: latest?.role === 'tool' || latest?.type === 'function_call_output',
    searches: tools.some((tool) => tool?.type === 'web_search'),
  };
}

/** Arguments that fit a tool's schema: its required properties, each with the plainest value of its type. */
function exampleOf(schema: unknown): Record<string, unknown> {
  const { properties = {}, required = [] } = (schema ?? {}) as {
    properties?: Record<string, { type?: unknown; enum?: unknown[] }>;
    required?: string[];
  };
  const plain = new Map<unknown, unknown>([
    ['integer', 1],
    ['number', 1],
    ['boolean', true],
    ['array', []],
    ['object', {}],
  ]);
  return Object.fromEntries(required.map((name) => [name, properties[name]?.enum?.[0] ?? plain.get(properties[name]?.type) ?? 'example']));
}

interface Made {
  whole: unknown;
  frames: string[];
}

const makers = new Map<string, (response: DemoResponse, body: Body) => Made>([
  [
    '/v1/responses',
    (response) => ({
      whole: response,
      frames: eventsOf(response).map((event) => `event: ${String(event['type'])}\ndata: ${JSON.stringify(event)}\n\n`),
    }),
  ],
  ['/v1/chat/completions', chatForm],
]);

/** The plain text and the calls of a Response, as Chat Completions has them. */
function chatForm(response: DemoResponse, body: Body): Made {
  const { id, created_at, model, output, usage } = response;
  const text = output.flatMap((item) => item.content?.map((part) => part.text) ?? []).join('');
  const calls = output
    .filter((item) => item.type === 'function_call')
    .map((item) => ({ id: item.call_id, type: 'function', function: { name: item.name, arguments: item.arguments } }));
  const base = { id: `chatcmpl-${id}`, created: created_at, model };
  const finish_reason = calls.length ? 'tool_calls' : 'stop';
  const told = { prompt_tokens: usage.input_tokens, completion_tokens: usage.output_tokens, total_tokens: usage.total_tokens };
  const content = text === '' ? null : text;
  const message = {
    role: 'assistant',
    content,
    refusal: null,
    ...(calls.length ? { tool_calls: calls } : {}),
  };
  const chunk = (delta: object, finish: string | null = null): object => ({
    ...base,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
  });
  const chunks = [
    chunk({ role: 'assistant', content: content === null ? null : '' }),
    ...words(text).map((word) => chunk({ content: word })),
    ...calls.map((call, index) => chunk({ tool_calls: [{ index, ...call }] })),
    chunk({}, finish_reason),
    ...(body.stream_options?.include_usage ? [{ ...base, object: 'chat.completion.chunk', choices: [], usage: told }] : []),
  ];
  return {
    whole: { ...base, object: 'chat.completion', choices: [{ index: 0, message, logprobs: null, finish_reason }], usage: told },
    frames: [...chunks.map((one) => `data: ${JSON.stringify(one)}\n\n`), 'data: [DONE]\n\n'],
  };
}

/** Milliseconds between two events. */
const pause = 15;

function paced(frames: readonly string[], signal: AbortSignal | undefined): ReadableStream<Uint8Array> {
  const left = frames.values();
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = left.next();
      if (done) return controller.close();
      await delay(pause, undefined, { signal });
      controller.enqueue(Buffer.from(value));
    },
  });
}
