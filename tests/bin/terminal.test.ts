import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { requestLine, startLines, usesColour } from '../../bin/terminal.ts';
import type { Finished, Started } from '../../bin/terminal.ts';

const finished: Finished = {
  time: new Date(2026, 10, 22, 12, 4, 7),
  port: 5102,
  method: 'POST',
  path: '/v1/chat/completions',
  status: 200,
  route: 'responses',
  model: 'gpt-5',
  firstOutput: 812.4,
  total: 4210,
  usage: { input: 1234, output: 340, cached: 1024, reasoning: 128 },
  added: ['web_search'],
  notes: ['dropped seed'],
};

const started: Started = {
  version: '1.0.0',
  listeners: [
    { url: 'http://127.0.0.1:5101', mode: 'chat' },
    { url: 'http://127.0.0.1:5102', mode: 'responses' },
  ],
  onlyLoopback: true,
  upstream: 'https://api.openai.com/v1',
  models: 'the built-in list',
};

const line = (changes: Partial<Finished> = {}): string => requestLine({ ...finished, ...changes }, false);

// oxlint-disable-next-line no-control-regex -- they are what is looked for
const control = /[\x00-\x1f\x7f-\x9f]/;

test('a request is a line, in columns', () => {
  assert.equal(
    line(),
    '12:04:07 5102 POST /v1/chat/completions → responses gpt-5               200   812ms/4.2s  in 1.2k (1.0k cached) out 340 (128 reasoning)  +web_search  dropped seed',
  );
  assert.equal(
    line({
      method: 'GET',
      path: '/v1/models',
      port: 5101,
      route: 'chat',
      model: undefined,
      firstOutput: undefined,
      total: 3,
      usage: undefined,
      added: [],
      notes: [],
    }),
    '12:04:07 5101 GET  /v1/models           → chat                          200          3ms',
  );
});

test('columns stand under each other', () => {
  const status = line().indexOf(' 200 ');
  for (const changes of [
    { route: 'chat' as const },
    { model: undefined, route: undefined },
    { path: '/v1/models', method: 'GET' },
    { usage: undefined, firstOutput: 12 },
    { method: 'DELETE', path: '/v1/responses/resp_0123456789abcdef', route: undefined, model: undefined },
  ]) {
    assert.equal(line(changes).indexOf(' 200 '), status, JSON.stringify(changes));
  }
  assert.equal(line({ status: undefined }).indexOf(' left '), status);
  assert.equal(line({ status: undefined, failure: 'It broke.' }).indexOf(' fail '), status);
});

test('durations and tokens have units that people read', async (t) => {
  const durations: [milliseconds: number, shown: string][] = [
    [0.4, '0ms'],
    [999.4, '999ms'],
    [999.6, '1.0s'],
    [9_949, '9.9s'],
    [9_960, '10s'],
    [59_400, '59s'],
    [59_600, '1m00s'],
    [185_000, '3m05s'],
    [3_720_000, '1h02m'],
  ];
  for (const [total, shown] of durations) await t.test(shown, () => assert.match(line({ total }), new RegExp(`/${shown} `)));
  const counts: [count: number, shown: string][] = [
    [0, '0'],
    [999, '999'],
    [1000, '1.0k'],
    [9_949, '9.9k'],
    [9_951, '10k'],
    [128_400, '128k'],
    [999_600, '1.0M'],
    [1_260_000, '1.3M'],
  ];
  for (const [input, shown] of counts) {
    await t.test(shown, () => assert.ok(line({ usage: { input, output: 1, cached: 0, reasoning: 0 } }).includes(` in ${shown} out 1 `)));
  }
});

test('web searches that are billed stand beside the tokens', () => {
  assert.ok(line({ searches: 2 }).includes(' (128 reasoning)  2 searches  +web_search '));
  assert.ok(line({ searches: 1, usage: undefined }).includes('s  1 search  +web_search '));
  for (const searches of [0, undefined]) assert.equal(line({ searches }), line());
});

test('what a client sent cannot steer the terminal, fill it, or show a key', () => {
  const evil = '\u001b[2J\r\nfake\u009b\u202e\u2028';
  const shown = line({ method: 'POST', path: evil, model: evil, notes: [evil] });
  assert.doesNotMatch(shown, control);
  assert.doesNotMatch(shown, /[\u202e\u2028]/);
  assert.ok(shown.includes('\\u{1b}[2J'));
  const long = 'x'.repeat(100_000);
  assert.ok(line({ path: long, model: long, notes: Array.from({ length: 1000 }, () => long) }).length < 800);
  assert.ok(line({ notes: Array.from({ length: 9 }, (_, index) => `dropped x${index}`) }).endsWith('dropped x5 and 3 more'));
  const key = `canary${'-0123456789'.repeat(10)}`;
  const secret = line({ path: `/v1/models/${key}`, model: key, notes: [`dropped ${key}`, 'dropped sk-0123456789'], secrets: [key] });
  assert.doesNotMatch(secret, /canary|0123/);
  assert.ok(secret.includes('[key]'));
});

test('a failure has the words that the client got', () => {
  assert.ok(line({ status: 429, failure: 'Slow down.' }).endsWith('  dropped seed  Slow down.'));
  assert.match(line({ status: undefined, failure: 'It broke.' }), / fail .* {2}It broke\.$/);
  assert.ok(line({ status: 400, failure: 'x'.repeat(1000) }).length < 400);
  assert.ok(requestLine({ ...finished, status: undefined, failure: 'It broke.' }, true).includes('\u001b[31mfail'));
});

test('colours stand for how a request ended, and nothing else changes', () => {
  for (const [status, code] of [
    [200, 32],
    [404, 33],
    [502, 31],
    [undefined, 33],
  ] as const) {
    const coloured = requestLine({ ...finished, status }, true);
    assert.ok(coloured.includes(`\u001b[${code}m${status ?? 'left'}`));
    assert.equal(stripVTControlCharacters(coloured), line({ status }));
  }
});

test('the lines of the start say where it listens and what it works with', () => {
  assert.deepEqual(startLines(started, false), [
    'openai-proxy 1.0.0',
    '  listens   http://127.0.0.1:5101/v1  Chat Completions, passed through as they are',
    '            http://127.0.0.1:5102/v1  Chat Completions, answered by /v1/responses',
    '            only this machine; --host 0.0.0.0 for others and for containers on Linux',
    '  upstream  https://api.openai.com/v1',
    '  models    the built-in list',
  ]);
  const open = startLines(
    { ...started, onlyLoopback: false, log: '/tmp/a\u001b.log', inspect: 'http://127.0.0.1:5101/inspect?token=x' },
    false,
  );
  assert.ok(!open.some((text) => text.includes('only this machine')));
  assert.deepEqual(open.slice(-2), ['  log       /tmp/a\\u{1b}.log', '  inspect   http://127.0.0.1:5101/inspect?token=x']);
  assert.deepEqual(
    startLines(started, true).map((text) => stripVTControlCharacters(text)),
    startLines(started, false),
  );
});

test('colours are for terminals, unless the environment says otherwise', () => {
  const cases: [isTTY: boolean | undefined, env: Record<string, string>, expected: boolean][] = [
    [true, {}, true],
    [undefined, {}, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [false, { FORCE_COLOR: '1' }, true],
    [false, { FORCE_COLOR: '' }, true],
    [true, { FORCE_COLOR: '0' }, false],
    [true, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
    [true, { TERM: 'dumb' }, false],
  ];
  for (const [isTTY, env, expected] of cases) {
    assert.equal(usesColour(isTTY === undefined ? {} : { isTTY }, env), expected, JSON.stringify([isTTY, env]));
  }
});
