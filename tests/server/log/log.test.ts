import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { openLog } from '../../../lib/server/log/log.ts';
import type { ExchangeLog, Log } from '../../../lib/server/types/log.ts';

interface Context {
  after(done: () => void): void;
}

interface Line {
  time: string;
  port: number;
  id: string;
  direction: string;
  path: string;
  status?: number;
  headers?: Record<string, string | string[]>;
  body?: string | { type: string; length: number };
}

const key = 'canary/one+two=three';
const path = '/v1/chat/completions';
const noon = new Date('2026-11-22T12:04:07.089Z');

function folder(t: Context): string {
  const name = mkdtempSync(join(tmpdir(), 'log-test-'));
  t.after(() => rmSync(name, { recursive: true }));
  return name;
}

function linesOf(text: string): Line[] {
  if (text === '') return [];
  assert.ok(text.endsWith('\n'));
  return text
    .slice(0, -1)
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

function exchangeOf(log: Log, id = '1', secrets: string[] = []): ExchangeLog {
  return log.exchange({ id, port: 5102, path, secrets });
}

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

/** A pipe that nothing is read from until `read` is called. */
function pipe(t: Context): { file: string; read(): string; close(): void } {
  const file = join(folder(t), 'pipe');
  execFileSync('mkfifo', [file]);
  const fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  const buffer = Buffer.alloc(1024 * 1024);
  return {
    file,
    read() {
      try {
        return buffer.toString('latin1', 0, readSync(fd, buffer, 0, buffer.length, null));
      } catch (error) {
        assert.equal((error as NodeJS.ErrnoException).code, 'EAGAIN');
        return '';
      }
    },
    close: () => closeSync(fd),
  };
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

test('a log is emptied at the start and readable by its owner only', async (t) => {
  const file = join(folder(t), 'log');
  writeFileSync(file, 'old\n'.repeat(1000));
  chmodSync(file, 0o644);
  const umask = process.umask(0);
  t.after(() => process.umask(umask));
  for (const name of [file, `${file}.new`]) {
    const log = openLog(name);
    assert.equal(statSync(name).mode & 0o777, 0o600);
    assert.equal(readFileSync(name, 'utf8'), '');
    exchangeOf(log).entry('note', { body: 'new' });
    await log.close();
    assert.equal(linesOf(readFileSync(name, 'utf8')).length, 1);
  }
});

test('an unusable file is an error of one line', (t) => {
  const dir = folder(t);
  const target = join(dir, 'target');
  writeFileSync(target, 'keep');
  symlinkSync(target, join(dir, 'link'));
  symlinkSync(join(dir, 'nothing'), join(dir, 'dangling'));
  execFileSync('mkfifo', [join(dir, 'pipe')]);
  const cases: [file: string, reason: RegExp][] = [
    [join(dir, 'link'), /symbolic link$/],
    [join(dir, 'dangling'), /symbolic link$/],
    [dir, /directory$/],
    [join(dir, 'none', 'log'), /folder does not exist$/],
    [join(dir, 'pipe'), /nothing reads from it$/],
    [join(dir, 'a\u001b\nb', 'log'), /folder does not exist$/],
    ['/dev/fd/9999', /not open for writing$/],
    [join(dir, 'x'.repeat(300)), /ENAMETOOLONG$/],
  ];
  for (const [file, reason] of cases) {
    assert.throws(
      () => openLog(file),
      (error: Error) => {
        assert.match(error.message, /^the log can't be written to "[ -~]*": [ -~]+$/);
        assert.match(error.message, reason);
        return true;
      },
    );
  }
  assert.equal(readFileSync(target, 'utf8'), 'keep');
  assert.ok(!existsSync(join(dir, 'nothing')));
});

test('a device or a pipe is fine', async (t) => {
  const nowhere = openLog('/dev/null', { warn: assert.fail });
  exchangeOf(nowhere).entry('note', {});
  await nowhere.close();
  assert.equal(statSync('/dev/null').mode & 0o777, 0o666);

  const { file, read, close } = pipe(t);
  t.after(close);
  const log = openLog(file, { warn: assert.fail });
  exchangeOf(log).entry('note', { body: 'through a pipe' });
  await log.close();
  assert.equal(linesOf(read())[0]?.body, 'through a pipe');
});

const writer = (file: string, rest: string): string[] => [
  '--input-type=module',
  '-e',
  `import { openLog } from ${JSON.stringify(new URL('../../../lib/server/log/log.js', import.meta.url).href)};
   const log = openLog(${JSON.stringify(file)});
   const exchange = log.exchange({ id: '1', port: 5101, path: '/', secrets: [] });
   ${rest}`,
];

test('what the process was given as its output can be the log', async (t) => {
  const code = `exchange.entry('note', { body: 'x' }); await log.close(); console.log('after')`;
  for (const file of ['/dev/stdout', '/dev/fd/1', '/proc/self/fd/1']) {
    const output = execFileSync(process.execPath, writer(file, code), { encoding: 'utf8' });
    assert.match(output, /^\{.*"body":"x"\}\nafter\n$/, 'to a pipe');
    const name = join(folder(t), 'output');
    const fd = openSync(name, 'w', 0o644);
    execFileSync(process.execPath, writer(file, `console.log('before'); ${code}`), { stdio: ['ignore', fd, 'inherit'] });
    closeSync(fd);
    assert.match(readFileSync(name, 'utf8'), /^before\n\{.*"body":"x"\}\nafter\n$/, 'to a file that the shell opened');
  }
});

test('an output that no one reads does not keep the process from ending', { timeout: 60_000 }, async (t) => {
  const { file, close } = pipe(t);
  t.after(close);
  const fd = openSync(file, 'w');
  const code = `exchange.entry('note', { body: 'x'.repeat(1000000) }); setTimeout(async () => { await log.close(); process.exit(7); }, 100);`;
  const child = spawn(process.execPath, writer('/dev/stdout', code), { stdio: ['ignore', fd, 'inherit'] });
  closeSync(fd);
  const [status] = await once(child, 'exit');
  assert.equal(status, 7);
});

test('a reader that goes away is one warning', async (t) => {
  const { file, close } = pipe(t);
  const warnings: string[] = [];
  const log = openLog(file, { warn: (text) => warnings.push(text) });
  close();
  for (let index = 0; index < 3; index += 1) {
    exchangeOf(log).entry('note', { body: 'x' });
    await delay(50);
  }
  await log.close();
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? '', /nothing reads from it any more; the proxy goes on$/);
});

test('a full disk is one warning', async () => {
  const warnings: string[] = [];
  const log = openLog('/dev/full', { warn: (text) => warnings.push(text) });
  for (let index = 0; index < 3; index += 1) {
    exchangeOf(log).entry('note', { body: 'x' });
    await delay(50);
  }
  await log.close();
  assert.deepEqual(warnings, [`the log can't be written to "/dev/full": no space is left; the proxy goes on`]);
});

test('a log that is deleted while it is written does no harm', async (t) => {
  const dir = folder(t);
  const log = openLog(join(dir, 'log'), { warn: assert.fail });
  exchangeOf(log).entry('note', {});
  unlinkSync(join(dir, 'log'));
  exchangeOf(log).entry('note', {});
  await log.close();
  assert.deepEqual(readdirSync(dir), []);
});

test('entries are written soon, without a close', { timeout: 60_000 }, async (t) => {
  const file = join(folder(t), 'log');
  const log = openLog(file);
  exchangeOf(log).entry('note', { body: 'soon' });
  while (statSync(file).size === 0) await delay(5);
  assert.equal(linesOf(readFileSync(file, 'utf8')).length, 1);
  await log.close();
  exchangeOf(log).entry('note', { body: 'late' });
  await log.close();
  assert.equal(linesOf(readFileSync(file, 'utf8')).length, 1);
});

test('under load every entry is written once and in order', async (t) => {
  const file = join(folder(t), 'log');
  const log = openLog(file, { warn: assert.fail });
  const total = 30_000;
  for (let index = 0; index < total; index += 1) {
    const exchange = exchangeOf(log, String(index % 10));
    // some longer than a batch, some not ASCII
    const text = `${index} ${'é'.repeat(index % 7 === 0 ? 100 : 0)}${'x'.repeat(index % 5000 === 0 ? 900_000 : index % 300)}`;
    if (index % 3 === 0) exchange.entry('note', { body: text });
    else exchange.body('upstream-response-chunk', 'text/plain').chunk(Buffer.from(text));
    if (index % 1000 === 0) await delay(1);
  }
  await log.close();
  const lines = linesOf(readFileSync(file, 'utf8'));
  assert.equal(lines.length, total);
  for (const [index, { id, body }] of lines.entries()) {
    assert.equal(id, String(index % 10));
    assert.equal(parseInt(body as string, 10), index);
  }
});

test('what can not be written in time is counted, dropped, and reported once', { timeout: 60_000 }, async (t) => {
  const { file, read, close } = pipe(t);
  t.after(close);
  const limit = 256 * 1024;
  const log = openLog(file, { warn: assert.fail, limit });
  const total = 5000;
  for (let index = 0; index < total; index += 1) {
    exchangeOf(log, String(index)).entry('note', { body: 'x'.repeat(1000) });
    if (index % 100 === 0) await delay(1);
  }
  let text = '';
  while (!text.includes('were dropped')) {
    text += read();
    await delay(1);
  }
  exchangeOf(log, String(total)).entry('note', {});
  const closed = log.close();
  while (!text.includes(`"id":"${total}"`)) {
    text += read();
    await delay(1);
  }
  await closed;
  const lines = linesOf(text + read());
  const at = lines.findIndex(({ body }) => typeof body === 'string' && body.includes('were dropped'));
  assert.deepEqual(
    lines.slice(0, at).map(({ id }) => id),
    Array.from({ length: at }, (_, index) => String(index)),
  );
  // at most the buffer and what the pipe takes
  assert.ok(at * 1000 <= limit + 128 * 1024 && at * 1000 > limit / 2, `${at} entries`);
  assert.deepEqual(Object.keys(lines[at] ?? {}), ['time', 'port', 'id', 'direction', 'path', 'body']);
  assert.equal(lines[at]?.body, `${total - at} entries were dropped`);
  assert.deepEqual(
    lines.slice(at + 1).map(({ id }) => id),
    [String(total)],
  );
});

test('what was lost while the disk was full is reported when there is room, on a line of its own', { timeout: 60_000 }, async (t) => {
  const dir = folder(t);
  const file = join(dir, 'log');
  // a limit on the size of files stands for the full disk: the last write is cut off in the middle of a line
  const code = `
    process.on('SIGXFSZ', () => {});
    for (let index = 0; index < 100; index += 1) exchange.entry('note', { body: 'x'.repeat(1000) });
    await new Promise((resolve) => setTimeout(resolve, 200));
    truncateSync(${JSON.stringify(file)}, 512 * 40 + 100);
    exchange.entry('note', { body: 'again' });
    await log.close();`;
  const script = join(dir, 'script.mjs');
  writeFileSync(script, `import { truncateSync } from 'node:fs';\n${writer(file, code)[2] ?? ''}`);
  const { status, stderr } = await run('/bin/sh', ['-c', `ulimit -f 50; exec "$0" "$1"`, process.execPath, script]);
  assert.equal(status, 0, stderr);
  assert.match(stderr, /^the log can't be written to "[^"]+": \w+; the proxy goes on\n$/);
  const lines = readFileSync(file, 'utf8').split('\n').slice(-4);
  assert.throws(() => JSON.parse(lines[0] ?? ''), 'the line that was cut off');
  assert.match(lines[1] ?? '', /"body":"100 entries were dropped"\}$/);
  assert.match(lines[2] ?? '', /"body":"again"\}$/);
  assert.equal(lines[3], '');
});

async function run(command: string, args: string[]): Promise<{ status: number; stderr: string }> {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (part) => (stderr += String(part)));
  const [status] = (await once(child, 'close')) as [number];
  return { status, stderr };
}
