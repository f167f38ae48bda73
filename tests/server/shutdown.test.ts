import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { call, rawRequest, scriptedUpstream, serveCommand, startProxy, until } from './support.ts';

const chat = (host = 'x'): string => {
  const body = JSON.stringify({ model: 'gpt-5', messages: [{ role: 'user', content: 'hi' }], stream: true });
  return `POST /v1/chat/completions HTTP/1.1\r\nhost: ${host}\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
};
const first = 'data: {"type":"response.output_item.added","output_index":0,"item":{"type":"message","id":"m","content":[]}}\n\n';
const delta = 'data: {"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"x"}\n\n';

describe('a proxy that gets a signal', () => {
  it('exits at once when it is idle, also with connections that wait for a request', async (t) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const { port, child, exited, output, errors } = await serveCommand(t, ['--upstream', 'http://127.0.0.1:9/v1']);
      const raw = rawRequest(t, port, 'GET /health HTTP/1.1\r\nhost: x\r\n\r\n');
      await until(() => raw.text().includes('"name"'), 'an answer');
      const fresh = rawRequest(t, port, '');
      const started = performance.now();
      child.kill(signal);
      assert.equal(await exited, 0, errors());
      assert.ok(performance.now() - started < 2000);
      await Promise.all([raw.closed, fresh.closed]);
      assert.match(output(), /listens/);
      assert.equal(errors(), '');
    }
  });

  it('takes no new connection, lets running answers finish, and then exits', async (t) => {
    let finish = (): void => {};
    const upstream = await scriptedUpstream(t, (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(first);
      finish = () => response.end('data: [DONE]\n\n');
    });
    const { port, child, exited } = await serveCommand(t, ['--upstream', upstream.url]);
    const raw = rawRequest(t, port, chat());
    await until(() => raw.text().includes(first), 'the answer has begun');
    child.kill('SIGTERM');
    let refused = false;
    void until(() => refused, 'no connection is taken').catch(() => {});
    while (!refused)
      refused = await call(port, { path: '/health' }).then(
        () => false,
        () => true,
      );
    finish();
    assert.equal(await exited, 0);
    assert.equal(await raw.closed, 'end');
    assert.match(raw.text(), /data: \[DONE\]\n\n\r\n0\r\n\r\n$/);
  });

  it('says so in the head of an answer that was under way', async (t) => {
    let finish = (): void => {};
    const upstream = await scriptedUpstream(t, (response) => (finish = () => response.end('{}')));
    const { proxy, port } = await startProxy(t, { upstream: upstream.url, grace: 2000 });
    const raw = rawRequest(t, port, 'GET /v1/files HTTP/1.1\r\nhost: x\r\n\r\n');
    await until(() => upstream.seen.length === 1, 'under way');
    const closed = proxy.close();
    finish();
    await Promise.all([closed, raw.closed]);
    assert.match(raw.text(), /^HTTP\/1\.1 200 [^]*connection: close/i);
  });

  it('answers on an open connection once more, and closes it', async (t) => {
    const { proxy, port } = await startProxy(t, { upstream: 'http://127.0.0.1:9/v1', grace: 2000 });
    const raw = rawRequest(t, port, 'GET /health HTTP/1.1\r\nhost: x\r\n\r\n');
    await until(() => raw.text().includes('"name"'), 'an answer');
    await proxy.close();
    assert.equal(await raw.closed, 'end');
  });

  it('ends what does not finish as an error', async (t) => {
    const upstream = await scriptedUpstream(t, (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(first + delta);
    });
    const { proxy, port } = await startProxy(t, { upstream: upstream.url, grace: 200 });
    const [passed, bridged] = [chat('x:5101'), chat('x:5102')].map((bytes) => rawRequest(t, port, bytes));
    const waiting = call(port, { path: '/v1/files', headers: {} }).catch(() => undefined);
    await until(
      () => passed !== undefined && bridged !== undefined && /200 OK/.test(passed.text()) && /200 OK/.test(bridged.text()),
      'both have begun',
    );
    await proxy.close();
    await Promise.all([passed?.closed, bridged?.closed, waiting]);
    assert.doesNotMatch(passed?.text() ?? '', /\r\n0\r\n\r\n$/);
    assert.doesNotMatch(bridged?.text() ?? '', /\[DONE\]|finish_reason":"/);
    assert.match(bridged?.text() ?? '', /data: \{"error":\{"message":"The proxy is shutting down\./);
    await until(() => upstream.seen.every(({ aborted }) => aborted), 'the upstream’s connections are closed');
  });

  it('sends it as a status if no answer has begun', async (t) => {
    const upstream = await scriptedUpstream(t, () => {});
    const { proxy, port } = await startProxy(t, { upstream: upstream.url, grace: 100 });
    const answers = ['x:5101', 'x:5102'].map((host) => call(port, { body: chat().split('\r\n\r\n')[1] ?? '', headers: { host } }));
    await until(() => upstream.seen.length === 2, 'the upstream is asked');
    await proxy.close();
    for (const { status, text } of await Promise.all(answers)) {
      assert.equal(status, 503);
      assert.match(text, /"code":"proxy_shutdown"/);
    }
  });

  it('exits at once on a second signal', async (t) => {
    const upstream = await scriptedUpstream(t, () => {});
    const { port, child, exited } = await serveCommand(t, ['--upstream', upstream.url]);
    rawRequest(t, port, chat());
    await until(() => upstream.seen.length === 1, 'the upstream is asked');
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGTERM'), 100);
    assert.equal(await exited, 143);
  });
});
