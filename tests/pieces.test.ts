import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pieces } from '../lib/pieces.ts';

test('pieces of any size are joined in order', () => {
  const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, n) => (n * 7) % 251));
  for (const sizes of [[1], [3, 5000, 1], [70_000, 10], [4096, 4095], [300_000], [65_536, 1, 65_535]]) {
    const pieces = new Pieces();
    for (let at = 0, n = 0; at < bytes.length; n += 1) {
      const end = at + sizes[n % sizes.length]!;
      pieces.add(bytes.subarray(at, end));
      at = end;
    }
    assert.equal(pieces.length, bytes.length);
    assert.ok(bytes.equals(pieces.join()), String(sizes));
  }
  assert.equal(new Pieces().join().length, 0);
});

test('long ones are joined in steps', () => {
  const pieces = new Pieces();
  const piece = Buffer.alloc(1_048_576, 'x');
  for (let n = 0; n < 20; n += 1) pieces.add(piece);
  const steps = pieces.joinInSteps();
  let count = 0;
  let step = steps.next();
  for (; !step.done; step = steps.next()) count += 1;
  assert.equal(count, 2);
  assert.equal(step.value.length, 20 * 1_048_576);
  assert.ok(step.value.every((byte) => byte === 120));
});

test('pieces of one byte take little more than their bytes', () => {
  const pieces = new Pieces();
  const one = Buffer.from('x');
  pieces.add(one);
  const before = process.memoryUsage();
  for (let n = 0; n < 2_000_000; n += 1) pieces.add(one);
  const after = process.memoryUsage();
  const grown = after.heapUsed - before.heapUsed + after.arrayBuffers - before.arrayBuffers;
  assert.ok(grown < 20_000_000, `${grown} bytes`);
  assert.equal(pieces.length, 2_000_001);
});
