import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer, request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import { connect, createServer as createNetServer } from 'node:net';
import type { AddressInfo, Server as NetServer, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createProxy } from '../../lib/server/index.ts';
import type { Exchange, Proxy, ProxyOptions } from '../../lib/server/index.ts';

/** As much of a test's context as the helpers need: what they start ends with the test. */
export interface Context {
  after(done: () => unknown): void;
}

/** The port of a server that now listens on the loopback address. */
export function listen(server: NetServer): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

/** Resolves once the condition holds; fails the test when it does not within `ms`. */
export async function until(condition: () => boolean, what: string, ms = 3000): Promise<void> {
  const end = performance.now() + ms;
  while (!condition()) {
    assert.ok(performance.now() < end, `${what}: not within ${ms} ms`);
    await delay(2);
  }
}

export interface Seen {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  rawHeaders: string[];
  body: Buffer;
  /** The connection closed before the answer was complete. */
  aborted: boolean;
}

export interface Upstream {
  url: string;
  port: number;
  server: Server;
  /** The requests that arrived whole, in order. */
  seen: Seen[];
  /** How many connections were ever opened. */
  connections(): number;
  /** How many are open now. */
  open(): number;
}

/** An upstream that answers each whole request as the script says. */
export async function scriptedUpstream(
  t: Context,
  script: (response: ServerResponse, seen: Seen, request: IncomingMessage) => unknown,
): Promise<Upstream> {
  const seen: Seen[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer(async (request, response) => {
    const one: Seen = {
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers,
      rawHeaders: request.rawHeaders,
      body: Buffer.alloc(0),
      aborted: false,
    };
    response.on('error', () => {});
    response.on('close', () => (one.aborted = !response.writableFinished));
    try {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      one.body = Buffer.concat(parts);
    } catch {
      return;
    }
    seen.push(one);
    await script(response, one, request);
  });
  server.on('connection', (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  // As OpenAI's servers do, it says nothing of how long it keeps a connection.
  server.keepAliveTimeout = 0;
  const port = await listen(server);
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${port}/v1`, port, server, seen, connections: () => connections, open: () => sockets.size };
}

/** An upstream at the level of bytes: the script gets each connection, with what it has sent as soon as a request's head is there. */
export async function rawUpstream(t: Context, script: (socket: Socket, head: string) => void): Promise<{ url: string; port: number }> {
  const sockets = new Set<Socket>();
  const server = createNetServer((socket) => {
    let head = '';
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (data) => {
      head += data.toString('latin1');
      if (!head.includes('\r\n\r\n')) return;
      script(socket, head);
      head = '';
    });
  });
  const port = await listen(server);
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { url: `http://127.0.0.1:${port}/v1`, port };
}

export interface Started {
  proxy: Proxy;
  port: number;
  url: string;
  warnings: string[];
  /** The exchanges that have ended. */
  finished: Exchange[];
}

/** A proxy in this process, on a free port. */
export async function startProxy(t: Context, options: ProxyOptions): Promise<Started> {
  const warnings: string[] = [];
  const finished: Exchange[] = [];
  const proxy = createProxy({
    warn: (message) => warnings.push(message),
    onFinish: (exchange) => finished.push(exchange),
    ...options,
  });
  const { port } = await proxy.listen(0);
  t.after(() => proxy.close({ graceful: false }));
  return { proxy, port, url: `http://127.0.0.1:${port}`, warnings, finished };
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  text: string;
  /** False where the connection broke off. */
  complete: boolean;
}

export interface Call {
  method?: string;
  /** The request target, sent as it is. */
  path?: string;
  headers?: Record<string, string | string[]>;
  body?: string | Buffer;
}

/** One request on a connection of its own. */
export function call(port: number, { method, path = '/v1/chat/completions', headers = {}, body }: Call = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const sent = httpRequest(
      {
        host: '127.0.0.1',
        port,
        path,
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        agent: false,
        headers: { ...length, ...headers },
      },
      (response) => {
        const parts: Buffer[] = [];
        const finish = (): void => {
          const all = Buffer.concat(parts);
          const { statusCode = 0, complete } = response;
          resolve({ status: statusCode, headers: response.headers, body: all, text: all.toString('utf8'), complete });
        };
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', finish);
        response.on('end', finish);
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

/** The error object of an answer in OpenAI's shape, which is held. */
export function errorOf(answer: { text: string; headers?: IncomingHttpHeaders }): {
  message: string;
  type: string;
  param: unknown;
  code: unknown;
} {
  const { error } = JSON.parse(answer.text) as { error: { message: string; type: string; param: unknown; code: unknown } };
  assert.deepEqual(Object.keys(error), ['message', 'type', 'param', 'code']);
  return error;
}

/** A connection for bytes that no HTTP client would send. */
export interface Raw {
  socket: Socket;
  /** All that came. */
  text(): string;
  /** Resolves when the other side has closed, with how it did. */
  closed: Promise<'end' | 'reset'>;
}

/** Opens a connection and sends the bytes. */
export function rawRequest(t: Context, port: number, bytes: string | Buffer): Raw {
  const parts: Buffer[] = [];
  const socket = connect(port, '127.0.0.1');
  const closed = new Promise<'end' | 'reset'>((resolve) => {
    socket.on('error', () => resolve('reset'));
    socket.on('end', () => resolve('end'));
    socket.on('close', () => resolve('end'));
  });
  socket.on('data', (part: Buffer) => parts.push(part));
  socket.write(bytes);
  t.after(() => socket.destroy());
  return { socket, text: () => Buffer.concat(parts).toString('utf8'), closed };
}

export interface StartedCommand {
  child: ChildProcess;
  output(): string;
  errors(): string;
  /** The exit code, or the signal. */
  exited: Promise<number | string>;
}

/** The built command, as a user starts it; without any of the developer's own settings. */
export function startCommand(
  t: Context,
  args: string[],
  { env = {}, cwd }: { env?: Record<string, string>; cwd?: string } = {},
): StartedCommand {
  const clean = Object.entries(process.env).filter(([name]) => !/^(?:OPENAI_|NO_COLOR|FORCE_COLOR)/.test(name));
  const file = fileURLToPath(new URL('../../bin/openai-proxy.js', import.meta.url));
  const child = spawn(process.execPath, [file, ...args], {
    env: { ...Object.fromEntries(clean), ...env },
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (part) => (output += String(part)));
  child.stderr.on('data', (part) => (errors += String(part)));
  const exited = new Promise<number | string>((resolve) => child.once('close', (code, signal) => resolve(code ?? signal ?? '')));
  t.after(() => {
    child.kill('SIGKILL');
    return exited;
  });
  return { child, output: () => output, errors: () => errors, exited };
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createNetServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The built command on a port, once it answers. */
export async function serveCommand(
  t: Context,
  args: string[],
  options: { env?: Record<string, string>; cwd?: string } = {},
): Promise<StartedCommand & { port: number }> {
  const port = await freePort();
  const started = startCommand(t, ['--port', String(port), ...args], options);
  let answers = false;
  void started.exited.then(() => (answers = true));
  while (!answers) {
    answers = await call(port, { path: '/health' }).then(
      ({ status }) => status === 200,
      () => delay(10, false),
    );
  }
  assert.equal(started.child.exitCode, null, started.errors());
  return { ...started, port };
}

/** The bytes of memory that a process holds. */
export async function memoryOf(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
}
