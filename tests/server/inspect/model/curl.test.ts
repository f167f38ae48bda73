import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { curlOf } from '../../../../lib/server/inspect/model/curl.ts';
import { Exchange } from '../../../../lib/server/inspect/model/exchange.ts';

function exchangeOf(path: string, body?: string, method = 'POST', headers = {}): Exchange {
  const exchange = new Exchange('1');
  exchange.add({ time: 0, port: 5102, id: '1', direction: 'downstream-request', path, method, headers, body, status: undefined });
  return exchange;
}

test('the command has the request and takes the key from the environment', () => {
  const body = '{"model":"gpt-5","messages":[]}';
  assert.equal(
    curlOf(exchangeOf('/v1/chat/completions', body)),
    `curl -sN 'http://127.0.0.1:5102/v1/chat/completions' \\\n  -H 'content-type: application/json' \\\n  -H "authorization: Bearer $OPENAI_API_KEY" \\\n  --data-raw '${body}'`,
  );
  assert.match(
    curlOf(exchangeOf('/v1/files/x', undefined, 'DELETE'), 'http://host:1'),
    /^curl -sN 'http:\/\/host:1\/v1\/files\/x' \\\n {2}-X 'DELETE'/,
  );
});

test('a shell gets every argument as it is, and runs nothing of it', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'curl-test-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'curl'), '#!/bin/sh\nprintf "%s\\0" "$@"\n', { mode: 0o755 });
  const hostile = [
    "it's",
    '$(touch x)',
    '`touch x`',
    '"; touch x; "',
    "'; touch x; '",
    '\\',
    '!!',
    '\n@/etc/passwd',
    '@/etc/passwd',
    '--help',
  ];
  for (const text of hostile) {
    const command = curlOf(exchangeOf(`/v1/${text}`, text, text, { 'content-type': text }));
    const given = execFileSync('sh', ['-c', command], {
      env: { PATH: `${folder}:${process.env['PATH']}`, OPENAI_API_KEY: 'KEY' },
      encoding: 'utf8',
    }).split('\0');
    assert.deepEqual(given, [
      '-sN',
      `http://127.0.0.1:5102/v1/${text}`,
      '-X',
      text,
      '-H',
      `content-type: ${text.replaceAll('\n', '')}`,
      '-H',
      'authorization: Bearer KEY',
      '--data-raw',
      text,
      '',
    ]);
  }
});
