import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { call, freePort } from '../server/support.ts';

/** Whether this system lets a process be the first one of a namespace, as the command is in a container. */
const unshare = ['--pid', '--fork', '--map-root-user', '--kill-child'];
const available = process.platform === 'linux' && spawnSync('unshare', [...unshare, 'true']).status === 0;

// The kernel gives the first process no signal that it does not handle.
test('as the first process of a container the command stops on a signal', { skip: !available && 'unshare is not available' }, async (t) => {
  const port = await freePort();
  const command = fileURLToPath(new URL('../../bin/openai-proxy.js', import.meta.url));
  // It prints its own number within the namespace, and outside of it by way of /proc.
  const code = `console.log('pid', process.pid, require('node:fs').readlinkSync('/proc/self')); process.argv = [process.argv[0], '', '--port', '${port}']; import(${JSON.stringify(command)})`;
  const child = spawn('unshare', [...unshare, process.execPath, '-e', code], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (output += String(part)));
  const exited = new Promise<number | string>((resolve) => child.once('close', (exit, signal) => resolve(exit ?? signal ?? '')));
  t.after(() => {
    child.kill('SIGKILL');
    return exited;
  });
  while (
    !(await call(port, { path: '/health' }).then(
      () => true,
      () => child.exitCode !== null,
    ))
  )
    await delay(20);
  const [, inner, outer] = /pid (\d+) (\d+)/.exec(output) ?? [];
  assert.equal(inner, '1', output);
  const started = performance.now();
  process.kill(Number(outer), 'SIGTERM');
  assert.equal(await exited, 0, output);
  assert.ok(performance.now() - started < 5000);
});
