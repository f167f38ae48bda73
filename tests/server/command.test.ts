import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { help } from '../../bin/help.ts';
import { readCommand } from '../../bin/options.ts';
import { leadsBack } from '../../bin/own-address.ts';
import { version } from '../../lib/server/about.ts';
import { call, freePort, listen, scriptedUpstream, serveCommand, startCommand, until } from './support.ts';

const start = (args: string[], env: NodeJS.ProcessEnv = {}): Extract<ReturnType<typeof readCommand>, { action: 'start' }> => {
  const command = readCommand(args, env);
  assert.equal(command.action, 'start', JSON.stringify(command));
  return command as Extract<typeof command, { action: 'start' }>;
};

describe('the flags', () => {
  it('have their defaults', () => {
    const { ports, host, quiet, demo, options } = start([]);
    assert.deepEqual({ ports, host, quiet, demo }, { ports: undefined, host: undefined, quiet: false, demo: false });
    const set = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
    assert.deepEqual(set, { aliases: false, webSearch: true, memory: true, upgrade: true });
  });

  it('say what they say', () => {
    const { ports, host, quiet, demo, options } = start([
      '--port',
      '1',
      '--port=2,3',
      '--host',
      '0.0.0.0',
      '--quiet',
      '--demo',
      '--upstream',
      'http://x:1/',
      '--mode',
      'chat',
      '--models',
      'upstream',
      '--aliases',
      '--effort',
      'xhigh',
      '--summary',
      'off',
      '--no-web-search',
      '--no-memory',
      '--no-upgrade',
      '--reasoning',
      'think',
      '--log',
      '/tmp/x',
      '--cors',
      'https://a.example, http://b.example:2/',
      '--max-body',
      '3',
    ]);
    assert.deepEqual({ ports, host, quiet, demo }, { ports: [1, 2, 3], host: '0.0.0.0', quiet: true, demo: true });
    assert.deepEqual(options, {
      upstream: 'http://x:1/v1',
      mode: 'chat',
      models: 'upstream',
      aliases: true,
      effort: 'xhigh',
      summary: 'off',
      webSearch: false,
      memory: false,
      upgrade: false,
      reasoning: 'think',
      log: '/tmp/x',
      cors: ['https://a.example', 'http://b.example:2'],
      maxBody: 3 * 1024 * 1024,
    });
  });

  it('win over the variables, and an empty variable is none', () => {
    const env = {
      OPENAI_PROXY_PORT: '7',
      OPENAI_PROXY_MODE: 'chat',
      OPENAI_PROXY_WEB_SEARCH: 'off',
      OPENAI_PROXY_QUIET: '1',
      OPENAI_PROXY_EFFORT: '',
    };
    const { ports, quiet, options } = start(['--mode', 'responses'], env);
    assert.deepEqual([ports, quiet, options.mode, options.webSearch, options.effort], [[7], true, 'responses', false, undefined]);
    assert.equal(start(['--disable-auto-web-search']).options.webSearch, false);
    assert.equal(start([], { OPENAI_PROXY_MAX_BODY: '1', OPENAI_BASE_URL: 'http://x' }).options.maxBody, 1024 * 1024);
    assert.equal(start([], { OPENAI_BASE_URL: 'http://x' }).options.upstream, undefined);
  });

  const bases: [string, string][] = [
    ['https://api.openai.com', 'https://api.openai.com/v1'],
    ['https://api.openai.com/v1/', 'https://api.openai.com/v1'],
    ['http://localhost:11434/openai/v1', 'http://localhost:11434/openai/v1'],
    ['http://[::1]:5', 'http://[::1]:5/v1'],
  ];
  for (const [given, meant] of bases)
    it(`take ${given} as ${meant}`, () => assert.equal(start(['--upstream', given]).options.upstream, meant));

  const wrong: string[][] = [
    ['--nope'],
    ['--nope=1'],
    ['-x'],
    ['-p', '80'],
    ['word'],
    ['--', 'x'],
    ['--port'],
    ['--port='],
    ['--port', 'x'],
    ['--port', '65536'],
    ['--port', '0x50'],
    ['--port', '1e3'],
    ['--port', '-1'],
    ['--port', '80,'],
    ['--no-port'],
    ['--host', ''],
    ['--upstream', 'api.openai.com'],
    ['--upstream', 'ftp://x'],
    ['--upstream', 'http://user:canary@x/'],
    ['--upstream', 'http://x/?canary'],
    ['--mode', 'both'],
    ['--mode', 'chat', '--mode', 'responses'],
    ['--effort', 'huge'],
    ['--summary', 'none'],
    ['--reasoning', 'tag'],
    ['--cors', 'app.example'],
    ['--max-body', '0'],
    ['--max-body', '1.5'],
    ['--max-body', '513'],
    ['--web-search'],
    ['--memory'],
    ['--quiet', 'yes'],
    ['--constructor'],
    ['--__proto__=1'],
    ['--no-memory=1'],
    ['--log', '--quiet'],
  ];
  for (const args of wrong) {
    it(`are wrong: ${args.join(' ')}`, () => {
      const command = readCommand(args, {});
      assert.equal(command.action, 'wrong');
      assert.doesNotMatch(JSON.stringify(command), /canary/);
    });
  }

  for (const [name, value] of Object.entries({ PORT: 'x', MODE: 'x', UPSTREAM: 'x', WEB_SEARCH: 'maybe', QUIET: '2', MAX_BODY: '-1' })) {
    it(`are wrong as variables: ${name}=${value}`, () => {
      const command = readCommand([], { [`OPENAI_PROXY_${name}`]: value });
      assert.match(command.action === 'wrong' ? command.message : '', new RegExp(`^OPENAI_PROXY_${name} wants `));
    });
  }

  it('are explained in these words', () => {
    assert.equal(
      help,
      `openai-proxy [options]: OpenAI's Responses API for Chat Completions clients.
Port 5101 passes chat completions through, 5102 turns them into /v1/responses.

  --port N           listen on N; again, or N,N for more [5101, 5102 if free]
  --host ADDR        0.0.0.0 for other machines and containers [127.0.0.1, ::1]
  --upstream URL     [https://api.openai.com/v1]
  --mode MODE        chat, responses, or auto: 5102 is responses [auto]
  --models FILE      models to list; "upstream" asks it [models.json, built-in]
  --aliases          list effort aliases, as in gpt-5:res-high, too
  --effort LEVEL     where the client names none; off adds none [medium]
  --summary WHAT     of the reasoning: auto, concise, detailed, off [auto]
  --reasoning STYLE  field, quote, think, off [quote for Xcode, else field]
  --no-web-search    do not add the web_search tool
  --no-memory        do not keep reasoning between tool calls
  --no-upgrade       chat mode never turns to /v1/responses
  --log FILE         write every request and answer to FILE
  --cors ORIGIN      web pages that may call, separated by commas
  --max-body MIB     limit of a request body [64]
  --quiet            no line for each request
  --demo             answer from examples, without a key and a network
  --help, --version
Each has a variable: OPENAI_PROXY_PORT, OPENAI_PROXY_WEB_SEARCH=off and so on.
`,
    );
  });

  it('are all in the help, which fits a small screen', () => {
    const lines = help.split('\n');
    assert.ok(lines.length <= 24 && lines.every((line) => line.length <= 80));
    const flags =
      'port host upstream mode models aliases effort summary no-web-search no-memory no-upgrade reasoning log cors max-body quiet demo help version';
    for (const flag of flags.split(' ')) assert.match(help, new RegExp(`--${flag}\\b`));
  });
});

