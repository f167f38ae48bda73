import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openLog } from '../../../lib/server/log/log.ts';
import type { ExchangeLog } from '../../../lib/server/types/log.ts';
import type { Context } from '../support.ts';
import { exchangeOf, folder, linesOf, path, type Line } from './support.ts';

const key = 'canary/one+two=three';
const noon = new Date('2026-11-22T12:04:07.089Z');

/** What a log holds after it was written to. */
async function written(
  t: Context,
  write: (exchange: ExchangeLog) => void,
  secrets: string[] = [],
): Promise<{ text: string; lines: Line[] }> {
  const file = join(folder(t), 'log');
  const warnings: string[] = [];
  const log = openLog(file, { warn: (text) => warnings.push(text), now: () => noon.getTime() });
  write(exchangeOf(log, '1', secrets));
  await log.close();
  assert.deepEqual(warnings, []);
  const text = readFileSync(file, 'utf8');
  return { text, lines: linesOf(text) };
}

test('an entry is one JSON object a line, its keys in a fixed order', async (t) => {
  const { text } = await written(t, (exchange) => {
    exchange.entry('downstream-request', {
      headers: { 'content-type': 'application/json', accept: ['a', 'b'] },
      body: Buffer.from('{"a":"é"}'),
    });
    exchange.entry('upstream-response', { path: '/v1/responses', status: 200 });
    exchange.entry('note', { body: 'dropped seed' });
  });
  const start = '{"time":"2026-11-22T12:04:07.089Z","port":5102,"id":"1","direction":';
  assert.equal(
    text,
    `${start}"downstream-request","path":"${path}","headers":{"content-type":"application/json","accept":["a","b"]},"body":"{\\"a\\":\\"é\\"}"}\n` +
      `${start}"upstream-response","path":"/v1/responses","status":200}\n` +
      `${start}"note","path":"${path}","body":"dropped seed"}\n`,
  );
});

test('the time is right on both sides of a second, also when the clock is put back', async (t) => {
  const times = ['2026-12-31T23:59:59.999Z', '2027-01-01T00:00:00.000Z', '2027-01-01T00:00:00.007Z', '2026-12-31T23:59:59.070Z'];
  const left = times.map((time) => Date.parse(time));
  const file = join(folder(t), 'log');
  const log = openLog(file, { now: () => left.shift() as number });
  const exchange = log.exchange({ id: '1', port: 5102, path, secrets: [] });
  for (const body of times) exchange.entry('note', { body });
  await log.close();
  assert.deepEqual(
    linesOf(readFileSync(file, 'utf8')).map(({ time }) => time),
    times,
  );
});

test('of a body that is not text the type and the length are logged', async (t) => {
  const { lines } = await written(t, (exchange) => {
    exchange.entry('downstream-request', { headers: { 'content-type': 'multipart/form-data; boundary=x' }, body: Buffer.alloc(10) });
    exchange.entry('downstream-request', { contentType: 'application/octet-stream', body: new Uint8Array(0) });
    const image = exchange.body('upstream-response-chunk', 'image/png');
    image.chunk(Buffer.alloc(100));
    image.chunk(Buffer.alloc(23));
    image.end();
    image.end();
  });
  assert.deepEqual(
    lines.map(({ body }) => body),
    [
      { type: 'multipart/form-data; boundary=x', length: 10 },
      { type: 'application/octet-stream', length: 0 },
      { type: 'image/png', length: 123 },
    ],
  );
});

test('what is text is known by its type, and is text where there is none', async (t) => {
  const texts = [
    'text/plain',
    'application/json; charset=utf-8',
    'APPLICATION/JSON',
    'application/problem+json',
    'application/x-ndjson',
    '',
    undefined,
  ];
  const others = ['audio/mpeg', 'application/octet-stream', 'application/gzip', 'application/pdf'];
  const { lines } = await written(t, (exchange) => {
    for (const type of [...texts, ...others]) {
      const body = exchange.body('upstream-response-chunk', type);
      body.chunk(Buffer.from('hello'));
      body.end();
    }
  });
  assert.deepEqual(
    lines.map(({ body }) => typeof body),
    [...texts.map(() => 'string'), ...others.map(() => 'object')],
  );
});

test('a body in chunks is an entry a chunk, and no border breaks a character', async (t) => {
  const text = 'data: {"delta":"héllo 世界 😀"}\n\n';
  const bytes = Buffer.from(text);
  const { lines } = await written(t, (exchange) => {
    for (let border = 0; border <= bytes.length; border += 1) {
      const body = exchange.body('downstream-response-chunk', 'text/event-stream');
      body.chunk(bytes.subarray(0, border));
      body.chunk(bytes.subarray(border));
      body.end();
      exchange.entry('note', {});
    }
  });
  let bodies = '';
  let ended = 0;
  for (const { direction, body } of lines) {
    if (direction === 'note') {
      assert.equal(bodies, text);
      bodies = '';
      ended += 1;
    } else bodies += body as string;
  }
  assert.equal(ended, bytes.length + 1);
});

test('bytes that are not UTF-8 do no harm', async (t) => {
  const { lines } = await written(t, (exchange) => {
    const body = exchange.body('upstream-response-chunk', 'text/plain');
    body.chunk(Buffer.from([0xe2, 0x80]));
    body.chunk(Buffer.from([0x41, 0xff, 0xe2]));
    body.end();
    exchange.entry('upstream-request', { body: Buffer.from([0x41, 0xc3]) });
    exchange.entry('upstream-request', { body: 'a\ud800b' });
  });
  assert.deepEqual(
    lines.map(({ body }) => body),
    ['\ufffdA\ufffd', '\ufffd', 'A\ufffd', 'a\ufffdb'],
  );
});

