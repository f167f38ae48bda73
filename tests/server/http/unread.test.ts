import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { call, listen, rawRequest, scriptedUpstream, startProxy, until, type Context } from '../support.ts';
import { createServer } from 'node:http';

/** An upstream that answers as soon as the head of a request is there. */
async function hasty(t: Context, connection: string): Promise<string> {
  const server = createServer((request, response) => {
    response.writeHead(401, { 'content-type': 'application/json', connection });
    response.end('{"error":{"message":"bad key"}}');
    request.resume();
  });
  server.on('connection', (socket) => socket.on('error', () => {}));
  const port = await listen(server);
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${port}/v1`;
}

const length = 20_000_000;

describe('an upload that is answered before it was read', () => {
  for (const connection of ['close', 'keep-alive']) {
    it(`has the upstream's answer, which then says ${connection}`, async (t) => {
      const { port } = await startProxy(t, { upstream: await hasty(t, connection) });
      for (let n = 0; n < 10; n += 1) {
        const { status, text } = await call(port, { path: '/v1/files', body: Buffer.alloc(length) });
        assert.deepEqual([status, text], [401, '{"error":{"message":"bad key"}}']);
      }
    });

    it(`is read to its end for a client that reads only then: upstream says ${connection}`, async (t) => {
      const { port } = await startProxy(t, { upstream: await hasty(t, connection) });
      for (const own of ['close', 'keep-alive']) {
        const socket = connect(port, '127.0.0.1').pause();
        t.after(() => socket.destroy());
        let text = '';
        socket.on('error', (error) => (text += error.message));
        socket.write(`POST /v1/files HTTP/1.1\r\nhost: x\r\nconnection: ${own}\r\ncontent-length: ${length}\r\n\r\n`);
        const sent = new Promise((resolve) => socket.write(Buffer.alloc(length), resolve));
        await sent;
        socket.on('data', (data: Buffer) => (text += data.toString('latin1'))).resume();
        await until(() => text.includes('bad key'), `an answer to ${own}`);
        assert.match(text, /^HTTP\/1\.1 401 /);
        if (own === 'close') continue;
        socket.write('GET /health HTTP/1.1\r\nhost: x\r\n\r\n');
        await until(() => text.includes('HTTP/1.1 200'), 'the connection serves another request');
      }
    });
  }

  it('is not waited for without an end', async (t) => {
    const { port } = await startProxy(t, { upstream: 'http://127.0.0.1:9/v1', maxBody: 1024 });
    const raw = rawRequest(t, port, 'POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: 5000\r\n\r\nx');
    assert.equal(await raw.closed, 'end');
    assert.match(raw.text(), /^HTTP\/1\.1 413 /);
  });
});

it('an error answer beyond the budget, or one that breaks off, keeps its status', async (t) => {
  const upstream = await scriptedUpstream(t, (response, { headers }) => {
    response.writeHead(429, { 'content-type': 'application/json', 'retry-after': '7' });
    response.write(`{"error":{"message":"slow","metadata":"${'x'.repeat(3_000_000)}`);
    if (headers['x-way'] === 'reset') setTimeout(() => response.socket?.resetAndDestroy(), 50);
    else response.end('"}}');
  });
  const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
  for (const way of ['whole', 'reset']) {
    const body = JSON.stringify({ model: 'gpt-5', messages: [{ role: 'user', content: 'x' }] });
    const { status, headers } = await call(port, { body, headers: { 'x-way': way } });
    assert.deepEqual([status, headers['retry-after']], [429, '7']);
  }
});
