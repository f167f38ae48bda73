import { eventsOf } from '../../lib/server/demo/demo-events.ts';
import type { DemoResponse } from '../../lib/server/demo/demo-events.ts';
import { scriptedUpstream, serveCommand } from '../server/support.ts';
import type { Context, StartedCommand, Upstream } from '../server/support.ts';
import { lintingFetch } from './lint.ts';

export type Item = { type: string; id: string; [key: string]: unknown };

/** How the upstream answers a request. */
export interface Reply {
  /** An error answer with this status, instead of any output. */
  refuse?: number;
  headers?: Record<string, string>;
  output?: Item[];
  /** `response.failed` after the output. */
  fails?: boolean;
  /** The connection breaks after the output. */
  breaks?: boolean;
  /** The output is not the end, and nothing follows. */
  hangs?: boolean;
}

/** JSON of which tests look at every field. */
export type Body = any;

export function message(text: string, annotations: object[] = []): Item {
  return {
    type: 'message',
    id: 'msg_1',
    role: 'assistant',
    status: 'completed',
    content: [{ type: 'output_text', text, annotations, logprobs: [] }],
  };
}

export function thought(...parts: string[]): Item {
  return { type: 'reasoning', id: 'rs_1', summary: parts.map((text) => ({ type: 'summary_text', text })), encrypted_content: 'c2VhbGVk' };
}

export function functionCall(name: string, args: object, n = 1): Item {
  return { type: 'function_call', id: `fc_${n}`, call_id: `call_${n}`, name, arguments: JSON.stringify(args), status: 'completed' };
}

export const citation = { type: 'url_citation', url: 'https://example.com/a', title: 'Example', start_index: 0, end_index: 5 };

/** A pixel, as base64 of a PNG. */
export const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** The answers, by the word in the user's message. */
export const replies: Readonly<Record<string, Reply>> = {
  text: { output: [message('Hello there, friend.')] },
  reasoning: { output: [thought('First this.', 'Then that.'), message('The answer is 4.')] },
  tool: { output: [thought('A tool knows.'), functionCall('weather', { city: 'Oslo' })] },
  patch: {
    output: [
      { type: 'custom_tool_call', id: 'ctc_1', call_id: 'call_1', name: 'ApplyPatch', input: '*** Begin Patch', status: 'completed' },
    ],
  },
  tools: { output: [functionCall('weather', { city: 'Oslo' }), functionCall('weather', { city: 'Rome' }, 2)] },
  citations: {
    output: [
      thought('Look it up.'),
      { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search', query: 'news' } },
      message('News from there.', [citation]),
    ],
  },
  image: { output: [{ type: 'image_generation_call', id: 'ig_1', status: 'completed', result: pixel }, message('Here it is.')] },
  json: { output: [thought('Which city?'), message('{"city":"Oslo"}')] },
  key: { refuse: 401 },
  quota: { refuse: 429, headers: { 'retry-after': '7' } },
  invalid: { refuse: 400 },
  broken: { refuse: 503 },
  fails: { output: [message('So far so good')], fails: true },
  breaks: { output: [message('So far so good')], breaks: true },
  hangs: { output: [message('So far so good')], hangs: true },
};

const refusals: Readonly<Record<number, object>> = {
  400: { message: 'No such thing.', type: 'invalid_request_error', param: 'input[0]', code: 'invalid_value' },
  401: { message: 'Incorrect API key provided.', type: 'invalid_request_error', param: null, code: 'invalid_api_key' },
  429: { message: 'Slow down.', type: 'rate_limit_error', param: null, code: 'rate_limit_exceeded' },
  503: { message: 'Overloaded.', type: 'server_error', param: null, code: null },
};

/** By the first word of the last user message that names a reply; `text` once a tool has answered. */
function replyTo(body: Body): Reply {
  const items: Body[] = Array.isArray(body.input) ? body.input : Array.isArray(body.messages) ? body.messages : [];
  if (items.some(({ type, role }) => String(type).endsWith('_call_output') || role === 'tool' || role === 'function'))
    return replies['text']!;
  const content: Body = items.findLast(({ role }) => role === 'user')?.content ?? body.input ?? '';
  const said: string = typeof content === 'string' ? content : content.map(({ text }: Body) => text ?? '').join(' ');
  const words = said.slice(0, 1000).match(/\w+/g) ?? [];
  const name = words.find((word) => Object.hasOwn(replies, word)) ?? 'text';
  return replies[name]!;
}

const usage = {
  input_tokens: 20,
  input_tokens_details: { cached_tokens: 5 },
  output_tokens: 10,
  output_tokens_details: { reasoning_tokens: 3 },
  total_tokens: 30,
};

const failure = { code: 'server_error', message: 'The model broke down.' };

function toResponse(body: Body, { output = [], fails }: Reply): DemoResponse {
  const response = {
    id: 'resp_1',
    object: 'response',
    created_at: 1_763_800_000,
    model: body.model,
    status: fails ? 'failed' : 'completed',
    error: fails ? failure : null,
    output: fails ? [] : output,
    usage,
    tool_usage: { web_search: { num_requests: output.filter(({ type }) => type === 'web_search_call').length } },
  };
  return response as DemoResponse;
}

function toFrames(body: Body, reply: Reply): string {
  const whole = toResponse(body, reply);
  const events = eventsOf({ ...whole, output: (reply.output ?? []) as unknown as DemoResponse['output'] });
  if (reply.fails || reply.breaks || reply.hangs) events.pop();
  if (reply.fails) events.push({ type: 'response.failed', response: whole, sequence_number: events.length });
  return events.map((event) => `event: ${String(event['type'])}\ndata: ${JSON.stringify(event)}\n\n`).join('');
}

/** As Chat Completions itself answers, for what is passed through: text, or one tool call. */
function toChat(body: Body, { output = [] }: Reply): object {
  const call = output.find(({ type }) => type === 'function_call');
  const content = call ? null : 'Hello there, friend.';
  const calls = call && [{ id: call['call_id'], type: 'function', function: { name: call['name'], arguments: call['arguments'] } }];
  const finish_reason = call ? 'tool_calls' : 'stop';
  const base = { id: 'chatcmpl-9', created: 1_763_800_000, model: body.model };
  if (body.stream !== true) {
    const reply = { role: 'assistant', content, refusal: null, ...(calls && { tool_calls: calls }) };
    return {
      ...base,
      object: 'chat.completion',
      choices: [{ index: 0, message: reply, logprobs: null, finish_reason }],
      usage: { prompt_tokens: 20, completion_tokens: 10, total_tokens: 30 },
    };
  }
  const deltas: object[] = [
    { role: 'assistant', content: call ? null : '' },
    ...(calls ?? []).map((one, index) => ({ tool_calls: [{ index, ...one }] })),
    ...(content ?? '').split(/(?= )/).map((text) => ({ content: text })),
  ];
  return [...deltas, {}].map((delta, at) => ({
    ...base,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, finish_reason: at === deltas.length ? finish_reason : null }],
  }));
}

