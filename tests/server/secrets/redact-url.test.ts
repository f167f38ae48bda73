import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decoded, redactToolUrl, redactUrl } from '../../../lib/server/secrets/redact-url.ts';

test('a URL hides its credentials, whatever their length', () => {
  assert.equal(redactUrl('/v1/models?key=a&limit=2&api-key=b&x=1#y'), '/v1/models?key=[key]&limit=2&api-key=[key]&x=1#y');
  assert.equal(redactUrl('https://u:p@host/x?sig=abc'), 'https://[key]@host/x?sig=[key]');
  assert.equal(redactUrl('/v1/files?after=file-1'), '/v1/files?after=file-1');
});

test('a name may be escaped, and a credential in it is handed on as it stands there', () => {
  const found: string[] = [];
  const take = (secret: string): void => void found.push(secret);
  assert.equal(redactUrl('/x?api%5Fkey=a%2Fb&limit=1&%61ccess_token=c', take), '/x?api_key=[key]&limit=1&access_token=[key]');
  assert.equal(redactUrl('wss://user:p%20w@host:5/x?key=', take), 'wss://[key]@host:5/x?key=', 'an empty one is none');
  assert.deepEqual(found, ['a%2Fb', 'c', 'user:p%20w']);
});

test('letters that are escaped without need are shown as they are, and nothing else is changed', () => {
  assert.equal(redactUrl('/v1/%66iles/a%2Fb%20c%ff%7e?x=%2D%26'), '/v1/files/a%2Fb%20c%ff~?x=-%26');
  for (const text of ['', '/', 'a@b.example', '/x?', '/x?&=&key', 'mail a//b c@d?', '100%']) assert.equal(redactUrl(text), text);
});

test('the user of every URL of a text is hidden, up to the last sign that ends it', () => {
  assert.equal(redactUrl('see http://a:b@c@host/x and http://d@e?key=f g'), 'see http://[key]@host/x and http://[key]@e?key=[key] g');
});

test('escapes are undone, unless one of them is none', () => {
  assert.deepEqual([decoded('api%5Fkey'), decoded('%C3%A4'), decoded('100%'), decoded('%ff')], ['api_key', 'ä', '100%', '%ff']);
});

test('the URL of a tool may have its key in the path: 16 characters at least, with digits and letters', () => {
  const found: string[] = [];
  const shown = (url: string): string => redactToolUrl(url, (secret) => found.push(secret));
  const key = '0123456789abcdef';
  assert.equal(shown(`https://x.example/s/${key}/mcp?a=b`), 'https://x.example/s/[key]/mcp?a=b');
  assert.equal(shown(`http:\\/\\/x.example\\/${key}#top`), 'http://x.example/[key]#top', 'as JSON may have it');
  assert.equal(shown(`HTTPS://u@x.example/${key}`), 'HTTPS://[key]@x.example/[key]');
  assert.deepEqual(found, [key, key, 'u', key]);
  for (const path of [key.slice(1), 'abcdefghijklmnopqrst', '01234567890123456789', `${key}.json`, `${key} `]) {
    assert.equal(redactToolUrl(`https://x.example/${path}`), `https://x.example/${path}`);
  }
  assert.equal(redactToolUrl(`/s/${key}`), `/s/${key}`, 'no URL');
});
