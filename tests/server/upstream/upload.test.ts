import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { wholeResponse } from '../bridge-support.ts';
import { call, scriptedUpstream, startProxy } from '../support.ts';

const image = `data:image/png;base64,${'iVBORw0KGgo+/AAA'.repeat(64 * 1024)}`; // 1 MiB
const asking = (url: string): string =>
  JSON.stringify({ model: 'gpt-5', messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }] });

const bodies: [name: string, body: string][] = [
  ['none', ''],
  ['a short one', asking('https://example.com/naïve.png')],
  ['a long one', asking(image)],
];

describe('the body of a request to the upstream', () => {
  for (const [name, body] of bodies) {
    it(`arrives as it is, with its length, through whatever fetch: ${name}`, async (t) => {
      const upstream = await scriptedUpstream(t, (response) => response.end('{}'));
      for (const fetch of [undefined, own([])]) {
        const { port } = await startProxy(t, { upstream: upstream.url, mode: 'chat', ...(fetch && { fetch }) });
        assert.equal((await call(port, { body })).status, 200);
        const { headers, body: arrived } = upstream.seen.pop()!;
        assert.ok(arrived.equals(Buffer.from(body)));
        assert.equal(headers['content-length'], String(arrived.length));
        assert.equal(headers['transfer-encoding'], undefined);
      }
    });
  }

  it('is the same on another connection, where the upstream wants that (421)', async (t) => {
    const upstream = await scriptedUpstream(t, (response) => {
      response.statusCode = upstream.seen.length % 2 ? 421 : 200;
      response.setHeader('content-type', 'application/json').end(JSON.stringify(wholeResponse('A dot')));
    });
    const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
    for (const url of ['https://example.com/a.png', image]) {
      const answer = await call(port, { body: asking(url) });
      assert.equal(answer.status, 200, answer.text);
      const [first, second] = upstream.seen.splice(0);
      assert.ok(first && second && first.body.includes(url));
      assert.ok(second.body.equals(first.body));
    }
  });

  it('is seen by a fetch of one’s own, given or put in place of the global one, as bytes', async (t) => {
    const upstream = await scriptedUpstream(t, (response) => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(wholeResponse('A dot')));
    });
    const seen: unknown[] = [];
    const before = globalThis.fetch;
    t.after(() => (globalThis.fetch = before));
    const given = await startProxy(t, { upstream: upstream.url, mode: 'responses', fetch: own(seen) });
    globalThis.fetch = own(seen); // until the end, so that it is given the dispatcher too
    const replaced = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
    for (const { port } of [given, replaced]) {
      for (const url of ['https://example.com/a.png', image]) {
        const answer = await call(port, { body: asking(url) });
        assert.equal(answer.status, 200, answer.text);
        assert.ok(seen.pop() instanceof Uint8Array);
        assert.ok(upstream.seen.pop()?.body.includes(url));
      }
    }
  });
});

function own(seen: unknown[]): typeof fetch {
  const send = globalThis.fetch;
  return (input, init) => {
    seen.push(init?.body);
    return send(input, init);
  };
}
