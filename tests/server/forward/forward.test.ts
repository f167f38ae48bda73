import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { call, rawRequest, rawUpstream, scriptedUpstream, startProxy, until } from '../support.ts';

/** Bytes that survive only where nothing decodes them. */
const odd = Buffer.concat([
  Buffer.from('\ufeffdata: {"a":1.0e1}\r\n\r\n'),
  Buffer.from([0, 0xff, 0xfe, 0xc3, 0x28, 0x0a]),
  randomBytes(100_000),
]);

describe('in chat mode', () => {
  it('request body, status and answer body are the same bytes', async (t) => {
    for (const status of [200, 201, 299, 300, 400, 404, 418, 429, 500, 599]) {
      const upstream = await scriptedUpstream(t, (response) => {
        response.writeHead(status, { 'content-type': 'application/json', 'x-request-id': 'req_1', 'retry-after': '7' });
        response.end(odd);
      });
      const { port } = await startProxy(t, { upstream: upstream.url });
      const answer = await call(port, {
        path: '/v1/chat/completions?beta=1',
        body: odd,
        headers: { authorization: 'Bearer k', 'x-client': 'kept' },
      });
      assert.equal(answer.status, status);
      assert.ok(answer.body.equals(odd));
      assert.ok(answer.complete);
      assert.equal(answer.headers['x-request-id'], 'req_1');
      assert.equal(answer.headers['retry-after'], '7');
      assert.equal(answer.headers['x-openai-proxy-route'], 'chat');
      const [seen] = upstream.seen;
      assert.equal(seen?.url, '/v1/chat/completions?beta=1');
      assert.ok(seen.body.equals(odd));
      assert.equal(seen.headers['content-length'], String(odd.length));
      assert.equal(seen.headers['x-client'], 'kept');
    }
  });

  it('an answer comes as the upstream sends it', async (t) => {
    let more = (): void => {};
    const upstream = await scriptedUpstream(t, async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const part of ['', 'data: 1\n\n', 'data: 2\n\n']) {
        response.flushHeaders();
        if (part) response.write(part);
        await new Promise<void>((resolve) => (more = resolve));
      }
      response.end('data: [DONE]\n\n');
    });
    const { port } = await startProxy(t, { upstream: upstream.url });
    const raw = rawRequest(t, port, 'POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}');
    for (const wanted of ['\r\n\r\n', 'data: 1\n\n', 'data: 2\n\n']) {
      await until(() => raw.text().includes(wanted), `${JSON.stringify(wanted)} comes`);
      more();
    }
    assert.equal(await raw.closed, 'end');
    assert.match(raw.text(), /data: \[DONE\]\n\n\r\n0\r\n\r\n$/);
  });
});

