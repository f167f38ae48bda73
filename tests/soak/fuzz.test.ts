import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fuzzPort, fuzzRequests, fuzzStreams, fuzzUpstream, fuzzWhole } from '../server/fuzzing.ts';

/** Seconds for each. */
const budget = 40;

describe('the proxy lives, serves the next request and answers with typed errors only', () => {
  for (const fuzz of [fuzzPort, fuzzStreams, fuzzWhole, fuzzUpstream, fuzzRequests]) {
    it(`for long: ${fuzz.name}`, { timeout: 120_000 }, async (t) => {
      const runs = await fuzz(t, budget);
      t.diagnostic(`${runs} runs`);
      assert.ok(runs > 100, `${runs} runs`);
    });
  }
});