test('a body over 1 MiB is cut, and says so', async (t) => {
  const most = 1024 * 1024;
  const cut = ' [cut at 1 MiB]';
  const long = 'é'.repeat(most);
  const { lines } = await written(t, (exchange) => {
    exchange.entry('downstream-request', { body: 'a'.repeat(most) });
    exchange.entry('downstream-request', { body: 'a'.repeat(most + 1) });
    exchange.entry('downstream-request', { body: long });
    exchange.entry('downstream-request', { body: Buffer.from(long) });
    const body = exchange.body('upstream-response-chunk', 'application/json');
    body.chunk(Buffer.alloc(most, 'b'));
    body.chunk(Buffer.from('more'));
    body.chunk(Buffer.from('and more'));
    body.end();
    const json = exchange.body('upstream-response-chunk', 'application/json');
    json.chunk(Buffer.alloc(most + 10, 'c'));
    json.end();
  });
  assert.deepEqual(
    lines.map(({ body }) => body),
    [
      'a'.repeat(most),
      'a'.repeat(most) + cut,
      'é'.repeat(most / 2) + cut,
      'é'.repeat(most / 2) + cut,
      'b'.repeat(most),
      cut,
      'c'.repeat(most) + cut,
    ],
  );
});

test('an event stream is not cut, so that its end can be seen; a single chunk of it is', async (t) => {
  const { lines } = await written(t, (exchange) => {
    const body = exchange.body('upstream-response-chunk', 'text/event-stream; charset=utf-8');
    for (let index = 0; index < 40; index += 1) body.chunk(Buffer.alloc(64 * 1024, 'a'));
    body.chunk(Buffer.alloc(2 * 1024 * 1024, 'b'));
    body.chunk(Buffer.from('the end'));
    body.end();
  });
  assert.equal(lines.length, 42);
  assert.equal(lines[40]?.body, `${'b'.repeat(1024 * 1024)} [cut at 1 MiB]`);
  assert.equal(lines[41]?.body, 'the end');
});

test('no entry can look like two, or steer a terminal', async (t) => {
  const evil = `a\r\n{"time":"fake"}\u001b[2J\u007f\u0085\u009b2J\u2028\u2029\u202e\u0000 end`;
  const { text, lines } = await written(t, (exchange) => {
    exchange.entry('downstream-request', { path: `/v1/${evil}`, headers: { [`x-${evil}`]: evil }, body: evil });
    exchange.entry('downstream-request', { body: Buffer.from(evil.repeat(20_000)), contentType: 'text/plain' });
    const body = exchange.body('upstream-response-chunk', 'text/plain');
    body.chunk(Buffer.from(evil));
    body.chunk(Buffer.from('only ASCII: \r\n\t\b\f"\\/\u0000\u001b\u001f\u007f'));
    body.end();
    const other = exchange.body('upstream-response-chunk', `image/${evil}`);
    other.end();
  });
  assert.equal(lines.length, 5);
  assert.doesNotMatch(text, /[^\n -~]/);
  assert.equal(lines[0]?.path, `/v1/${evil}`);
  assert.deepEqual(lines[0]?.headers, { [`x-${evil}`]: evil });
  assert.equal(lines[0]?.body, evil);
  assert.equal(lines[2]?.body, evil);
  assert.equal(lines[3]?.body, 'only ASCII: \r\n\t\b\f"\\/\u0000\u001b\u001f\u007f');
});

test('credentials are nowhere in the log, wherever a chunk ends', async (t) => {
  const sk = 'sk-proj-0123456789';
  const json = JSON.stringify({ error: { message: `Incorrect API key provided: ${key}, \n${sk}.`, again: JSON.stringify(key) } });
  const bytes = Buffer.from(`data: ${json}\n\n`);
  const { text, lines } = await written(
    t,
    (exchange) => {
      const headers = { authorization: `Bearer ${key}`, 'x-other': `key ${key}`, 'api-key': 'short' };
      exchange.entry('downstream-request', { path: `/v1/models?api_key=${encodeURIComponent(key)}&token=short`, headers, body: json });
      exchange.entry('error', { body: `the upstream said ${key}` });
      for (let border = 0; border <= bytes.length; border += 1) {
        const body = exchange.body('upstream-response-chunk', 'text/event-stream');
        body.chunk(bytes.subarray(0, border));
        body.chunk(bytes.subarray(border));
        body.end();
      }
      const cut = exchange.body('upstream-response-chunk', 'text/plain');
      cut.chunk(Buffer.from(`${'a '.repeat(524_280)}${key}`));
      cut.end();
      exchange.entry('upstream-request', { body: `${'a '.repeat(524_280)}${key}` });
    },
    [key],
  );
  for (const part of [key, 'canary', sk, 'sk-', '0123456', 'two=three', encodeURIComponent(key), 'short'])
    assert.ok(!text.includes(part), part);
  assert.equal(lines[0]?.path, '/v1/models?api_key=[key]&token=[key]');
  assert.deepEqual(lines[0]?.headers, { authorization: 'Bearer [key]', 'x-other': 'key [key]', 'api-key': '[key]' });
});

test('a credential of a tool is hidden in what the upstream says of it too', async (t) => {
  const body = JSON.stringify({ tools: [{ type: 'mcp', authorization: 'tool-canary' }] });
  const { text } = await written(t, (exchange) => {
    exchange.entry('downstream-request', { headers: { 'content-type': 'application/json' }, body: Buffer.from(body) });
    const answer = exchange.body('upstream-response-chunk', 'application/json');
    answer.chunk(Buffer.from('{"error":"tool-canary is refused"}'));
    answer.end();
  });
  assert.ok(!text.includes('canary'));
  assert.ok(text.includes('[key] is refused'));
});
