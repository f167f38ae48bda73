import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chatBody, chatRequest, readStream, sse, startStream, textEvents, wholeResponse } from './bridge-support.ts';
import { call, errorOf, rawRequest, scriptedUpstream, startProxy, until } from './support.ts';

const events = textEvents(['He', 'llo']);

describe('a proxy whose upstream is another proxy', () => {
  for (const outer of ['chat', 'responses'] as const) {
    for (const inner of ['chat', 'responses'] as const) {
      it(`answers as one does: ${outer} before ${inner}`, async (t) => {
        const upstream = await scriptedUpstream(t, (response, { body, url }) => {
          assert.equal(url, outer === 'responses' || inner === 'responses' ? '/v1/responses' : '/v1/chat/completions');
          if (!body.includes('"stream":true'))
            return response.setHeader('content-type', 'application/json').end(JSON.stringify(wholeResponse('Hello')));
          startStream(response);
          return response.end(sse(events));
        });
        const second = await startProxy(t, { upstream: upstream.url, mode: inner });
        const first = await startProxy(t, { upstream: `${second.url}/v1`, mode: outer });
        const whole = await call(first.port, { body: chatBody({ stream: false }), headers: { authorization: 'Bearer k' } });
        assert.equal(whole.status, 200);
        const streamed = await call(first.port, { body: chatBody() });
        assert.equal(streamed.complete, true);
        if (outer === 'chat' && inner === 'chat') assert.equal(streamed.text, sse(events));
        else {
          assert.match(whole.text, /"content":"Hello"/);
          assert.deepEqual([readStream(streamed.text).content, readStream(streamed.text).finish], ['Hello', ['stop']]);
        }
        assert.equal(upstream.seen[0]?.headers.authorization, 'Bearer k');
        assert.match(upstream.seen[0]?.headers.via ?? '', /^1\.1 openai-proxy-\w+, 1\.1 openai-proxy-\w+$/);
      });
    }
  }

  it('carries errors, breaks and clients that leave through both', async (t) => {
    const upstream = await scriptedUpstream(t, (response, { headers }) => {
      if (headers['x-way'] === 'error')
        return response
          .writeHead(429, { 'content-type': 'application/json' })
          .end('{"error":{"message":"slow","type":"t","param":null,"code":"c"}}');
      startStream(response);
      response.write(sse(events.slice(0, 3)));
      if (headers['x-way'] === 'break') setTimeout(() => response.socket?.resetAndDestroy(), 20);
      return undefined;
    });
    const second = await startProxy(t, { upstream: upstream.url, mode: 'chat' });
    const first = await startProxy(t, { upstream: `${second.url}/v1`, mode: 'responses' });
    const refused = await call(first.port, { body: chatBody(), headers: { 'x-way': 'error' } });
    assert.deepEqual([refused.status, errorOf(refused).code], [429, 'c']);
    const broken = await call(first.port, { body: chatBody(), headers: { 'x-way': 'break' } });
    assert.deepEqual([broken.complete, readStream(broken.text).error?.code, readStream(broken.text).done], [true, 'upstream_reset', false]);
    const raw = rawRequest(t, first.port, chatRequest());
    await until(() => raw.text().includes('"He"'), 'the answer has begun');
    raw.socket.destroy();
    await until(() => upstream.seen.at(-1)?.aborted === true, 'the upstream’s connection is closed');
  });
});
