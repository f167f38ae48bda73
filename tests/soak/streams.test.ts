import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { chatBody, readStream, sse, startStream, textEvents } from '../server/bridge-support.ts';
import { call, scriptedUpstream, until } from '../server/support.ts';
import { proxyProcess } from './support.ts';

const events = textEvents(['He', 'llo']);
const streams = 2000;

for (const mode of ['chat', 'responses'] as const) {
  test(`2,000 streams at once all come to their end: ${mode}`, { timeout: 240_000 }, async (t) => {
    let release = (): void => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    let waiting = 0;
    const upstream = await scriptedUpstream(t, async (response) => {
      startStream(response);
      response.write(sse(events.slice(0, 3)));
      waiting += 1;
      await released;
      response.end(sse(events.slice(3)));
    });
    const proxy = await proxyProcess(t, { upstream: upstream.url, mode });
    const before = await proxy.holdings();
    const answers = Array.from({ length: streams }, async (_, n) => {
      await delay(n / 2);
      return call(proxy.port, { body: chatBody() });
    });
    await until(() => waiting === streams, 'all have begun', 120_000);
    const during = await proxy.holdings();
    t.diagnostic(`a stream holds ${Math.round((during.heap - before.heap) / streams)} bytes; ${during.sockets} sockets`);
    assert.equal((await call(proxy.port, { path: '/health' })).status, 200);
    release();
    for (const { text, complete, status } of await Promise.all(answers)) {
      assert.deepEqual([status, complete], [200, true]);
      if (mode === 'responses') assert.deepEqual([readStream(text).content, readStream(text).done], ['Hello', true]);
      else assert.equal(text, sse(events));
    }
    assert.deepEqual((await proxy.holdings()).warnings, []);
  });
}
