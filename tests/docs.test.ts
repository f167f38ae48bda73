import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { help } from '../bin/help.ts';
import { parseModels } from '../lib/models/file.ts';
import { fields } from '../lib/request/fields.ts';
import { packageFolder } from '../lib/server/about.ts';
import { call, scriptedUpstream, serveCommand, until } from './server/support.ts';
import type { Context, Upstream } from './server/support.ts';

const folder = fileURLToPath(packageFolder());

/** The text of a file of the package. */
const read = (path: string): string => readFileSync(join(folder, path), 'utf8');

const docs = readdirSync(join(folder, 'docs'))
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`);
const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', ...docs];

/** The code blocks of a page in a language, in their order. */
const blocks = (page: string, language: string): string[] =>
  [...read(page).matchAll(/^```(\w+)\n([^]*?)^```$/gm)].filter(([, of]) => of === language).map(([, , text]) => text ?? '');

/** A page without its code blocks. */
const prose = (page: string): string => read(page).replaceAll(/^```[^]*?^```$/gm, '');

test('the README has at most 200 lines', () => {
  assert.ok(read('README.md').trimEnd().split('\n').length <= 200);
});

/** An upstream that answers every request with an example of the demo, whole or as the few events that a stream needs at least. */
const upstreamWithAnswer = (t: Context): Promise<Upstream> =>
  scriptedUpstream(t, (response, { body }) => {
    const answer = JSON.parse(read('fixtures/demo-text.response.json')) as object;
    const { stream } = JSON.parse(body.toString('utf8')) as { stream?: boolean };
    const event = { type: 'response.completed', response: answer };
    response.writeHead(200, { 'content-type': stream ? 'text/event-stream' : 'application/json' });
    response.end(stream ? `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n` : JSON.stringify(answer));
  });

interface Run {
  child: ChildProcess;
  output(): string;
  errors(): string;
  exited: Promise<number | null>;
}

/** Runs a library example in a project that has installed the package; its upstream and its port are replaced. */
function runExample(t: Context, example: number, upstream: string): Run {
  const project = mkdtempSync(join(tmpdir(), 'openai-proxy-docs-'));
  mkdirSync(join(project, 'node_modules'));
  symlinkSync(folder, join(project, 'node_modules', 'openai-proxy'), 'junction');
  const text = blocks('docs/library.md', 'js')[example] ?? '';
  assert.ok(text.includes('https://api.openai.com/v1'));
  writeFileSync(join(project, 'example.mjs'), text.replaceAll('https://api.openai.com/v1', upstream).replace('listen(5102)', 'listen(0)'));
  const child = spawn(process.execPath, ['example.mjs'], { cwd: project, env: { ...process.env, OPENAI_API_KEY: 'sk-docs' } });
  let output = '';
  let errors = '';
  child.stdout.on('data', (part) => (output += String(part)));
  child.stderr.on('data', (part) => (errors += String(part)));
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  t.after(async () => {
    child.kill('SIGKILL');
    await exited;
    rmSync(project, { recursive: true });
  });
  return { child, output: () => output, errors: () => errors, exited };
}

describe('the library examples', () => {
  it('are three, all of them on the page of the library', () => {
    assert.equal(blocks('docs/library.md', 'js').length, 3);
    assert.equal(pages.flatMap((page) => blocks(page, 'js')).length, 3);
  });

  it('translate a whole answer', async (t) => {
    const upstream = await upstreamWithAnswer(t);
    const { exited, output, errors } = runExample(t, 0, upstream.url);
    assert.equal(await exited, 0, errors());
    assert.match(output(), /^Hello! .* \[ 'dropped seed' \]\n$/s);
    assert.equal(upstream.seen[0]?.url, '/v1/responses');
    assert.equal(upstream.seen[0]?.headers.authorization, 'Bearer sk-docs');
  });

  it('translate a stream', async (t) => {
    const upstream = await upstreamWithAnswer(t);
    const { exited, output, errors } = runExample(t, 1, upstream.url);
    assert.equal(await exited, 0, errors());
    assert.match(output(), /^data: \{"id":"chatcmpl-.*"content":"Hello! .*"finish_reason":"stop".*\n\ndata: \[DONE\]\n\n$/s);
  });

  it('serve', async (t) => {
    const upstream = await upstreamWithAnswer(t);
    const { child, exited, output, errors } = runExample(t, 2, upstream.url);
    await until(() => output().includes('\n') || child.exitCode !== null, 'the example listens', 20_000);
    const { port } = new URL(output().trim() || 'http://nowhere');
    const answer = await call(Number(port), { body: JSON.stringify({ model: 'gpt-5.5', messages: [{ role: 'user', content: 'Hello' }] }) });
    assert.equal(answer.headers['x-openai-proxy-route'], 'responses', answer.text);
    assert.match(answer.text, /"content":"Hello! /);
    assert.equal((JSON.parse(upstream.seen[0]?.body.toString('utf8') ?? '{}') as { tools?: unknown }).tools, undefined);
    await until(() => output().includes('/v1/chat/completions 200 {'), 'the example reports the request', 20_000);
    child.kill('SIGTERM');
    assert.equal(await exited, 0, errors());
  });
});

describe('the session in the README', () => {
  const [terminal = '', requests = ''] = blocks('README.md', 'console');
  /** Without what differs from run to run: ports, times and durations. */
  const masked = (text: string): string[] =>
    text
      .split('\n')
      .map((line) =>
        line
          .replace(/^\d\d:\d\d:\d\d \d+/, 'TIME PORT')
          .replace(/ +\d+(\.\d)?m?s\/\d+(\.\d)?m?s/, ' FIRST/TOTAL')
          .replace(/\d+\/v1 /, 'PORT/v1 ')
          .replace('listens', '')
          .trim(),
      )
      .filter((line) => line !== '' && !line.startsWith('$ ') && !line.includes('[::1]'));

  it('is what --demo answers and prints', async (t) => {
    const { port, output } = await serveCommand(t, ['--demo', '--mode', 'responses']);
    const bodies = [...requests.matchAll(/-d '(.*)'/g)].map(([, body]) => body ?? '');
    const [whole, stream] = [await call(port, { body: bodies[0] ?? '' }), await call(port, { body: bodies[1] ?? '' })];

    const { message } = (JSON.parse(whole.text) as { choices: [{ message: { content: string; reasoning_content: string } }] }).choices[0];
    for (const line of [message.content, ...message.reasoning_content.split('\n')]) assert.ok(requests.includes(line), line);
    const deltas = [...stream.text.matchAll(/"delta":\{[^}]*\}/g)].map(([delta]) => delta);
    const shown = requests.split('\n').filter((line) => line.startsWith('"delta"'));
    assert.deepEqual([...deltas.slice(0, 5), ...deltas.slice(43, 47)], shown);

    await until(() => output().includes('dropped seed'), 'the line of the second request');
    const printed = masked(output()).filter((line) => !line.includes('/health'));
    assert.deepEqual(printed.slice(-2), masked(terminal).slice(-2));
    for (const line of printed) assert.ok(masked(terminal).includes(line), line);
  });
});

describe('the option table', () => {
  const rows = [...read('docs/options.md').matchAll(/^\| (`--.*) \|$/gm)].map(([, row = '']) =>
    row.split('|').map((cell) => cell.replaceAll('`', '').trim()),
  );
  const documented = new Map(rows.map(([option = '', variable = '', byDefault = '']) => [option, { variable, byDefault }]));
  const printed = [...help.matchAll(/^ {2}(--.*?)(?: {2,}(.*?)(?: \[(.*)\])?)?$/gm)].map(([, option = '', , byDefault]) => ({
    option,
    byDefault,
  }));

  it('has the options of --help, and no other', () => {
    assert.deepEqual(
      [...documented.keys()],
      printed.map(({ option }) => option),
    );
  });

  it('has the defaults of --help', () => {
    for (const { option, byDefault } of printed.filter((one) => one.byDefault !== undefined)) {
      assert.equal(documented.get(option)?.byDefault, byDefault, option);
    }
  });

  it('names the variables by their rule', () => {
    for (const [option, { variable }] of documented) {
      if (option === '--demo' || option.startsWith('--help')) assert.equal(variable, '');
      else {
        const [, no, name = ''] = /^--(no-)?([a-z-]+)/.exec(option) ?? [];
        assert.equal(variable, `OPENAI_PROXY_${name.toUpperCase().replaceAll('-', '_')}${no ? '=off' : ''}`);
      }
    }
  });
});

