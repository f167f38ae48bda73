import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { describe, it } from 'node:test';
import { createProxy } from '../../lib/server/index.ts';
import { defaultSettings } from '../../lib/server/settings.ts';
import { call, listen, scriptedUpstream, startProxy } from './support.ts';

describe('a proxy that is made', () => {
  it('has the default settings where nothing is set, undefined included', () => {
    assert.deepEqual(createProxy().settings, defaultSettings());
    assert.deepEqual(createProxy({ effort: undefined, mode: undefined, cors: undefined }).settings, defaultSettings());
    assert.deepEqual(createProxy({ effort: 'high', webSearch: false }).settings, {
      ...defaultSettings(),
      effort: 'high',
      webSearch: false,
    });
  });

  it('takes any spelling of a base URL, and nothing else', () => {
    assert.equal(createProxy({ upstream: 'http://127.0.0.1:11434' }).settings.upstream, 'http://127.0.0.1:11434/v1');
    for (const upstream of ['', 'api.openai.com', 'ftp://x', 'https://user:canary@x', 'https://x/?canary']) {
      assert.throws(() => createProxy({ upstream }), { name: 'TypeError', message: 'The upstream is not a base URL of an HTTP server.' });
    }
  });

  it('says at once that its log or its models cannot be used', () => {
    assert.throws(() => createProxy({ log: '/' }), { message: 'the log can\'t be written to "/": it is a directory' });
    assert.throws(() => createProxy({ models: '/nowhere/models.json' }), /models\.json/);
  });

  it('does not listen, and may be closed all the same', async () => {
    const proxy = createProxy();
    assert.deepEqual(proxy.listeners, []);
    await proxy.close();
  });
});

describe('a proxy that listens', () => {
  it('does so on as many ports and addresses as it is told, until it is closed', async (t) => {
    const { proxy, port } = await startProxy(t, {});
    const second = await proxy.listen(0, '0.0.0.0');
    assert.notEqual(second.port, port);
    assert.deepEqual(
      proxy.listeners.map((one) => one.port),
      [port, second.port],
    );
    assert.deepEqual(
      proxy.listeners.map((one) => one.address),
      ['127.0.0.1', '0.0.0.0'],
    );
    for (const one of [port, second.port]) assert.equal((await call(one, { path: '/health' })).status, 200);
    await proxy.close();
    assert.deepEqual(proxy.listeners, []);
    await assert.rejects(call(port, { path: '/health' }), { code: 'ECONNREFUSED' });
  });

  it('goes on where it cannot listen on one more port', async (t) => {
    const busy = createServer();
    const taken = await listen(busy);
    t.after(() => busy.close());
    const { proxy, port } = await startProxy(t, {});
    await assert.rejects(proxy.listen(taken), { code: 'EADDRINUSE' });
    assert.deepEqual(
      proxy.listeners.map((one) => one.port),
      [port],
    );
    assert.equal((await call(port, { path: '/health' })).status, 200);
  });

  it('reports each exchange once, when it has ended', async (t) => {
    const upstream = await scriptedUpstream(t, (response) => response.end('{}'));
    const { port, proxy, finished } = await startProxy(t, { upstream: upstream.url });
    await call(port, { path: '/v1/files' });
    await call(port, { path: '/nowhere' });
    await proxy.close();
    assert.deepEqual(
      finished.map(({ path, response }) => [path, response.statusCode]),
      [
        ['/v1/files', 200],
        ['/nowhere', 404],
      ],
    );
  });

  it('asks a fetch of one’s own in place of the network', async (t) => {
    const asked: string[] = [];
    const fetch = (url: unknown): Promise<Response> => Promise.resolve(new Response(`${asked.push(String(url))}`));
    const { port } = await startProxy(t, { upstream: 'https://nowhere.invalid/v1', fetch: fetch as typeof globalThis.fetch });
    const answer = await call(port, { path: '/v1/files?limit=1' });
    assert.deepEqual([answer.text, asked], ['1', ['https://nowhere.invalid/v1/files?limit=1']]);
  });
});

describe('a list of models of the upstream', () => {
  it('that is too deep costs no more than the list', async (t) => {
    const upstream = await scriptedUpstream(t, (response, { url }) => {
      response.setHeader('content-type', 'application/json');
      response.end(url === '/v1/models?deep' ? `{"data":${'['.repeat(100_000)}${']'.repeat(100_000)}}` : '{"data":[{"id":"of-upstream"}]}');
    });
    const { port, warnings } = await startProxy(t, { upstream: upstream.url, mode: 'chat' });
    const deep = await call(port, { path: '/v1/models?deep' });
    assert.equal(deep.status, 200);
    assert.match(deep.text, /"id":"gpt-5\.5"/);
    assert.match((await call(port, { path: '/v1/models', headers: { authorization: 'Bearer other' } })).text, /of-upstream/);
    assert.deepEqual(warnings, []);
  });
});
