import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Store } from '../../lib/memory/store.ts';
import { openRedisStore } from '../../lib/server/store/redis-store.ts';
import { chatBody, readStream, sse, startStream, textEvents } from './bridge-support.ts';
import { call, freePort, scriptedUpstream, startProxy, until, type Context, type Started, type Upstream } from './support.ts';
import { assertInput, functionCall, giveTurn, message, thought, withoutIds, type Item } from './turns.ts';
import { missing as noRedis, startRedis } from './store/redis-server.ts';

const missing = spawnSync('nginx', ['-v']).error === undefined ? false : 'nginx is not installed (Debian: apt-get install nginx-light)';

interface Balanced {
  /** nginx's port. */
  port: number;
  proxies: Started[];
  /** Which of the proxies served the last request; to be asked after each. */
  served(): Promise<number>;
}

/** nginx with the file that is shipped, before three proxies; only its ports are others. With a store it takes the proxies in turn. */
async function balance(t: Context, upstream: Upstream, store?: Store): Promise<Balanced> {
  const options = { upstream: upstream.url, mode: 'responses', ...(store && { store, storeTimeout: 10_000 }) } as const;
  const proxies = await Promise.all([1, 2, 3].map(() => startProxy(t, options)));
  const [port, other] = [await freePort(), await freePort()];
  let shipped = readFileSync('deploy/nginx.conf', 'utf8');
  if (store) shipped = shipped.replace(/^ *hash .*$/m, '');
  const ports: [string, string][] = [
    ['listen 5101;', `listen 127.0.0.1:${other};`],
    ['listen 5102;', `listen 127.0.0.1:${port};`],
    ...['5111', '5121', '5131'].map((old, at): [string, string] => [`server 127.0.0.1:${old} `, `server 127.0.0.1:${proxies[at]!.port} `]),
  ];
  for (const [old, replaced] of ports) {
    assert.equal(shipped.split(old).length, 2, old);
    shipped = shipped.replace(old, replaced);
  }
  const folder = mkdtempSync(join(tmpdir(), 'nginx-test-'));
  chmodSync(folder, 0o755); // the workers run as another user
  writeFileSync(join(folder, 'proxies.conf'), shipped);
  writeFileSync(join(folder, 'nginx.conf'), wrapper(folder));
  const nginx = spawn('nginx', ['-c', join(folder, 'nginx.conf'), '-p', folder], { stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  nginx.stderr.on('data', (part) => (errors += String(part)));
  const exited = new Promise((resolve) => nginx.once('close', resolve));
  t.after(async () => {
    nginx.kill('SIGTERM');
    await exited;
    rmSync(folder, { recursive: true });
  });
  let answers = false;
  const end = performance.now() + 10_000;
  while (!answers) {
    assert.ok(nginx.exitCode === null && performance.now() < end, errors);
    answers = await call(port, { path: '/health' }).then(
      ({ status }) => status === 200,
      () => false,
    );
  }
  let counts = proxies.map(({ finished }) => finished.length);
  const find = (): number => proxies.findIndex(({ finished }, at) => finished.length > counts[at]!);
  return {
    port,
    proxies,
    async served() {
      await until(() => find() >= 0, 'a proxy has served the request', 10_000);
      const at = find();
      counts = proxies.map(({ finished }) => finished.length);
      return at;
    },
  };
}

function wrapper(folder: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `
daemon off;
worker_processes 2;
pid ${folder}/nginx.pid;
error_log stderr error;
events { worker_connections 256; }
http {
  access_log off;
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join('\n  ')}
  include ${folder}/proxies.conf;
}
`;
}

const tool = { type: 'function', function: { name: 'look', parameters: { type: 'object', properties: {} } } };
const hello = { role: 'user', content: 'Go.' };
const bearer = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });

test('behind nginx a client keeps its reasoning, the others go elsewhere', { skip: missing }, async (t) => {
  let next: Item[] = [];
  const upstream = await scriptedUpstream(t, (response) => giveTurn(response, next, true));
  const { port, served } = await balance(t, upstream);
  const messages: object[] = [hello];
  const expected: object[] = [hello];
  const homes = new Set<number>();
  const elsewhere = new Map<string, number>();

  for (let n = 0; n < 6; n += 1) {
    next = [thought(`turn ${n}`), message('Working.', 'commentary'), functionCall(`call_${n}`, 'look', { n })];
    const answer = await call(port, { headers: bearer('agent'), body: chatBody({ messages, tools: [tool] }) });
    assert.equal(readStream(answer.text).finish[0], 'tool_calls');
    homes.add(await served());
    const { input } = JSON.parse(upstream.seen.at(-1)!.body.toString('utf8')) as { input: object[] };
    assertInput(input, expected);

    const made = { id: `call_${n}`, type: 'function', function: { name: 'look', arguments: JSON.stringify({ n }) } };
    messages.push({ role: 'assistant', content: null, tool_calls: [made] }, { role: 'tool', tool_call_id: `call_${n}`, content: 'seen' });
    expected.push(...withoutIds(next), { type: 'function_call_output', call_id: `call_${n}`, output: 'seen' });

    for (let one = 0; one < 20; one += 1) {
      const headers = [bearer(`key ${one}`), { 'x-api-key': `key ${one}` }, { 'api-key': `key ${one}` }][one % 3]!;
      const answered = await call(port, { headers, body: chatBody({ messages: [hello] }) });
      assert.equal(answered.status, 200);
      const at = await served();
      assert.equal(elsewhere.get(`${one}`) ?? at, at, 'a key has one proxy');
      elsewhere.set(`${one}`, at);
    }
  }
  assert.equal(homes.size, 1);
  assert.ok(new Set(elsewhere.values()).size > 1, 'the keys are spread');
});

