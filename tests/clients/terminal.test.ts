import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { call, freePort, serveCommand, startCommand, until } from '../server/support.ts';
import type { Call, StartedCommand } from '../server/support.ts';
import { serve } from './upstream.ts';

const key = { authorization: 'Bearer sk-test-0123456789' };

/** Sends a chat completion, or what `more` says, and returns what the terminal says of it: the line, from its method on, and the hint below it. */
async function printed(port: number, { output }: StartedCommand, text: string, more: Call = {}): Promise<string[]> {
  const lines = (): string[] =>
    output()
      .split(/(?<=\n)/)
      // the helper that starts the command asks until it answers
      .filter((line) => line.endsWith('\n') && !line.includes(' /health '));
  const before = await settled(lines);
  await call(port, { headers: key, ...ask(text), ...more });
  await until(() => lines().length > before, 'the line', 10_000);
  return lines()
    .slice(before)
    .map((line) => line.trimEnd().replace(/^\d\d:\d\d:\d\d \d+ /, ''));
}

/** How many lines there are, once the ones of the start are there. */
async function settled(lines: () => string[]): Promise<number> {
  await until(() => lines().some((line) => line.startsWith('  models')), 'the lines of the start', 10_000);
  return lines().length;
}

function ask(content: string, more: object = {}): { body: string } {
  return { body: JSON.stringify({ model: 'gpt-5.5', messages: [{ role: 'user', content }], ...more }) };
}

const time = '\\d+(?:\\.\\d)?m?s';

describe('the terminal of the command', () => {
  it('says at the start what a newcomer must know', async (t) => {
    const { command, port, upstream } = await serve(t, 'responses');
    await until(() => command.output().includes('models'), 'the lines');
    const lines = command.output().split('\n');
    assert.match(lines[0]!, /^openai-proxy \d+\.\d+\.\d+$/);
    assert.equal(lines[1], `  listens   http://127.0.0.1:${port}/v1  Chat Completions, answered by /v1/responses`);
    const rest = lines.slice(2).filter((line) => !line.includes('[::1]'));
    assert.deepEqual(rest.slice(0, 3), [
      '            only this machine; --host 0.0.0.0 for others and for containers on Linux',
      `  upstream  ${upstream.url}`,
      "  models    asked of the upstream, with the client's key",
    ]);
  });

  it('has a line for each request, which names what was added and dropped', async (t) => {
    const { command, port } = await serve(t, 'responses');
    const [line] = await printed(port, command, 'text');
    assert.match(
      line!,
      new RegExp(
        `^POST /v1/chat/completions → responses gpt-5\\.5 +200 +${time}/${time}  in 20 \\(5 cached\\) out 10 \\(3 reasoning\\)  \\+effort \\+summary \\+web_search$`,
      ),
    );
    const [dropped] = await printed(port, command, '', ask('text', { seed: 7, max_tokens: 4 }));
    assert.match(
      dropped!,
      / 200 .* {2}\+effort {2}dropped seed, raised max_tokens to 16, small token limit: effort none, small token limit: no web search$/,
    );
    const [searched] = await printed(port, command, 'citations');
    assert.match(searched!, /\(3 reasoning\) {2}1 search {2}\+effort/);
    const [list] = await printed(port, command, '', { path: '/v1/models?', method: 'GET' });
    assert.match(list!, new RegExp(`^GET  /v1/models +200 +${time}/${time}$`));
  });

  it('says why a request failed, before and in the middle of its answer', async (t) => {
    const { command, port } = await serve(t, 'responses');
    const cases: [text: string, stream: boolean, end: RegExp][] = [
      ['quota', false, / 429 .* {2}Slow down\.$/],
      ['invalid', true, / 400 .* {2}No such thing\.$/],
      ['fails', true, / fail .* {2}The model broke down\.$/],
      ['fails', false, / 500 .* {2}The model broke down\.$/],
      ['breaks', true, / fail .* {2}The upstream 127\.0\.0\.1:\d+ closed the connection before its answer was complete \(\w+\)\.$/],
    ];
    for (const [text, stream, end] of cases) {
      const lines = await printed(port, command, '', ask(text, { stream }));
      assert.equal(lines.length, 1);
      assert.match(lines[0]!, end);
    }
    const [unknown] = await printed(port, command, '', ask('text', { model: 'gpt-5.5:res-huge' }));
    assert.match(unknown!, / 400 .*none, minimal, low, medium, high, xhigh, max\.$/);
  });

  const hints: [mistake: string, text: string, more: Call, hint: RegExp][] = [
    ['a wrong key', 'key', {}, /^ {9}http:\/\/127\.0\.0\.1:\d+\/v1 refused the key that the client sent: /],
    [
      'a missing key',
      'key',
      { headers: {} },
      /^ {9}The key belongs in the client: the request came without one, and the proxy has none\.$/,
    ],
    ['a base URL without /v1', '', { path: '/embeddings' }, /^ {9}The base URL in the client must end in \/v1, right after the port, /],
    ['a base URL with more', '', { path: '/openai/v1/chat/completions' }, /^ {9}The base URL in the client must end in \/v1, /],
    ['another API', '', { path: '/v1/messages' }, /^ {9}This is Anthropic's API; /],
    ['a base URL of Ollama', '', { path: '/api/chat' }, /^ {9}This looks like Ollama's /],
  ];
  it('has a sentence for the usual mistakes', async (t) => {
    const { command, port } = await serve(t, 'responses');
    for (const [mistake, text, more, hint] of hints) {
      const lines = await printed(port, command, text, more);
      assert.equal(lines.length, 2, mistake);
      assert.match(lines[1]!, hint, mistake);
      assert.doesNotMatch(lines.join(), /sk-test|0123456789/);
    }
    // with and without /v1 all is well where a client goes
    for (const path of ['/chat/completions', '/v1/v1/chat/completions']) {
      const lines = await printed(port, command, 'text', { path });
      assert.equal(lines.length, 1, path);
    }
  });

  it('has one for an upstream that can not be reached', async (t) => {
    for (const [upstream, hint] of [
      [`http://127.0.0.1:${await freePort()}`, /can't be reached: nothing listens there; check --upstream\.$/],
      ['http://nowhere.invalid', /can't be reached: its name (?:is not known|cannot be looked up)/],
    ] as const) {
      const command = await serveCommand(t, ['--upstream', upstream, '--mode', 'responses']);
      const lines = await printed(command.port, command, 'text');
      assert.equal(lines.length, 2);
      assert.match(lines[0]!, / 502 /);
      assert.match(lines[1]!, hint);
    }
  });

  it('has one for a busy port', async (t) => {
    const { port } = await serve(t, 'chat');
    const second = startCommand(t, ['--port', String(port)]);
    assert.equal(await second.exited, 1);
    assert.equal(second.errors(), `openai-proxy: port ${port} is in use, perhaps by another openai-proxy; choose another with --port\n`);
    assert.equal(second.output(), '');
  });

  it('uses no colour but where it is asked for', async (t) => {
    const coloured = startCommand(t, ['--port', '0', '--demo'], { env: { FORCE_COLOR: '1' } });
    await until(() => coloured.output().includes('models'), 'the lines', 10_000);
    assert.ok(coloured.output().startsWith('\u001b[1mopenai-proxy'));
    const plain = await serve(t, 'chat');
    await until(() => plain.command.output().includes('models'), 'the lines', 10_000);
    assert.ok(!plain.command.output().includes('\u001b'));
  });
});
