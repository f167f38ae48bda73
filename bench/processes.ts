import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Loaded, Order } from './load.ts';
import type { Usage } from './meter.ts';
import { paths } from './payloads.ts';

const children = new Set<ChildProcess>();

function start(file: string, args: string[] = [], execArgv: string[] = []): ChildProcess {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:OPENAI_|NODE_|FORCE_COLOR)/.test(name)));
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), args, { execArgv, env, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  children.add(child);
  child.on('exit', () => children.delete(child));
  return child;
}

/** The next message of a process; an error when it ends instead. */
async function next<Message>(child: ChildProcess): Promise<Message> {
  const stop = new AbortController();
  const ended = once(child, 'exit', { signal: stop.signal }).then(([code]) => {
    throw new Error(`${child.spawnfile} ended with ${code}`);
  });
  try {
    return (await Promise.race([once(child, 'message', { signal: stop.signal }).then(([message]) => message), ended])) as Message;
  } finally {
    stop.abort();
    await ended.catch(() => {});
  }
}

/** A process that is measured, and the port on which it serves. */
export interface Subject {
  port: number;
  /** Where it takes requests. */
  path: string;
  usage(collect?: boolean): Promise<Usage>;
  stop(): Promise<void>;
}

const metered = ['--expose-gc', '--import', new URL('meter.js', import.meta.url).href];

function subject(child: ChildProcess, port: number): Subject {
  return {
    port,
    path: paths.chat,
    async usage(collect = false) {
      child.send(collect);
      return next<Usage>(child);
    },
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** The command as a user starts it, on a free port; its lines go nowhere. */
export async function startProxy(upstream: string, ...args: string[]): Promise<Subject> {
  const child = start('../bin/openai-proxy.js', ['--port', '0', '--upstream', upstream, ...args], metered);
  let printed = '';
  for await (const piece of child.stdout!.iterator({ destroyOnReturn: false })) {
    printed += String(piece);
    const port = /http:\/\/127\.0\.0\.1:(\d+)/.exec(printed)?.[1];
    if (!port) continue;
    child.stdout!.resume();
    return subject(child, Number(port));
  }
  throw new Error('the proxy did not start');
}

export async function startFloor(kind: 'relay' | 'translator', upstream: string): Promise<Subject> {
  const child = start('floors.js', [kind, upstream], metered);
  return subject(child, await next<number>(child));
}

/** The URL of a Redis of the benchmark's own; undefined if it is not installed. */
export async function startRedis(): Promise<string | undefined> {
  const port = 20_000 + Math.floor(Math.random() * 10_000);
  const child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  children.add(child);
  child.on('exit', () => children.delete(child));
  return new Promise((resolve) => {
    child.on('error', () => {
      children.delete(child);
      resolve(undefined);
    });
    child.on('exit', () => resolve(undefined));
    child.stdout.on('data', (printed) => {
      if (String(printed).includes('Ready to accept connections')) resolve(`redis://127.0.0.1:${port}`);
    });
  });
}

/** The base URL of an upstream, and its port. */
export async function startUpstream(): Promise<{ url: string; port: number }> {
  const port = await next<number>(start('upstream.js'));
  return { url: `http://127.0.0.1:${port}/v1`, port };
}

export type Load = (order: Order) => Promise<Loaded>;

export function startLoad(): Load {
  const child = start('load.js');
  return (order) => {
    child.send(order);
    return next<Loaded>(child);
  };
}

export function stopAll(): void {
  for (const child of children) child.kill('SIGKILL');
}

/** Milliseconds until a bare Node has ended, and until the command has said that it listens. */
export async function startTime(what: 'node' | 'proxy'): Promise<number> {
  const file = fileURLToPath(new URL('../bin/openai-proxy.js', import.meta.url));
  const started = performance.now();
  const child = spawn(process.execPath, what === 'node' ? ['-e', '0'] : [file, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.add(child);
  await (what === 'node' ? once(child, 'exit') : once(child.stdout, 'data'));
  const took = performance.now() - started;
  child.kill('SIGKILL');
  if (what === 'proxy') await once(child, 'exit');
  children.delete(child);
  return took;
}
