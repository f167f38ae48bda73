import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { rawRequest, rawUpstream, scriptedUpstream, startProxy, until } from './support.ts';

const post = (path: string, body = '{}', length = body.length): string =>
  `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer k\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n${body}`;
const chat = (stream: boolean): string =>
  post('/v1/chat/completions', JSON.stringify({ model: 'gpt-5', messages: [{ role: 'user', content: 'hi' }], stream }));

/** The beginning of a stream that both modes pass on. */
const begun = [
  {
    type: 'response.created',
    response: { id: 'resp_1', object: 'response', created_at: 1, model: 'gpt-5', status: 'in_progress', output: [] },
  },
  { type: 'response.output_item.added', output_index: 0, item: { type: 'message', id: 'msg_1', role: 'assistant', content: [] } },
  { type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: 'x' },
]
  .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
  .join('');

/** Milliseconds: the promise is 100, the rest is for a busy machine. */
const soon = 1000;

const kinds: { name: string; mode: 'chat' | 'responses'; request: string }[] = [
  { name: 'chat mode, streamed', mode: 'chat', request: chat(true) },
  { name: 'chat mode, whole', mode: 'chat', request: chat(false) },
  { name: 'responses mode, streamed', mode: 'responses', request: chat(true) },
  { name: 'responses mode, whole', mode: 'responses', request: chat(false) },
  { name: 'another path', mode: 'chat', request: post('/v1/files') },
];

describe('a client that leaves', () => {
  for (const { name, mode, request } of kinds) {
    it(`before the upstream has answered closes the upstream’s connection: ${name}`, async (t) => {
      const upstream = await scriptedUpstream(t, () => {});
      const { port, finished } = await startProxy(t, { upstream: upstream.url, mode });
      const raw = rawRequest(t, port, request);
      await until(() => upstream.seen.length === 1, 'the upstream is asked');
      raw.socket.destroy();
      await until(() => upstream.seen[0]?.aborted === true, 'the upstream’s connection is closed', soon);
      await until(() => finished.length === 1, 'the exchange has ended');
      assert.equal(finished[0]?.response.writableFinished, false);
    });

    it(`amid the answer closes the upstream’s connection: ${name}`, async (t) => {
      const upstream = await scriptedUpstream(t, (response) => {
        response.writeHead(200, { 'content-type': request.includes('"stream":true') ? 'text/event-stream' : 'application/json' });
        response.write(begun);
      });
      const { port, warnings } = await startProxy(t, { upstream: upstream.url, mode });
      const raw = rawRequest(t, port, request);
      // A whole answer that is translated shows nothing before its end.
      if (mode === 'chat' || request.includes('"stream":true')) await until(() => raw.text().includes('200 OK'), 'the answer has begun');
      else await until(() => upstream.seen.length === 1, 'the upstream is asked');
      await delay(20);
      raw.socket.destroy();
      await until(() => upstream.seen[0]?.aborted === true, 'the upstream’s connection is closed', soon);
      assert.deepEqual(warnings, []);
    });
  }

  for (const { name, mode, request } of kinds.slice(0, 4)) {
    it(`amid its request leaves the upstream alone: ${name}`, async (t) => {
      const upstream = await scriptedUpstream(t, (response) => response.end('{}'));
      const { port, finished } = await startProxy(t, { upstream: upstream.url, mode });
      const raw = rawRequest(t, port, request.slice(0, -5));
      await delay(30);
      raw.socket.destroy();
      await until(() => finished.length === 1, 'the exchange has ended');
      assert.equal(upstream.connections(), 0);
    });
  }

  it('amid a body that streams through closes the upstream’s connection', async (t) => {
    let closed = false;
    let opened = false;
    const upstream = await rawUpstream(t, (socket) => {
      opened = true;
      socket.on('close', () => (closed = true));
    });
    const { port } = await startProxy(t, { upstream: upstream.url });
    const raw = rawRequest(t, port, post('/v1/files', 'half', 1000));
    await until(() => opened, 'the upstream is asked');
    raw.socket.destroy();
    await until(() => closed, 'the upstream’s connection is closed', soon);
  });

  it('amid a body that the upstream does not read closes the upstream’s connection', { timeout: 60_000 }, async (t) => {
    let reading: Socket | undefined;
    let closed = false;
    const upstream = await rawUpstream(t, (socket) => {
      reading ??= socket.pause();
      socket.on('close', () => (closed = true));
    });
    const { port, finished } = await startProxy(t, { upstream: upstream.url });
    const raw = rawRequest(t, port, post('/v1/files', '', 60_000_000));
    // more than all buffers on the way take
    raw.socket.write(Buffer.alloc(50_000_000));
    await until(() => reading !== undefined, 'the upstream is asked');
    await delay(300);
    raw.socket.destroy();
    await until(() => finished.length === 1, 'the exchange has ended', 20_000);
    reading?.resume();
    await until(() => closed, 'the upstream’s connection is closed');
  });

  it('a hundred times at any time leaves nothing behind', async (t) => {
    const upstream = await scriptedUpstream(t, async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (let n = 0; n < 50 && !response.destroyed; n += 1) {
        response.write(begun);
        await delay(2);
      }
      response.end();
    });
    const { port, finished, warnings } = await startProxy(t, { upstream: upstream.url });
    let seed = 7;
    const random = (below: number): number => Math.floor(((seed = (seed * 48271) % 2147483647) / 2147483647) * below);
    for (let n = 0; n < 100; n += 1) {
      const raw = rawRequest(t, port, chat(true).replace('host: x', `host: x:${n % 2 ? 5101 : 5102}`));
      setTimeout(() => raw.socket.destroy(), random(40));
      if (n % 10 === 0) await delay(5);
    }
    await until(() => finished.length >= 50 && upstream.seen.every(({ aborted }) => aborted), 'all answers are given up');
    // fetch connects anew after an abort, and gives that connection up when it has been idle for four seconds.
    await until(() => upstream.open() === 0, 'all connections are closed', 10_000);
    assert.deepEqual(warnings, []);
  });
});
