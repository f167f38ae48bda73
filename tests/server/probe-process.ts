// Asks a proxy for `/health` again and again, in a process of its own: one that makes hostile requests is busy itself. Started with
// `fork(…, [port, pid of the proxy])`; sends the longest wait so far, in milliseconds, each time there is a longer one.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { call } from './support.ts';

const [port, pid] = process.argv.slice(2).map(Number) as [number, number];

/** Milliseconds of the processor that the proxy has taken: what it did, whatever else runs on the machine. */
function cpu(): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

process.on('disconnect', () => process.exit(0));
for (let longest = 0; ; await delay(20)) {
  const started = performance.now();
  const before = cpu();
  const { status } = await call(port, { path: '/health' });
  assert.equal(status, 200);
  const wait = Math.min(performance.now() - started, cpu() - before);
  if (wait > longest) process.send?.((longest = wait));
}
