import assert from 'node:assert/strict';
import { test } from 'node:test';
import { redactHeaders } from '../../../lib/server/secrets/redact-http.ts';
import { redactorFor } from '../../../lib/server/secrets/redact.ts';

test('headers hide their credentials, whatever their length', () => {
  const headers = {
    authorization: 'Bearer test',
    'proxy-authorization': 'test',
    'api-key': 'test',
    cookie: 'a=b',
    'set-cookie': ['a=b', 'c=d'],
    referer: 'http://host/?token=test',
    'user-agent': 'a test with canary-one',
    'idempotency-key': 'abc',
    'x-canary-one': 'x',
    absent: undefined,
  };
  const redacted = (given: typeof headers | Record<string, string>, secrets: string[]): object => ({
    ...redactHeaders(given, redactorFor(secrets)),
  });
  assert.deepEqual(redacted(headers, ['canary-one']), {
    authorization: 'Bearer [key]',
    'proxy-authorization': '[key]',
    'api-key': '[key]',
    cookie: '[key]',
    'set-cookie': ['[key]', '[key]'],
    referer: 'http://host/?token=[key]',
    'user-agent': 'a test with [key]',
    'idempotency-key': 'abc',
    'x-[key]': 'x',
    absent: undefined,
  });
  assert.deepEqual(redacted({ authorization: 'Bearer' }, []), { authorization: 'Bearer' }, 'a scheme without a key');
  const own = JSON.parse('{"__proto__":"x"}') as Record<string, string>;
  assert.deepEqual(Object.keys(redacted(own, [])), ['__proto__']);
});
