// One client or one upstream can make its own request fail, nothing more: a generator of hostile requests and answers against the command,
// and what must hold of it.
import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { sse, textEvents, wholeResponse } from './bridge-support.ts';
import { call, listen, memoryOf, serveCommand, until, type Context } from './support.ts';

/** The shapes of JSON that a size is filled with. */
const fillings: Record<string, (size: number) => string> = {
  values: (size) => `[${'{},'.repeat(size / 3)}{}]`,
  members: (size) => `{${Array.from({ length: size / 14 }, (_, n) => `"name${n}":1`).join()}}`,
  depth: (size) => '['.repeat(size / 2) + ']'.repeat(size / 2),
  text: (size) => `"${'x'.repeat(size)}"`,
  wide: (size) => `"${'語'.repeat(size / 3)}"`,
  mixed: (size) => `"${'x'.repeat(size)}語"`,
  latin: (size) => `"${'é'.repeat(size / 2)}"`,
  lines: (size) => `"${'a \\"line\\" of text\\n'.repeat(size / 20)}"`,
  few: (size) => `[${'{},'.repeat(Math.min(size / 6, 390_000))}"${'x'.repeat(size / 2)}"]`,
  escapes: (size) => `"${'\\"'.repeat(size / 2)}"`,
  controls: (size) => `"${'\\u007f'.repeat(size / 6)}"`,
  keys: (size) => `"${'sk-aaaaaaaa '.repeat(size / 12)}"`,
};

/** Where in a chat request it stands. */
const places: Record<string, (filling: string, size: number) => string> = {
  unknown: (filling) => `{"model":"gpt-5","messages":[{"role":"user","content":"x"}],"x":${filling}}`,
  content: (filling) => `{"model":"gpt-5","messages":[{"role":"user","content":${filling}}]}`,
  model: (filling) => `{"model":${filling},"messages":[{"role":"user","content":"x"}]}`,
  metadata: (filling) => `{"model":"gpt-5","messages":[{"role":"user","content":"x"}],"metadata":${filling}}`,
  stop: (filling) => `{"model":"gpt-5","messages":[{"role":"user","content":"x"}],"stop":[${filling}]}`,
  tools: (filling) => `{"model":"gpt-5","messages":[{"role":"user","content":"x"}],"tools":${filling}}`,
  messages: (_, size) =>
    `{"model":"gpt-5","messages":[${'{"role":"user","content":"x"},'.repeat(size / 30)}{"role":"user","content":"y"}]}`,
  calls: (_, size) =>
    `{"model":"gpt-5","messages":[{"role":"assistant","tool_calls":[${'{"id":"c","function":{"name":"f","arguments":"{}"}},'.repeat(size / 50)}{}]}]}`,
  results: (_, size) =>
    `{"model":"gpt-5","messages":[${'{"role":"tool","tool_call_id":"a","content":"b"},'.repeat(size / 49)}{"role":"user"}]}`,
  garbage: (filling) => filling,
};

const begun = sse(textEvents(['x']).slice(0, 3));
const json = { 'content-type': 'application/json' };
const events = { 'content-type': 'text/event-stream' };

async function flood(response: ServerResponse, piece: string, size: number): Promise<void> {
  const bytes = Buffer.from(piece.repeat(Math.ceil(65_536 / piece.length)));
  response.writeHead(200, events);
  response.write(begun);
  for (let left = size; left > 0 && !response.closed; left -= bytes.length) {
    if (!response.write(bytes)) await delay(1);
  }
  response.end();
}

const citation = { type: 'url_citation', url: 'https://a.example', start_index: 0, end_index: 1, title: 't' };
const whole = (more: string): string => JSON.stringify(wholeResponse('hi')).replace('"id"', `"x":${more},"id"`);

/** JSON in place of a text that is long. */
const said = (text: string): string => JSON.stringify(wholeResponse('here')).replaceAll('"here"', () => text);
const longEvent = (type: string, rest: string): string => `event: ${type}\ndata: {"type":"${type}",${rest}}\n\n`;

