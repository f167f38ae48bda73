import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import * as fc from 'fast-check';
import type { Exchange } from '../../lib/server/index.ts';
import { requestLine } from '../../bin/terminal.ts';
import { eventsOf } from '../../lib/server/demo/demo-events.ts';
import type { DemoResponse } from '../../lib/server/demo/demo-events.ts';
import { chatBody, readStream, sse, startStream, textEvents, wholeResponse } from './bridge-support.ts';
import { call, errorOf, rawRequest, rawUpstream, scriptedUpstream, startProxy } from './support.ts';
import type { Answer, Context } from './support.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** The same in every run; the time, in seconds, is what bounds a run. */
function options(seconds: number): fc.Parameters<unknown> {
  return {
    seed: 20_260_101,
    numRuns: 1_000_000,
    interruptAfterTimeLimit: seconds * 1000,
    markInterruptAsFailure: false,
    endOnFailure: true,
  };
}

const recorded = readdirSync('fixtures')
  .filter((name) => name.startsWith('demo-') && name.endsWith('.response.json'))
  .map((name) => JSON.parse(readFileSync(`fixtures/${name}`, 'utf8')) as DemoResponse);
const streams = [...recorded.map(eventsOf), textEvents(['He', 'llo ', '👋 wörld'])] as { type: string }[][];

/** Prints what the command would, to nowhere. */
const onFinish = ({ response, port, method, path, report }: Exchange): string =>
  requestLine({ ...report, time: new Date(), port, method, path, status: response.statusCode, total: 1 }, true);

/** What no one expects at the place where it stands. */
const odd: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(
    null,
    true,
    false,
    0,
    -1,
    1e308,
    '',
    [],
    {},
    '\ud800',
    '__proto__',
    'constructor',
    '\r\n\r\n',
    'sk-',
    'x'.repeat(70_000),
  ),
  // deeper ones have a test of their own: several in one place are more than the test itself can write out
  fc.constant(300).map(nested),
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>,
  fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty').map((key) => JSON.parse(`{"${key}":{"x":1}}`) as Json),
);

function nested(depth: number): Json {
  let value: Json = 1;
  for (let n = 0; n < depth; n += 1) value = [value];
  return value;
}

interface Mutation {
  place: number;
  way: 'replace' | 'remove' | 'double' | 'add';
  value: Json;
}

const mutations: fc.Arbitrary<Mutation[]> = fc.array(
  fc.record({ place: fc.nat(10_000), way: fc.constantFrom('replace', 'replace', 'remove', 'double', 'add'), value: odd }),
  { maxLength: 4 },
);

/** A JSON value changed at places of it. */
function mutated(original: unknown, changes: readonly Mutation[]): unknown {
  const root = { root: structuredClone(original) as Json };
  for (const { place, way, value } of changes) {
    const places: [parent: { [key: string]: Json } | Json[], key: string][] = [];
    const visit = (parent: { [key: string]: Json } | Json[]): void => {
      for (const [key, child] of Object.entries(parent)) {
        places.push([parent, key]);
        if (places.length < 2000 && typeof child === 'object' && child !== null) visit(child);
      }
    };
    visit(root);
    const [parent, key] = places[place % places.length]!;
    const list = Array.isArray(parent);
    if (way === 'replace') Object.defineProperty(parent, key, { value, writable: true, enumerable: true, configurable: true });
    else if (way === 'remove' && list) parent.splice(Number(key), 1);
    else if (way === 'remove' && parent !== root) Reflect.deleteProperty(parent, key);
    else if (way === 'double' && list) parent.splice(Number(key), 0, parent[Number(key)]!);
    else if (way === 'add' && !list)
      Object.defineProperty(parent, 'extra', { value, writable: true, enumerable: true, configurable: true });
  }
  return root.root;
}

/** An answer is whole or an error, never something between. */
function assertHonest(answer: Answer, streamed: boolean, terminal: boolean | undefined): void {
  const shown = answer.text.slice(0, 2000);
  if (answer.status !== 200) {
    assert.ok(answer.status >= 400 && answer.complete, `${answer.status}: ${shown}`);
    errorOf(answer);
    return;
  }
  if (!streamed) {
    assert.ok(answer.complete, shown);
    assert.equal((JSON.parse(answer.text) as { object: string }).object, 'chat.completion');
    return;
  }
  const { finish, done, error } = readStream(answer.text);
  assert.ok(answer.complete, shown);
  assert.equal(finish.length, done ? 1 : 0, shown);
  assert.equal(error === undefined, done, shown);
  if (terminal === false) assert.ok(!done, shown);
}

const prototype = JSON.stringify(Object.getOwnPropertyNames(Object.prototype));

