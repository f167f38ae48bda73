import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { call, errorOf, rawRequest, scriptedUpstream, startProxy } from './support.ts';

describe('a path that is answered here', () => {
  it('says what this is, without a body for HEAD', async (t) => {
    const { port } = await startProxy(t, { upstream: 'http://upstream.example:81/v1', mode: 'responses' });
    for (const path of ['/', '/v1', '/v1/', '/health', '/health?x=1']) {
      const got = await call(port, { path });
      assert.equal(got.status, 200);
      const about = JSON.parse(got.text) as Record<string, string>;
      assert.deepEqual(
        { ...about, version: '' },
        { name: 'openai-proxy', version: '', mode: 'responses', upstream: 'upstream.example:81' },
      );
      const head = await call(port, { path, method: 'HEAD' });
      assert.equal(head.status, 200);
      assert.equal(head.headers['content-length'], got.headers['content-length']);
      assert.equal(head.text, '');
    }
  });

  it('lists the models in all its spellings', async (t) => {
    const { port } = await startProxy(t, {});
    const { text } = await call(port, { path: '/v1/models' });
    for (const path of ['/v1/models?', '/models', '/v1/v1/models', '//v1//models/', '/models/?x']) {
      assert.equal((await call(port, { path })).text, text);
    }
    const { data } = JSON.parse(text) as { data: { id: string }[] };
    for (const { id } of data.slice(0, 3)) {
      const one = await call(port, { path: `/v1/models/${encodeURIComponent(id)}` });
      assert.equal(JSON.parse(one.text).id, id);
    }
  });

  it('is an error in the shape of OpenAI where there is nothing, at once', async (t) => {
    const { port } = await startProxy(t, {});
    const cases: [path: string, method: string, status: number, code: string][] = [
      ['/api/tags', 'GET', 404, 'unknown_url'],
      ['/slots', 'GET', 404, 'unknown_url'],
      ['/favicon.ico', 'GET', 404, 'unknown_url'],
      ['/v1/messages', 'POST', 404, 'unknown_url'],
      ['/v1/models/of-nobody', 'GET', 404, 'model_not_found'],
      ['/v1/models/%ff', 'GET', 400, 'invalid_request_target'],
      ['/v1/../x', 'GET', 400, 'invalid_request_target'],
      ['http://evil.test/v1/models', 'GET', 400, 'invalid_request_target'],
      ['/v1/models', 'TRACE', 405, 'method_not_supported'],
      ['/v1/models', 'OPTIONS', 405, 'method_not_supported'],
    ];
    for (const [path, method, status, code] of cases) {
      const answer = await call(port, { path, method });
      assert.equal(answer.status, status, path);
      assert.equal(errorOf(answer).code, code);
      assert.equal(answer.headers.allow !== undefined, status === 405);
    }
  });
});

describe('a request that leads somewhere else', () => {
  it('never leaves the upstream’s host', async (t) => {
    const evil = await scriptedUpstream(t, (response) => response.end('evil'));
    const upstream = await scriptedUpstream(t, (response) => response.end('{}'));
    const { port } = await startProxy(t, { upstream: upstream.url });
    const host = `127.0.0.1:${evil.port}`;
    for (const target of [
      `//${host}/x`,
      `/\\${host}/x`,
      `http://${host}/v1/x`,
      `\\\\${host}`,
      `/v1/@${host}/x`,
      `/v1//${host}`,
      `/v1/x?//${host}`,
    ]) {
      const raw = rawRequest(t, port, `GET ${target} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`);
      await raw.closed;
      assert.match(raw.text(), /^HTTP\/1\.1 (?:200|400|404) /, target);
    }
    assert.equal(evil.connections(), 0);
    for (const { headers } of upstream.seen) assert.equal(headers.host, `127.0.0.1:${upstream.port}`);
  });

  it('back to this proxy is refused', async (t) => {
    const later = { url: '' };
    const second = await scriptedUpstream(t, async (response, { url, headers }) => {
      const answer = await fetch(later.url + url, { headers: { via: headers.via ?? '' } });
      response.writeHead(answer.status).end(await answer.text());
    });
    const { port, url } = await startProxy(t, { upstream: second.url });
    later.url = url;
    const answer = await call(port, { path: '/v1/embeddings' });
    assert.equal(answer.status, 508);
    assert.equal(errorOf(answer).code, 'proxy_loop');
    assert.equal(second.seen.length, 1);
    assert.equal((await call(port, { path: '/v1/x', headers: { via: '1.1 openai-proxy-ffffffffffff' } })).status, 508);
  });
});
