import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BodyCredentials, credentialsOf } from '../../../lib/server/secrets/credentials.ts';
import { redactUrl } from '../../../lib/server/secrets/redact-url.ts';
import { redactorFor } from '../../../lib/server/secrets/redact.ts';

test('hostile texts take linear time', { timeout: 30_000 }, () => {
  const redactor = redactorFor(['aaaaaaaaaaaaaaab', 'canary-one', '\\\\\\\\\\\\\\\\"']);
  for (const part of [
    'sk-',
    's',
    'sk-aaaaaaaa ',
    'a',
    '\\',
    '%20',
    '"',
    'canary-on',
    '"authorization":"',
    '?',
    '//',
    '@',
    '&key',
    'api_key"',
  ]) {
    const text = part.repeat((1024 * 1024) / part.length);
    redactor.redact(text);
    redactUrl(text);
    new BodyCredentials().push(text);
    credentialsOf({ headers: { authorization: text, cookie: text }, url: text });
    redactor.redactBody(text);
    const stream = redactor.stream();
    let length = 0;
    for (let at = 0; at < text.length; at += 1000) length += stream.push(text.slice(at, at + 1000)).length;
    assert.ok(length + stream.end().length <= text.length + 1000);
  }
});