/** What the upstream does. */
const answers: Record<string, (response: ServerResponse, size: number, filling: (size: number) => string) => unknown> = {
  fine: (response) => response.writeHead(200, json).end(whole('1')),
  silent: () => {},
  whole: (response, size, filling) => response.writeHead(200, json).end(whole(filling(size / 2))),
  said: (response, size, filling) => response.writeHead(200, json).end(said(filling(size / 2))),
  event: (response, size, filling) =>
    response
      .writeHead(200, events)
      .end(
        begun + longEvent('response.output_text.delta', `"output_index":0,"content_index":0,"item_id":"m","delta":${filling(size / 2)}`),
      ),
  done: (response, size, filling) =>
    response.writeHead(200, events).end(begun + longEvent('response.completed', `"response":${said(filling(size / 2))}`)),
  junk: (response, size) => flood(response, 'data: x\n\n', size),
  dataLines: (response, size) => flood(response, 'data: x\n', size),
  values: (response, size) => response.writeHead(200, json).end(whole(fillings['values']!(size))),
  bomb: (response, size) =>
    response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(gzipSync(whole(fillings['values']!(size)))),
  depth: (response, size) => response.writeHead(200, json).end(whole(fillings['depth']!(size))),
  items(response, size) {
    const output = Array.from({ length: size / 100 }, (_, n) => ({
      type: 'message',
      id: `m${n}`,
      content: [{ type: 'output_text', text: 'x' }],
    }));
    response.writeHead(200, json).end(JSON.stringify(wholeResponse('x', { output })));
  },
  deltas: (response, size) =>
    flood(response, sse([{ type: 'response.output_text.delta', output_index: 1, content_index: 0, delta: 'x' } as never]), size),
  citations: (response, size) =>
    flood(
      response,
      sse([{ type: 'response.output_text.annotation.added', output_index: 0, content_index: 0, annotation: citation } as never]),
      size,
    ),
  line: (response, size) => flood(response, 'x', size),
  comments: (response, size) => flood(response, ': x\n\n', size),
  error: (response, size, filling) => response.writeHead(429, json).end(`{"error":{"message":${filling(size)}}}`),
  early: (response) => response.writeHead(401, { ...json, connection: 'close' }).end('{"error":{"message":"no"}}'),
  reset: (response) => void response.writeHead(200, events).write(begun, () => response.socket?.resetAndDestroy()),
  chunks(response, size) {
    response.socket?.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n');
    response.socket?.end('1\r\n \r\n'.repeat(Math.min(size, 300_000)));
  },
};

interface Case {
  place: string;
  filling: string;
  answer: string;
  size: number;
  stream: boolean;
  path: string;
  version: '1.1' | '1.0';
  /** Requests on one connection, sent at once. */
  pipelined: number;
  /** Bytes of each HTTP chunk; 0 for a body with its length. */
  chunk: number;
  headers: number;
  /** How the client ends. */
  end: 'waits' | 'leaves' | 'half-closes' | 'leaves amid its request';
  /** Milliseconds until it does. */
  after: number;
}

const cases = (largest: number): fc.Arbitrary<Case> =>
  fc.record({
    place: fc.constantFrom(...Object.keys(places)),
    filling: fc.constantFrom(...Object.keys(fillings)),
    answer: fc.constantFrom(...Object.keys(answers)),
    size: fc.oneof(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 1, max: largest }), fc.constant(largest)),
    stream: fc.boolean(),
    path: fc.constantFrom('/v1/chat/completions', '/v1/chat/completions', '/v1/responses', '/v1/files'),
    version: fc.constantFrom('1.1', '1.1', '1.0'),
    pipelined: fc.constantFrom(1, 1, 1, 5, 100),
    chunk: fc.constantFrom(0, 0, 1, 1000, 65_536),
    headers: fc.constantFrom(0, 0, 50, 1500),
    end: fc.constantFrom('waits', 'leaves', 'half-closes', 'leaves amid its request'),
    after: fc.integer({ min: 0, max: 300 }),
  });

