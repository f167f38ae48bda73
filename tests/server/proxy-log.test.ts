import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { call, rawRequest, scriptedUpstream, startProxy, until } from './support.ts';
import type { Context, Started } from './support.ts';

interface Entry {
  id: string;
  direction: string;
  path: string;
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
}

/** A proxy with a log, and what reads the log once the proxy has closed it. */
async function logged(t: Context, options: Parameters<typeof startProxy>[1]): Promise<Started & { entries(): Promise<Entry[]> }> {
  const folder = mkdtempSync(join(tmpdir(), 'openai-proxy-log-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'proxy.log');
  const started = await startProxy(t, { ...options, log: file });
  return {
    ...started,
    async entries() {
      await started.proxy.close();
      const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
      return lines.map((line) => JSON.parse(line) as Entry);
    },
  };
}

const key = 'sk-canary-canary-canary';
const request = JSON.stringify({ model: 'gpt-5', messages: [{ role: 'user', content: 'hi' }], seed: 1 });

describe('the log of the proxy', () => {
  for (const mode of ['chat', 'responses'] as const) {
    it(`has what came and went on both sides, and no key: ${mode}`, async (t) => {
      const upstream = await scriptedUpstream(t, (response) => {
        const output = [{ type: 'message', content: [{ type: 'output_text', text: `said ${key}`, annotations: [] }] }];
        response.setHeader('content-type', 'application/json').end(JSON.stringify({ id: 'resp_1', status: 'completed', output }));
      });
      const { port, entries } = await logged(t, { upstream: upstream.url, mode });
      await call(port, { path: `/v1/chat/completions?api_key=${key}`, body: request, headers: { authorization: `Bearer ${key}` } });
      const all = await entries();
      assert.deepEqual(
        [...new Set(all.map(({ direction }) => direction))].filter((direction) => direction !== 'note'),
        [
          'downstream-request',
          'upstream-request',
          'upstream-response',
          ...(mode === 'chat' ? ['downstream-response', 'upstream-response-chunk'] : ['upstream-response-chunk', 'downstream-response']),
          'downstream-response-chunk',
        ],
      );
      assert.equal(new Set(all.map(({ id }) => id)).size, 1);
      assert.equal(all[0]?.body, request);
      assert.equal(all.find(({ direction }) => direction === 'downstream-response')?.status, 200);
      assert.equal(
        all.some(({ direction, body }) => direction === 'note' && body === 'dropped seed'),
        mode === 'responses',
      );
      assert.doesNotMatch(JSON.stringify(all), /canary-canary/);
      assert.match(JSON.stringify(all), /said \[key\]/);
    });
  }

  it('has uploads that stream through, errors, and clients that left', async (t) => {
    const upstream = await scriptedUpstream(t, (response, { url }) => (url.endsWith('/wait') ? undefined : response.end('{}')));
    const { port, finished, entries } = await logged(t, { upstream: upstream.url });
    await call(port, { path: '/v1/files', body: 'uploaded', headers: { 'content-type': 'text/plain' } });
    await call(port, { path: '/nothing' });
    const raw = rawRequest(t, port, 'GET /v1/wait HTTP/1.1\r\nhost: x\r\n\r\n');
    await until(() => upstream.seen.length === 2, 'the upstream is asked');
    raw.socket.destroy();
    await until(() => finished.length === 3, 'all have ended');
    const all = await entries();
    assert.ok(all.some(({ direction, body }) => direction === 'downstream-request' && body === 'uploaded'));
    assert.ok(all.some(({ direction, status, path }) => direction === 'error' && status === 404 && path === '/nothing'));
    assert.ok(all.some(({ direction, path, body }) => direction === 'note' && path === '/v1/wait' && String(body).includes('closed')));
  });
});
