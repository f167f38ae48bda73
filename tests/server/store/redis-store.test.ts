import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, cpSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openRedisStore, type RedisStore } from '../../../lib/server/store/redis-store.ts';
import { createProxy, type ProxyOptions } from '../../../lib/server/index.ts';
import { chatBody } from '../bridge-support.ts';
import { call, freePort, scriptedUpstream, serveCommand, startProxy, until, type Context, type Started } from '../support.ts';
import { assertInput, functionCall, giveTurn, message, thought, withoutIds, type Item } from '../turns.ts';
import { missing, startRedis, type RedisServer } from './redis-server.ts';

const skip = missing;
const key = 'sk-canary-credential-0123456789';
const model = 'gpt-5.6-sol';
const canary = 'canary-of-the-conversation';

async function open(t: Context, url: string): Promise<RedisStore> {
  const store = await openRedisStore(url);
  t.after(() => store.close());
  return store;
}

interface Message {
  role: string;
  content: string | null;
  tool_calls?: { id: string }[];
  tool_call_id?: string;
}

interface Conversation {
  messages: Message[];
  /** What reached the model last. */
  input(): object[];
  /** What reached it before, and what it answered. */
  expected: object[];
  /** Asks one of the proxies; returns the milliseconds that it took. */
  ask(proxy: { port: number }): Promise<number>;
}

/** A conversation in which every second turn calls a tool, with a model that answers at once. */
async function converse(
  t: Context,
  start: (upstream: string) => Promise<{ port: number }[]>,
): Promise<Conversation & { proxies: { port: number }[] }> {
  let input: object[] = [];
  let items: Item[] = [];
  let turn = 0;
  const upstream = await scriptedUpstream(t, (response, { body }) => {
    input = (JSON.parse(body.toString('utf8')) as { input: object[] }).input;
    giveTurn(response, items, false);
  });
  const messages: Message[] = [{ role: 'user', content: `First. ${canary}` }];
  const expected: object[] = [{ role: 'user', content: `First. ${canary}` }];
  return {
    messages,
    expected,
    input: () => input,
    proxies: await start(upstream.url),
    async ask({ port }) {
      turn += 1;
      const id = `call_${turn}`;
      const isCall = turn % 2 === 1;
      const said = isCall ? functionCall(id, 'look', { at: canary, turn }) : message(`Answer ${turn}, ${canary}.`, 'final_answer');
      items = [thought(`${canary} ${turn}`), said];
      const tools = [{ type: 'function', function: { name: 'look' } }];
      const began = performance.now();
      const answer = await call(port, {
        headers: { authorization: `Bearer ${key}` },
        body: chatBody({ model, messages, tools, stream: false }),
      });
      const took = performance.now() - began;
      assert.equal(answer.status, 200, answer.text);
      const own = (JSON.parse(answer.text) as { choices: { message: Message }[] }).choices[0]!.message;
      const next = isCall ? { role: 'tool', tool_call_id: id, content: `Result ${turn}.` } : { role: 'user', content: `Next ${turn}.` };
      messages.push({ role: own.role, content: own.content, ...(own.tool_calls && { tool_calls: own.tool_calls }) }, next);
      expected.push(
        ...withoutIds(items),
        isCall ? { type: 'function_call_output', call_id: id, output: next.content } : { role: 'user', content: next.content },
      );
      return took;
    },
  };
}

/** Nobody waits for a write, and Redis may be behind on a busy machine. */
async function written(redis: RedisServer, count: number): Promise<void> {
  const end = performance.now() + 10_000;
  while ((await redis.dump()).size < count) assert.ok(performance.now() < end, `${count} values`);
}

/** For what a busy machine must not decide. */
const patient = { storeTimeout: 10_000 };

/** Two proxies that share a Redis. */
async function twoProxies(t: Context, redis: RedisServer, options: ProxyOptions = {}): Promise<Conversation & { proxies: Started[] }> {
  let proxies: Started[] = [];
  const conversation = await converse(t, async (upstream) => {
    const stores = [await open(t, redis.url), await open(t, redis.url)];
    proxies = await Promise.all(stores.map((store) => startProxy(t, { upstream, mode: 'responses', store, ...options })));
    return proxies;
  });
  return { ...conversation, proxies };
}

test('two proxies take turns in one conversation, and each prefix holds', { skip }, async (t) => {
  const redis = await startRedis(t);
  const { ask, input, expected, proxies } = await twoProxies(t, redis, patient);
  for (let turn = 0; turn < 20; turn += 1) {
    const before = [...expected];
    await ask(proxies[turn % 2]!);
    assertInput(input(), before, `turn ${turn + 1}`);
    await written(redis, turn + 1);
  }
  assert.deepEqual(
    proxies.flatMap(({ warnings }) => warnings),
    [],
  );
  const ttl = await redis.command('TTL', [...(await redis.dump()).keys()][0]!);
  assert.match(ttl.toString(), /^:3[56]\d\d\r\n$/);
});

