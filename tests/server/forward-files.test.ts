import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { call, rawRequest, scriptedUpstream, startProxy, until } from './support.ts';

describe('forwarding', () => {
  for (const mode of ['chat', 'responses'] as const) {
    it(`carries PATCH and DELETE, with and without a body: ${mode}`, async (t) => {
      const upstream = await scriptedUpstream(t, (response, { method, url, body, headers }) =>
        response
          .setHeader('content-type', 'application/json')
          .end(JSON.stringify({ method, url, body: body.toString(), type: headers['content-type'] })),
      );
      const { port } = await startProxy(t, { upstream: upstream.url, mode });
      const body = '{"metadata":{"a":"b"}}';
      const type = 'application/json';
      for (const [method, sent] of [
        ['PATCH', body],
        ['PATCH', undefined],
        ['DELETE', undefined],
        ['DELETE', body],
      ] as const) {
        const path = '/v1/vector_stores/vs_1/files/file_1?limit=2';
        const answer = await call(port, { method, path, ...(sent === undefined ? {} : { body: sent, headers: { 'content-type': type } }) });
        const expected = { method, url: path, body: sent ?? '', ...(sent === undefined ? {} : { type }) };
        assert.deepEqual(JSON.parse(answer.text), expected);
      }
    });
  }

  it('carries a form with a file up, byte for byte', async (t) => {
    const upstream = await scriptedUpstream(t, (response) => response.end('{"id":"file_1"}'));
    const { port } = await startProxy(t, { upstream: upstream.url });
    const file = randomBytes(3_000_000);
    const form = new FormData();
    form.set('purpose', 'assistants');
    form.set('file', new Blob([file], { type: 'application/octet-stream' }), 'ü"x.bin');
    // fetch sends it in chunks of unknown number
    const sent = new Request('http://x/', { method: 'POST', body: form });
    const type = sent.headers.get('content-type') ?? '';
    const bytes = Buffer.from(await sent.arrayBuffer());
    const answer = await call(port, { path: '/v1/files', body: bytes, headers: { 'content-type': type } });
    assert.deepEqual([answer.status, answer.text], [200, '{"id":"file_1"}']);
    assert.ok(upstream.seen[0]?.body.equals(bytes));
    assert.deepEqual(
      [upstream.seen[0]?.headers['content-type'], upstream.seen[0]?.headers['content-length']],
      [type, String(bytes.length)],
    );
    const { body } = new Request('http://x/', { method: 'POST', body: bytes, headers: { 'content-type': type } });
    const response = await fetch(`http://127.0.0.1:${port}/v1/audio/transcriptions`, {
      method: 'POST',
      body,
      headers: { 'content-type': type },
      duplex: 'half',
    } as RequestInit);
    assert.equal(response.status, 200);
    assert.ok(upstream.seen[1]?.body.equals(bytes));
    assert.equal(upstream.seen[1]?.headers['transfer-encoding'], 'chunked');
  });

  it('carries bytes down, with their type, name and range', async (t) => {
    const bytes = randomBytes(2_000_000);
    const upstream = await scriptedUpstream(t, (response, { headers }) => {
      const common = {
        'content-type': 'audio/mpeg',
        'content-disposition': 'attachment; filename="speech.mp3"',
        etag: '"e"',
        'accept-ranges': 'bytes',
      };
      const [, from, to] = /bytes=(\d+)-(\d+)/.exec(headers.range ?? '') ?? [];
      if (from === undefined) return response.writeHead(200, { ...common, 'content-length': bytes.length }).end(bytes);
      const part = bytes.subarray(Number(from), Number(to) + 1);
      return response
        .writeHead(206, { ...common, 'content-length': part.length, 'content-range': `bytes ${from}-${to}/${bytes.length}` })
        .end(part);
    });
    const { port } = await startProxy(t, { upstream: upstream.url });
    const whole = await call(port, { path: '/v1/files/file_1/content' });
    assert.ok(whole.body.equals(bytes));
    const { 'content-type': type, 'content-disposition': disposition, 'content-length': length, etag } = whole.headers;
    assert.deepEqual([type, disposition, length, etag], ['audio/mpeg', 'attachment; filename="speech.mp3"', String(bytes.length), '"e"']);
    const part = await call(port, { path: '/v1/files/file_1/content', headers: { range: 'bytes=100-199' } });
    assert.deepEqual([part.status, part.headers['content-range']], [206, `bytes 100-199/${bytes.length}`]);
    assert.ok(part.body.equals(bytes.subarray(100, 200)));
  });

  it('asks again on a connection that the upstream has closed, and every request arrives once', { timeout: 60_000 }, async (t) => {
    // It closes after each answer and says nothing of it.
    let lost = 0;
    const upstream = await scriptedUpstream(t, (response, { body }) => {
      response.end(body);
      response.on('finish', () => setImmediate(() => response.socket?.end()));
    });
    const { port } = await startProxy(t, { upstream: upstream.url });
    for (let n = 0; n < 500; n += 1) {
      const answer = await call(port, { path: '/v1/embeddings', body: String(n) });
      if (answer.status === 200) assert.equal(answer.text, String(n));
      else {
        // A request may meet the end of its connection: then it was not asked again, and the client hears that it may.
        lost += 1;
        assert.deepEqual([answer.status, answer.headers['x-should-retry']], [502, 'true']);
      }
    }
    const bodies = upstream.seen.map(({ body }) => body.toString());
    assert.equal(new Set(bodies).size, bodies.length);
    assert.ok(lost < 250, `${lost} of 500`);
  });
});

