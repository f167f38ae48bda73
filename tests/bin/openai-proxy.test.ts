import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { help } from '../../bin/help.ts';
import { version } from '../../lib/server/about.ts';
import { call, freePort, listen, scriptedUpstream, serveCommand, startCommand, until } from '../server/support.ts';

describe('the command', () => {
  it('prints its help and its version', async (t) => {
    for (const flag of ['--help', '-h']) {
      const run = startCommand(t, [flag]);
      assert.equal(await run.exited, 0);
      assert.equal(run.output(), help);
    }
    const run = startCommand(t, ['-v']);
    assert.equal(await run.exited, 0);
    assert.equal(run.output(), `${version()}\n`);
  });

  const faults: [what: string, code: number, args: (port: string) => string[], message: RegExp][] = [
    ['an unknown flag', 2, () => ['--nope'], /unknown option --nope/],
    ['a bad value', 2, () => ['--mode', 'x'], /--mode must be one of auto, chat, responses/],
    ['a busy port', 1, (port) => ['--port', port], /port \d+ is in use/],
    ['an address of another machine', 1, () => ['--port', '0', '--host', '192.0.2.1'], /port 0 .*--host/],
    ['an unknown host', 1, () => ['--port', '0', '--host', 'nowhere.invalid'], /port 0 .*--host/],
    ['a log that is a folder', 1, () => ['--port', '0', '--log', '/'], /./],
    ['a list of models that is not there', 1, () => ['--port', '0', '--models', '/nowhere/models.json'], /models\.json/],
    ['itself as upstream', 1, () => [], /is this proxy itself/],
  ];
  for (const [what, code, args, message] of faults) {
    it(`says in a line what is wrong and exits with ${code}: ${what}`, async (t) => {
      const busy = createServer();
      const port = String(await listen(busy));
      t.after(() => busy.close());
      let given = args(port);
      if (given.length === 0) {
        const free = String(await freePort());
        given = ['--port', free, '--upstream', `http://localhost:${free}`];
      }
      const run = startCommand(t, given);
      assert.equal(await run.exited, code, run.errors());
      assert.match(run.errors(), /^openai-proxy: [^\n]+\n$/);
      assert.match(run.errors(), message);
      assert.equal(run.output(), '');
    });
  }

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

  it('keeps serving when no one reads what it prints', async (t) => {
    const { port, child } = await serveCommand(t, ['--upstream', 'http://127.0.0.1:9/v1']);
    child.stdout?.destroy();
    child.stderr?.destroy();
    for (let n = 0; n < 20; n += 1) assert.equal((await call(port, { path: '/health' })).status, 200);
    assert.equal(child.exitCode, null);
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
});
