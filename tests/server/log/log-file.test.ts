import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { openLog } from '../../../lib/server/log/log.ts';
import type { Context } from '../support.ts';
import { exchangeOf, folder, linesOf } from './support.ts';

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
