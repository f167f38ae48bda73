import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseTarget } from '../../../lib/server/http/target.ts';

describe('a request target is normalised', () => {
  const cases: [raw: string, path: string, search: string][] = [
    ['/v1/chat/completions', '/v1/chat/completions', ''],
    ['/chat/completions', '/v1/chat/completions', ''],
    ['/v1/v1/chat/completions', '/v1/chat/completions', ''],
    ['//v1//chat///completions//', '/v1/chat/completions', ''],
    ['/v1/models?', '/v1/models', ''],
    ['/v1/models/?a=1&b=..', '/v1/models', '?a=1&b=..'],
    ['/models/ft:gpt-4o:org::id', '/v1/models/ft:gpt-4o:org::id', ''],
    ['/v1/models/org%2Fmodel', '/v1/models/org%2Fmodel', ''],
    ['/v1/files/a%20b?x=%20?y', '/v1/files/a%20b', '?x=%20?y'],
    ['/v1/v1/v1', '/v1', ''],
    ['/v1/', '/v1', ''],
    ['/', '/', ''],
    ['//', '/', ''],
    ['/?', '/', ''],
    ['//evil.test/x', '/evil.test/x', ''],
    ['/modelsx', '/modelsx', ''],
    ['/v1/v1x', '/v1/v1x', ''],
    ['/v1/a;b', '/v1/a;b', ''],
  ];
  for (const [raw, path, search] of cases) {
    it(raw, () => assert.deepEqual(parseTarget(raw), { path, search }));
  }
});

describe('a request target is refused', () => {
  const cases = [
    '',
    '*',
    'http://evil.test/v1/models',
    'evil.test:443',
    '/\\evil.test/v1',
    '\\\\evil.test',
    '/v1/../admin',
    '/v1/..',
    '/v1/a..b',
    '/v1/./models',
    '/v1/.',
    '/v1/%2e%2e/admin',
    '/v1/%2E/admin',
    '/v1/models/%00',
    '/v1/models/%',
    '/v1/models/%zz',
    '/v1/models/%4',
    '/v1/models#x',
    '/v1/models?x#y',
    '/v1/a b',
    '/v1/a\tb',
    '/v1/a\u0000',
    '/v1/ä',
    '/v1/models?ä',
  ];
  for (const raw of cases) it(JSON.stringify(raw), () => assert.equal(typeof parseTarget(raw).fault, 'string'));
});
