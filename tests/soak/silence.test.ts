import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { chatBody, readStream, sse, startStream, textEvents } from '../server/bridge-support.ts';
import { call, scriptedUpstream, startProxy } from '../server/support.ts';

const events = textEvents(['He', 'llo']);
/** Longer than the 300 s after which `fetch` gives up by itself, before the head and between two pieces of a body. */
const silence = 6 * 60_000;

test('an upstream may be silent for six minutes, before its head or amid its answer', { timeout: silence + 120_000 }, async (t) => {
  const upstream = await scriptedUpstream(t, async (response, { headers, body }) => {
    if (headers['x-silent'] === 'head') await delay(silence);
    if (!body.includes('"stream":true')) return response.end('{"silent":true}');
    startStream(response);
    response.write(sse(events.slice(0, 3)));
    if (headers['x-silent'] === 'body') await delay(silence);
    return response.end(sse(events.slice(3)));
  });
  const { port, warnings } = await startProxy(t, { upstream: upstream.url });
  const ask = (host: string, silent: string, stream = true): ReturnType<typeof call> =>
    call(port, { body: chatBody({ stream }), headers: { host, 'x-silent': silent } });
  const [passedHead, passedBody, passedWhole, ...bridged] = await Promise.all([
    ask('x:5101', 'head'),
    ask('x:5101', 'body'),
    ask('x:5101', 'head', false),
    ask('x:5102', 'head'),
    ask('x:5102', 'body'),
  ]);
  for (const { text, complete } of [passedHead, passedBody]) assert.deepEqual([text, complete], [sse(events), true]);
  assert.equal(passedWhole.text, '{"silent":true}');
  for (const { status, text, complete } of bridged) {
    const { content, finish, done } = readStream(text);
    assert.deepEqual([status, complete, content, finish, done], [200, true, 'Hello', ['stop'], true]);
    const comments = text.match(/^: keep-alive$/gm)?.length ?? 0;
    t.diagnostic(`${comments} comments in six minutes`);
    // one every 15 s
    assert.ok(comments >= 20 && comments <= 24, `${comments} comments`);
  }
  assert.deepEqual(warnings, []);
});