const models = ['gpt-5', 'gpt-5.3-codex', 'gpt-5.5', 'gpt-4o', 'whisper-1'];

export interface Served {
  /** What the client's base URL is. */
  baseURL: string;
  port: number;
  upstream: Upstream;
  command: StartedCommand;
  /** `fetch` for a client; holds every stream that comes through it against the rules of all clients. */
  fetch: typeof fetch;
  /** The last body that the upstream got. */
  last(): Body;
}

/** The built command before an upstream that answers as `replies` say. */
export async function serve(t: Context, mode: 'chat' | 'responses', args: string[] = []): Promise<Served> {
  const upstream = await scriptedUpstream(t, (response, { method, body: bytes, url }) => {
    if (method === 'GET') {
      const data = models.map((id) => ({ id, object: 'model', created: 1_763_800_000, owned_by: 'openai' }));
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ object: 'list', data }));
      return;
    }
    const body = JSON.parse(bytes.toString('utf8')) as Body;
    const reply = replyTo(body);
    if (reply.refuse) {
      response.writeHead(reply.refuse, { 'content-type': 'application/json', ...reply.headers });
      response.end(JSON.stringify({ error: refusals[reply.refuse] }));
      return;
    }
    const chat = url.startsWith('/v1/chat/completions');
    if (body.stream !== true) {
      if (reply.breaks) response.socket?.destroy();
      else
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(JSON.stringify(chat ? toChat(body, reply) : toResponse(body, reply)));
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    response.write(
      chat
        ? `${(toChat(body, reply) as object[]).map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join('')}data: [DONE]\n\n`
        : toFrames(body, reply),
      () => (reply.breaks ? response.socket?.destroy() : reply.hangs || response.end()),
    );
  });
  const command = await serveCommand(t, ['--upstream', upstream.url, '--mode', mode, ...args]);
  return {
    baseURL: `http://127.0.0.1:${command.port}/v1`,
    port: command.port,
    upstream,
    command,
    fetch: lintingFetch(t),
    last: () => JSON.parse(upstream.seen.at(-1)!.body.toString('utf8')) as Body,
  };
}
