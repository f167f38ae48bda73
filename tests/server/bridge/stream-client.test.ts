import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { chatBody, chatRequest, deltaOf, flood, readStream, sse, startStream, textEvents } from '../bridge-support.ts';
import { call, rawRequest, scriptedUpstream, startProxy, until } from '../support.ts';

const MiB = 1024 * 1024;
const events = textEvents(['He', 'llo']);

describe('the head of a bridged stream', () => {
  it('has the headers of the upstream, and those that let each event through at once; its length is not the upstream’s', async (t) => {
    const sent = sse(events);
    const upstream = await scriptedUpstream(t, (response) => {
      const headers = {
        'content-length': sent.length,
        'content-type': 'text/event-stream',
        'cache-control': 'max-age=60',
        'x-request-id': 'r',
      };
      response.writeHead(200, headers).end(sent);
    });
    const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
    const { headers, text } = await call(port, { body: chatBody() });
    assert.equal(readStream(text).content, 'Hello');
    const { 'content-type': type, 'cache-control': cache, 'x-accel-buffering': buffering, 'x-request-id': id } = headers;
    assert.deepEqual([type, cache, buffering, id], ['text/event-stream; charset=utf-8', 'no-cache, no-transform', 'no', 'r']);
    assert.deepEqual([headers['content-length'], headers['transfer-encoding']], [undefined, 'chunked']);
  });

  it('waits at most until the first sign of life', async (t) => {
    const upstream = await scriptedUpstream(t, () => {});
    const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses', keepAlive: 50 });
    const raw = rawRequest(t, port, chatRequest());
    await until(() => raw.text().includes(': keep-alive\n\n'), 'a sign of life');
    assert.match(raw.text(), /^HTTP\/1\.1 200 /);
  });
});

describe('a long silence of the upstream, bridged', () => {
  it('is filled with comments, before the upstream’s head, before any output and after some', async (t) => {
    const upstream = await scriptedUpstream(t, async (response) => {
      await delay(300);
      startStream(response);
      response.write(sse(events.slice(0, 1)));
      await delay(300);
      response.write(sse(events.slice(1, 3)));
      await delay(300);
      response.end(sse(events.slice(3)));
    });
    const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses', keepAlive: 60 });
    const { text, complete } = await call(port, { body: chatBody() });
    const { content, finish, done } = readStream(text);
    assert.deepEqual([content, finish, done, complete], ['Hello', ['stop'], true, true]);
    const [before = '', after = ''] = text.split('"He"');
    for (const part of [before, after]) assert.ok((part.match(/^: keep-alive\n\n/gm)?.length ?? 0) >= 2, text);
    assert.doesNotMatch(text, /: ping/);
    assert.doesNotMatch(text.slice(text.indexOf('[DONE]')), /keep-alive/);
  });

  it('is filled with empty chunks for Xcode', async (t) => {
    const upstream = await scriptedUpstream(t, async (response) => {
      await delay(200);
      startStream(response);
      response.write(sse(events.slice(0, 3)));
      await delay(200);
      response.end(sse(events.slice(3)));
    });
    const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses', keepAlive: 50 });
    const { text } = await call(port, { body: chatBody(), headers: { 'user-agent': 'Xcode/26.1 CFNetwork' } });
    const { chunks, content, finish } = readStream(text);
    assert.deepEqual([content, finish], ['Hello', ['stop']]);
    assert.doesNotMatch(text, /^:/m);
    assert.deepEqual(chunks[0]?.choices?.[0]?.delta, { role: 'assistant', content: '' });
    assert.ok(chunks.slice(1).filter(({ choices }) => choices?.[0]?.delta.content === '').length >= 3, text);
  });

  it('ends in an error event where the upstream fails after it', async (t) => {
    const sent = { message: 'no quota', type: 'insufficient_quota', param: null, code: 'insufficient_quota' };
    const upstream = await scriptedUpstream(t, async (response) => {
      await delay(150);
      response.writeHead(429, { 'content-type': 'application/json' }).end(JSON.stringify({ error: sent }));
    });
    const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses', keepAlive: 40 });
    const answer = await call(port, { body: chatBody() });
    const { error, done } = readStream(answer.text);
    assert.deepEqual([answer.status, answer.complete, error, done], [200, true, sent, false]);
  });
});

describe('a bridged stream that is not read', () => {
  it('gets no signs of life within a long chunk', async (t) => {
    const text = '語'.repeat(5_000_000);
    const upstream = await scriptedUpstream(t, (response) => {
      startStream(response);
      response.end(sse(textEvents([text])));
    });
    const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses', keepAlive: 1 });
    const raw = rawRequest(t, port, chatRequest({}, 'connection: close\r\n'));
    await until(() => raw.text().length > 100_000, 'the chunk has begun', 10_000);
    raw.socket.pause();
    await delay(300);
    raw.socket.resume();
    await raw.closed;
    assert.doesNotMatch(raw.text(), /語(?:\r\n[\da-f]+\r\n)?: keep-alive/);
    const { text: whole } = await call(port, { body: chatBody() });
    assert.ok(readStream(whole.replace(/^: keep-alive\n\n/gm, '')).content === text);
  });

  it('gets no signs of life on top of what waits for it', async (t) => {
    let written = 0;
    const upstream = await scriptedUpstream(t, async (response) => {
      startStream(response);
      response.write(sse(events.slice(0, 2)));
      await flood(response, deltaOf('x'.repeat(64 * 1024)), 32 * 16, (bytes) => (written += bytes));
    });
    const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses', keepAlive: 10 });
    const raw = rawRequest(t, port, chatRequest());
    await until(() => raw.text().includes('200 OK'), 'the answer has begun');
    raw.socket.pause();
    let before = -1;
    while (before < written) {
      before = written;
      await delay(500); // of which a fiftieth is enough for a sign of life
    }
    assert.ok(written < 32 * MiB, 'the upstream is paused');
    raw.socket.resume();
    await raw.closed;
    assert.doesNotMatch(raw.text(), /(?:e\r\n: keep-alive\n\n\r\n){10}/);
  });
});