describe('on other paths', () => {
  it('methods, escapes and queries pass', async (t) => {
    const upstream = await scriptedUpstream(t, (response, { method, url, body }) => response.end(`${method} ${url} ${body.toString()}`));
    const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      const body = method === 'GET' ? '' : 'body';
      const answer = await call(port, { method, path: '/v1/files/a%2Fb%20c?x=%20&y=..', ...(body ? { body } : {}) });
      assert.equal(answer.text, `${method} /v1/files/a%2Fb%20c?x=%20&y=.. ${body}`);
    }
    await call(port, { path: '/v1/responses', body: '{"model":"gpt-5"}' });
    assert.equal(upstream.seen.at(-1)?.url, '/v1/responses');
  });

  it('an upstream with a path of its own keeps it', async (t) => {
    const upstream = await scriptedUpstream(t, (response, { url }) => response.end(url));
    const { port } = await startProxy(t, { upstream: `http://127.0.0.1:${upstream.port}/openai/v1/` });
    assert.equal((await call(port, { path: '/v1/embeddings?a', body: '{}' })).text, '/openai/v1/embeddings?a');
    assert.equal((await call(port, { path: '/chat/completions', body: '{}' })).text, '/openai/v1/chat/completions');
  });

  it('a body streams up while it is sent, with its length where that is known', async (t) => {
    const heads: string[] = [];
    let received = '';
    const upstream = await rawUpstream(t, (socket, head) => {
      heads.push(head);
      socket.removeAllListeners('data');
      socket.on('data', (data) => {
        received += data.toString('latin1');
        if (received.endsWith('end') || received.endsWith('0\r\n\r\n')) socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
      });
    });
    const { port } = await startProxy(t, { upstream: upstream.url });
    const known = rawRequest(t, port, 'POST /v1/files HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 8\r\n\r\n');
    await delay(20);
    known.socket.write('first');
    await until(() => heads.length === 1 && (received + heads[0]).includes('first'), 'the first part reaches the upstream');
    known.socket.write('end');
    await known.closed;
    assert.match(known.text(), /^HTTP\/1\.1 200 [^]*ok$/);
    assert.match(heads[0] ?? '', /content-length: 8\r\n/i);
    received = '';
    const pieces = rawRequest(t, port, 'POST /v1/files HTTP/1.1\r\nhost: x\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n');
    await delay(20);
    pieces.socket.write('5\r\nfirst\r\n');
    await until(() => heads.length === 2 && (received + heads[1]).includes('first'), 'the first piece reaches the upstream');
    pieces.socket.write('0\r\n\r\n');
    await pieces.closed;
    assert.match(pieces.text(), /^HTTP\/1\.1 200 [^]*ok$/);
    assert.match(heads[1] ?? '', /transfer-encoding: chunked\r\n/i);
  });

  it('the model that a JSON body names first is reported, and the body passes as it came', async (t) => {
    const upstream = await scriptedUpstream(t, (response) => response.end('{}'));
    const { port, finished } = await startProxy(t, { upstream: upstream.url });
    const long = `{"model":"gpt-5","input":"${'x'.repeat(200_000)}"}`;
    const cases: [path: string, contentType: string, body: string, model: string | undefined][] = [
      ['/v1/responses', 'application/json', '{ "model": "gpt-5.5", "input":1.0e1 }', 'gpt-5.5'],
      ['/v1/responses', 'application/json; charset=utf-8', long, 'gpt-5'],
      ['/v1/embeddings', 'application/json', '{"input":"hi","model":"text-embedding-3-small"}', 'text-embedding-3-small'],
      ['/v1/responses', 'application/json', '{"input":"hi"}', undefined],
      ['/v1/files', 'multipart/form-data; boundary=x', '--x\r\n\r\n{"model":"gpt-5"}\r\n--x--', undefined],
    ];
    for (const [path, contentType, body, model] of cases) {
      await call(port, { path, body, headers: { 'content-type': contentType } });
      assert.equal(upstream.seen.at(-1)?.body.toString(), body);
      await until(() => finished.length === upstream.seen.length, 'the exchange ends');
      assert.equal(finished.at(-1)?.report.model, model, body.slice(0, 50));
    }
  });

  it('16 MB go up and down unchanged', async (t) => {
    const bytes = randomBytes(16 * 1024 * 1024);
    const upstream = await scriptedUpstream(t, (response, { body }) => response.end(body));
    const { port } = await startProxy(t, { upstream: upstream.url });
    const answer = await call(port, { path: '/v1/files', body: bytes, headers: { 'content-type': 'multipart/form-data; boundary=x' } });
    assert.ok(answer.body.equals(bytes));
  });
});

