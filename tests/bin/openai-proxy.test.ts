import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { describe, it } from 'node:test';
import { help } from '../../bin/help.ts';
import { version } from '../../lib/server/about.ts';
import { call, freePort, listen, serveCommand, startCommand } from '../server/support.ts';

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

  it('keeps serving when no one reads what it prints', async (t) => {
    const { port, child } = await serveCommand(t, ['--upstream', 'http://127.0.0.1:9/v1']);
    child.stdout?.destroy();
    child.stderr?.destroy();
    for (let n = 0; n < 20; n += 1) assert.equal((await call(port, { path: '/health' })).status, 200);
    assert.equal(child.exitCode, null);
  });
});