describe('the names in the documents', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const options = new Set([...help.matchAll(/--[a-z-]+/g)].map(([option]) => option));
  const variables = new Set([...read('docs/options.md').matchAll(/OPENAI_PROXY_\w+/g)].map(([variable]) => variable));
  /** Options of npm, node, docker and the benchmark, an old spelling, and a variable of LobeChat's. */
  const others = new Set([
    '--silent',
    '--test',
    '--add-host',
    '--rm',
    '--target',
    '--quick',
    '--mutate',
    '--concurrency',
    '--disable-auto-web-search',
    'OPENAI_PROXY_URL',
  ]);

  for (const page of pages.filter((one) => !['CHANGELOG.md', 'docs/api.md'].includes(one))) {
    it(`of ${page} exist: npm scripts, options and variables`, () => {
      for (const [, name = ''] of read(page).matchAll(/\bnpm (?:run )?((?:start|test|(?<=run )[a-z]+)(?::[a-z]+)?)/g)) {
        assert.ok(name in scripts, `${page} names npm run ${name}`);
      }
      for (const [name] of read(page).matchAll(/(?<![\w-])--[a-z][a-z-]*|OPENAI_PROXY_[A-Z_]+/g)) {
        assert.ok(options.has(name) || variables.has(name) || others.has(name), `${page} names ${name}`);
      }
    });
  }
});