/** After all of it the proxy serves, nothing unexpected was thrown, and no prototype has changed. */
async function assertAlive(port: number, warnings: readonly string[]): Promise<void> {
  assert.equal((await call(port, { path: '/health' })).status, 200);
  assert.deepEqual(warnings, []);
  assert.equal(JSON.stringify(Object.getOwnPropertyNames(Object.prototype)), prototype);
}

/** Random bytes, and pieces of HTTP in any order, to the port. Gives the number of runs, as all of these do. */
export async function fuzzPort(t: Context, seconds: number): Promise<number> {
  const upstream = await scriptedUpstream(t, (response) => response.end('{}'));
  const { port, warnings } = await startProxy(t, { onFinish, upstream: upstream.url, headersTimeout: 300, requestTimeout: 300 });
  const words = fc.constantFrom(
    'GET ',
    'POST ',
    'OPTIONS ',
    '/v1/chat/completions',
    '/v1/files',
    '/health',
    '//',
    '%2e',
    '?',
    ' HTTP/1.1',
    ' HTTP/1.0',
    '\r\n',
    '\r\n\r\n',
    '\n',
    'host: x',
    'host: x:5102',
    'content-length: 2',
    'content-length: -1',
    'transfer-encoding: chunked',
    'connection: close',
    'upgrade: websocket',
    'expect: 100-continue',
    'authorization: Bearer k',
    '2\r\n{}\r\n0\r\n\r\n',
    '{}',
    '{"model":"gpt-5"}',
    'origin: null',
    '\0',
    '\u00ff',
  );
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 400 }).map((array) => Buffer.from(array)),
    fc.array(words, { maxLength: 25 }).map((list) => Buffer.from(list.join(''), 'latin1')),
  );
  let runs = 0;
  const property = fc.asyncProperty(fc.array(bytes, { minLength: 1, maxLength: 3 }), async (pieces) => {
    runs += 1;
    const raw = rawRequest(t, port, '');
    for (const piece of pieces) {
      raw.socket.write(piece);
      await delay(0);
    }
    raw.socket.end();
    await Promise.race([raw.closed, delay(20)]);
    raw.socket.destroy();
    await assertAlive(port, warnings);
    assert.match(raw.text(), /^(?:HTTP\/1\.1 [1-5]\d\d |$)/);
  });
  await fc.assert(property, options(seconds));
  return runs;
}

/** Streams of events, changed, reordered, cut, and split anywhere. */
export async function fuzzStreams(t: Context, seconds: number): Promise<number> {
  let script: { pieces: Buffer[]; reset: boolean } = { pieces: [], reset: false };
  const upstream = await scriptedUpstream(t, async (response) => {
    startStream(response);
    for (const piece of script.pieces) {
      response.write(piece);
      await delay(0);
    }
    if (script.reset) response.socket?.destroy();
    else response.end();
  });
  const { port, warnings } = await startProxy(t, { onFinish, upstream: upstream.url, mode: 'responses' });
  const input = fc.record({
    stream: fc.nat(streams.length - 1),
    changes: mutations,
    swaps: fc.array(fc.tuple(fc.nat(200), fc.nat(200)), { maxLength: 3 }),
    keep: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
    cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 }),
    reset: fc.boolean(),
    style: fc.constantFrom('field', 'quote'),
    stop: fc.constantFrom(undefined, ['o w', 'é']),
  });
  let runs = 0;
  const property = fc.asyncProperty(input, async ({ stream, changes, swaps, keep, cuts, reset, style, stop }) => {
    runs += 1;
    const events = mutated(streams[stream], changes);
    const list = (Array.isArray(events) ? events : [events]) as { type: string }[];
    for (const [one, other] of swaps) {
      const [a, b] = [one % list.length, other % list.length];
      if (list.length > 0) [list[a], list[b]] = [list[b]!, list[a]!];
    }
    const text = list.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
    const bytes = Buffer.from(text).subarray(0, Math.ceil(Buffer.byteLength(text) * keep));
    const borders = [0, ...cuts.map((cut) => Math.floor(cut * bytes.length)).toSorted((a, b) => a - b), bytes.length];
    script = { pieces: borders.slice(1).map((border, at) => bytes.subarray(borders[at], border)), reset };
    const headers = { 'user-agent': style === 'quote' ? 'Xcode/1' : 'test' };
    const answer = await call(port, { body: chatBody({ stop, tools: [{ type: 'function', function: { name: 'f' } }] }), headers });
    const terminal = stop === undefined ? /"type":"response\.(?:completed|incomplete)"/.test(bytes.toString()) : undefined;
    assertHonest(answer, true, terminal);
    await assertAlive(port, warnings);
  });
  await fc.assert(property, options(seconds));
  return runs;
}

