import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { chatBody } from '../bridge-support.ts';
import { call, listen, rawUpstream, startProxy, type Context } from '../support.ts';

const words = '{"error":{"message":"bad key"}}';

/** An upstream in a process of its own, that closes while others write to it. */
async function hasty(t: Context): Promise<string> {
  const script = `const server = require('node:http').createServer((request, response) => {
    response.writeHead(401, { 'content-type': 'application/json', connection: 'close' });
    response.end(${JSON.stringify(words)});
    request.resume();
  });
  server.on('connection', (socket) => socket.on('error', () => {}));
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  return `http://127.0.0.1:${String(port).trim()}/v1`;
}

for (const [mode, path, body] of [
  ['chat', '/v1/files', Buffer.alloc(20_000_000)],
  ['chat', '/v1/chat/completions', chatBody({ user: 'x'.repeat(20_000_000) })],
  ['responses', '/v1/chat/completions', chatBody({ user: 'x'.repeat(20_000_000) })],
] as const) {
  test(`an upstream that refuses an upload and closes is heard: ${mode} mode, ${path}`, { timeout: 60_000 }, async (t) => {
    const { port } = await startProxy(t, { upstream: await hasty(t), mode });
    for (let n = 0; n < 10; n += 1) {
      const { status, text } = await call(port, { path, body });
      assert.equal(status, 401, text);
      assert.match(text, /bad key/);
    }
  });
}

test('one that closes without a word is no answer', async (t) => {
  const upstream = await rawUpstream(t, (socket) => socket.resetAndDestroy());
  const { port } = await startProxy(t, { upstream: upstream.url });
  const { status, headers } = await call(port, { path: '/v1/files', body: Buffer.alloc(5_000_000) });
  assert.deepEqual([status, headers['x-should-retry']], [502, 'true']);
});

test('other connections of the process are as they were', async (t) => {
  const { port } = await startProxy(t, { upstream: await hasty(t) });
  await call(port, { path: '/v1/files', body: 'x' });
  const server = createServer((_, response) => response.end('own'));
  t.after(() => server.close());
  const own = await fetch(`http://127.0.0.1:${await listen(server)}`, { method: 'POST', body: 'x'.repeat(1_000_000) });
  assert.equal(await own.text(), 'own');
});