describe('an answer without a body', () => {
  const statuses: [method: string, status: number, headers: Record<string, string>][] = [
    ['GET', 204, {}],
    ['GET', 205, {}],
    ['GET', 304, { etag: 'e' }],
    ['HEAD', 200, { 'content-length': '5000' }],
    ['HEAD', 404, {}],
    ['GET', 200, { 'content-length': '0' }],
    ['GET', 302, { location: 'http://evil.test/' }],
  ];
  for (const [method, status, headers] of statuses) {
    it(`to ${method} with ${status} leaves the connection for the next`, async (t) => {
      const upstream = await scriptedUpstream(t, (response) => response.writeHead(status, headers).end());
      const { port } = await startProxy(t, { upstream: upstream.url });
      const raw = rawRequest(t, port, `${method} /v1/files HTTP/1.1\r\nhost: x\r\n\r\n`);
      await until(() => /\r\n\r\n(?:0\r\n\r\n)?$/.test(raw.text()), 'the answer is there');
      raw.socket.write('GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
      await raw.closed;
      const [first, second] = raw.text().split(/(?=HTTP\/1\.1 200 OK\r\ncontent-type: application\/json)/i);
      assert.match(first ?? '', new RegExp(`^HTTP/1.1 ${status} `));
      for (const [name, value] of Object.entries(headers)) assert.match(first ?? '', new RegExp(`${name}: ${value}\r\n`, 'i'));
      assert.match(second ?? '', /"name":"openai-proxy"/);
      assert.deepEqual(
        upstream.seen.map((one) => one.method),
        [method],
      );
    });
  }

  it('that comes after informational ones is the last', async (t) => {
    const upstream = await rawUpstream(t, (socket) => {
      socket.end('HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
    });
    const { port } = await startProxy(t, { upstream: upstream.url });
    const answer = await call(port, { path: '/v1/files' });
    assert.equal(answer.status, 200);
    assert.equal(answer.text, 'ok');
  });
});

describe('headers over the wire', () => {
  it('of one connection stay on it', async (t) => {
    const upstream = await rawUpstream(t, (socket, head) => {
      socket.end(
        'HTTP/1.1 200 OK\r\nconnection: close, x-hop-back\r\nkeep-alive: timeout=1\r\nx-hop-back: 1\r\nx-kept-back: 2\r\nset-cookie: a=b\r\n' +
          `alt-svc: h3\r\nproxy-authenticate: Basic\r\ncontent-length: ${head.length}\r\n\r\n${head}`,
      );
    });
    const { port } = await startProxy(t, { upstream: upstream.url });
    const sent =
      'POST /v1/x HTTP/1.1\r\nHost: client\r\nConnection: close, X-Hop, TE\r\nX-Hop: 1\r\nTE: trailers\r\nKeep-Alive: timeout=5\r\n' +
      'Proxy-Authorization: Basic canary\r\nProxy-Connection: close\r\nTrailer: x\r\nCookie: canary\r\nX-Kept: 2\r\nContent-Length: 2\r\n\r\n{}';
    const raw = rawRequest(t, port, sent);
    await raw.closed;
    const [head = '', body = ''] = raw.text().split(/\r\n\r\n([^]*)/);
    assert.match(body, /^POST \/v1\/x HTTP\/1\.1\r\n/);
    assert.match(body, /x-kept: 2/i);
    assert.doesNotMatch(body, /x-hop|trailer|canary|^proxy-|timeout=5|host: client/im);
    assert.match(head, /x-kept-back: 2/i);
    assert.doesNotMatch(head, /x-hop-back|set-cookie|alt-svc|proxy-authenticate|timeout=1\b/i);
  });

  it('that must not be there twice are refused', async (t) => {
    const upstream = await scriptedUpstream(t, (response) => response.end('{}'));
    const { port } = await startProxy(t, { upstream: upstream.url });
    for (const twice of ['Host: a\r\nHost: b', 'Host: a\r\nhost: a', 'Host: a\r\nAuthorization: Bearer a\r\nauthorization: Bearer b']) {
      const raw = rawRequest(t, port, `GET /v1/files HTTP/1.1\r\n${twice}\r\nconnection: close\r\n\r\n`);
      await raw.closed;
      assert.match(raw.text(), /^HTTP\/1\.1 400 [^]*"code":"repeated_header"/);
    }
    assert.equal(upstream.connections(), 0);
  });
});
