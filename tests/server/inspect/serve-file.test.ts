import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startCommand, until, type Context } from '../support.ts';
import { isComplete, readLines } from './support.ts';

function logFile(t: Context, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'inspect-test-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'proxy.log');
  writeFileSync(file, text);
  return file;
}

test('--inspect with a file serves that file alone, and Ctrl-C ends it', async (t) => {
  const file = logFile(t, '{"id":"1","direction":"note","body":"one"}\n{"id":"1","direction":"note","body":"two"}');
  const { output, exited, child, errors } = startCommand(t, ['--inspect', file]);
  await until(() => /\binspect\?token=/.test(output()), 'the address is printed', 10_000);
  const address = /http:\/\/\S+/.exec(output())?.[0] ?? '';
  const lines = await readLines(address.replace('/inspect?', '/inspect/log?'), isComplete);
  assert.deepEqual(
    lines.map(({ inspector, body, file: name }) => inspector ?? body ?? name),
    ['hello', 'one', 'two', 'complete'],
  );
  assert.equal(lines[0]?.['file'], 'proxy.log');
  assert.equal((await fetch(address)).status, 200);
  assert.equal((await fetch(address.split('?')[0]!)).status, 403);
  for (const path of ['/health', '/v1/models', '/etc/passwd', '/inspect/log/../../proxy.log']) {
    assert.notEqual((await fetch(new URL(path, address))).status, 200, path);
  }
  child.kill('SIGINT');
  assert.equal(await exited, 0);
  assert.equal(errors(), '');
});