describe('request bytes that another server could read as two requests', () => {
  const head = (name: string): string => `POST /v1/${name} HTTP/1.1\r\nhost: x\r\n`;
  const inner = 'GET /v1/smuggled HTTP/1.1\r\nhost: x\r\n\r\n';
  const cases: [what: string, bytes: string][] = [
    ['length and chunks', `${head('a')}content-length: ${inner.length + 5}\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${inner}`],
    ['chunks and length', `${head('a')}transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n${inner}`],
    ['chunks twice', `${head('a')}transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n\r\n0\r\n\r\n${inner}`],
    ['chunks, misspelt', `${head('a')}transfer-encoding: xchunked\r\n\r\n0\r\n\r\n${inner}`],
    ['chunks behind a tab', `${head('a')}transfer-encoding:\tchunked\r\ncontent-length: 3\r\n\r\n0\r\n\r\n${inner}`],
    ['chunks with a space before the colon', `${head('a')}transfer-encoding : chunked\r\n\r\n0\r\n\r\n${inner}`],
    ['chunks on a folded line', `${head('a')}x: y\r\n transfer-encoding: chunked\r\n\r\n0\r\n\r\n${inner}`],
    ['chunks after a bare line feed', `${head('a')}x: y\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${inner}`],
    ['chunks after a bare carriage return', `${head('a')}x: y\rtransfer-encoding: chunked\r\n\r\n0\r\n\r\n${inner}`],
    ['two lengths', `${head('a')}content-length: 0\r\ncontent-length: ${inner.length}\r\n\r\n${inner}`],
    ['a list of lengths', `${head('a')}content-length: 0, ${inner.length}\r\n\r\n${inner}`],
    ['a length in hexadecimal', `${head('a')}content-length: 0x0\r\n\r\n${inner}`],
    ['a negative length', `${head('a')}content-length: -1\r\n\r\n${inner}`],
    ['a huge length', `${head('a')}content-length: 99999999999999999999\r\n\r\n${inner}`],
    ['a chunk size with a sign', `${head('a')}transfer-encoding: chunked\r\n\r\n+0\r\n\r\n${inner}`],
    ['a chunk size that overflows', `${head('a')}transfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n${inner}`],
    ['a chunk without its end', `${head('a')}transfer-encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n${inner}`],
    ['a target with a line break', `GET /v1/a\r\nx: y HTTP/1.1\r\nhost: x\r\n\r\n`],
    ['a target with an escaped line break', `GET /v1/a%0d%0aGET%20/v1/smuggled HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`],
    ['a body that reads like a request', `${head('a')}content-length: ${inner.length}\r\nconnection: close\r\n\r\n${inner}`],
    ['a GET with a body', `GET /v1/a HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: ${inner.length}\r\n\r\n${inner}`],
    ['trailers', `${head('a')}transfer-encoding: chunked\r\nconnection: close\r\n\r\n0\r\nhost: evil\r\n\r\n`],
  ];
  for (const [what, bytes] of cases) {
    it(`are refused, or are one request: ${what}`, async (t) => {
      const upstream = await scriptedUpstream(t, (response) => response.end('{}'));
      const { port } = await startProxy(t, { upstream: upstream.url, headersTimeout: 500, requestTimeout: 500 });
      const raw = rawRequest(t, port, Buffer.from(bytes, 'latin1'));
      await raw.closed;
      await until(() => /^HTTP\/1\.1 \d{3} /.test(raw.text()), 'there is an answer');
      assert.ok(upstream.seen.length <= 1, `${upstream.seen.length} requests`);
      assert.ok(!upstream.seen.some(({ url }) => url === '/v1/smuggled'));
      assert.equal(
        upstream.seen.some(({ headers }) => headers.host?.includes('evil')),
        false,
      );
    });
  }
});
