import assert from 'node:assert/strict';
import { createServer as createNetServer } from 'node:net';
import { describe, it } from 'node:test';
import { createServer as createTlsServer } from 'node:https';
import { cert, key } from '../self-signed.ts';
import { call, errorOf, freePort, listen, rawRequest, rawUpstream, startProxy, until } from '../support.ts';

const body = '{"data":["one","two"]}';
const whole = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
const chunked = `HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n9\r\ndata: 2\n\n\r\n0\r\n\r\n`;

describe('an upstream that breaks off', () => {
  for (const [name, answer] of Object.entries({ whole, chunked })) {
    for (const way of ['reset', 'end'] as const) {
      it(`never looks like one that has ended: ${name}, ${way} after every byte`, async (t) => {
        let cut = 0;
        const upstream = await rawUpstream(t, (socket) => {
          const after = (): void => void (way === 'reset' ? setImmediate(() => socket.resetAndDestroy()) : socket.end());
          if (cut === 0) after();
          else socket.write(answer.slice(0, cut), after);
        });
        const { port } = await startProxy(t, { upstream: upstream.url });
        const bodyAt = answer.indexOf('\r\n\r\n') + 4;
        for (cut = 0; cut < answer.length; cut += 1) {
          const got = await call(port, { body: '{}' }).catch((error: NodeJS.ErrnoException) => error.code);
          if (typeof got !== 'object') {
            assert.ok(cut >= bodyAt, `after ${cut} bytes: ${got}`);
            continue;
          }
          if (got.status === 502) {
            assert.ok(cut < bodyAt || way === 'reset', `after ${cut} bytes`);
            assert.match(String(errorOf(got).code), /^upstream_/);
          } else assert.equal(got.complete, false, `after ${cut} bytes`);
        }
      });
    }
  }

  it('before its head may be asked again, and the client hears so', async (t) => {
    const upstream = await rawUpstream(t, (socket) => socket.destroy());
    const { port, finished } = await startProxy(t, { upstream: upstream.url });
    const answer = await call(port, { body: '{}' });
    assert.equal(answer.status, 502);
    assert.equal(answer.headers['x-should-retry'], 'true');
    assert.equal(errorOf(answer).code, 'upstream_reset');
    assert.equal(errorOf(answer).type, 'server_error');
    assert.equal(finished[0]?.report.unreachable, undefined);
  });

  it('after its head shows the client what came, and then a broken connection', async (t) => {
    const upstream = await rawUpstream(t, (socket) => socket.end(chunked.slice(0, -5)));
    const { port, finished } = await startProxy(t, { upstream: upstream.url });
    const answer = await call(port, { body: '{}' });
    assert.equal(answer.text, 'data: 1\n\ndata: 2\n\n');
    assert.equal(answer.complete, false);
    await until(() => finished.length === 1, 'the exchange has ended');
    assert.match(finished[0]?.report.failure ?? '', /closed the connection/);
  });

  it('is a reset to a client of HTTP/1.0, to which an end would be the end', async (t) => {
    const upstream = await rawUpstream(t, (socket) => socket.end(chunked.slice(0, -5)));
    const { port } = await startProxy(t, { upstream: upstream.url });
    const raw = rawRequest(t, port, 'POST /v1/chat/completions HTTP/1.0\r\ncontent-length: 2\r\n\r\n{}');
    assert.equal(await raw.closed, 'reset');
  });

  it('does not keep others waiting', async (t) => {
    const upstream = await rawUpstream(t, (socket) => socket.end(whole.slice(0, -5)));
    const { port } = await startProxy(t, { upstream: upstream.url });
    const answers = await Promise.all(Array.from({ length: 20 }, () => call(port, { body: '{}' })));
    assert.ok(answers.every(({ complete }) => !complete));
  });
});

describe('an upstream that cannot be reached', () => {
  it('refuses', async (t) => {
    const port = await freePort();
    const proxy = await startProxy(t, { upstream: `http://127.0.0.1:${port}/v1` });
    const answer = await call(proxy.port, { body: '{}', headers: { authorization: 'Bearer canary-canary' } });
    assert.equal(answer.status, 502);
    const error = errorOf(answer);
    assert.equal(error.code, 'upstream_unreachable');
    assert.equal(error.message, `The upstream 127.0.0.1:${port} refused the connection (ECONNREFUSED).`);
    assert.equal(answer.headers['x-should-retry'], undefined);
    assert.equal(proxy.finished[0]?.report.unreachable, 'ECONNREFUSED');
  });

  it('has no address', async (t) => {
    const { port } = await startProxy(t, { upstream: 'http://nowhere.invalid/v1' });
    const answer = await call(port, { body: '{}' });
    assert.equal(answer.status, 502);
    assert.equal(errorOf(answer).code, 'upstream_unreachable');
    assert.match(errorOf(answer).message, /^The upstream nowhere\.invalid has a name that cannot be resolved/);
  });

  it('speaks no TLS', async (t) => {
    const plain = createNetServer((socket) => socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    t.after(() => plain.close());
    const { port } = await startProxy(t, { upstream: `https://127.0.0.1:${await listen(plain)}/v1` });
    const answer = await call(port, { body: '{}' });
    assert.equal(answer.status, 502);
    assert.equal(errorOf(answer).code, 'upstream_tls');
  });

  it('has a certificate that no one vouches for', async (t) => {
    const server = createTlsServer({ key, cert }, (_request, response) => response.end('{}'));
    t.after(() => server.close());
    const { port } = await startProxy(t, { upstream: `https://localhost:${await listen(server)}/v1` });
    const answer = await call(port, { body: '{}' });
    assert.equal(answer.status, 502);
    assert.equal(errorOf(answer).code, 'upstream_tls');
    assert.match(errorOf(answer).message, /certificate/);
  });

  it('accepts and says nothing, before a connection is there', async (t) => {
    const silent = createNetServer((socket) => socket.on('error', () => {}).resume());
    t.after(() => silent.close());
    const { port } = await startProxy(t, { upstream: `https://127.0.0.1:${await listen(silent)}/v1`, connectTimeout: 600 });
    const answer = await call(port, { body: '{}' });
    assert.equal(answer.status, 504);
    assert.equal(errorOf(answer).code, 'upstream_timeout');
  });
});

it('a fetch of one’s own that throws at once is an upstream that could not be asked', async (t) => {
  for (const mode of ['chat', 'responses'] as const) {
    const fetch = (): never => {
      throw new Error('no network here');
    };
    const { port } = await startProxy(t, { upstream: 'http://127.0.0.1:9/v1', mode, fetch });
    const answer = await call(port, { body: JSON.stringify({ model: 'gpt-5', messages: [{ role: 'user', content: 'hi' }] }) });
    assert.deepEqual([answer.status, errorOf(answer).code], [502, 'upstream_unreachable']);
  }
});
