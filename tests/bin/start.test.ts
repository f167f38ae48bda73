import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { call, freePort, listen, scriptedUpstream, serveCommand, startCommand, until } from '../server/support.ts';

describe('the command', () => {
  it('says at the start what it does', async (t) => {
    const { port, output } = await serveCommand(t, ['--upstream', 'http://upstream.example/x', '--mode', 'responses']);
    await until(() => output().includes('models'), 'the lines are there');
    assert.ok(output().includes(`http://127.0.0.1:${port}`));
    assert.match(output(), /only this machine; --host 0\.0\.0\.0/);
    assert.match(output(), /http:\/\/upstream\.example\/x/);
    assert.ok(!output().includes('\u001b'));
  });

  it('prints a line for each request, with a hint where the key is missing, and none with --quiet', async (t) => {
    const upstream = await scriptedUpstream(t, (response) =>
      response.writeHead(401, { 'content-type': 'application/json' }).end('{"error":{}}'),
    );
    const loud = await serveCommand(t, ['--upstream', upstream.url]);
    await call(loud.port, { body: '{}' });
    await until(() => /POST \/v1\/chat\/completions .*401/.test(loud.output()), 'the line is there');
    assert.match(loud.output(), /The key belongs in the client/);
    const quiet = await serveCommand(t, ['--upstream', upstream.url, '--quiet']);
    await call(quiet.port, { body: '{}' });
    assert.doesNotMatch(quiet.output(), /POST/);
  });

  it('listens on several ports, each in its mode', async (t) => {
    const second = await freePort();
    const { port } = await serveCommand(t, ['--port', String(second), '--mode', 'responses']);
    for (const one of [port, second]) assert.match((await call(one, { path: '/health' })).text, /"mode":"responses"/);
  });

  it('takes its models from ./models.json', async (t) => {
    const cwd = mkdtempSync(join(tmpdir(), 'openai-proxy-command-'));
    t.after(() => rmSync(cwd, { recursive: true }));
    writeFileSync(join(cwd, 'models.json'), '["my-model"]');
    const { port } = await serveCommand(t, ['--mode', 'chat'], { cwd });
    assert.match((await call(port, { path: '/v1/models' })).text, /"id":"my-model"/);
  });

  it('shows no key of a request that fails', async (t) => {
    const upstream = await scriptedUpstream(t, (response) => response.socket?.destroy());
    const { port, output, errors } = await serveCommand(t, ['--upstream', upstream.url]);
    const answer = await call(port, {
      path: '/v1/files/canary-canary-1?api_key=canary-canary-2',
      headers: { authorization: 'Bearer canary-canary-1', 'x-api-key': 'canary-canary-3' },
    });
    assert.equal(answer.status, 502);
    await until(() => output().includes('502'), 'the line is there');
    assert.doesNotMatch(answer.text + output() + errors(), /canary-canary/);
  });

  it('listens on both loopback addresses, where this machine has both', async (t) => {
    const { port, output } = await serveCommand(t, ['--demo']);
    await until(() => output().includes('models'), 'the lines are there');
    const listening = [...output().matchAll(/http:\/\/(\S+)\/v1/g)].map(([, host]) => host);
    const own = Object.values(networkInterfaces()).flatMap((all) => all?.map(({ address }) => address) ?? []);
    assert.deepEqual(listening, [`127.0.0.1:${port}`, ...(own.includes('::1') ? [`[::1]:${port}`] : [])]);
  });

  it('is for others with --host 0.0.0.0, and names its inspector by an address that a browser opens', async (t) => {
    const { port, output } = await serveCommand(t, ['--demo', '--inspect', '--host', '0.0.0.0']);
    await until(() => output().includes('inspect'), 'the lines are there');
    assert.ok(output().includes(`http://0.0.0.0:${port}`));
    assert.doesNotMatch(output(), /only this machine/);
    const address = new RegExp(`http://127\\.0\\.0\\.1:${port}(/inspect\\?token=\\S+)`).exec(output());
    assert.equal((await call(port, { path: address?.[1] ?? '', headers: { host: `127.0.0.1:${port}` } })).status, 200);
  });

  it('does not start where one of its ports is busy', async (t) => {
    const busy = createServer();
    const taken = await listen(busy);
    t.after(() => busy.close());
    const run = startCommand(t, ['--port', `0,${taken}`]);
    assert.equal(await run.exited, 1);
    assert.equal(run.errors(), `openai-proxy: port ${taken} is in use, perhaps by another openai-proxy; choose another with --port\n`);
    assert.equal(run.output(), '');
  });
});
