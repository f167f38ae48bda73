import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { chatRequest, readStream, sse, startStream, textEvents, wholeResponse } from '../bridge-support.ts';
import { scriptedUpstream, startProxy, until, type Context } from '../support.ts';

const events = textEvents(['He', 'llo']);

/** Sends a request and closes the own side when `when` resolves; resolves to all that came. */
async function ask(t: Context, port: number, bytes: string, when: (text: () => string) => Promise<unknown>): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  t.after(() => socket.destroy());
  let text = '';
  socket.on('data', (data: Buffer) => (text += data.toString())).on('error', () => {});
  socket.write(bytes);
  await when(() => text);
  socket.end();
  await new Promise((resolve) => socket.on('end', resolve).on('close', resolve));
  return text;
}

describe('a client that closes its side and waits', () => {
  for (const mode of ['chat', 'responses'] as const) {
    for (const stream of [true, false]) {
      it(`gets its answer: ${mode}, ${stream ? 'streamed' : 'whole'}`, async (t) => {
        const upstream = await scriptedUpstream(t, async (response) => {
          await delay(150);
          if (!stream) return response.setHeader('content-type', 'application/json').end(JSON.stringify(wholeResponse('Hello')));
          startStream(response);
          response.write(sse(events.slice(0, 3)));
          await delay(100);
          return response.end(sse(events.slice(3)));
        });
        const { port } = await startProxy(t, { upstream: upstream.url, mode });
        const text = await ask(t, port, chatRequest({ stream }), async () => {});
        assert.match(text, /^(?:HTTP\/1\.1 100 Continue\r\n\r\n)+HTTP\/1\.1 200 OK\r\n/);
        assert.match(text, /connection: close/i);
        assert.match(text, stream ? /\r\n0\r\n\r\n$/ : /Hello/);
      });
    }
  }

  it('gets the rest of a translated stream', async (t) => {
    const upstream = await scriptedUpstream(t, async (response) => {
      startStream(response);
      response.write(sse(events.slice(0, 3)));
      await delay(200);
      response.end(sse(events.slice(3)));
    });
    const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
    const text = await ask(t, port, chatRequest(), (so) => until(() => so().includes('He'), 'it has begun'));
    assert.match(text, /\[DONE\][^]*\r\n0\r\n\r\n$/);
    assert.equal(readStream(text.slice(text.indexOf('\r\n\r\n'))).done, true);
  });

  it('does not wait for ever', async (t) => {
    const upstream = await scriptedUpstream(t, () => {});
    const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses', requestTimeout: 300 });
    await ask(t, port, chatRequest(), async () => {});
    await until(() => upstream.seen[0]?.aborted === true, 'the upstream is given up');
  });
});

describe('a client that has left', () => {
  for (const mode of ['chat', 'responses'] as const) {
    it(`is not waited for, though its side just looks closed: ${mode}`, async (t) => {
      const upstream = await scriptedUpstream(t, () => {});
      const { port, finished } = await startProxy(t, { upstream: upstream.url, mode });
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => {});
      socket.write(chatRequest());
      await until(() => upstream.seen.length === 1, 'under way');
      socket.destroy();
      await until(() => upstream.seen[0]?.aborted === true, 'the upstream is given up');
      await until(() => finished.length === 1, 'and nothing is left');
    });
  }
});