test('nothing in the store can be read: no text, no reasoning, no credential', { skip }, async (t) => {
  const redis = await startRedis(t);
  const { ask, proxies } = await twoProxies(t, redis, patient);
  for (let turn = 0; turn < 6; turn += 1) await ask(proxies[turn % 2]!);
  const dump = await redis.dump();
  assert.ok(dump.size >= 6);
  const all = [...dump].map(([name, value]) => name + value.toString('latin1')).join('\n');
  for (const secret of ['canary', 'gAAAA', 'look', 'Answer', 'reasoning', model, 'sk-']) assert.ok(!all.includes(secret), secret);
});

test('garbage, a value of another key and a value cut short cost what was kept, and nothing else', { skip }, async (t) => {
  const redis = await startRedis(t);
  const { ask, input, proxies, expected } = await twoProxies(t, redis, patient);
  for (let turn = 0; turn < 4; turn += 1) await ask(proxies[turn % 2]!);
  const [one, two, three, four] = [...(await redis.dump()).keys()] as [string, string, string, string];
  await redis.command('SET', one, 'garbage');
  await redis.command('COPY', three, two, 'REPLACE');
  await redis.command('SET', three, '');
  await redis.command('SETRANGE', four, '20', 'x');
  await ask(proxies[0]!);
  assert.equal(input().filter((item) => (item as Item).type === 'reasoning').length, 0);
  assert.deepEqual(
    input().flatMap((item) => (item as Item)['call_id'] ?? []),
    expected.slice(0, -3).flatMap((item) => (item as Item)['call_id'] ?? []),
  );
  assert.deepEqual(
    proxies.flatMap(({ warnings }) => warnings),
    [],
  );
});

/** Milliseconds that the proxy's own work may take at the worst on a busy machine, beside the 50 that it waits. */
const slack = 400;

test('a store that is killed costs what was kept, with one warning, until it is back', { skip }, async (t) => {
  const redis = await startRedis(t);
  const { ask, proxies, input } = await twoProxies(t, redis, patient);
  for (let turn = 0; turn < 4; turn += 1) await ask(proxies[turn % 2]!);
  redis.process.kill('SIGKILL');
  for (let turn = 0; turn < 4; turn += 1) assert.ok((await ask(proxies[0]!)) < 50 + slack);
  assert.ok(!input().some((item) => (item as Item).type === 'reasoning'));
  assert.equal(proxies[0]!.warnings.length, 1);
  assert.match(proxies[0]!.warnings[0]!, /^the store failed: .*; requests go on without what is kept there$/);
  await startRedis(t, [], redis.port);
  const end = performance.now() + 20_000;
  const isBack = (): boolean => input().some((item) => (item as Item).type === 'reasoning');
  while (!isBack()) {
    assert.ok(performance.now() < end, 'turns are kept again');
    await ask(proxies[0]!);
  }
  assert.equal(proxies[0]!.warnings.length, 1);
});

test('a store that is paused is waited for 50 ms once, and not at all while it does not answer', { skip }, async (t) => {
  const redis = await startRedis(t);
  const { ask, proxies } = await twoProxies(t, redis);
  for (let turn = 0; turn < 4; turn += 1) await ask(proxies[turn % 2]!);
  redis.process.kill('SIGSTOP');
  for (let turn = 0; turn < 6; turn += 1) assert.ok((await ask(proxies[0]!)) < 50 + slack);
  assert.deepEqual(proxies[0]!.warnings, ['the store does not answer within 50 ms; requests go on without what is kept there']);
  redis.process.kill('SIGCONT');
  assert.deepEqual(proxies[1]!.warnings, []);
});

test('a store that is full costs what it does not take', { skip }, async (t) => {
  const redis = await startRedis(t, ['--maxmemory', '1mb', '--maxmemory-policy', 'noeviction']);
  const { ask, proxies } = await twoProxies(t, redis);
  for (let turn = 0; turn < 4; turn += 1) assert.ok((await ask(proxies[turn % 2]!)) < 50 + slack);
  await until(() => proxies.every(({ warnings }) => warnings.length === 1), 'a warning each');
  assert.match(proxies[0]!.warnings[0]!, /OOM/);
});

