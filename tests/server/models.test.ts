import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { ProxyError } from '../../lib/error.ts';
import type { Exchange, Models } from '../../lib/server/types/exchange.ts';
import { createModels } from '../../lib/server/models.ts';
import type { ModelsDeps } from '../../lib/server/models.ts';
import type { Mode, ProxySettings } from '../../lib/server/settings.ts';

const home = process.cwd();
let folder: string;
let file: string;
let warnings: string[];
let asked: number;
let client: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'openai-proxy-models-'));
  file = join(folder, 'models.json');
  process.chdir(folder);
  warnings = [];
  asked = 0;
  client = 'one';
});

afterEach(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

function models(settings: Partial<ProxySettings> = {}, deps: Partial<ModelsDeps> = {}): Models {
  const all = { upstream: 'https://api.openai.com/v1', models: undefined, aliases: false, ...settings } as ProxySettings;
  return createModels(all, {
    warn: (text) => warnings.push(text),
    async askUpstream() {
      asked++;
      throw new Error('not expected');
    },
    now: () => 0,
    ...deps,
  });
}

function exchange(mode: Mode, signal: AbortSignal = new AbortController().signal): Exchange {
  return { mode, signal, credential: client, report: { added: [], notes: [] } } as unknown as Exchange;
}

const ids = async (from: Models, mode: Mode): Promise<string[]> => (await from.list(exchange(mode))).map((model) => model.id);
const write = (text: string, second: number): void => {
  writeFileSync(file, text);
  utimesSync(file, second, second);
};
const builtInHas = (list: string[]): boolean => list.includes('gpt-4.1') && list.includes('gpt-5.5');

describe('the models without a file', () => {
  it('are the built-in ones, filtered by mode, with exactly four keys', async () => {
    const from = models();
    assert.equal(from.source, 'built-in list');
    const list = await from.list(exchange('responses'));
    assert.ok(list.some((model) => model.id === 'gpt-5.3-codex'));
    assert.ok(!list.some((model) => model.id === 'gpt-4.1'));
    for (const model of list) assert.deepEqual(Object.keys(model), ['id', 'object', 'created', 'owned_by']);
    assert.ok(builtInHas(await ids(from, 'chat')));
    assert.deepEqual([asked, warnings], [0, []]);
  });

  it('are found by id in any mode, and by an alias in responses mode', async () => {
    const from = models();
    assert.equal((await from.find(exchange('chat'), 'gpt-5.3-codex'))?.id, 'gpt-5.3-codex');
    assert.equal((await from.find(exchange('responses'), 'gpt-4.1'))?.id, 'gpt-4.1');
    const alias = await from.find(exchange('responses'), 'gpt-5:res-high:sum-none');
    assert.deepEqual(alias, { id: 'gpt-5:res-high:sum-none', object: 'model', created: 1754524800, owned_by: 'openai' });
    assert.equal(await from.find(exchange('chat'), 'gpt-5:res-high'), undefined);
    assert.equal(await from.find(exchange('responses'), 'nobody:res-high'), undefined);
    assert.equal(await from.find(exchange('responses'), '__proto__'), undefined);
    await assert.rejects(from.find(exchange('responses'), 'gpt-5:res-huge'), ProxyError);
  });

  it('are neither listed nor found from the day on which they shut down', async () => {
    let time = Date.parse('2026-12-11') - 1;
    const from = models({}, { now: () => time });
    assert.ok((await ids(from, 'chat')).includes('gpt-5'));
    assert.equal((await from.find(exchange('responses'), 'gpt-5:res-high'))?.id, 'gpt-5:res-high');
    time += 1;
    assert.ok(!(await ids(from, 'chat')).includes('gpt-5'));
    assert.equal(await from.find(exchange('chat'), 'gpt-5'), undefined);
    assert.equal(await from.find(exchange('responses'), 'gpt-5:res-high'), undefined);
    assert.ok((await ids(from, 'chat')).includes('gpt-5.5'));
  });

  it('come with the aliases that each takes when these are wanted, in responses mode only', async () => {
    const from = models({ aliases: true });
    const responses = await ids(from, 'responses');
    const at = responses.indexOf('gpt-6.1-sol');
    assert.deepEqual(
      responses.slice(at + 1, at + 6),
      ['low', 'medium', 'high', 'xhigh', 'max'].map((level) => `gpt-6.1-sol:res-${level}`),
    );
    assert.equal(responses[at + 6], 'gpt-6.1-sol:mode-pro');
    assert.ok(!(await ids(from, 'chat')).some((id) => id.includes(':res-') || id.includes(':mode-')));
  });
});

describe('a models.json', () => {
  it('in the working folder is taken without being named', async () => {
    write('["mine", "openai/mine:free"]', 1);
    const from = models({ upstream: 'http://127.0.0.1:1/v1' });
    assert.equal(from.source, './models.json');
    assert.deepEqual(await ids(from, 'chat'), ['mine', 'openai/mine:free']);
    assert.equal((await from.find(exchange('chat'), 'openai/mine:free'))?.id, 'openai/mine:free');
    assert.equal(asked, 0);
  });

  it('may be any file that is named', async () => {
    const other = join(folder, 'other.json');
    writeFileSync(other, '[{"id":"only-here","mode":"responses"}]');
    const from = models({ models: other });
    assert.equal(from.source, other);
    assert.deepEqual(await ids(from, 'chat'), []);
    assert.deepEqual(await ids(from, 'responses'), ['only-here']);
  });

  it('that is named and missing, or no file, is an error of one line at once', () => {
    for (const [path, code] of [
      [join(folder, 'nowhere.json'), 'ENOENT'],
      [folder, 'EISDIR'],
    ] as const) {
      assert.throws(
        () => models({ models: path }),
        (error) => error instanceof Error && error.message === `cannot read the models file ${path} (${code})`,
      );
    }
  });

  it('is read again when its time stamp changes', async () => {
    write('["one"]', 1);
    const from = models();
    assert.deepEqual(await ids(from, 'chat'), ['one']);
    write('["two"]', 2);
    assert.deepEqual(await ids(from, 'chat'), ['two']);
    rmSync(file);
    assert.ok(builtInHas(await ids(from, 'chat')));
    write('["one"]', 3);
    assert.deepEqual(await ids(from, 'chat'), ['one']);
    assert.deepEqual(warnings, []);
  });

  it('that is invalid gives one warning a version, which names the fault, and the built-in list', async () => {
    write('["fine", {"nothing": 1}]', 1);
    const from = models();
    const lists = await Promise.all([ids(from, 'chat'), ids(from, 'chat'), ids(from, 'chat')]);
    for (const list of lists) assert.ok(builtInHas(list));
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? '', /^\.\/models\.json: models\[1\] has no id;/);
    write('[secret-thing', 2);
    assert.ok(builtInHas(await ids(from, 'chat')));
    assert.ok(builtInHas(await ids(from, 'chat')));
    assert.equal(warnings.length, 2);
    assert.match(warnings[1] ?? '', /not valid JSON/);
    assert.doesNotMatch(warnings[1] ?? '', /secret/);
    write('["fine"]', 3);
    assert.deepEqual(await ids(from, 'chat'), ['fine']);
    assert.equal(warnings.length, 2);
  });

  it('that was named and went away gives one warning and the built-in list', async () => {
    write('["one"]', 1);
    const from = models({ models: file });
    assert.deepEqual(await ids(from, 'chat'), ['one']);
    rmSync(file);
    assert.ok(builtInHas(await ids(from, 'chat')));
    assert.ok(builtInHas(await ids(from, 'chat')));
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? '', /ENOENT/);
  });

  it('may list an alias, which is not listed twice', async () => {
    write('[{"id":"o3","mode":"responses"}, {"id":"o3:res-high","mode":"responses"}]', 1);
    assert.deepEqual(await ids(models({ aliases: true }), 'responses'), ['o3', 'o3:res-low', 'o3:res-medium', 'o3:res-high']);
  });
});

