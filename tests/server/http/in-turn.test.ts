import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { budgets } from '../../../lib/budgets.ts';
import { call, rawRequest, scriptedUpstream, startProxy, until } from '../support.ts';

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`;

describe('pipelined requests', () => {
  it('are served one after the other', async (t) => {
    let running = 0;
    let most = 0;
    const upstream = await scriptedUpstream(t, async (response, { url }) => {
      most = Math.max(most, (running += 1));
      await delay(5);
      running -= 1;
      response.end(url);
    });
    const { port } = await startProxy(t, { upstream: upstream.url });
    const paths = Array.from({ length: 50 }, (_, n) => `/v1/files/${n}`);
    const raw = rawRequest(t, port, paths.map(get).join(''));
    await until(() => raw.text().includes('/v1/files/49'), 'the last answer');
    assert.deepEqual(raw.text().match(/\/v1\/files\/\d+/g), paths);
    assert.equal(most, 1);
  });

  it('leave nothing behind when their client leaves', async (t) => {
    const upstream = await scriptedUpstream(t, () => {});
    const { port, finished, proxy } = await startProxy(t, { upstream: upstream.url, grace: 5000 });
    const raw = rawRequest(t, port, get('/v1/files').repeat(100));
    await until(() => upstream.seen.length === 1, 'the first one is under way');
    raw.socket.destroy();
    await until(() => upstream.seen[0]?.aborted === true && finished.length === 1, 'it is given up');
    const started = performance.now();
    await proxy.close();
    assert.ok(performance.now() - started < 1000, 'nothing is waited for');
    assert.equal(upstream.seen.length, 1);
  });

  it('beyond the budget end the connection', async (t) => {
    const upstream = await scriptedUpstream(t, () => {});
    const { port } = await startProxy(t, { upstream: upstream.url });
    const raw = rawRequest(t, port, get('/v1/files').repeat(budgets.pipelined + 2));
    await raw.closed;
    await until(() => upstream.seen.every(({ aborted }) => aborted), 'nothing is left');
    assert.equal((await call(port, { path: '/health' })).status, 200);
  });
});

describe('a request with many headers', () => {
  for (const [count, status] of [
    [budgets.headers - 1, 200],
    [budgets.headers, 431],
    [2000, 431],
    [2500, 431],
  ] as const) {
    it(`${count} and Host: ${status}`, async (t) => {
      const { port } = await startProxy(t, { upstream: 'http://127.0.0.1:9/v1' });
      const raw = rawRequest(t, port, `GET /health HTTP/1.1\r\nhost: x\r\n${'a:\r\n'.repeat(count)}\r\n`);
      await until(() => raw.text().includes('\r\n\r\n'), 'an answer');
      assert.match(raw.text(), new RegExp(`^HTTP/1\\.1 ${status} `));
    });
  }
});