test('what one proxy learned of a refusal, the other one knows', { skip }, async (t) => {
  const redis = await startRedis(t);
  const upstream = await scriptedUpstream(t, (response, { body }) => {
    const { reasoning } = JSON.parse(body.toString('utf8')) as { reasoning?: { summary?: string } };
    if (!reasoning?.summary) return giveTurn(response, [message('Done.')], false);
    response.writeHead(400, { 'content-type': 'application/json' });
    const error = {
      type: 'invalid_request_error',
      message: 'Your organization must be verified to generate reasoning summaries.',
      param: 'reasoning.summary',
      code: null,
    };
    response.end(JSON.stringify({ error }));
  });
  for (const requests of [2, 1]) {
    const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses', store: await open(t, redis.url), ...patient });
    upstream.seen.length = 0;
    await call(port, { headers: { authorization: `Bearer ${key}` }, body: chatBody({ stream: false }) });
    assert.equal(upstream.seen.length, requests);
  }
});

test('a value that is read lives on', { skip }, async (t) => {
  const redis = await startRedis(t);
  const [one, other] = [await open(t, redis.url), await open(t, redis.url)];
  await one.set('openai-proxy:a', new Uint8Array([0, 255]), 100);
  assert.deepEqual(
    (await other.get(['openai-proxy:a', 'openai-proxy:b'])).map((value) => value && [...value]),
    [[0, 255], null],
  );
  await until(() => true, 'a moment');
  const ttl = async (): Promise<number> => Number((await redis.command('TTL', 'openai-proxy:a')).toString().slice(1));
  await other.get(['openai-proxy:a']); // behind the renewal on the same connection
  assert.ok((await ttl()) > 3590);
});

test('the command takes a store, and starts without it if it is down', { skip }, async (t) => {
  const redis = await startRedis(t);
  const commands: Awaited<ReturnType<typeof serveCommand>>[] = [];
  const conversation = await converse(t, async (upstream) => {
    const args = ['--mode', 'responses', '--upstream', upstream];
    return [
      await serveCommand(t, [...args, '--store', redis.url]),
      await serveCommand(t, args, { env: { OPENAI_PROXY_STORE: redis.url } }),
    ];
  });
  const { ask, expected, input, proxies } = conversation;
  for (let turn = 0; turn < 4; turn += 1) {
    const before = [...expected];
    await ask(proxies[turn % 2]!);
    // on a busy machine the 50 ms may be over: then a warning says so
    if (commands.every((command) => command.errors() === '')) assertInput(input(), before);
    await written(redis, turn + 1);
  }
  const nowhere = `redis://user:secret-canary@127.0.0.1:${await freePort()}`;
  let command: Awaited<ReturnType<typeof serveCommand>> | undefined;
  const alone = await converse(t, async (upstream) => [
    (command = await serveCommand(t, ['--mode', 'responses', '--upstream', upstream, '--store', nowhere])),
  ]);
  await alone.ask(alone.proxies[0]!);
  await until(() => /the store failed: .*ECONNREFUSED/.test(command!.errors()), 'the warning');
  assert.ok(!`${command!.output()}${command!.errors()}`.includes('canary@'));
});

test('without the package redis the command says what to do', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'openai-proxy-store-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const root = fileURLToPath(new URL('../../../../', import.meta.url));
  for (const part of ['dist/bin', 'dist/lib', 'package.json', 'node_modules/mri'])
    cpSync(join(root, part), join(folder, part), { recursive: true });
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(folder, 'dist/bin/openai-proxy.js'), '--store', 'redis://127.0.0.1:1', '--port', '0'],
    {
      encoding: 'utf8',
    },
  );
  assert.equal(status, 1);
  assert.match(stderr, /^openai-proxy: --store needs the package redis, which is not installed: npm install redis[^\n]*\n$/);
});

test('the library takes any store, and gives it nothing that can be read', async (t) => {
  const values = new Map<string, Uint8Array>();
  const store = {
    get: async (keys: readonly string[]) => keys.map((name) => values.get(name)),
    async set(name: string, value: Uint8Array) {
      values.set(name, value);
    },
  };
  const { ask, input, expected, proxies } = await converse(t, (upstream) =>
    Promise.all([1, 2].map(() => startProxy(t, { upstream, mode: 'responses', store }))),
  );
  for (let turn = 0; turn < 6; turn += 1) {
    const before = [...expected];
    await ask(proxies[turn % 2]!);
    assertInput(input(), before);
  }
  const all = [...values].map(([name, value]) => name + Buffer.from(value).toString('latin1')).join('\n');
  assert.ok(values.size >= 6 && !/canary|gAAAA/.test(all));
  assert.ok(createProxy({ store }));
});
