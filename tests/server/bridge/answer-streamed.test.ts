import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { brotliCompressSync, createGzip, deflateSync, gzipSync } from 'node:zlib';
import { proxyProcess } from '../../soak/support.ts';
import { chatBody, chatRequest, deltaOf, flood, readStream, sse, startStream, textEvents } from '../bridge-support.ts';
import { call, errorOf, memoryOf, rawRequest, scriptedUpstream, serveCommand, startProxy, until } from '../support.ts';

const MiB = 1024 * 1024;
const events = textEvents(['He', 'llo']);

describe('the head of a bridged stream', () => {
  it('waits for the first event that decides something, and goes out with it', async (t) => {
    let go = (): void => {};
    const upstream = await scriptedUpstream(t, async (response) => {
      startStream(response);
      response.write(sse([events[0]!, { type: 'response.queued' }, { type: 'response.in_progress' }, { type: 'keepalive' }]));
      await new Promise<void>((resolve) => (go = resolve));
      response.write(sse([events[1]!]));
    });
    const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
    const raw = rawRequest(t, port, chatRequest());
    await until(() => upstream.seen.length === 1, 'the upstream is asked');
    await delay(100);
    assert.equal(raw.text(), '');
    go();
    await until(() => raw.text().includes('\r\n\r\n'), 'the head is there');
    assert.match(raw.text(), /^HTTP\/1\.1 200 [^]*content-type: text\/event-stream/i);
  });

  it('needs one event that names the Response; what repeats that is not even parsed', async (t) => {
    const upstream = await scriptedUpstream(t, (response) => {
      startStream(response);
      response.write(sse([{ type: 'response.queued' }, events[0]!]));
      response.write('data: {"type":"response.in_progress","response":no JSON\n\n');
      response.end(sse(events.slice(1)));
    });
    const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
    const { text } = await call(port, { body: chatBody() });
    assert.equal(readStream(text).content, 'Hello');
    assert.match(text, /^data: \{"id":"chatcmpl-1","created":1,"model":"gpt-5",/);
  });
});

describe('a bridged stream that is not read', () => {
  it('pauses the upstream', async (t) => {
    let written = 0;
    const upstream = await scriptedUpstream(t, async (response) => {
      startStream(response);
      response.write(sse(events.slice(0, 2)));
      await flood(response, deltaOf('x'.repeat(64 * 1024)), 300 * 16, (bytes) => (written += bytes));
    });
    const { port, child } = await serveCommand(t, ['--upstream', upstream.url, '--mode', 'responses', '--quiet']);
    const before = await memoryOf(child.pid);
    const raw = rawRequest(t, port, chatRequest());
    await until(() => raw.text().includes('200 OK'), 'the answer has begun');
    raw.socket.pause();
    await delay(1500);
    assert.ok(written < 16 * MiB, `${written} bytes were taken from the upstream`);
    const now = await memoryOf(child.pid);
    assert.ok(now - before < 64 * MiB, `${now - before} bytes more are held`);
    raw.socket.destroy();
    await until(() => upstream.seen[0]?.aborted === true, 'the upstream’s connection is closed');
  });

  it('fifty times leaves the others served', { timeout: 60_000 }, async (t) => {
    let written = 0;
    const upstream = await scriptedUpstream(t, async (response, { headers }) => {
      startStream(response);
      if (headers['x-quick']) return response.end(sse(events));
      response.write(sse(events.slice(0, 2)));
      return flood(response, deltaOf('x'.repeat(64 * 1024)), 300 * 16, (bytes) => (written += bytes));
    });
    const { port, holdings } = await proxyProcess(t, { upstream: upstream.url, mode: 'responses' });
    const before = await holdings();
    const raws = Array.from({ length: 50 }, () => {
      const raw = rawRequest(t, port, chatRequest());
      raw.socket.once('data', () => raw.socket.pause());
      return raw;
    });
    await until(() => upstream.seen.length === 50, 'all have begun', 20_000);
    await delay(1500);
    const now = await holdings();
    assert.ok(now.heap - before.heap < 256 * MiB, `${now.heap - before.heap} bytes more are held`);
    assert.ok(written < 50 * 16 * MiB, `${written} bytes were taken from the upstream`);
    for (let n = 0; n < 10; n += 1) {
      const answer = await call(port, { body: chatBody(), headers: { 'x-quick': 'yes' } });
      assert.equal(readStream(answer.text).content, 'Hello');
    }
    for (const { socket } of raws) socket.destroy();
    await until(() => upstream.seen.slice(0, 50).every(({ aborted }) => aborted), 'all are given up', 20_000);
  });
});

describe('an upstream event that never ends', () => {
  for (const begun of [false, true]) {
    it(`is given up beyond 32 MiB, ${begun ? 'as an error event' : 'as a status'}`, { timeout: 60_000 }, async (t) => {
      let written = 0;
      const upstream = await scriptedUpstream(t, async (response) => {
        startStream(response);
        response.write(sse(events.slice(0, begun ? 3 : 1)));
        await flood(response, `${begun ? '' : 'data: '}${'x'.repeat(MiB)}`, 64, (bytes) => (written += bytes));
      });
      const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
      const answer = await call(port, { body: chatBody() });
      const error = begun ? readStream(answer.text).error : errorOf(answer);
      assert.deepEqual([answer.status, answer.complete, error?.code], [begun ? 200 : 502, true, 'upstream_invalid_answer']);
      await until(() => upstream.seen[0]?.aborted === true, 'the upstream’s connection is closed');
      assert.ok(written <= 56 * MiB, `${written} bytes`);
    });
  }

  it('but is shorter than that passes', async (t) => {
    const long = 'x'.repeat(31 * MiB);
    const upstream = await scriptedUpstream(t, (response) => {
      startStream(response);
      response.end(sse([...events.slice(0, 2), { type: 'response.output_text.delta', output_index: 0, delta: long }, events.at(-1)!]));
    });
    const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
    const { text, complete } = await call(port, { body: chatBody() });
    assert.ok(complete && text.includes(long) && text.endsWith('data: [DONE]\n\n'));
  });
});

describe('an upstream that compresses, bridged', () => {
  const text = sse(events);
  const ways: [string, Buffer][] = [
    ['gzip', gzipSync(text)],
    ['br', brotliCompressSync(text)],
    ['deflate', deflateSync(text)],
  ];
  for (const [encoding, bytes] of ways) {
    it(`is decoded: ${encoding}`, async (t) => {
      const upstream = await scriptedUpstream(t, (response) =>
        response
          .writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': encoding, 'content-length': bytes.length })
          .end(bytes),
      );
      const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
      const answer = await call(port, { body: chatBody() });
      assert.equal(readStream(answer.text).content, 'Hello');
      assert.deepEqual([answer.headers['content-encoding'], answer.headers['content-length']], [undefined, undefined]);
    });
  }

  it('without a word, in an unknown way or wrongly is an error', async (t) => {
    const upstream = await scriptedUpstream(t, (response, { headers }) => {
      const encoding = headers['x-encoding'] as string;
      response.writeHead(200, { 'content-type': 'text/event-stream', ...(encoding && { 'content-encoding': encoding }) });
      response.end(encoding === 'gzip' ? 'no gzip' : gzipSync(text));
    });
    const { port, warnings } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
    for (const encoding of ['', 'zstd', 'gzip']) {
      for (const stream of [true, false]) {
        const answer = await call(port, { body: chatBody({ stream }), headers: { 'x-encoding': encoding } });
        assert.equal(answer.status, 502, encoding);
        errorOf(answer);
      }
    }
    assert.deepEqual(warnings, []);
  });

  it('a flood in a few bytes is stopped at the limit of an event', { timeout: 60_000 }, async (t) => {
    const upstream = await scriptedUpstream(t, async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' });
      const piece = Buffer.alloc(MiB, 'x');
      const source = Readable.from(Array.from({ length: 1024 }, () => piece));
      await pipeline(source, createGzip(), response).catch(() => {});
    });
    const { port, child } = await serveCommand(t, ['--upstream', upstream.url, '--mode', 'responses', '--quiet']);
    const before = await memoryOf(child.pid);
    const answer = await call(port, { body: chatBody() });
    assert.deepEqual([answer.status, errorOf(answer).code], [502, 'upstream_invalid_answer']);
    const now = await memoryOf(child.pid);
    assert.ok(now - before < 160 * MiB, `${now - before} bytes more are held`);
  });
});