describe('the models of the upstream', () => {
  const body = { object: 'list', data: [{ id: 'gpt-4.1' }, { id: 'gpt-5-codex' }, { id: 'gpt-5.5' }, { id: 'whisper-1' }] };

  it('are asked for when the upstream is not OpenAI, and when it is said so', async () => {
    for (const settings of [{ upstream: 'http://127.0.0.1:1/v1' }, { models: 'upstream' }]) {
      const from = models(settings, { askUpstream: async () => body });
      assert.match(from.source, /^asked of the upstream/);
      assert.deepEqual(await ids(from, 'chat'), ['gpt-4.1', 'gpt-5.5']);
      assert.deepEqual(await ids(from, 'responses'), ['gpt-5-codex', 'gpt-5.5']);
      assert.equal((await from.find(exchange('chat'), 'whisper-1'))?.id, 'whisper-1');
    }
  });

  it('are listed up to the day that the upstream says, also while its list is kept', async () => {
    let time = Date.parse('2027-03-01') - 1;
    const list = { data: [{ id: 'gpt-5.5', shutdown_date: '2027-03-01' }, { id: 'gpt-4.1', shutdown_date: null }, { id: 'gpt-5.4' }] };
    const from = models({ models: 'upstream' }, { now: () => time, askUpstream: async () => list });
    assert.deepEqual(await ids(from, 'chat'), ['gpt-5.5', 'gpt-4.1', 'gpt-5.4']);
    time += 1;
    assert.deepEqual(await ids(from, 'chat'), ['gpt-4.1', 'gpt-5.4']);
    assert.equal(await from.find(exchange('chat'), 'gpt-5.5'), undefined);
  });

  it('are kept five minutes for each client', async () => {
    let time = 0;
    const from = models({ models: 'upstream' }, { now: () => time, askUpstream: async () => ({ data: [{ id: `${client}-${asked++}` }] }) });
    assert.deepEqual(await ids(from, 'chat'), ['one-0']);
    time = 299_999;
    assert.deepEqual(await ids(from, 'chat'), ['one-0']);
    client = 'two';
    assert.deepEqual(await ids(from, 'chat'), ['two-1']);
    client = 'one';
    time = 300_000;
    assert.deepEqual(await ids(from, 'chat'), ['one-2']);
    for (let other = 0; other < 200; other++) {
      client = `other${other}`;
      await ids(from, 'chat');
    }
    client = 'one';
    assert.deepEqual(await ids(from, 'chat'), ['one-203'], 'a client of long ago is forgotten');
  });

  it('are kept of the hundred clients that were answered last', async () => {
    let time = 0;
    const asking: string[] = [];
    const from = models(
      { models: 'upstream' },
      {
        now: () => time,
        async askUpstream() {
          asking.push(client);
          return { data: [] };
        },
      },
    );
    const ask = async (...clients: string[]): Promise<void> => {
      for (client of clients) await from.list(exchange('chat'));
    };
    await ask('one', ...Array.from({ length: 99 }, (_, n) => `other ${n}`));
    time = 300_000;
    await ask('one', 'new');
    asking.length = 0;
    await ask('one', 'new');
    assert.deepEqual(asking, []);
  });

  it('fall back to the last good list of the client, then to the built-in one, with a note', async () => {
    let time = 0;
    let answer: unknown = body;
    const from = models(
      { models: 'upstream' },
      { now: () => time, askUpstream: async () => (answer instanceof Error ? Promise.reject(answer) : answer) },
    );
    await ids(from, 'chat');
    time = 400_000;
    for (const bad of [new Error('down'), { error: {} }, null]) {
      answer = bad;
      const one = exchange('chat');
      assert.deepEqual(
        (await from.list(one)).map((model) => model.id),
        ['gpt-4.1', 'gpt-5.5'],
      );
      assert.equal(one.report.notes.length, 1);
    }
    client = 'two';
    assert.ok(builtInHas(await ids(from, 'chat')));
    answer = body;
    assert.deepEqual(await ids(from, 'chat'), ['gpt-4.1', 'gpt-5.5']);
  });

  it('are given up on before a client does, even when the upstream does not listen', async () => {
    let signal: AbortSignal | undefined;
    const from = models(
      { models: 'upstream' },
      {
        askUpstream(_, given) {
          signal = given;
          return new Promise(() => {});
        },
      },
    );
    assert.ok(builtInHas(await ids(from, 'chat')));
    assert.equal(signal?.aborted, true);
  });

  it('are not waited for when the client leaves', async () => {
    const controller = new AbortController();
    const from = models({ models: 'upstream' }, { askUpstream: () => new Promise(() => {}) });
    const list = from.list(exchange('chat', controller.signal));
    controller.abort(new Error('left'));
    await list;
    await from.list(exchange('chat', controller.signal));
  });
});
