import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { forClient, forUpstream, repeatedHeader } from '../../../lib/server/http/headers.ts';

const own = { 'accept-encoding': 'identity', via: '1.1 me' };

describe('the headers that the upstream gets', () => {
  it('are the client’s own', () => {
    const sent = {
      authorization: 'Bearer k',
      'openai-organization': 'org',
      'x-stainless-lang': 'js',
      'user-agent': 'test',
      'content-type': 'application/json',
    };
    assert.deepEqual(forUpstream(sent, true, '1.1 me'), { ...sent, ...own });
  });

  const dropped = [
    'connection',
    'keep-alive',
    'proxy-connection',
    'te',
    'trailer',
    'transfer-encoding',
    'upgrade',
    'http2-settings',
    'host',
    'content-length',
    'expect',
    'accept-encoding',
    'cookie',
    'origin',
    'referer',
    'forwarded',
    'proxy-authorization',
    'proxy-authenticate',
    'sec-fetch-mode',
    'sec-ch-ua',
    'sec-websocket-key',
    'x-forwarded-for',
    'x-forwarded-proto',
    'x-openwebui-user-email',
    'x-openwebui-chat-id',
  ];
  for (const name of dropped) it(`without ${name}`, () => assert.deepEqual(forUpstream({ [name]: 'x' }, true, '1.1 me'), own));

  it('without those that Connection lists', () => {
    const sent = forUpstream({ connection: 'close, X-Hop ,x-other', 'x-hop': '1', 'x-other': '2', 'x-kept': '3' }, true, '1.1 me');
    assert.deepEqual(sent, { 'x-kept': '3', ...own });
  });

  it('with the proxy’s own via behind that of others', () => {
    assert.equal(forUpstream({ via: '1.0 first' }, true, '1.1 me')['via'], '1.0 first, 1.1 me');
  });

  it('whatever a header is called', () => {
    const sent = forUpstream(JSON.parse('{"constructor":"a","tostring":"b"}') as Record<string, string>, true, '1.1 me');
    assert.deepEqual(sent, { constructor: 'a', tostring: 'b', ...own });
  });
});

describe('a credential towards OpenAI', () => {
  const cases: [string, Record<string, string>, Record<string, string>][] = [
    ['with a scheme stays', { authorization: 'Bearer k' }, { authorization: 'Bearer k' }],
    ['with another scheme stays', { authorization: 'Basic k' }, { authorization: 'Basic k' }],
    ['without a scheme gets one', { authorization: 'k' }, { authorization: 'Bearer k' }],
    ['in x-api-key moves', { 'x-api-key': 'k' }, { authorization: 'Bearer k' }],
    ['in api-key moves', { 'api-key': 'k' }, { authorization: 'Bearer k' }],
    ['in both moves', { 'x-api-key': 'a', 'api-key': 'b' }, { authorization: 'Bearer a' }],
    ['beside an empty Authorization moves', { authorization: '', 'api-key': 'k' }, { authorization: 'Bearer k' }],
    ['beside Authorization stays', { authorization: 'Bearer a', 'api-key': 'b' }, { authorization: 'Bearer a', 'api-key': 'b' }],
  ];
  for (const [what, sent, wanted] of cases) it(what, () => assert.deepEqual(forUpstream(sent, true, '1.1 me'), { ...wanted, ...own }));
  for (const [what, sent] of cases) {
    it(`${what}; towards another upstream it is untouched`, () =>
      assert.deepEqual(forUpstream(sent, false, '1.1 me'), { ...sent, ...own }));
  }
});

describe('the headers that the client gets', () => {
  it('are the upstream’s own', () => {
    const sent = {
      'content-type': 'application/json',
      'content-length': '2',
      'x-request-id': 'r',
      'retry-after': '1',
      'x-ratelimit-limit-tokens': '5',
    };
    assert.deepEqual(forClient(sent, false), sent);
  });

  const dropped = [
    'connection',
    'keep-alive',
    'te',
    'trailer',
    'transfer-encoding',
    'upgrade',
    'proxy-authenticate',
    'set-cookie',
    'alt-svc',
    'strict-transport-security',
    'access-control-allow-origin',
    'access-control-expose-headers',
  ];
  for (const name of dropped) it(`without ${name}`, () => assert.deepEqual(forClient({ [name]: 'x' }, false), {}));

  it('without those that Connection lists', () => {
    assert.deepEqual(forClient({ connection: 'X-Hop', 'x-hop': '1', 'x-kept': '2' }, false), { 'x-kept': '2' });
  });

  it('without length and encoding of a body that was decoded', () => {
    const sent = { 'content-encoding': 'gzip', 'content-length': '20', etag: 'e' };
    assert.deepEqual(forClient(sent, true), { etag: 'e' });
    assert.deepEqual(forClient(sent, false), sent);
  });

  for (const value of ['a\u0000b', 'a\r\nb', 'a\u007fb', 'a\u2028b']) {
    it(`without a value that node:http would not write: ${JSON.stringify(value)}`, () =>
      assert.deepEqual(forClient({ x: value }, false), {}));
  }

  it('with tabs and Latin-1', () => assert.deepEqual(forClient({ x: 'a\tü' }, false), { x: 'a\tü' }));
});

describe('a header that must not be there twice', () => {
  const cases: [string[], string | undefined][] = [
    [['Host', 'a', 'Authorization', 'b', 'X', '1', 'X', '2'], undefined],
    [['Host', 'a', 'hOST', 'a'], 'Host'],
    [['authorization', 'a', 'Host', 'h', 'AUTHORIZATION', 'b'], 'Authorization'],
    [['x', 'host', 'y', 'host'], undefined],
  ];
  for (const [raw, name] of cases) it(JSON.stringify(raw), () => assert.equal(repeatedHeader(raw), name));
});