function requestOf({ place, filling, answer, size, stream, path, version, chunk, headers }: Case): Buffer {
  const text = places[place]!(fillings[filling]!(size), size);
  const body = Buffer.from(stream ? text.replace('{', '{"stream":true,') : text);
  const many = 'a:\r\n'.repeat(headers);
  const head = `POST ${path} HTTP/${version}\r\nhost: x\r\nauthorization: Bearer canary-key\r\nx-answer: ${answer} ${size} ${filling}\r\n${many}`;
  if (chunk === 0 || version === '1.0') return Buffer.concat([Buffer.from(`${head}content-length: ${body.length}\r\n\r\n`), body]);
  // of the smallest pieces a few are enough
  const cut = body.subarray(0, chunk * 300_000);
  const pieces: Buffer[] = [Buffer.from(`${head}transfer-encoding: chunked\r\n\r\n`)];
  for (let at = 0; at < cut.length; at += chunk) {
    const piece = cut.subarray(at, at + chunk);
    pieces.push(Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n'));
  }
  return Buffer.concat([...pieces, Buffer.from('0\r\n\r\n')]);
}

/** Sends the requests of a case and ends as it says. */
async function run(port: number, one: Case): Promise<void> {
  const request = requestOf(one);
  const count = request.length * one.pipelined > 2_000_000 ? 1 : one.pipelined;
  const bytes = Buffer.concat(Array<Buffer>(count).fill(request));
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  socket.on('error', () => {}).on('end', () => socket.end());
  socket.resume();
  socket.write(one.end === 'leaves amid its request' ? bytes.subarray(0, bytes.length / 2) : bytes);
  if (one.end === 'half-closes') socket.end();
  if (one.end === 'waits' || one.end === 'half-closes') {
    // an answer, or its end
    const end = performance.now() + 1500 + one.after;
    while (performance.now() < end && socket.bytesRead === 0 && !socket.destroyed) await delay(10);
  }
  await delay(one.after);
  socket.destroy();
  await closed;
}

/** Asks for `/health` again and again, until it is stopped. */
class Probe {
  /** The longest wait in milliseconds, as far as the proxy was at work in it. */
  longest = 0;
  readonly #child: ChildProcess;
  readonly #exited: Promise<number | null>;

  constructor(t: Context, port: number, pid: number) {
    this.#child = fork(fileURLToPath(new URL('./probe-process.js', import.meta.url)), [String(port), String(pid)]);
    this.#child.on('message', (longest: number) => (this.longest = longest));
    this.#exited = new Promise((resolve) => this.#child.on('exit', resolve));
    t.after(() => this.#child.kill());
  }

  async stop(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    assert.equal(await this.#exited, 0, 'it was served each time');
  }
}

export interface Bounds {
  /** Bytes of the largest body or answer. */
  largest: number;
  seconds: number;
  /** Milliseconds that others may wait. */
  wait: number;
  mode: 'chat' | 'responses';
  log?: string;
}

/** Runs hostile cases against the command with a heap of 512 MB, several at once, and holds what must hold. Returns what was measured. */
export async function beHostile(t: Context, { largest, seconds, wait, mode, log }: Bounds): Promise<string> {
  const upstream = createServer(async (request, response) => {
    response.on('error', () => {});
    const [kind = 'fine', size = '1', filling = 'text'] = String(request.headers['x-answer'] ?? '').split(' ');
    const read = (async () => {
      for await (const part of request) void part;
    })().catch(() => {});
    if (kind !== 'early') await read;
    await answers[kind]?.(response, Math.min(Number(size), largest), fillings[filling]!);
  });
  upstream.on('connection', (socket) => socket.on('error', () => {}));
  const url = `http://127.0.0.1:${await listen(upstream)}/v1`;
  t.after(() => {
    upstream.closeAllConnections();
    upstream.close();
  });
  const env = { NODE_OPTIONS: '--max-old-space-size=512' };
  const args = ['--upstream', url, '--mode', mode, ...(log === undefined ? [] : ['--log', log])];
  const { port, child, exited, errors } = await serveCommand(t, args, { env });
  const pid = child.pid!;
  const descriptors = (): number => readdirSync(`/proc/${pid}/fd`).length;
  await call(port, { path: '/v1/files', headers: { 'x-answer': 'fine 1' } });
  const [memory, open] = [await memoryOf(pid), descriptors()];
  const others = new Probe(t, port, pid);
  let runs = 0;
  let most = memory;
  const details = await fc.check(
    fc.asyncProperty(fc.array(cases(largest), { minLength: 1, maxLength: 4 }), async (several) => {
      await Promise.all(several.map((one) => run(port, one).catch(() => {})));
      runs += several.length;
      assert.equal(child.exitCode, null, errors());
      most = Math.max(most, await memoryOf(pid));
      assert.ok(most - memory < 512 * 2 ** 20, `grown by ${Math.round((most - memory) / 2 ** 20)} MB`);
      assert.ok(others.longest < wait, `others waited ${Math.round(others.longest)} ms`);
    }),
    { numRuns: 1_000_000, interruptAfterTimeLimit: seconds * 1000, markInterruptAsFailure: false, endOnFailure: true },
  );
  if (details.failed) {
    const { errorInstance, seed, counterexample } = details;
    throw new Error(`${String(errorInstance)}; seed ${seed}: ${fc.stringify(counterexample)}`, { cause: errorInstance });
  }
  await others.stop();
  // idle connections to the upstream may stay for a while
  await until(() => descriptors() <= open + 16, `${descriptors()} descriptors, ${open} before`, 30_000);
  const started = performance.now();
  child.kill('SIGTERM');
  assert.equal(await exited, 0);
  assert.ok(performance.now() - started < 5000, 'no exchange was left');
  assert.doesNotMatch(errors(), /internal error|Warning/);
  return `${runs} cases: others waited up to ${Math.round(others.longest)} ms, grown by ${Math.round((most - memory) / 2 ** 20)} MB`;
}