/** Whole Responses, changed anywhere. */
export async function fuzzWhole(t: Context, seconds: number): Promise<number> {
  let body = '';
  const upstream = await scriptedUpstream(t, (response) => response.setHeader('content-type', 'application/json').end(body));
  const { port, warnings } = await startProxy(t, { onFinish, upstream: upstream.url, mode: 'responses' });
  const wholes = [...recorded, wholeResponse('Hello')];
  let runs = 0;
  const property = fc.asyncProperty(fc.nat(wholes.length - 1), mutations, fc.boolean(), async (which, changes, stream) => {
    runs += 1;
    body = JSON.stringify(mutated(wholes[which], changes)) ?? '';
    assertHonest(await call(port, { body: chatBody({ stream }) }), stream, undefined);
    await assertAlive(port, warnings);
  });
  await fc.assert(property, options(seconds));
  return runs;
}

/** Bytes from the upstream that are no answer, or half of one. */
export async function fuzzUpstream(t: Context, seconds: number): Promise<number> {
  let bytes = Buffer.alloc(0);
  const upstream = await rawUpstream(t, (socket) => socket.end(bytes));
  const { port, warnings } = await startProxy(t, { onFinish, upstream: upstream.url });
  const head = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n';
  const words = fc.constantFrom(
    'HTTP/1.1 200 OK\r\n',
    'HTTP/1.1 999 ?\r\n',
    'HTTP/1.1 103 \r\n\r\n',
    'content-length: 5\r\n',
    'transfer-encoding: chunked\r\n',
    '\r\n',
    head,
    'data: ',
    'data:',
    'event: error\n',
    '\n',
    '\n\n',
    '\r',
    '\ufeff',
    ': x\n',
    '{"type":"',
    'response.completed","response":{}}',
    '[DONE]',
    '0\r\n\r\n',
    'content-encoding: gzip\r\n',
    'location: http://evil.test/\r\n',
    'x: \u0001\r\n',
    'content-type: application/json\r\n',
    '{"output":[]}',
  );
  const random = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array)),
    fc.array(words, { maxLength: 20 }).map((list) => Buffer.from(list.join(''))),
  );
  let runs = 0;
  const property = fc.asyncProperty(random, fc.boolean(), fc.boolean(), fc.boolean(), async (given, headed, bridged, stream) => {
    runs += 1;
    bytes = Buffer.concat([Buffer.from(headed ? head : ''), given]);
    const answer = await call(port, { body: chatBody({ stream }), headers: { host: bridged ? 'x:5102' : 'x:5101' } }).catch(
      () => undefined,
    );
    // in chat mode an answer is what the upstream makes of it
    if (bridged && answer && (answer.status === 200 || answer.status >= 400)) assertHonest(answer, stream, undefined);
    await assertAlive(port, warnings);
  });
  await fc.assert(property, options(seconds));
  return runs;
}

const call1 = { id: 'call_1', type: 'function', function: { name: 'look', arguments: '{"a":1}' } };
const request = {
  model: 'gpt-5.1:res-high',
  messages: [
    { role: 'system', content: 'Be brief.' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'hi' },
        { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==', detail: 'low' } },
      ],
    },
    { role: 'assistant', content: null, tool_calls: [call1] },
    { role: 'tool', tool_call_id: 'call_1', content: '{"b":2}' },
    { role: 'user', name: 'me', content: [{ type: 'file', file: { file_data: 'AA==', filename: 'x.pdf' } }] },
  ],
  tools: [
    { type: 'function', function: { name: 'look', parameters: { type: 'object', properties: {} } } },
    { type: 'custom', custom: { name: 'c' } },
  ],
  tool_choice: { type: 'function', function: { name: 'look' } },
  response_format: { type: 'json_schema', json_schema: { name: 'n', schema: { type: 'object' } } },
  stop: ['x'],
  stream: true,
  stream_options: { include_usage: true },
  logit_bias: {},
  max_completion_tokens: 9,
  metadata: { a: 'b' },
};

/** Requests, changed anywhere. */
export async function fuzzRequests(t: Context, seconds: number): Promise<number> {
  const upstream = await scriptedUpstream(t, (response, { body, url }) => {
    const { stream } = JSON.parse(body.toString()) as { stream?: boolean };
    if (url !== '/v1/responses') return response.setHeader('content-type', 'application/json').end('{"object":"chat.completion"}');
    if (stream !== true) return response.setHeader('content-type', 'application/json').end(JSON.stringify(wholeResponse('Hello')));
    startStream(response);
    return response.end(sse(textEvents(['Hello'])));
  });
  const { port, warnings } = await startProxy(t, { onFinish, upstream: upstream.url, mode: 'responses' });
  let runs = 0;
  const property = fc.asyncProperty(mutations, async (changes) => {
    runs += 1;
    const body = JSON.stringify(mutated(request, changes)) ?? '';
    const answer = await call(port, { body, headers: { authorization: 'Bearer k' } });
    assert.ok([200, 400].includes(answer.status), answer.text);
    if (answer.status === 400) errorOf(answer);
    await assertAlive(port, warnings);
  });
  await fc.assert(property, options(seconds));
  return runs;
}
