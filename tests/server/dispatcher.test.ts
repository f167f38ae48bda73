import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createDispatcher } from '../../lib/server/dispatcher.ts';
import { call, scriptedUpstream, startProxy } from './support.ts';

describe('the agent without time limits', () => {
  it('can be built on this Node', () => {
    assert.equal(typeof createDispatcher(1000)?.dispatch, 'function');
  });

  it('is used, and a fetch of one’s own is left alone', async (t) => {
    const upstream = await scriptedUpstream(t, (response) => response.end('{}'));
    const options: unknown[] = [];
    const own: typeof fetch = (input, init) => {
      options.push((init as { dispatcher?: unknown }).dispatcher);
      return fetch(input, init);
    };
    const plain = await startProxy(t, { upstream: upstream.url });
    const injected = await startProxy(t, { upstream: upstream.url, fetch: own });
    for (const { port, warnings } of [plain, injected]) {
      assert.equal((await call(port, { body: '{}' })).status, 200);
      assert.deepEqual(warnings, []);
    }
    assert.deepEqual(options, [undefined]);
  });
});
