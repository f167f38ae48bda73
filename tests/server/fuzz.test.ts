import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fuzzPort, fuzzRequests, fuzzStreams, fuzzUpstream, fuzzWhole } from './fuzzing.ts';

/** Seconds for each; the long runs are among the soak tests. */
const budget = 1.5;

describe('the proxy lives, serves the next request and answers with typed errors only', () => {
  for (const [what, fuzz] of Object.entries({
    'random bytes to its port': fuzzPort,
    'changed, reordered, split and cut streams of the upstream': fuzzStreams,
    'changed answers of the upstream': fuzzWhole,
    'random bytes of the upstream': fuzzUpstream,
    'changed requests': fuzzRequests,
  })) {
    it(`whatever comes: ${what}`, { timeout: 60_000 }, async (t) => {
      const runs = await fuzz(t, budget);
      t.diagnostic(`${runs} runs`);
      assert.ok(runs > 5, `${runs} runs`);
    });
  }
});
