import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { call, freePort, listen, startCommand, until, type Context } from '../server/support.ts';

/** A log with a name that would clear the screen. */
function logFile(t: Context): string {
  const folder = mkdtempSync(join(tmpdir(), 'show-test-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'a\u001b[2J.log');
  writeFileSync(file, '{"id":"1","direction":"note","body":"one"}\n');
  return file;
}

test('a log is shown at the port and host that are given, until a signal comes', async (t) => {
  const file = logFile(t);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const port = await freePort();
    const { output, errors, child, exited } = startCommand(t, ['--inspect', file, '--port', String(port), '--host', '127.0.0.1']);
    await until(() => output().endsWith('ends it.\n'), 'the lines are there', 10_000);
    const [, path = ''] =
      new RegExp(`^\\S+\\.log is shown at http://127\\.0\\.0\\.1:${port}(/inspect\\?token=\\S+)\\nCtrl-C ends it\\.\\n$`).exec(output()) ??
      [];
    assert.equal((await call(port, { path })).status, 200, output());
    assert.ok(!output().includes('\u001b'));
    child.kill(signal);
    assert.deepEqual([await exited, errors()], [0, '']);
  }
});

test('a port that is busy is one line and exit code 1', async (t) => {
  const busy = createServer();
  const port = await listen(busy);
  t.after(() => busy.close());
  const { exited, errors, output } = startCommand(t, ['--inspect', logFile(t), '--port', String(port)]);
  assert.equal(await exited, 1);
  assert.equal(errors(), `openai-proxy: port ${port} is in use, perhaps by another openai-proxy; choose another with --port\n`);
  assert.equal(output(), '');
});

test('a file that cannot be shown is one line and exit code 1', async (t) => {
  for (const file of ['nowhere.log', tmpdir()]) {
    const { errors, exited } = startCommand(t, ['--inspect', file]);
    assert.equal(await exited, 1);
    assert.match(errors(), /^openai-proxy: the log ".*" (?:cannot be read \(ENOENT\)|is not a file)\n$/);
  }
});