test('behind nginx without sticky keys, proxies that share a store serve one conversation', { skip: missing || noRedis }, async (t) => {
  const store = await openRedisStore((await startRedis(t)).url);
  t.after(() => store.close());
  let next: Item[] = [];
  const upstream = await scriptedUpstream(t, (response) => giveTurn(response, next, true));
  const { port, served } = await balance(t, upstream, store);
  const messages: object[] = [hello];
  const expected: object[] = [hello];
  const servers = new Set<number>();
  for (let n = 0; n < 9; n += 1) {
    next = [thought(`turn ${n}`), message(`Answer ${n}.`, 'final_answer')];
    const answer = await call(port, { headers: bearer('agent'), body: chatBody({ model: 'gpt-5.6-sol', messages }) });
    servers.add(await served());
    const { input } = JSON.parse(upstream.seen.at(-1)!.body.toString('utf8')) as { input: object[] };
    assertInput(input, expected);
    messages.push({ role: 'assistant', content: readStream(answer.text).content }, { role: 'user', content: `Next ${n}.` });
    expected.push(...withoutIds(next), { role: 'user', content: `Next ${n}.` });
  }
  assert.equal(servers.size, 3);
});

test('behind nginx each event of a stream arrives at once', { skip: missing }, async (t) => {
  let received = '';
  const upstream = await scriptedUpstream(t, async (response) => {
    startStream(response);
    for (const event of textEvents(['one ', 'two ', 'three'])) {
      response.write(sse([event]));
      // nothing more comes before the client has what there is
      if (event['delta'])
        await until(() => received.includes(String(event['delta'])), `the client has “${String(event['delta'])}”`, 10_000);
    }
    response.end();
  });
  const { port } = await balance(t, upstream);
  const sent = request({ host: '127.0.0.1', port, path: '/v1/chat/completions', method: 'POST', agent: false, headers: bearer('key') });
  await new Promise<void>((resolve, reject) => {
    sent.on('error', reject);
    sent.on('response', (response) => {
      response.on('data', (part) => (received += String(part)));
      response.on('end', resolve);
      response.on('error', reject);
    });
    sent.end(chatBody());
  });
  const { content, done } = readStream(received);
  assert.deepEqual({ content, done }, { content: 'one two three', done: true });
});

test('a proxy that is gone is left out, and the clients of the others stay where they are', { skip: missing }, async (t) => {
  const upstream = await scriptedUpstream(t, (response) => giveTurn(response, [message('Hello')], true));
  const { port, proxies, served } = await balance(t, upstream);
  const ask = async (key: number): Promise<number> => {
    const answer = await call(port, { headers: bearer(`key ${key}`), body: chatBody() });
    assert.equal(readStream(answer.text).content, 'Hello');
    return served();
  };
  const keys = Array.from({ length: 30 }, (_, at) => at);
  const before: number[] = [];
  for (const key of keys) before.push(await ask(key));
  const gone = before[0]!;
  await proxies[gone]!.proxy.close({ graceful: false });
  const asked = upstream.seen.length;
  for (const key of keys) {
    const at = await ask(key);
    if (before[key] === gone) assert.notEqual(at, gone);
    else assert.equal(at, before[key]);
  }
  assert.equal(upstream.seen.length, asked + keys.length, 'no request was sent twice');

  for (const { proxy } of proxies) await proxy.close({ graceful: false });
  const none = await call(port, { headers: bearer('key 1'), body: chatBody() });
  assert.equal(none.status, 502);
  assert.match(none.text, /^\{"error":\{"message":"None of the proxies/);
});

test(
  'behind nginx a body may be as large as the proxies take it, and the client that leaves stops the upstream',
  { skip: missing },
  async (t) => {
    const upstream = await scriptedUpstream(t, (response, { body }) => {
      if (body.length > 1000) giveTurn(response, [message('Hello')], true);
      else startStream(response); // and never says more
    });
    const { port } = await balance(t, upstream);
    const content = 'x'.repeat(20 * 1024 * 1024);
    const large = await call(port, { headers: bearer('key'), body: chatBody({ messages: [{ role: 'user', content }] }) });
    assert.equal(readStream(large.text).content, 'Hello');
    const tooLarge = await call(port, {
      headers: { ...bearer('key'), expect: '100-continue', 'content-length': String(65 * 1024 * 1024) },
    });
    assert.equal(tooLarge.status, 413);
    assert.match(tooLarge.text, /^\{"error":/);

    const sent = request({ host: '127.0.0.1', port, path: '/v1/chat/completions', method: 'POST', agent: false, headers: bearer('key') });
    sent.on('error', () => {});
    sent.end(chatBody());
    await until(() => upstream.seen.length === 2, 'the request is there', 10_000);
    sent.destroy();
    await until(() => upstream.seen[1]!.aborted, 'the upstream is let go', 10_000);
  },
);
