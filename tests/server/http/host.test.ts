import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isOwnHost } from '../../../lib/server/http/host.ts';
import { call, errorOf, scriptedUpstream, startProxy } from '../support.ts';

const own = [
  '127.0.0.1',
  '127.0.0.1:5101',
  '10.1.2.3:80',
  '[::1]',
  '[::1]:5102',
  '[fe80::1]',
  'localhost',
  'LOCALHOST:5101',
  'app.localhost',
  'openai-proxy:5102',
  'open_ai',
  'mini.local:5101',
  'host.docker.internal:5101',
];
const foreign = [
  '',
  ':5101',
  'evil.example',
  'evil.example:5101',
  'localhost.evil.example',
  'notlocalhost.example',
  '127.0.0.1.nip.io',
  '127.0.0.1.example',
  '127.1',
  'localhost.',
  'ai.',
  '[::1].example',
  '[evil.example]',
  'evil.example:80@localhost',
  'localhost/evil.example',
  'local.',
  'xhost.docker.internal',
  'host.docker.internal.example',
];

describe('a host is one that no page can take on', () => {
  for (const host of own) it(host, () => assert.equal(isOwnHost(host, undefined), true));
  for (const host of foreign) it(`not ${JSON.stringify(host)}`, () => assert.equal(isOwnHost(host, undefined), false));

  it('if --cors names an origin of it, or all', () => {
    assert.equal(isOwnHost('proxy.example:443', ['https://proxy.example']), true);
    assert.equal(isOwnHost('sub.proxy.example', ['https://proxy.example']), false);
    assert.equal(isOwnHost('evil.example', ['null', 'https://proxy.example']), false);
    assert.equal(isOwnHost('evil.example', ['*']), true);
  });
});

describe('towards an upstream that may need no key', () => {
  it('a rebound name reads nothing, whatever the path, and is told what to do', async (t) => {
    const upstream = await scriptedUpstream(t, (response) => response.end('{}'));
    const { port } = await startProxy(t, { upstream: upstream.url });
    for (const path of ['/v1/models', '/v1/files', '/health', '/v1/chat/completions']) {
      const answer = await call(port, { path, headers: { host: 'evil.example' } });
      assert.equal(answer.status, 403);
      assert.equal(errorOf(answer).code, 'host_not_allowed');
      assert.match(errorOf(answer).message, /--cors/);
    }
    assert.equal(upstream.connections(), 0);
  });

  it('an image or a link of another site reads nothing', async (t) => {
    const upstream = await scriptedUpstream(t, (response) => response.end('{}'));
    const { port } = await startProxy(t, { upstream: upstream.url });
    const ask = async (site: string, more = {}): Promise<number> =>
      (await call(port, { path: '/v1/files', headers: { 'sec-fetch-site': site, ...more } })).status;
    assert.equal(await ask('cross-site'), 403);
    assert.equal(await ask('cross-site', { origin: 'https://evil.example' }), 403);
    assert.equal(await ask('cross-site', { origin: 'http://localhost:3000' }), 200);
    for (const site of ['same-origin', 'same-site', 'none']) assert.equal(await ask(site), 200);
  });

  it('names that --cors permits are served', async (t) => {
    const upstream = await scriptedUpstream(t, (response) => response.end('{}'));
    const { port } = await startProxy(t, { upstream: upstream.url, cors: ['https://proxy.example'] });
    assert.equal((await call(port, { path: '/v1/files', headers: { host: 'proxy.example' } })).status, 200);
    assert.equal((await call(port, { path: '/v1/files', headers: { host: 'evil.example' } })).status, 403);
  });
});

it('towards OpenAI, which needs a key, any name serves', async (t) => {
  const { port } = await startProxy(t, {});
  const headers = { host: 'proxy.example', 'sec-fetch-site': 'cross-site' };
  assert.equal((await call(port, { path: '/v1/models', headers })).status, 200);
});
