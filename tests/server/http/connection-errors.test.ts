import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { call, errorOf, rawRequest, scriptedUpstream, startProxy } from '../support.ts';

/** The error object of a raw answer. */
function errorIn(text: string): ReturnType<typeof errorOf> {
  return errorOf({ text: text.slice(text.indexOf('\r\n\r\n') + 4) });
}

describe('what is no valid request', () => {
  const head = 'POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\n';
  const cases: [what: string, status: number, bytes: string][] = [
    ['length and chunks', 400, `${head}content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['two lengths', 400, `${head}content-length: 2\r\ncontent-length: 3\r\n\r\n{}`],
    ['the same length twice', 400, `${head}content-length: 2\r\ncontent-length: 2\r\n\r\n{}`],
    ['a length with a sign', 400, `${head}content-length: +2\r\n\r\n{}`],
    ['an unknown transfer encoding', 400, `${head}transfer-encoding: gzip\r\n\r\n{}`],
    ['chunks that are not the last encoding', 400, `${head}transfer-encoding: chunked, gzip\r\n\r\n{}`],
    ['a space before a colon', 400, `${head}x : 1\r\n\r\n`],
    ['a folded header', 400, `${head}x: 1\r\n 2\r\n\r\n`],
    ['a NUL in a header', 400, `${head}x: a\0b\r\n\r\n`],
    ['no Host', 400, 'GET /health HTTP/1.1\r\nconnection: close\r\n\r\n'],
    ['a bad chunk size', 400, `${head}transfer-encoding: chunked\r\n\r\nzz\r\n`],
    ['HTTP/2', 400, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['TLS', 400, '\x16\x03\x01\x02\x00\x01\x00'],
    ['a head of 17 KB', 431, `${head}x: ${'y'.repeat(17 * 1024)}\r\n\r\n`],
    ['a target of 17 KB', 431, `GET /${'y'.repeat(17 * 1024)} HTTP/1.1\r\nhost: x\r\n\r\n`],
    ['a tunnel', 405, 'CONNECT evil.test:443 HTTP/1.1\r\nhost: evil.test:443\r\n\r\n'],
  ];
  for (const [what, status, bytes] of cases) {
    it(`${what}: ${status}, in the shape of OpenAI, and nothing goes upstream`, async (t) => {
      const upstream = await scriptedUpstream(t, (response) => response.end('{}'));
      const { port } = await startProxy(t, { upstream: upstream.url });
      const raw = rawRequest(t, port, Buffer.from(bytes, 'latin1'));
      await raw.closed;
      assert.match(raw.text(), new RegExp(`^HTTP/1\\.1 ${status} `));
      assert.equal(errorIn(raw.text()).type, 'invalid_request_error');
      assert.equal(upstream.seen.length, 0);
    });
  }

  it('behind a valid one does not get into its answer', async (t) => {
    let finish = (): void => {};
    const upstream = await scriptedUpstream(t, (response) => {
      response.write('begun');
      finish = () => response.end();
    });
    const { port } = await startProxy(t, { upstream: upstream.url });
    const raw = rawRequest(t, port, 'GET /v1/files HTTP/1.1\r\nhost: x\r\n\r\n');
    while (!raw.text().includes('begun')) await delay(2);
    raw.socket.write('no HTTP at all\r\n\r\n');
    await raw.closed;
    finish();
    assert.equal(raw.text().match(/HTTP\/1\.1/g)?.length, 1);
  });

  it('leaves the proxy serving', async (t) => {
    const { port } = await startProxy(t, {});
    let seed = 42;
    const random = (): number => (seed = (seed * 48271) % 2147483647) % 256;
    for (let n = 0; n < 50; n += 1) rawRequest(t, port, Buffer.from(Array.from({ length: 200 }, random))).socket.end();
    assert.equal((await call(port, { path: '/health' })).status, 200);
  });
});

describe('a request for another protocol', () => {
  it('as WebSocket gets an error that names HTTP', async (t) => {
    const { port } = await startProxy(t, {});
    const headers = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-key': 'x', 'sec-websocket-version': '13' };
    const answer = await call(port, { path: '/v1/responses', headers });
    assert.equal(answer.status, 426);
    assert.equal(errorOf(answer).code, 'upgrade_not_supported');
  });

  it('as HTTP/2, which some clients offer with each request, is served as it is', async (t) => {
    const upstream = await scriptedUpstream(t, (response, { body }) => response.end(body));
    const { port } = await startProxy(t, { upstream: upstream.url });
    const headers = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABk' };
    const answer = await call(port, { body: '{}', headers });
    assert.equal(answer.status, 200);
    assert.equal(answer.text, '{}');
    assert.equal(upstream.seen[0]?.headers['http2-settings'], undefined);
  });
});

describe('a client that is too slow', () => {
  for (const [what, start, drip] of [
    ['with its head', 'GET /health HTTP/1.1\r\n', 'x: 1\r\n'],
    ['with its body', 'POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n', 'x'],
  ] as const) {
    it(`${what} is given up`, async (t) => {
      const { port } = await startProxy(t, { upstream: 'http://127.0.0.1:9/v1', headersTimeout: 400, requestTimeout: 400 });
      const raw = rawRequest(t, port, start);
      const timer = setInterval(() => raw.socket.write(drip), 50);
      t.after(() => clearInterval(timer));
      await raw.closed;
      assert.match(raw.text(), /^HTTP\/1\.1 408 /);
    });
  }
});

describe('pipelined requests', () => {
  it('are answered in order', async (t) => {
    const upstream = await scriptedUpstream(t, async (response, { url }) => {
      if (url.endsWith('1')) await delay(50);
      response.end(url);
    });
    const { port } = await startProxy(t, { upstream: upstream.url });
    const one = (n: number, more = ''): string => `GET /v1/files/${n} HTTP/1.1\r\nhost: x\r\n${more}\r\n`;
    const raw = rawRequest(t, port, one(1) + one(2) + one(3, 'connection: close\r\n'));
    await raw.closed;
    assert.deepEqual(raw.text().match(/\/v1\/files\/\d/g), ['/v1/files/1', '/v1/files/2', '/v1/files/3']);
  });
});
