import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { createChunkText } from '../../answer/chunk-text.ts';
import { toChatCompletion } from '../../answer/completion.ts';
import { ProxyError } from '../../error.ts';
import { isObject, objectOf, type JsonObject } from '../../json.ts';
import { toResponsesRequest } from '../../request/to-responses-request.ts';
import type { ChatRequest } from '../../wire/chat.ts';
import type { Response as WireResponse, ResponseEvent } from '../../wire/responses.ts';
import { packageFolder } from '../about.ts';
import { eventsOf } from './demo-events.ts';
import type { DemoResponse } from './demo-events.ts';

/** The examples, in the order in which they are tried; `text` fits whatever is left. */
const examples: readonly { name: string; fits: (request: Asked) => boolean }[] = [
  { name: 'tool', fits: ({ tool, called }) => tool !== undefined && called === 0 },
  { name: 'second', fits: ({ tool }) => tool !== undefined },
  { name: 'results', fits: ({ called }) => called > 1 },
  { name: 'search', fits: ({ prompt, searches }) => searches && /\b(?:search|web|news|latest|today)\b/i.test(prompt) },
  { name: 'reasoning', fits: ({ prompt }) => /\b(?:think|reason|why|how many|puzzle)\b/i.test(prompt) },
  { name: 'text', fits: () => true },
];

/** The fields of a tool that the demo reads. */
interface Tool {
  type?: unknown;
  name?: unknown;
  parameters?: unknown;
}

/** The fields of a Responses request that the demo reads; nothing is known of their values. */
interface DemoRequest {
  model?: unknown;
  stream?: unknown;
  tools?: Tool[];
  tool_choice?: unknown;
  reasoning?: unknown;
  input?: unknown;
}

/** What decides which example fits. */
interface Asked {
  /** What the user said last. */
  prompt: string;
  /** The first function that may be called and was not yet; of many only the first two are. */
  tool: Tool | undefined;
  /** How many functions were called since the user said something. */
  called: number;
  searches: boolean;
}

let count = 0;

/**
 * Stands in for `fetch`: an upstream that needs no key and no network, and answers each request with the example that fits it best.
 * Streams come event by event, with small pauses.
 */
export const demoFetch: typeof globalThis.fetch = async (input, init) => {
  const { pathname } = new URL(String(input));
  const answer = answers.get(pathname);
  if (init?.method !== 'POST' || !answer) return json(404, { error: notThere });
  const body = parse(init.body);
  if (!body) return json(400, { error: { ...notThere, message: 'The body of the request is not a JSON object.' } });
  const signal = init.signal ?? undefined;
  if (pathname === '/v1/responses' && refusesSummary(body)) return await delay(80, json(400, { error: notVerified }), { signal });
  try {
    const { id, whole, frames } = answer(body);
    if (body['stream'] !== true) return await delay(200, json(200, whole()), { signal });
    return new Response(paced(frames(), signal), { headers: { 'content-type': 'text/event-stream; charset=utf-8', 'x-request-id': id } });
  } catch (error) {
    if (error instanceof ProxyError) return json(error.status, error.body());
    throw error;
  }
};

const notThere = {
  message: 'The demo answers chat completions and responses only.',
  type: 'invalid_request_error',
  param: null,
  code: 'demo',
};

/** What OpenAI answers to organizations that it has not verified. */
const notVerified = {
  message: 'Your organization must be verified to generate reasoning summaries.',
  type: 'invalid_request_error',
  param: 'reasoning.summary',
  code: 'unsupported_value',
};

/** Whether to refuse the summary, to show what the proxy makes of that: when the user speaks of a refusal. */
function refusesSummary(body: DemoRequest): boolean {
  return 'summary' in objectOf(body.reasoning) && /\brefus/i.test(read(body).prompt);
}

function json(status: number, value: unknown): Response {
  return new Response(JSON.stringify(value), { status, headers: { 'content-type': 'application/json' } });
}

function parse(body: unknown): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(typeof body === 'string' ? body : Buffer.from(body as Uint8Array).toString('utf8'));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Returns a new Response made from the example that fits. */
function respond(request: DemoRequest): DemoResponse {
  const asked = read(request);
  const { name } = examples.find((example) => example.fits(asked)) as { name: string };
  const file = new URL(`fixtures/demo-${name}.response.json`, packageFolder());
  const response = JSON.parse(readFileSync(file, 'utf8')) as DemoResponse;
  count += 1;
  for (const item of response.output) {
    item.id += `_${count}`;
    if (item.type !== 'function_call' || !asked.tool) continue;
    item.call_id += `_${count}`;
    item.name = String(asked.tool.name);
    item.arguments = JSON.stringify(exampleOf(asked.tool.parameters));
  }
  return {
    ...response,
    id: `${response.id}_${count}`,
    created_at: Math.floor(Date.now() / 1000),
    ...(typeof request.model === 'string' ? { model: request.model } : {}),
  };
}

function read({ input, tools, tool_choice }: DemoRequest): Asked {
  const items: readonly unknown[] = Array.isArray(input) ? input : [{ role: 'user', content: input }];
  const last = items.findLastIndex((item) => objectOf(item)['role'] === 'user');
  const said = objectOf(items[last]);
  const calls = items
    .slice(last + 1)
    .map(objectOf)
    .filter(({ type }) => type === 'function_call');
  const offered = Array.isArray(tools) ? tools : [];
  const functions = offered.filter((tool) => tool?.type === 'function').slice(0, 2);
  return {
    prompt: JSON.stringify(said['content'] ?? ''),
    tool: tool_choice === 'none' ? undefined : functions.find((tool) => !calls.some(({ name }) => name === tool.name)),
    called: calls.length,
    searches: offered.some((tool) => tool?.type === 'web_search'),
  };
}

/** Returns arguments that fit a tool's schema: its required properties, each with the plainest value of its type. */
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

/** An answer in the form of one of the two APIs. */
interface Answer {
  id: string;
  whole(): unknown;
  /** The lines of its stream, event by event. */
  frames(): string[];
}

const answers = new Map<string, (body: JsonObject) => Answer>([
  ['/v1/responses', answerResponses],
  ['/v1/chat/completions', answerChat],
]);

function answerResponses(body: JsonObject): Answer {
  const response = respond(body as DemoRequest);
  return {
    id: response.id,
    whole: () => response,
    frames: () => eventsOf(response).map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`),
  };
}

/** As OpenAI's Chat Completions answer: without the reasoning. */
function answerChat(body: JsonObject): Answer {
  const { request, context } = toResponsesRequest(body as ChatRequest, { reasoning: 'off' });
  const response = respond(request as DemoRequest);
  const { id, created_at: created, model } = response;
  return {
    id,
    whole: () => toChatCompletion(response as WireResponse, context, { id, created, model }),
    frames() {
      const text = createChunkText(context, { id, created, model });
      return eventsOf(response)
        .map((event) => text.push(event as ResponseEvent))
        .filter((chunks) => chunks !== '');
    },
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
