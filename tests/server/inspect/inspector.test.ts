import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { canaries, echo, mark, ways } from '../canaries.ts';
import { call, scriptedUpstream, startProxy, until } from '../support.ts';
import { chat, isComplete, readLines, startInspected } from './support.ts';

test('without --inspect there is nothing at its path, and nothing is prepared', async (t) => {
  const { port, proxy } = await startProxy(t, {});
  assert.equal((await call(port, { path: '/inspect' })).status, 404);
  assert.equal((await call(port, { path: '/inspect/log' })).status, 404);
  assert.equal(proxy.inspectPath, undefined);
  const { finished, url } = await startProxy(t, { fetch: () => Promise.reject(new Error('no network')) });
  await chat(url);
  await until(() => finished.length === 1, 'the exchange ends');
  assert.equal(finished[0]?.log, undefined);
});

test('each proxy has a token of its own, long enough not to be guessed', async (t) => {
  const [one, other] = [await startInspected(t), await startInspected(t)];
  assert.notEqual(one.token, other.token);
  assert.ok(Buffer.from(one.token, 'base64url').length >= 16);
  assert.equal((await call(one.port, { path: `/inspect?token=${other.token}` })).status, 403);
});

test('neither the token nor a visit of the page reaches the log, the terminal, the upstream or the page itself', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'inspect-test-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'proxy.log');
  const upstream = await scriptedUpstream(t, (response) => response.end('{}'));
  const { port, url, page, lines, token, finished, proxy, warnings } = await startInspected(t, { log: file, upstream: upstream.url });
  assert.ok(!(await (await fetch(page)).text()).includes(token));
  await readLines(lines, isComplete);
  await call(port, { path: '/inspect?token=wrong' });
  // a base URL with the token in it, and a page that would send its address
  await call(port, { path: `/v1/inspect?token=${token}` });
  await call(port, { path: `/v1/files?after=${token}`, method: 'DELETE' });
  await chat(url, {}, { referer: page, cookie: `inspect=${token}` });
  await until(() => finished.length === 1, 'the one exchange that is none of the inspector ends');
  assert.ok(!JSON.stringify(await readLines(lines, isComplete)).includes(token));
  await proxy.close({ graceful: false });
  assert.ok(!readFileSync(file, 'utf8').includes(token));
  assert.equal(upstream.seen.length, 1);
  assert.ok(
    !JSON.stringify(upstream.seen.map(({ url: target, rawHeaders, body }) => [target, rawHeaders, body.toString()])).includes(token),
  );
  assert.deepEqual(warnings, []);
});

test('what the page gets has no credential of any request', async (t) => {
  const { url, lines, finished } = await startInspected(t);
  const keys = ['sk-proj-abcdefghijklmnop', 'canary/one+two=three'];
  await chat(
    url,
    { messages: [{ role: 'user', content: `my key is ${keys.join(' and ')}` }] },
    { authorization: `Bearer ${keys[1]}`, 'x-api-key': keys[0]! },
  );
  await until(() => finished.length === 1, 'the exchange ends');
  const text = JSON.stringify(await readLines(lines, isComplete));
  for (const key of keys) assert.ok(!text.includes(key));
  assert.match(text, /my key is \[key\] and \[key\]/);
});

for (const mode of ['chat', 'responses'] as const) {
  test(`nor in any other form in which one comes, or comes back: ${mode} mode`, { timeout: 60_000 }, async (t) => {
    const upstream = await scriptedUpstream(t, echo);
    const { port, page, lines, finished } = await startInspected(t, { upstream: upstream.url, mode });
    const list = canaries();
    let [asked, read] = [0, 0];
    const look = async (): Promise<void> => {
      await until(() => finished.length === asked, 'the exchanges end');
      const found = await readLines(lines, isComplete);
      read += found.filter((line) => line['inspector'] === 'ended').length;
      assert.deepEqual(
        found.filter((line) => JSON.stringify(line).includes(mark)),
        [],
      );
      const text = JSON.stringify(found);
      for (const { secret } of list) assert.ok(!text.includes(Buffer.from(secret).toString('base64').slice(0, -4)));
    };
    for (const { headers = {}, query = '', body = {} } of list) {
      for (const way of ways) {
        const request = { model: 'gpt-5', messages: [{ role: 'user', content: 'hi' }], stream: way !== 'error', ...body };
        const answer = call(port, {
          path: `/v1/chat/completions${query}`,
          headers: { 'x-way': way, ...headers },
          body: JSON.stringify(request),
        });
        await answer.catch(() => {});
        asked += 1;
        // the last 200 are kept
        if (asked % 150 === 0) await look();
      }
    }
    await look();
    assert.ok(read >= asked);
    assert.ok(!(await (await fetch(page)).text()).includes(mark));
  });
}

test('pages are open at most 16 at a time, and one that is closed makes room', async (t) => {
  const { lines } = await startInspected(t);
  const open: AbortController[] = [];
  for (let at = 0; at < 16; at += 1) {
    const controller = new AbortController();
    open.push(controller);
    assert.equal((await fetch(lines, { signal: controller.signal })).status, 200);
  }
  assert.equal((await fetch(lines)).status, 503);
  open[0]?.abort();
  let status = 503;
  while (status === 503) {
    const controller = new AbortController();
    open.push(controller);
    ({ status } = await fetch(lines, { signal: controller.signal }));
  }
  for (const controller of open) controller.abort();
});

test('an open page does not keep the proxy from stopping', async (t) => {
  const { lines, proxy } = await startInspected(t, { grace: 10_000 });
  const { body } = await fetch(lines);
  const started = performance.now();
  await proxy.close();
  assert.ok(performance.now() - started < 5000);
  await body?.cancel().catch(() => {});
});
