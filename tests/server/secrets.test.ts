import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { canaries, echo, mark, ways } from './canaries.ts';
import { call, scriptedUpstream, serveCommand, until } from './support.ts';

describe('the credentials of a request', () => {
  for (const mode of ['chat', 'responses'] as const) {
    it(`are nowhere but upstream: ${mode}`, { timeout: 110_000 }, async (t) => {
      const folder = mkdtempSync(join(tmpdir(), 'openai-proxy-secrets-'));
      t.after(() => rmSync(folder, { recursive: true }));
      const log = join(folder, 'proxy.log');
      const upstream = await scriptedUpstream(t, echo);
      const { port, child, exited, output, errors } = await serveCommand(t, ['--upstream', upstream.url, '--mode', mode, '--log', log]);
      const list = canaries();
      assert.ok(list.length >= 50, `${list.length} canaries`);
      let asked = 0;
      const reached = new Set<string>();
      for (const [at, { secret, headers = {}, query = '', body = {} }] of list.entries()) {
        for (const way of ways) {
          const request = { model: 'gpt-5', messages: [{ role: 'user', content: 'hi' }], stream: way !== 'error', ...body };
          const answer = await call(port, {
            path: `/v1/chat/completions${query}`,
            headers: { 'x-way': way, ...headers },
            body: JSON.stringify(request),
          }).catch(() => undefined);
          asked += 1;
          if (upstream.seen.some(({ url, headers: got, body: sent }) => JSON.stringify([url, got, sent.toString()]).includes(mark)))
            reached.add(secret);
          upstream.seen.length = 0;
          if (!answer) continue;
          const ours = mode === 'responses' && way !== 'text' && answer.status !== 400 ? answer.text : '';
          assert.ok(!ours.includes(mark), `canary ${at}, ${way}: ${answer.text.slice(0, 400)}`);
          const notes = String(answer.headers['x-openai-proxy-notes'] ?? '');
          assert.ok(!notes.includes(mark), `canary ${at}, ${way}: ${notes}`);
          if (answer.status === 400) assert.ok(!answer.text.includes(mark), `canary ${at}, ${way}: ${answer.text}`);
        }
      }
      assert.ok(reached.size > 40, `${reached.size} have reached the upstream`);
      const lines = (): string[] =>
        output()
          .split('\n')
          .filter((line) => line.includes('/chat/completions'));
      await until(() => lines().length === asked, 'all lines are printed', 10_000);
      child.kill('SIGTERM');
      assert.equal(await exited, 0);
      const written = readFileSync(log, 'utf8');
      assert.ok(written.split('\n').length > asked * 4);
      for (const [where, text] of Object.entries({ log: written, output: output(), errors: errors() })) {
        const leaked = text.split('\n').filter((line) => line.includes(mark));
        assert.deepEqual(leaked.slice(0, 3), [], `${leaked.length} lines of the ${where}`);
        for (const { secret } of list) assert.ok(!text.includes(Buffer.from(secret).toString('base64').slice(0, -4)), where);
      }
      assert.match(written, /\[key\]/);
      assert.equal(errors(), '');
    });
  }
});
