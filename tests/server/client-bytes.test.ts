import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { wholeResponse } from './bridge-support.ts';
import { call, errorOf, scriptedUpstream, startProxy, type Context, type Upstream } from './support.ts';

/** Key order, 64-bit integers, decimals, duplicate keys and blanks that no JSON.parse gives back. */
const schema =
  '{ "type":"object",\n "properties":{"20":{"maximum":9223372036854775807},"3":{"multipleOf":1.0},"b":{"pattern":"\\u00e4\\/"}},"b":1,"b":[] }';
const grammar = '"start: \\u0022a\\u0022 \\/ \\u00e4"';
const chat = (more: string): string => `{"model":"gpt-5","messages":[{"role":"user","content":"Hello"}],${more}}`;

const bodies: [form: string, body: string, sent: string][] = [
  ['a function', chat(`"tools":[{"type":"function","function":{"name":"f","parameters":${schema}}}]`), `"parameters":${schema}`],
  ['a flat function', chat(`"tools":[{"type":"function","name":"f","parameters":${schema}}]`), `"parameters":${schema}`],
  ['a function of old', chat(`"functions":[{"name":"f","parameters":${schema}}]`), `"parameters":${schema}`],
  [
    'a format',
    chat(`"response_format":{"type":"json_schema","json_schema":{"name":"f","schema":${schema}}}`),
    `"name":"f","schema":${schema}`,
  ],
  ['a format of Responses', chat(`"text":{"format":{"type":"json_schema","name":"f","schema":${schema}}}`), `"schema":${schema}`],
  [
    'a grammar',
    chat(
      `"tools":[{"type":"custom","custom":{"name":"f","format":{"type":"grammar","grammar":{"syntax":"lark","definition":${grammar}}}}}]`,
    ),
    `"definition":${grammar}`,
  ],
  [
    'a flat grammar',
    chat(`"tools":[{"type":"custom","name":"f","format":{"type":"grammar","syntax":"lark","definition":${grammar}}}]`),
    `"definition":${grammar}`,
  ],
];

/** Answers; the first `refusals` requests are refused because of their effort. */
async function answering(t: Context, refusals = 0): Promise<Upstream> {
  const upstream = await scriptedUpstream(t, (response) => {
    response.setHeader('content-type', 'application/json');
    if (upstream.seen.length > refusals) return response.end(JSON.stringify(wholeResponse('Hello')));
    response.statusCode = 400;
    const message = "Unsupported parameter: 'reasoning.effort'";
    return response.end(JSON.stringify({ error: { message, type: 'invalid_request_error', param: 'reasoning.effort', code: null } }));
  });
  return upstream;
}

test('schemas and grammars reach the upstream byte for byte, also when the request is sent again', async (t) => {
  for (const [form, body, expected] of bodies) {
    const upstream = await answering(t, 1);
    const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
    const answer = await call(port, { body });
    assert.equal(answer.status, 200, answer.text);
    assert.equal(upstream.seen.length, 2);
    for (const { body: sent } of upstream.seen) {
      assert.ok(sent.includes(expected), `${form}: ${sent.toString()}`);
      JSON.parse(sent.toString());
    }
  }
});

test('a request whose alias is resolved on the way keeps the bytes of its schemas', async (t) => {
  const upstream = await answering(t);
  const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
  const body = `{"model":"gpt-5:res-low","input":"Hello","tools":[{"type":"function","name":"f","parameters":${schema}}]}`;
  await call(port, { path: '/v1/responses', body });
  const sent = upstream.seen[0]!.body.toString();
  assert.ok(sent.includes(`"parameters":${schema}`), sent);
  assert.equal((JSON.parse(sent) as { model: string }).model, 'gpt-5');
});

test('texts that look like parts of a request are only texts', async (t) => {
  const upstream = await answering(t);
  const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
  const texts = [`{"tools":[{"parameters":${schema}}]}`, '"', '\\', '"},{"role":"tool","content":"', ' '.repeat(2000), '\\"'.repeat(2000)];
  const calls = texts.map((_, at) => ({ id: `c${at}`, type: 'function', function: { name: 'f', arguments: '{}' } }));
  const messages = [
    ...texts.map((content) => ({ role: 'user', content })),
    { role: 'assistant', content: null, tool_calls: calls },
    ...texts.map((content, at) => ({ role: 'tool', tool_call_id: `c${at}`, content })),
  ];
  await call(port, { body: JSON.stringify({ model: 'gpt-5', messages }) });
  const { input } = JSON.parse(upstream.seen[0]!.body.toString()) as { input: { role?: string; content?: string; output?: string }[] };
  assert.deepEqual(
    input.filter(({ role }) => role === 'user').map(({ content }) => content),
    texts,
  );
  assert.deepEqual(
    input.flatMap(({ output }) => output ?? []),
    texts,
  );
});

test('what is invalid or nested too deep within a schema or a long result is refused', async (t) => {
  const upstream = await answering(t);
  const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
  const [, tool] = bodies[0]!;
  const result = chat(`"user":"me"`).replace('"user","content":"Hello"', `"tool","tool_call_id":"c","content":"${'x'.repeat(2000)}"`);
  const broken: [body: string | Buffer, code: string][] = [
    [tool.replace('1.0', '01.0'), 'invalid_json'],
    [tool.replace('"b":[]', '"b":[],'), 'invalid_json'],
    [tool.replace('\\u00e4', '\\u00g4'), 'invalid_json'],
    [tool.replace(schema, '{"a":"\n"}'), 'invalid_json'],
    [tool.replace(schema, `{"a":${'['.repeat(300)}${']'.repeat(300)}}`), 'invalid_json'],
    [Buffer.from(tool.replace('"b":1', '"\xe4":1'), 'latin1'), 'invalid_json'],
    [result.replace('xxx', 'x\tx'), 'invalid_json'],
    [result.replace('xxx', '\\x'), 'invalid_json'],
    [Buffer.from(result.replace('xxx', 'x\xe4x'), 'latin1'), 'invalid_json'],
  ];
  for (const [body, code] of broken) {
    const answer = await call(port, { body });
    assert.equal(answer.status, 400, String(body).slice(0, 300));
    assert.equal(errorOf(answer).code, code);
  }
  assert.equal(upstream.seen.length, 0);
});

test('the log shows what was sent, and hides the credentials in it', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'openai-proxy-bytes-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const log = join(folder, 'log');
  const upstream = await answering(t);
  const { port, proxy } = await startProxy(t, { upstream: upstream.url, mode: 'responses', log });
  const key = 'sk-0123456789abcdef0123';
  await call(port, { body: bodies[0]![1].replace('"type":"object"', `"type":"object","default":"${key}"`) });
  await proxy.close();
  const lines = readFileSync(log, 'utf8').trim().split('\n');
  const sent = lines
    .map((line) => JSON.parse(line) as { direction: string; body?: string })
    .find(({ direction }) => direction === 'upstream-request')!;
  assert.equal(sent.body, upstream.seen[0]!.body.toString().replace(key, '[key]'));
});
