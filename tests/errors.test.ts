import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { errorTable, proxyError } from '../lib/errors.ts';

const sources = readdirSync('lib', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && name !== 'errors.ts')
  .map((name) => [name, readFileSync(join('lib', name), 'utf8')] as const);

test('an error of the proxy has its status, code, sentence and param from the table', () => {
  const error = proxyError('roleInvalid', { param: 'messages[3].role' });
  assert.deepEqual(
    [error.status, error.body()],
    [
      400,
      {
        error: {
          message: "Invalid value for 'messages[3].role': supported are system, developer, user, assistant, tool and function.",
          type: 'invalid_request_error',
          param: 'messages[3].role',
          code: 'invalid_value',
        },
      },
    ],
  );
  assert.equal(proxyError('modelNotListed').param, 'model');
  assert.equal(proxyError('proxyFailed').type, 'server_error');
});

test('headers and a cause go with it', () => {
  const cause = new Error('why');
  const error = proxyError('methodNotSupported', {}, { headers: { allow: 'GET' }, cause });
  assert.deepEqual([error.headers, error.cause], [{ allow: 'GET' }, cause]);
  assert.deepEqual(proxyError('proxyShutdown').headers, { connection: 'close' });
});

test('a value stands in the sentence as it is', () => {
  assert.equal(
    proxyError('upstreamRefused', { host: '$& {reason}', reason: ' (ECONNREFUSED)' }).message,
    'The upstream $& {reason} refused the connection (ECONNREFUSED).',
  );
});

test('every row is in use, and well-formed', () => {
  for (const [name, [status, code, sentence]] of Object.entries(errorTable)) {
    assert.ok(
      sources.some(([, text]) => text.includes(`'${name}'`)),
      `${name} is in use`,
    );
    assert.ok(status >= 400 && status <= 599, name);
    assert.match(code ?? 'none', /^[a-z0-9_]+$/, name);
    // those about the file of models are the end of a line that begins with the file's name
    if (!name.startsWith('model') || code !== null) assert.match(sentence, /^(?:[A-Z]|'\{?\w+\}?' must |you must ).+\.$/, name);
  }
});

test('no other file makes up an error of its own', () => {
  const own = sources.filter(([, text]) => /new ProxyError\(\s*\d/.test(text)).map(([name]) => name);
  assert.deepEqual(own, []);
});
