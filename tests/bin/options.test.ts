import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readCommand } from '../../bin/options.ts';

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
    assert.deepEqual(set, { aliases: false, inspect: false, webSearch: true, memory: true, upgrade: true });
  });

  it('say what they say', () => {
    const { ports, host, quiet, demo, store, options } = start([
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
      '--store',
      'redis://localhost:6379',
      '--inspect',
      '--log',
      '/tmp/x',
      '--cors',
      'https://a.example, http://b.example:2/',
      '--max-body',
      '3',
    ]);
    assert.deepEqual({ ports, host, quiet, demo }, { ports: [1, 2, 3], host: '0.0.0.0', quiet: true, demo: true });
    assert.equal(store, 'redis://localhost:6379');
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
      inspect: true,
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

  it('show a log file after --inspect', () => {
    const shown = { action: 'show', file: 'proxy.log', ports: undefined, host: undefined };
    assert.deepEqual(readCommand(['--inspect', 'proxy.log'], {}), shown);
    assert.deepEqual(readCommand(['--inspect=proxy.log'], {}), shown);
    assert.deepEqual(readCommand(['proxy.log', '--inspect', '--port', '7'], {}), { ...shown, ports: [7] });
    assert.equal(start(['--inspect']).options.inspect, true);
    assert.equal(start([], { OPENAI_PROXY_INSPECT: 'on' }).options.inspect, true);
    assert.equal(readCommand(['proxy.log'], { OPENAI_PROXY_INSPECT: 'on' }).action, 'wrong');
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
    ['--quiet', 'proxy.log'],
    ['--inspect', 'one.log', 'two.log'],
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
    ['--store', 'canary'],
    ['--store', 'http://canary:6379'],
    ['--store', 'redis://'],
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
      assert.match(command.action === 'wrong' ? command.message : '', new RegExp(`^OPENAI_PROXY_${name} must be `));
    });
  }
});
