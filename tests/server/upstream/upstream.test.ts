import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { call, errorOf, rawUpstream, scriptedUpstream, startProxy } from '../support.ts';

describe('an upstream that compresses all the same', () => {
  const text = 'data: ünïcode\n\n'.repeat(1000);
  const ways: [string, Buffer][] = [
    ['gzip', gzipSync(text)],
    ['br', brotliCompressSync(text)],
    ['deflate', deflateSync(text)],
  ];
  for (const [encoding, bytes] of ways) {
    it(`is decoded: ${encoding}`, async (t) => {
      const upstream = await scriptedUpstream(t, (response) =>
        response.writeHead(200, { 'content-encoding': encoding, 'content-length': bytes.length }).end(bytes),
      );
      const { port } = await startProxy(t, { upstream: upstream.url });
      const answer = await call(port, { body: '{}', headers: { 'accept-encoding': 'gzip, br' } });
      assert.equal(answer.text, text);
      assert.equal(answer.headers['content-encoding'], undefined);
      assert.equal(upstream.seen[0]?.headers['accept-encoding'], 'identity');
    });
  }

  it('without a word passes as bytes', async (t) => {
    const bytes = gzipSync(text);
    const upstream = await scriptedUpstream(t, (response) => response.end(bytes));
    const { port } = await startProxy(t, { upstream: upstream.url });
    assert.ok((await call(port, { body: '{}' })).body.equals(bytes));
  });

  it('in a way that fetch does not know is an error', async (t) => {
    const upstream = await scriptedUpstream(t, (response) => response.writeHead(200, { 'content-encoding': 'zstd' }).end('x'));
    const { port } = await startProxy(t, { upstream: upstream.url });
    const answer = await call(port, { body: '{}' });
    assert.equal(answer.status, 502);
    assert.equal(errorOf(answer).code, 'upstream_invalid_answer');
  });

  it('and sends what is no gzip breaks off', async (t) => {
    const upstream = await scriptedUpstream(t, (response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('not gzip at all'),
    );
    const { port } = await startProxy(t, { upstream: upstream.url });
    const answer = await call(port, { body: '{}' });
    assert.ok(answer.status === 502 || !answer.complete);
  });
});

describe('an odd status of the upstream', () => {
  for (const status of [600, 999]) {
    it(`${status} is an error of the proxy’s own`, async (t) => {
      const upstream = await scriptedUpstream(t, (response) => response.writeHead(status).end('x'));
      const { port } = await startProxy(t, { upstream: upstream.url });
      const answer = await call(port, { body: '{}' });
      assert.equal(answer.status, 502);
      assert.equal(errorOf(answer).code, 'upstream_invalid_answer');
    });
  }

  it('an answer that is no HTTP is one too', async (t) => {
    const upstream = await rawUpstream(t, (socket) => socket.end('SSH-2.0-OpenSSH_9.9\r\n\r\n'));
    const { port } = await startProxy(t, { upstream: upstream.url });
    const answer = await call(port, { body: '{}' });
    assert.equal(answer.status, 502);
    assert.equal(errorOf(answer).code, 'upstream_invalid_answer');
  });
});