describe('whether an upstream is the proxy itself', () => {
  const at = (address: string): boolean[] =>
    ['127.0.0.1', 'localhost', '[::1]', '10.0.0.5', '0.0.0.0', 'example.test'].map((host) =>
      leadsBack(`http://${host}:5101/v1`, [{ address, port: 5101, family: '' }], ['10.0.0.5', '127.0.0.1', '::1']),
    );
  it('is told by address', () => {
    assert.deepEqual(at('127.0.0.1'), [true, true, false, false, true, false]);
    assert.deepEqual(at('::1'), [false, true, true, false, false, false]);
    assert.deepEqual(at('0.0.0.0'), [true, true, true, true, true, false]);
    assert.deepEqual(at('10.0.0.5'), [false, false, false, true, false, false]);
    assert.equal(leadsBack('http://127.0.0.1:5103/v1', [{ address: '127.0.0.1', port: 5101, family: '' }], []), false);
    assert.equal(leadsBack('http://127.0.0.1/v1', [{ address: '127.0.0.1', port: 80, family: '' }], []), true);
  });
});

describe('the command', () => {
  it('prints its help and its version', async (t) => {
    for (const flag of ['--help', '-h']) {
      const run = startCommand(t, [flag]);
      assert.equal(await run.exited, 0);
      assert.equal(run.output(), help);
    }
    const run = startCommand(t, ['-v']);
    assert.equal(await run.exited, 0);
    assert.equal(run.output(), `${version()}\n`);
  });

  const faults: [what: string, code: number, args: (port: string) => string[], message: RegExp][] = [
    ['an unknown flag', 2, () => ['--nope'], /unknown option --nope/],
    ['a bad value', 2, () => ['--mode', 'x'], /--mode wants one of auto, chat, responses/],
    ['a busy port', 1, (port) => ['--port', port], /port \d+ is in use/],
    ['an address of another machine', 1, () => ['--port', '0', '--host', '192.0.2.1'], /port 0 .*--host/],
    ['an unknown host', 1, () => ['--port', '0', '--host', 'nowhere.invalid'], /port 0 .*--host/],
    ['a log that is a folder', 1, () => ['--port', '0', '--log', '/'], /./],
    ['a list of models that is not there', 1, () => ['--port', '0', '--models', '/nowhere/models.json'], /models\.json/],
    ['itself as upstream', 1, () => [], /is this proxy itself/],
  ];
  for (const [what, code, args, message] of faults) {
    it(`says in a line what is wrong and exits with ${code}: ${what}`, async (t) => {
      const busy = createServer();
      const port = String(await listen(busy));
      t.after(() => busy.close());
      let given = args(port);
      if (given.length === 0) {
        const free = String(await freePort());
        given = ['--port', free, '--upstream', `http://localhost:${free}`];
      }
      const run = startCommand(t, given);
      assert.equal(await run.exited, code, run.errors());
      assert.match(run.errors(), /^openai-proxy: [^\n]+\n$/);
      assert.match(run.errors(), message);
      assert.equal(run.output(), '');
    });
  }

  it('says at the start what it does', async (t) => {
    const { port, output } = await serveCommand(t, ['--upstream', 'http://upstream.example/x', '--mode', 'responses']);
    await until(() => output().includes('models'), 'the lines are there');
    assert.ok(output().includes(`http://127.0.0.1:${port}`));
    assert.match(output(), /only this machine; --host 0\.0\.0\.0/);
    assert.match(output(), /http:\/\/upstream\.example\/x/);
    assert.ok(!output().includes('\u001b'));
  });

  it('prints a line for each request, with a hint where the key is missing, and none with --quiet', async (t) => {
    const upstream = await scriptedUpstream(t, (response) =>
      response.writeHead(401, { 'content-type': 'application/json' }).end('{"error":{}}'),
    );
    const loud = await serveCommand(t, ['--upstream', upstream.url]);
    await call(loud.port, { body: '{}' });
    await until(() => /POST \/v1\/chat\/completions .*401/.test(loud.output()), 'the line is there');
    assert.match(loud.output(), /The key belongs in the client/);
    const quiet = await serveCommand(t, ['--upstream', upstream.url, '--quiet']);
    await call(quiet.port, { body: '{}' });
    assert.doesNotMatch(quiet.output(), /401/);
  });

  it('keeps serving when no one reads what it prints', async (t) => {
    const { port, child } = await serveCommand(t, ['--upstream', 'http://127.0.0.1:9/v1']);
    child.stdout?.destroy();
    child.stderr?.destroy();
    for (let n = 0; n < 20; n += 1) assert.equal((await call(port, { path: '/health' })).status, 200);
    assert.equal(child.exitCode, null);
  });

  it('listens on several ports, each in its mode', async (t) => {
    const second = await freePort();
    const { port } = await serveCommand(t, ['--port', String(second), '--mode', 'responses']);
    for (const one of [port, second]) assert.match((await call(one, { path: '/health' })).text, /"mode":"responses"/);
  });

  it('takes its models from ./models.json', async (t) => {
    const cwd = mkdtempSync(join(tmpdir(), 'openai-proxy-command-'));
    t.after(() => rmSync(cwd, { recursive: true }));
    writeFileSync(join(cwd, 'models.json'), '["my-model"]');
    const { port } = await serveCommand(t, ['--mode', 'chat'], { cwd });
    assert.match((await call(port, { path: '/v1/models' })).text, /"id":"my-model"/);
  });

  it('shows no key of a request that fails', async (t) => {
    const upstream = await scriptedUpstream(t, (response) => response.socket?.destroy());
    const { port, output, errors } = await serveCommand(t, ['--upstream', upstream.url]);
    const answer = await call(port, {
      path: '/v1/files/canary-canary-1?api_key=canary-canary-2',
      headers: { authorization: 'Bearer canary-canary-1', 'x-api-key': 'canary-canary-3' },
    });
    assert.equal(answer.status, 502);
    await until(() => output().includes('502'), 'the line is there');
    assert.doesNotMatch(answer.text + output() + errors(), /canary-canary/);
  });
});