describe('a bridged stream beside a large request', () => {
  it('goes on while 20 MB of messages are read', { timeout: 60_000 }, async (t) => {
    const upstream = await scriptedUpstream(t, async (response, { body }) => {
      startStream(response);
      if (body.length > MiB) return response.end(sse(events));
      response.write(sse(events.slice(0, 2)));
      for (let n = 0; n < 100; n += 1) {
        response.write(deltaOf('x'));
        await delay(10);
      }
      return response.end(sse(events.slice(-1)));
    });
    const { port } = await serveCommand(t, ['--upstream', upstream.url, '--mode', 'responses', '--quiet']);
    const raw = rawRequest(t, port, chatRequest());
    let last = performance.now();
    let gap = 0;
    raw.socket.on('data', () => {
      gap = Math.max(gap, performance.now() - last);
      last = performance.now();
    });
    await until(() => raw.text().includes('"x"'), 'the stream has begun');
    gap = 0;
    const messages = Array.from({ length: 100_000 }, (_, n) => ({ role: n % 2 ? 'assistant' : 'user', content: 'y'.repeat(150) }));
    const answer = await call(port, { body: chatBody({ messages }) });
    assert.equal(readStream(answer.text).content, 'Hello');
    await until(() => raw.text().includes('[DONE]'), 'the stream has ended', 10_000);
    // a tenth of that on an idle machine
    assert.ok(gap < 1000, `${gap} ms without a chunk`);
  });
});

