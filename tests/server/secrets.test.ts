import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { sse, startStream, textEvents } from './bridge-support.ts';
import { call, scriptedUpstream, serveCommand, until } from './support.ts';
import type { Seen } from './support.ts';

/** A request with one credential; the headers or the target that carry it, or what its body has beside a chat request. */
interface Canary {
  secret: string;
  headers?: Record<string, string>;
  query?: string;
  body?: object;
}

const mark = 'canary';
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
function canaries(): Canary[] {
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
async function echo(response: ServerResponse, seen: Seen): Promise<void> {
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

const ways = ['error', 'event', 'late', 'text', 'break'];

describe('the credentials of a request', () => {
  for (const mode of ['chat', 'responses'] as const) {
    it(`are nowhere but upstream: ${mode}`, { timeout: 110_000 }, async (t) => {
      const folder = mkdtempSync(join(tmpdir(), 'openai-proxy-secrets-'));
      t.after(() => rmSync(folder, { recursive: true }));
      const log = join(folder, 'proxy.log');
      const upstream = await scriptedUpstream(t, echo);
      const { port, child, exited, output, errors } = await serveCommand(t, ['--upstream', upstream.url, '--mode', mode, '--log', log]);
      const list = canaries();
      assert.ok(list.length >= 50, `${list.length} canaries`);
      let asked = 0;
      const reached = new Set<string>();
      for (const [at, { secret, headers = {}, query = '', body = {} }] of list.entries()) {
        for (const way of ways) {
          const request = { model: 'gpt-5', messages: [{ role: 'user', content: 'hi' }], stream: way !== 'error', ...body };
          const answer = await call(port, {
            path: `/v1/chat/completions${query}`,
            headers: { 'x-way': way, ...headers },
            body: JSON.stringify(request),
          }).catch(() => undefined);
          asked += 1;
          if (upstream.seen.some(({ url, headers: got, body: sent }) => JSON.stringify([url, got, sent.toString()]).includes(mark)))
            reached.add(secret);
          upstream.seen.length = 0;
          if (!answer) continue;
          const ours = mode === 'responses' && way !== 'text' && answer.status !== 400 ? answer.text : '';
          assert.ok(!ours.includes(mark), `canary ${at}, ${way}: ${answer.text.slice(0, 400)}`);
          const notes = String(answer.headers['x-openai-proxy-notes'] ?? '');
          assert.ok(!notes.includes(mark), `canary ${at}, ${way}: ${notes}`);
          if (answer.status === 400) assert.ok(!answer.text.includes(mark), `canary ${at}, ${way}: ${answer.text}`);
        }
      }
      assert.ok(reached.size > 40, `${reached.size} have reached the upstream`);
      const lines = (): string[] =>
        output()
          .split('\n')
          .filter((line) => line.includes('/chat/completions'));
      await until(() => lines().length === asked, 'all lines are printed', 10_000);
      child.kill('SIGTERM');
      assert.equal(await exited, 0);
      const written = readFileSync(log, 'utf8');
      assert.ok(written.split('\n').length > asked * 4);
      for (const [where, text] of Object.entries({ log: written, output: output(), errors: errors() })) {
        const leaked = text.split('\n').filter((line) => line.includes(mark));
        assert.deepEqual(leaked.slice(0, 3), [], `${leaked.length} lines of the ${where}`);
        for (const { secret } of list) assert.ok(!text.includes(Buffer.from(secret).toString('base64').slice(0, -4)), where);
      }
      assert.match(written, /\[key\]/);
      assert.equal(errors(), '');
    });
  }
});
