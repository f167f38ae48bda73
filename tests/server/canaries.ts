import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { sse, startStream, textEvents } from './bridge-support.ts';
import type { Seen } from './support.ts';

/** A request with one credential; the headers or the target that carry it, or what its body has beside a chat request. */
export interface Canary {
  secret: string;
  headers?: Record<string, string>;
  query?: string;
  body?: object;
}

/** What is in each credential, and nowhere else. */
export const mark = 'canary';
let count = 0;
/** A credential as no other request has it. */
function fresh(before = '', after = ''): string {
  count += 1;
  return `${before}${mark}${String(count).padStart(3, '0')}${'qrstuvwx'.slice(0, (count % 5) + 3)}${after}`;
}
function inHeader(name: string, before: string, secret: string): Canary {
  return { secret, headers: { [name]: before + secret } };
}

/** The forms in which a request may bring a credential, each with one of its own. */
export function canaries(): Canary[] {
  const basic = fresh();
  const tool = fresh();
  const nested = fresh();
  const key = fresh();
  const found: Canary[] = [
    inHeader('authorization', 'Bearer ', fresh('sk-proj-')),
    inHeader('authorization', 'Bearer ', fresh('sk-')),
    inHeader('authorization', 'Bearer ', fresh('sk-svcacct-', '_A-1')),
    inHeader('authorization', 'Bearer ', fresh()),
    inHeader('authorization', 'bearer  ', fresh()),
    inHeader('authorization', 'Bearer Bearer ', fresh()),
    inHeader('authorization', '', fresh()),
    inHeader('authorization', 'Token ', fresh()),
    inHeader('authorization', 'Custom ', fresh()),
    inHeader('authorization', 'Bearer ', fresh('a/b+', '==')),
    inHeader('authorization', 'Bearer ', fresh('q"uo\\te')),
    { secret: basic, headers: { authorization: `Basic ${Buffer.from(`user:${basic}`).toString('base64')}` } },
    ...['x-api-key', 'api-key', 'x-goog-api-key', 'x-access-token', 'x-auth-token', 'x-client-secret', 'ocp-apim-subscription-key'].map(
      (name) => inHeader(name, '', fresh()),
    ),
    inHeader('proxy-authorization', 'Bearer ', fresh()),
    inHeader('cookie', 'session=', fresh()),
    inHeader('cookie', 'a=b; theme=dark; id=', fresh()),
    inHeader('x-request-note', 'see ', fresh('sk-')),
    ...['api_key', 'api-key', 'apikey', 'key', 'access_token', 'token', 'sig', 'client_secret', 'API_KEY', 'api%5Fkey'].map((name) => {
      const secret = fresh();
      return { secret, query: `?${name}=${secret}` };
    }),
    ...['q', 'prompt'].map((name) => {
      const secret = fresh('sk-');
      return { secret, query: `?${name}=${secret}` };
    }),
    { secret: tool, body: { tools: [{ type: 'mcp', server_label: 's', server_url: 'https://x.example', authorization: tool }] } },
    {
      secret: nested,
      body: {
        tools: [{ type: 'mcp', server_label: 's', server_url: 'https://x.example', headers: { Authorization: `Bearer ${nested}` } }],
      },
    },
    ...[
      (text: string) => ({ messages: [{ role: 'user', content: `my key is ${text}.` }] }),
      (text: string) => ({ messages: [{ role: 'system', content: [{ type: 'text', text }] }] }),
      (text: string) => ({ messages: [{ role: 'tool', tool_call_id: 'x', content: JSON.stringify({ api_key: text }) }] }),
      (text: string) => ({ user: text }),
      (text: string) => ({ metadata: { key: text } }),
      (text: string) => ({ [text]: 1 }),
      (text: string) => ({ model: text }),
      (text: string) => ({ tools: [{ type: 'function', function: { name: 'f', description: text, parameters: {} } }] }),
    ].map((make) => {
      const secret = fresh('sk-');
      return { secret, body: make(secret) };
    }),
    { ...inHeader('authorization', 'Bearer ', fresh('sk-')), query: '?limit=1' },
    inHeader('user-agent', 'client/1 ', fresh('sk-')),
    inHeader('openai-project', '', fresh('sk-')),
    { secret: key, body: { tools: [{ type: 'mcp', server_label: 's', server_url: 'https://x.example', headers: { 'X-Api-Key': key } }] } },
    { ...inHeader('x-api-key', '', fresh()), query: '?after=x' },
    inHeader('authorization', 'Bearer ', fresh('', '.'.repeat(3) + 'end')),
  ];
  return found;
}

/** Writes a text in pieces of a few bytes, each a chunk of its own. */
async function inPieces(response: ServerResponse, text: string, size: number): Promise<void> {
  for (let at = 0; at < text.length; at += size) {
    response.write(text.slice(at, at + size));
    if (at % (size * 16) === 0) await delay(1);
  }
  response.end();
}

/** How an upstream gives back what it got: in an error, in a stream, in an answer. `x-way` picks one. */
export async function echo(response: ServerResponse, seen: Seen): Promise<void> {
  const { authorization = '', ...headers } = seen.headers;
  const got = `${authorization} ${JSON.stringify(headers)} ${seen.url} ${seen.body.toString()}`;
  const message = `Incorrect API key provided: ${got}. You can find your key elsewhere.`;
  const error = { message, type: 'invalid_request_error', param: null, code: 'invalid_api_key' };
  const size = 3 + (seen.url.length % 5);
  const json = { 'content-type': 'application/json' };
  switch (headers['x-way']) {
    case 'error':
      response.writeHead(401, { ...json, 'x-echo': authorization.replace(/[^ -~]/g, '') });
      return inPieces(response, JSON.stringify({ error }, null, 2), size);
    case 'event':
      startStream(response);
      return inPieces(response, sse([{ type: 'error', error: { ...error, type: 'server_error' } }]), size);
    case 'late':
      startStream(response);
      return inPieces(
        response,
        sse([...textEvents(['x']).slice(0, 3), { type: 'error', error: { ...error, type: 'server_error' } }]),
        size,
      );
    case 'text':
      startStream(response);
      return inPieces(response, sse(textEvents([got])), size);
    default:
      response.socket?.destroy();
  }
}

/** The values of `x-way`. */
export const ways: string[] = ['error', 'event', 'late', 'text', 'break'];
