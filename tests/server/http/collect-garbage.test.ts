import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collectGarbage } from '../../../lib/server/http/collect-garbage.ts';

const mebi = 1024 * 1024;

function makeGarbage(mebibytes: number): void {
  for (let n = 0; n < mebibytes; n += 1) Buffer.alloc(mebi, 'x');
}

const buffers = (): number => process.memoryUsage().arrayBuffers;

test('much garbage is collected, what is in use stays', () => {
  collectGarbage();
  const inUse = Buffer.alloc(20 * mebi, 'x');
  makeGarbage(120);
  collectGarbage();
  assert.ok(buffers() < 60 * mebi, `${Math.round(buffers() / mebi)} MiB`);
  assert.equal(inUse.at(-1), 120);
});
