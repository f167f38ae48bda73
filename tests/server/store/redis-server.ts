import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort, type Context } from '../support.ts';

/** A reason to skip what needs a real Redis; false if there is one. */
export const missing: string | false =
  spawnSync('redis-server', ['--version']).error === undefined
    ? false
    : 'redis-server is not installed (Debian: apt-get install redis-server)';

export interface RedisServer {
  url: string;
  port: number;
  process: ChildProcess;
  /** Sends a command and returns all that comes back within a moment. */
  command(...words: string[]): Promise<Buffer>;
  /** Returns all keys and values, as they are. */
  dump(): Promise<Map<string, Buffer>>;
}

/** A Redis of the test's own, which keeps nothing on disk. */
export async function startRedis(t: Context, args: string[] = [], port?: number): Promise<RedisServer> {
  for (;;) {
    const started = await tryRedis(t, args, port ?? (await freePort()));
    if (started) return started;
  }
}

/** undefined if another process has taken the port meanwhile. */
async function tryRedis(t: Context, args: string[], own: number): Promise<RedisServer | undefined> {
  const options = ['--port', String(own), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', ...args];
  const server = spawn('redis-server', options, { stdio: 'ignore' });
  const exited = once(server, 'close');
  t.after(async () => {
    server.kill('SIGKILL');
    await exited;
  });
  const end = performance.now() + 10_000;
  const command = (...words: string[]): Promise<Buffer> => ask(own, words);
  for (;;) {
    const answer = await command('PING').catch(() => Buffer.alloc(0));
    if (answer.toString() === '+PONG\r\n') break;
    if (server.exitCode !== null) return undefined;
    assert.ok(performance.now() < end, 'redis-server does not start');
    await delay(20);
  }
  return {
    url: `redis://127.0.0.1:${own}`,
    port: own,
    process: server,
    command,
    async dump() {
      const keys = (await command('KEYS', '*'))
        .toString('latin1')
        .split('\r\n')
        .filter((line) => line.startsWith('openai-proxy:'));
      const values = new Map<string, Buffer>();
      for (const key of keys) {
        const answer = await command('GET', key);
        values.set(key, answer.subarray(answer.indexOf('\r\n') + 2, -2));
      }
      return values;
    },
  };
}

/** One command on a connection of its own. */
function ask(port: number, words: readonly string[]): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    const socket = connect(port, '127.0.0.1');
    socket.on('error', reject);
    socket.on('data', (part) => parts.push(part));
    socket.on('close', () => resolve(Buffer.concat(parts).subarray(0, -'+OK\r\n'.length)));
    const line = (args: readonly string[]): string =>
      `*${args.length}\r\n${args.map((word) => `$${Buffer.byteLength(word, 'latin1')}\r\n${word}\r\n`).join('')}`;
    // the server closes behind the answer
    socket.end(Buffer.from(line(words) + line(['QUIT']), 'latin1'));
  });
}