test('how it works says what becomes of every field of a request', () => {
  const [, table = ''] = /^<!-- fields:start -->$([^]*)^<!-- fields:end -->$/m.exec(read('docs/how-it-works.md')) ?? [];
  const named = new Set([...table.matchAll(/`(\w+)`/g)].map(([, name]) => name));
  assert.deepEqual(
    [...fields.keys()].filter((name) => !named.has(name)),
    [],
  );
});

test('the example of models.json is one', () => {
  const [example = ''] = blocks('docs/models.md', 'json');
  assert.equal(parseModels(example).length, (JSON.parse(example) as unknown[]).length);
});

test('the README leads to every page of docs/', () => {
  const linked = [...read('README.md').matchAll(/\]\((docs\/[^)#]*\.md)/g)].map(([, path]) => path);
  // the page of the library leads to the generated one
  assert.deepEqual(new Set([...linked, 'docs/api.md']), new Set(docs));
});

describe('the links', () => {
  for (const page of pages) {
    it(`of ${page} lead somewhere`, () => {
      for (const [, path = '', anchor] of prose(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)) {
        const target = path === '' ? page : join(dirname(page), path);
        assert.ok(existsSync(join(folder, target)), `${page} links to ${target}`);
        if (anchor) assert.ok(anchorsOf(prose(target)).has(anchor), `${page} links to ${target}#${anchor}`);
      }
    });
  }

  /** The anchors of the headings, as GitHub makes them. */
  function anchorsOf(markdown: string): Set<string> {
    const headings = [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading);
    const anchors = headings.map((heading) => {
      const plain = heading.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, '');
      return plain.replaceAll(' ', '-');
    });
    return new Set(anchors.map((anchor, at) => (anchors.indexOf(anchor) === at ? anchor : `${anchor}-1`)));
  }
});
