import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { call, errorOf, rawRequest } from '../support.ts';
import { startInspected } from './support.ts';

describe('the inspector refuses', () => {
  const own = (port: number): Record<string, string> => ({ host: `127.0.0.1:${port}` });
  const cases: [what: string, status: number, request: (token: string, port: number) => Parameters<typeof call>[1]][] = [
    ['a request without the token', 403, () => ({ path: '/inspect' })],
    ['an empty token', 403, () => ({ path: '/inspect?token=' })],
    ['a wrong token', 403, () => ({ path: '/inspect?token=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' })],
    ['a token that is longer', 403, (token) => ({ path: `/inspect?token=${token}A` })],
    ['a token that is cut', 403, (token) => ({ path: `/inspect?token=${token.slice(0, -1)}` })],
    ['a token in another letter case', 403, (token) => ({ path: `/inspect?token=${token.toUpperCase().toLowerCase()}` })],
    ['two tokens', 403, (token) => ({ path: `/inspect?token=${token}&token=${token}` })],
    ['a token under another name', 403, (token) => ({ path: `/inspect?key=${token}` })],
    ['a token in the path', 403, (token) => ({ path: `/inspect/${token}` })],
    [
      'a token in Referer',
      403,
      (token, port) => ({ path: '/inspect', headers: { referer: `http://127.0.0.1:${port}/inspect?token=${token}` } }),
    ],
    ['a token in Authorization', 403, (token) => ({ path: '/inspect', headers: { authorization: `Bearer ${token}` } })],
    ['a token in a cookie', 403, (token) => ({ path: '/inspect', headers: { cookie: `token=${token}` } })],
    ['a foreign Origin', 403, (token) => ({ path: `/inspect?token=${token}`, headers: { origin: 'https://evil.example' } })],
    ['Origin null', 403, (token) => ({ path: `/inspect?token=${token}`, headers: { origin: 'null' } })],
    [
      'another port of this machine as Origin',
      403,
      (token) => ({ path: `/inspect?token=${token}`, headers: { origin: 'http://127.0.0.1:1' } }),
    ],
    ['Sec-Fetch-Site: cross-site', 403, (token) => ({ path: `/inspect?token=${token}`, headers: { 'sec-fetch-site': 'cross-site' } })],
    ['Sec-Fetch-Site: same-site', 403, (token) => ({ path: `/inspect?token=${token}`, headers: { 'sec-fetch-site': 'same-site' } })],
    [
      'a frame',
      403,
      (token) => ({ path: `/inspect?token=${token}`, headers: { 'sec-fetch-site': 'same-origin', 'sec-fetch-dest': 'iframe' } }),
    ],
    ['a rebound Host', 403, (token, port) => ({ path: `/inspect?token=${token}`, headers: { host: `evil.example:${port}` } })],
    [
      'a Host that only begins like an address',
      403,
      (token) => ({ path: `/inspect?token=${token}`, headers: { host: '127.0.0.1.evil.example' } }),
    ],
    ['a Host with a user in front', 403, (token) => ({ path: `/inspect?token=${token}`, headers: { host: 'localhost@evil.example' } })],
    ['POST', 405, (token, port) => ({ path: `/inspect?token=${token}`, body: '{}', headers: own(port) })],
    ['OPTIONS', 405, (token) => ({ method: 'OPTIONS', path: `/inspect?token=${token}` })],
    ['what is not there', 404, (token) => ({ path: `/inspect/other?token=${token}` })],
  ];
  for (const [what, status, request] of cases) {
    for (const path of ['/inspect', '/inspect/log']) {
      it(`${what} (${path})`, async (t) => {
        const { port, token, proxy } = await startInspected(t);
        const asked = request(token, port);
        const answer = await call(port, { ...asked, path: asked?.path?.replace('/inspect', path) ?? '' });
        assert.equal(answer.status, status);
        errorOf(answer);
        assert.ok(!answer.text.includes(token));
        assert.equal(answer.headers['access-control-allow-origin'], undefined);
        assert.equal(answer.headers['x-frame-options'], 'DENY');
        assert.match(String(answer.headers['content-security-policy']), /default-src 'none'.*frame-ancestors 'none'/);
        assert.ok(proxy);
      });
    }
  }
});

test('a second Host is refused', async (t) => {
  const { port, token } = await startInspected(t);
  const raw = rawRequest(
    t,
    port,
    `GET /inspect?token=${token} HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n`,
  );
  await raw.closed;
  assert.match(raw.text(), /^HTTP\/1\.1 400 /);
});

test('--cors * admits no host that a page could take on', async (t) => {
  const { port, token } = await startInspected(t, { cors: ['*'] });
  const path = `/inspect?token=${token}`;
  assert.equal((await call(port, { path, headers: { host: 'evil.example' } })).status, 403);
  assert.equal((await call(port, { path })).status, 200);
});

test('the inspector takes what a browser sends for its own page, under every name of this machine', async (t) => {
  const { port, token } = await startInspected(t, { cors: ['https://chat.example'] });
  const path = `/inspect?token=${token}`;
  const own: Record<string, string>[] = [
    {},
    { 'sec-fetch-site': 'none', 'sec-fetch-dest': 'document' },
    { 'sec-fetch-site': 'same-origin', origin: `http://127.0.0.1:${port}` },
    { host: `localhost:${port}`, origin: `http://localhost:${port}` },
    { host: `[::1]:${port}` },
    { host: 'workstation' },
    { host: 'workstation.local' },
    { host: 'host.docker.internal:5101' },
    { host: 'chat.example', origin: 'https://chat.example' },
  ];
  for (const headers of own) assert.equal((await call(port, { path, headers })).status, 200, JSON.stringify(headers));
  for (const same of [`/inspect/?token=${token}`, `//inspect?token=${token}`]) assert.equal((await call(port, { path: same })).status, 200);
  const head = await call(port, { method: 'HEAD', path });
  assert.deepEqual([head.status, head.text], [200, '']);
});
