import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createDispatcher } from '../../../lib/server/upstream/dispatcher.ts';
import type { Dispatcher } from '../../../lib/server/types/dispatcher.ts';
import { call, scriptedUpstream, startProxy } from '../support.ts';
import type { Context } from '../support.ts';

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

  // The names of its limits are not documented for `fetch`: were they wrong, nothing would be lifted, and only a long silence would show it.
  for (const [limit, code] of [
    ['headersTimeout', 'UND_ERR_HEADERS_TIMEOUT'],
    ['bodyTimeout', 'UND_ERR_BODY_TIMEOUT'],
  ] as const) {
    it(`outlives a silence that a short ${limit} ends`, { timeout: 30_000 }, async (t) => {
      const silence = 4000;
      const lifted = createDispatcher(1000);
      assert.ok(lifted);
      const short = new (lifted.constructor as new (options: object) => Dispatcher)({ [limit]: 500 });
      const [ended, outlived] = await Promise.all([read(t, limit, short, silence), read(t, limit, lifted, silence)]);
      assert.equal(ended, code);
      assert.equal(outlived, 'done');
    });
  }
});

/** What comes of an upstream that is silent before its head or before its body: its text, or the code of the error. */
async function read(t: Context, limit: 'headersTimeout' | 'bodyTimeout', dispatcher: unknown, silence: number): Promise<unknown> {
  const { url } = await scriptedUpstream(t, (response) => {
    if (limit === 'bodyTimeout') response.flushHeaders();
    setTimeout(() => response.end('done'), silence);
  });
  try {
    const response = await fetch(url, { dispatcher } as RequestInit);
    return await response.text();
  } catch (error) {
    const { cause, code } = error as { cause?: { code?: unknown }; code?: unknown };
    return cause?.code ?? code;
  }
}
