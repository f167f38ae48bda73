import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { chatRequest, sse, startStream, textEvents } from '../server/bridge-support.ts';
import { rawRequest, scriptedUpstream, until } from '../server/support.ts';
import { proxyProcess, randomNumbers } from './support.ts';

const begun = sse(textEvents(['x', 'y']).slice(0, 3));

test('a client that leaves closes the upstream’s connection within 100 ms, 200 times in each mode', { timeout: 120_000 }, async (t) => {
  const upstream = await scriptedUpstream(t, (response, { headers }) => {
    if (headers['x-silent']) return;
    startStream(response);
    response.write(begun);
  });
  const proxy = await proxyProcess(t, { upstream: upstream.url });
  for (const host of ['x:5101', 'x:5102']) {
    for (const silent of ['', 'x-silent: yes\r\n']) {
      const times: number[] = [];
      for (let n = 0; n < 200; n += 1) {
        const asked = upstream.seen.length;
        const raw = rawRequest(t, proxy.port, chatRequest({}, silent).replace('host: x\r\n', `host: ${host}\r\n`));
        await until(() => upstream.seen.length > asked && (silent !== '' || raw.text().includes('data: ')), 'under way');
        const left = performance.now();
        raw.socket.destroy();
        await until(() => upstream.seen[asked]?.aborted === true, 'the upstream’s connection is closed');
        times.push(performance.now() - left);
      }
      const [middle = 0, late = 0] = [0.5, 0.99].map((part) => times.toSorted((a, b) => a - b)[Math.floor(times.length * part)]);
      t.diagnostic(`${host}, ${silent ? 'before its head' : 'amid its answer'}: median ${middle.toFixed(1)} ms, p99 ${late.toFixed(1)} ms`);
      assert.ok(middle < 100, `${middle} ms`);
    }
  }
});

test('a thousand clients that leave after any byte leave nothing behind', { timeout: 120_000 }, async (t) => {
  const random = randomNumbers(5);
  const upstream = await scriptedUpstream(t, async (response) => {
    startStream(response);
    for (let n = 0; n < 20 && !response.destroyed; n += 1) {
      response.write(begun);
      await delay(2);
    }
    response.end();
  });
  const proxy = await proxyProcess(t, { upstream: upstream.url });
  const base = await proxy.holdings();
  for (let n = 0; n < 1000; n += 1) {
    const bytes = chatRequest().replace('host: x\r\n', `host: x:${n % 2 ? 5101 : 5102}\r\n`);
    // a part of them leaves amid the request
    const raw = rawRequest(t, proxy.port, bytes.slice(0, random(3) ? bytes.length : random(bytes.length)));
    let left = random(4000);
    raw.socket.on('data', (part: Buffer) => (left -= part.length) < 0 && raw.socket.destroy());
    setTimeout(() => raw.socket.destroy(), 20 + random(60));
    if (n % 20 === 0) await delay(10);
  }
  await until(() => upstream.open() === 0, 'all connections are closed', 20_000);
  assert.ok(upstream.seen.filter(({ aborted }) => aborted).length > 300);
  await delay(100);
  const { sockets, descriptors, warnings } = await proxy.holdings();
  assert.deepEqual([sockets, warnings], [base.sockets, []]);
  assert.ok((descriptors ?? 0) <= (base.descriptors ?? 0) + 2, `${descriptors} descriptors, ${base.descriptors} before`);
});
