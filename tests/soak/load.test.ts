import assert from 'node:assert/strict';
import { Agent, request as httpRequest } from 'node:http';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { chatBody, sse, textEvents, wholeResponse } from '../server/bridge-support.ts';
import { scriptedUpstream, until } from '../server/support.ts';
import { proxyProcess, randomNumbers } from './support.ts';

const total = 100_000;
const atOnce = 32;
const stream = sse(textEvents(['one ', 'two ', 'three']));
const whole = JSON.stringify(wholeResponse('one two three'));

/** What is asked for, by its share: method, path, `Host` (which picks the mode) and body. */
const kinds: [share: number, method: string, path: string, port: number, body: string | undefined][] = [
  [20, 'POST', '/v1/chat/completions', 5101, chatBody()],
  [10, 'POST', '/v1/chat/completions', 5101, chatBody({ stream: false })],
  [25, 'POST', '/v1/chat/completions', 5102, chatBody()],
  [20, 'POST', '/v1/chat/completions', 5102, chatBody({ stream: false })],
  [5, 'POST', '/v1/responses', 5102, chatBody()],
  [5, 'POST', '/v1/files', 5101, 'x'.repeat(10_000)],
  [5, 'GET', '/v1/files/x/content', 5101, undefined],
  [4, 'GET', '/v1/models/gpt-5', 5102, undefined],
  [3, 'GET', '/health', 5101, undefined],
  [2, 'POST', '/v1/chat/completions', 5102, '{"broken'],
  [1, 'GET', '/nothing', 5101, undefined],
];

test('100,000 requests, some given up and some broken off, leave nothing behind', { timeout: 590_000 }, async (t) => {
  const random = randomNumbers(1);
  const upstream = await scriptedUpstream(t, (response, { headers, body }) => {
    const way = headers['x-way'];
    const streamed = body.includes('"stream":true');
    response.writeHead(200, { 'content-type': streamed ? 'text/event-stream' : 'application/json' });
    const bytes = streamed ? stream : whole;
    if (way === 'reset') {
      response.write(bytes.slice(0, 300), () => response.socket?.resetAndDestroy());
    } else if (way === 'leave') {
      // so that there is someone to leave in the middle
      const begun = streamed ? 600 : 50;
      response.write(bytes.slice(0, begun));
      setTimeout(() => response.end(bytes.slice(begun)), 50);
    } else response.end(bytes);
  });
  const proxy = await proxyProcess(t, { upstream: upstream.url, models: undefined });
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  t.after(() => agent.destroy());

  const ends = new Map<string, number>();
  const count = (end: string): void => void ends.set(end, (ends.get(end) ?? 0) + 1);
  const one = (): Promise<void> =>
    new Promise((resolve) => {
      let pick = random(100);
      const [, method, path, port, body] = kinds.find(([share]) => (pick -= share) < 0)!;
      const chance = random(100);
      const way = chance < 10 ? 'leave' : chance < 15 ? 'reset' : 'whole';
      const headers = { host: `x:${port}`, 'x-way': way, authorization: 'Bearer canary', ...(body && { 'content-length': body.length }) };
      const sent = httpRequest({ host: '127.0.0.1', port: proxy.port, agent, method, path, headers }, (response) => {
        response.on('error', () => {});
        response.on('close', () => {
          count(`${way}: ${response.complete ? response.statusCode : 'broken'}`);
          resolve();
        });
        if (way === 'leave') response.once('data', () => sent.destroy());
        else response.resume();
      });
      sent.on('error', () => {
        if (sent.reusedSocket && way !== 'leave') count('stale');
        else count(`${way}: no answer`);
        resolve();
      });
      sent.end(body);
      if (way === 'leave' && random(2)) setTimeout(() => sent.destroy(), random(8));
    });

  /** After `done` requests. */
  const samples: { done: number; heap: number }[] = [];
  const base = await proxy.holdings();
  let started = 0;
  const began = performance.now();
  for (let until10k = 10_000; until10k <= total; until10k += 10_000) {
    const worker = async (): Promise<void> => {
      while (started < until10k) {
        started += 1;
        await one();
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    const { heap, sockets } = await proxy.holdings();
    samples.push({ done: started, heap });
    t.diagnostic(`${started} requests: ${(heap / 1e6).toFixed(2)} MB, ${sockets} sockets`);
  }
  const seconds = (performance.now() - began) / 1000;
  t.diagnostic(`${Math.round(total / seconds)} requests a second; ${JSON.stringify(Object.fromEntries([...ends].toSorted()))}`);

  // The first requests compile code and fill pools.
  const settled = samples.filter(({ done }) => done >= 30_000);
  const slope = slopeOf(settled.map(({ done, heap }) => [done, heap])) * 50_000;
  t.diagnostic(`heap slope: ${(slope / 1e6).toFixed(3)} MB per 50,000 requests`);
  assert.ok(slope < 1_000_000, `the heap grows by ${slope} bytes per 50,000 requests`);
  agent.destroy();
  // fetch keeps idle connections for four seconds
  await until(() => upstream.open() === 0, 'the upstream’s connections are closed', 20_000);
  await delay(500);
  const last = await proxy.holdings();
  t.diagnostic(`at rest: ${last.sockets} sockets (${base.sockets} before), ${last.descriptors} descriptors (${base.descriptors} before)`);
  assert.equal(last.sockets, base.sockets);
  // one more may be open for name resolution or the like
  assert.ok((last.descriptors ?? 0) <= (base.descriptors ?? 0) + 2, `${last.descriptors} descriptors, ${base.descriptors} before`);
  assert.deepEqual(last.warnings, []);
  for (const kind of ['whole: 200', 'whole: 400', 'whole: 404', 'leave: broken', 'leave: no answer', 'reset: broken', 'reset: 502']) {
    assert.ok((ends.get(kind) ?? 0) > 100, `${kind}: ${ends.get(kind)}`);
  }
  for (const kind of ends.keys()) assert.ok(!/^whole: (?:broken|no answer|5)|stale/.test(kind), `${kind}: ${ends.get(kind)}`);
});

/** By least squares. */
function slopeOf(points: readonly (readonly [number, number])[]): number {
  const mean = (at: 0 | 1): number => points.reduce((sum, point) => sum + point[at], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const above = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
  return above / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
}
