import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mayCall } from '../../../lib/server/http/cors.ts';
import { call, errorOf, scriptedUpstream, startProxy } from '../support.ts';

describe('whether a page may call', () => {
  const local = [
    'http://localhost',
    'http://localhost:3000',
    'http://app.localhost',
    'http://127.0.0.1:8080',
    'http://127.9.9.9',
    'http://[::1]:5',
    'tauri://localhost',
  ];
  const foreign = [
    'https://app.example',
    'http://localhost.evil.test',
    'http://127.0.0.1.nip.io',
    'http://evil.test:5101',
    'null',
    'app://obsidian.md',
    'http://[::2]',
    '',
  ];
  for (const origin of [...local, ...foreign]) it(`${origin}, towards OpenAI`, () => assert.equal(mayCall(origin, true, undefined), true));
  for (const origin of local) it(`${origin}, towards another upstream`, () => assert.equal(mayCall(origin, false, undefined), true));
  for (const origin of foreign) it(`not ${origin}, towards another upstream`, () => assert.equal(mayCall(origin, false, undefined), false));

  it('is for the operator to say', () => {
    for (const openai of [true, false]) {
      assert.equal(mayCall('https://app.example', openai, ['https://app.example']), true);
      assert.equal(mayCall('https://app.example.evil.test', openai, ['https://app.example']), false);
      assert.equal(mayCall('http://localhost:3000', openai, ['https://app.example']), false);
      assert.equal(mayCall('https://whatever.test', openai, ['*']), true);
    }
  });
});

describe('towards a page', () => {
  it('a preflight is answered on every path, with what it asks for', async (t) => {
    const { port } = await startProxy(t, { upstream: 'http://127.0.0.1:9/v1' });
    const headers = {
      origin: 'http://localhost:3000',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,x-stainless-os',
      'access-control-request-private-network': 'true',
    };
    for (const path of ['/v1/chat/completions', '/v1/responses', '/nothing/here']) {
      const answer = await call(port, { method: 'OPTIONS', path, headers });
      assert.equal(answer.status, 204);
      assert.equal(answer.headers['access-control-allow-origin'], 'http://localhost:3000');
      assert.equal(answer.headers['access-control-allow-headers'], 'authorization,x-stainless-os');
      assert.equal(answer.headers['access-control-allow-private-network'], 'true');
      assert.match(answer.headers['access-control-allow-methods'] ?? '', /POST.*DELETE/);
      assert.equal(answer.headers.vary, 'Access-Control-Request-Headers, Origin');
      assert.equal(answer.headers['content-length'], undefined);
    }
  });

  it('every answer names its origin, errors too, in place of what the upstream says', async (t) => {
    const upstream = await scriptedUpstream(t, (response) => {
      response.setHeader('access-control-allow-origin', '*').setHeader('vary', 'Accept').end('{}');
    });
    const { port } = await startProxy(t, { upstream: upstream.url });
    const origin = 'http://127.0.0.1:3000';
    for (const path of ['/v1/embeddings', '/health', '/nothing']) {
      const answer = await call(port, { path, headers: { origin } });
      assert.equal(answer.headers['access-control-allow-origin'], origin);
      assert.match(answer.headers['access-control-expose-headers'] ?? '', /x-request-id.*retry-after.*x-openai-proxy-notes/);
      assert.equal(answer.headers.vary, path === '/v1/embeddings' ? 'Accept, Origin' : 'Origin');
    }
    const without = await call(port, { path: '/v1/embeddings' });
    assert.equal(without.headers['access-control-allow-origin'], undefined);
  });

  it('that may not call, gets nothing and nothing goes upstream', async (t) => {
    const upstream = await scriptedUpstream(t, (response) => response.end('{}'));
    const { port } = await startProxy(t, { upstream: upstream.url });
    for (const method of ['OPTIONS', 'POST', 'GET']) {
      const answer = await call(port, { method, path: '/v1/responses', headers: { origin: 'http://localhost.evil.test' } });
      assert.equal(answer.status, 403);
      assert.equal(answer.headers['access-control-allow-origin'], undefined);
      assert.equal(errorOf(answer).code, 'origin_not_allowed');
    }
    assert.equal(upstream.connections(), 0);
  });
});
