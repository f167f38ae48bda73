import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { rmSync } from 'node:fs';
import { beHostile } from './hostile.ts';

describe('a hostile client or upstream can only make its own request fail', () => {
  for (const mode of ['chat', 'responses'] as const) {
    it(`for a while: ${mode}`, { timeout: 110_000 }, async (t) => {
      const log = join(tmpdir(), `openai-proxy-hostile-${process.pid}-${mode}.log`);
      t.after(() => rmSync(log, { force: true }));
      t.diagnostic(await beHostile(t, { largest: 1_000_000, seconds: 8, wait: 1000, mode, log }));
    });
  }
});
