import { describe, it } from 'node:test';
import { beHostile } from '../server/hostile.ts';

const largest = 60 * 1024 * 1024;

describe('a hostile client or upstream can only make its own request fail', () => {
  for (const mode of ['chat', 'responses'] as const) {
    it(`for long, up to the limits: ${mode}`, { timeout: 290_000 }, async (t) => {
      t.diagnostic(await beHostile(t, { largest, seconds: 150, wait: 1000, mode }));
    });
  }
});
