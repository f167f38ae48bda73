import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { describe, it } from 'node:test';
import { parseCut } from '../../../lib/server/http/cut-data.ts';
import { BodyBudget } from '../../../lib/server/http/held-bytes.ts';
import { call, errorOf, listen, rawRequest, rawUpstream, scriptedUpstream, startProxy, until } from '../support.ts';

const limit = 1024 * 1024;

describe('a request body over the limit', () => {
  for (const path of ['/v1/chat/completions', '/v1/responses', '/v1/files']) {
    it(`is refused by its length, before anything of it is read: ${path}`, async (t) => {
      const upstream = await scriptedUpstream(t, (response) => response.end('{}'));
      const { port } = await startProxy(t, { upstream: upstream.url, maxBody: limit });
      const raw = rawRequest(t, port, `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: ${limit + 1}\r\n\r\n`);
      assert.equal(await raw.closed, 'end');
      assert.match(raw.text(), /^HTTP\/1\.1 413 [^]*connection: close[^]*"code":"request_too_large"/i);
      assert.equal(upstream.connections(), 0);
    });

    it(`is not asked for: ${path}`, async (t) => {
      const upstream = await scriptedUpstream(t, (response) => response.end('{}'));
      const { port } = await startProxy(t, { upstream: upstream.url, maxBody: limit });
      const raw = rawRequest(t, port, `POST ${path} HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: ${limit + 1}\r\n\r\n`);
      await raw.closed;
      assert.match(raw.text(), /^HTTP\/1\.1 413 /);
      assert.equal(upstream.connections(), 0);
    });
  }

  it('is refused when it comes in pieces, and the upstream never hears of it', async (t) => {
    const upstream = await scriptedUpstream(t, (response) => response.end('{}'));
    const { port } = await startProxy(t, { upstream: upstream.url, maxBody: limit });
    const piece = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    const raw = rawRequest(
      t,
      port,
      `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n${piece.repeat(17)}`,
    );
    await raw.closed;
    assert.match(raw.text(), /^HTTP\/1\.1 413 /);
    assert.equal(upstream.connections(), 0);
  });

  it('that streams through is given up upstream', async (t) => {
    let given = '';
    let closed = false;
    const upstream = await rawUpstream(t, (socket, head) => {
      given += head;
      socket.on('data', (data) => (given += data.toString('latin1'))).on('close', () => (closed = true));
    });
    const { port } = await startProxy(t, { upstream: upstream.url, maxBody: limit });
    const piece = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    const raw = rawRequest(t, port, `POST /v1/files HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n${piece.repeat(17)}`);
    await raw.closed;
    assert.match(raw.text(), /^HTTP\/1\.1 413 /);
    await until(() => closed, 'the upstream’s connection is closed');
    assert.ok(!given.endsWith('0\r\n\r\n'), 'the body does not look whole');
  });

  it('reaches a client that sends all of it before it reads', async (t) => {
    const { port } = await startProxy(t, { upstream: 'http://127.0.0.1:9/v1', maxBody: limit });
    const answer = await call(port, { body: Buffer.alloc(16 * limit, 120) });
    assert.equal(answer.status, 413);
    assert.match(errorOf(answer).message, /1 MiB/);
  });
});

describe('a request body within the limit', () => {
  it('is asked for where the client waits for that', async (t) => {
    const upstream = await scriptedUpstream(t, (response) => response.end('{}'));
    const { port } = await startProxy(t, { upstream: upstream.url, maxBody: limit });
    for (const path of ['/v1/chat/completions', '/v1/files']) {
      const raw = rawRequest(
        t,
        port,
        `POST ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n`,
      );
      await until(() => raw.text().startsWith('HTTP/1.1 100 Continue\r\n\r\n'), 'the body is asked for');
      raw.socket.write('{}');
      await raw.closed;
      assert.match(raw.text(), /\r\n\r\nHTTP\/1\.1 200 /);
      assert.equal(upstream.seen.at(-1)?.body.toString(), '{}');
      assert.equal(upstream.seen.at(-1)?.headers.expect, undefined);
    }
  });

  it('may be as long as the limit', async (t) => {
    const upstream = await scriptedUpstream(t, (response, { body }) => response.end(String(body.length)));
    const { port } = await startProxy(t, { upstream: upstream.url, maxBody: limit });
    for (const path of ['/v1/chat/completions', '/v1/files'])
      assert.equal((await call(port, { path, body: Buffer.alloc(limit) })).text, String(limit));
  });
});

const parse = async (body: string | Buffer): Promise<object & { text?: string }> =>
  (await parseCut(Buffer.from(body as string), { signal: new AbortController().signal, held: new BodyBudget(Infinity).open() })).parsed;

describe('a body that must be a JSON object', () => {
  const refused: [string, string | Buffer][] = [
    ['nothing', ''],
    ['null', 'null'],
    ['a list', '[]'],
    ['a string', '"canary"'],
    ['a number', '5'],
    ['half of one', '{"canary": [1, 2'],
    ['one with something behind it', '{} canary'],
    ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ['a lone continuation byte', Buffer.from([0x7b, 0x22, 0x80, 0x22, 0x3a, 0x31, 0x7d])],
    ['one nested 257 deep', `${'{"a":'.repeat(257)}1${'}'.repeat(257)}`],
    ['one nested a million deep', `{"a":${'['.repeat(1e6)}${']'.repeat(1e6)}}`],
  ];
  for (const [what, body] of refused) {
    it(`is none: ${what}`, async () => {
      await assert.rejects(parse(body), (error: Error & { status?: number }) => error.status === 400 && !error.message.includes('canary'));
    });
  }

  it('is one', async () => {
    assert.deepEqual(await parse('{"a":"ü\\ud800"}'), { a: 'ü\ud800' });
    assert.equal(Object.keys(await parse('{"__proto__":{"x":1}}'))[0], '__proto__');
    await parse(`${'{"a":'.repeat(256)}1${'}'.repeat(256)}`);
    const text = 'ü語👋🏽x'.repeat(2_000_000);
    assert.ok((await parse(JSON.stringify({ text })))['text'] === text, 'decoded in pieces');
  });
});

describe('a request body in chunks of one byte', () => {
  it('is passed on in few pieces', async (t) => {
    const pieces: Buffer[] = [];
    const upstream = createServer((request, response) => {
      request.on('data', (piece: Buffer) => pieces.push(piece)).on('end', () => response.end('{}'));
    });
    t.after(() => void upstream.close());
    const { port } = await startProxy(t, { upstream: `http://127.0.0.1:${await listen(upstream)}/v1` });
    const count = 200_000;
    const chunks = '1\r\nx\r\n'.repeat(count);
    const raw = rawRequest(
      t,
      port,
      `POST /v1/files HTTP/1.1\r\nhost: x\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`,
    );
    await raw.closed;
    assert.match(raw.text(), /^HTTP\/1\.1 200 /);
    assert.equal(Buffer.concat(pieces).length, count);
    assert.ok(pieces.length < count / 20, `${pieces.length} pieces`);
  });
});