describe('a bridged stream that has begun', () => {
  it('holds of a long conversation the text that was sent, and no longer what it was parsed into', async (t) => {
    const upstream = await scriptedUpstream(t, (response) => {
      startStream(response);
      response.write(sse(events.slice(0, 3)));
    });
    const { port, holdings } = await proxyProcess(t, { upstream: upstream.url, mode: 'responses' });
    const messages = Array.from({ length: 4000 }, (_, n) => ({ role: n % 2 ? 'assistant' : 'user', content: `message ${n}` }));
    const open = async (count: number): Promise<void> => {
      for (let n = 0; n < count; n += 1) {
        const raw = rawRequest(t, port, chatRequest({ messages }));
        await until(() => raw.text().includes('"content":"He"'), 'the answer has begun', 10_000);
      }
    };
    await open(2);
    const before = await holdings();
    await open(20);
    const { heap } = await holdings();
    const each = (heap - before.heap) / 20;
    // 2.4 times the text that was sent: fetch and the sockets have theirs
    assert.ok(each < 3 * upstream.seen[0]!.body.length, `${Math.round(each)} bytes for each stream`);
  });

  it('hides in a late error the credentials of a short and of a long request', async (t) => {
    const tools = [{ type: 'mcp', server_label: 'l', server_url: 'https://a.example', authorization: 'canary-0123456789' }];
    const upstream = await scriptedUpstream(t, (response) => {
      startStream(response);
      const error = { type: 'server_error', code: 'server_error', message: 'canary-0123456789 is no token.' };
      response.end(sse([...events.slice(0, 3), { type: 'error', error }]));
    });
    const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
    for (const user of ['short', 'long'.repeat(500_000)]) {
      const { error, content } = readStream((await call(port, { body: chatBody({ tools, user }) })).text);
      assert.deepEqual([content, error?.message], ['He', '[key] is no token.']);
    }
  });

  it('reports a late error with the name of the client’s own field', async (t) => {
    const message = 'It came too late.';
    const upstream = await scriptedUpstream(t, (response) => {
      startStream(response);
      const error = { type: 'server_error', code: 'server_error', message, param: 'tools[0].parameters' };
      response.end(sse([...events.slice(0, 3), { type: 'error', error }]));
    });
    const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
    const tools = [{ type: 'function', function: { name: 'f', parameters: {} } }];
    const { error, content } = readStream((await call(port, { body: chatBody({ tools }) })).text);
    assert.equal(content, 'He');
    assert.deepEqual([error?.message, error?.param], [message, 'tools[0].function.parameters']);
  });
});
