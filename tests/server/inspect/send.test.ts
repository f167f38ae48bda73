import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createRecordings, type Bounds } from '../../../lib/server/inspect/recordings.ts';
import { sendRecordings } from '../../../lib/server/inspect/send.ts';
import { listen, rawRequest, scriptedUpstream, until, type Context } from '../support.ts';
import { chat, isComplete, readLines, startInspected, type PageLine } from './support.ts';

test('the feed has the entries of the log, the very same, and says what has ended', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'inspect-test-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'proxy.log');
  const { url, lines, finished, proxy } = await startInspected(t, { log: file });
  await chat(url, { stream: true, seed: 7, messages: [{ role: 'user', content: 'Grüße, \u2028 "quoted" \\ 👋' }] });
  await chat(url);
  await until(() => finished.length === 2, 'the exchanges end');
  const sent = await readLines(lines, isComplete);
  await proxy.close({ graceful: false });
  const logged = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { id: string });
  assert.deepEqual(
    sent.filter((line) => !('inspector' in line)),
    logged,
  );
  assert.deepEqual(
    sent.filter((line) => 'inspector' in line).map(({ inspector, id }) => [inspector, id]),
    [['hello', undefined], ...finished.map(({ id }) => ['ended', id]), ['complete', undefined]],
  );
});

test('entries come while an answer still streams', async (t) => {
  const upstream = await scriptedUpstream(t, (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const item = { type: 'message', id: 'm', role: 'assistant', content: [] };
    const events = [
      { type: 'response.output_item.added', output_index: 0, item },
      { type: 'response.output_text.delta', item_id: 'm', output_index: 0, content_index: 0, delta: 'first' },
    ];
    for (const event of events) response.write(`data: ${JSON.stringify(event)}\n\n`);
  });
  const { url, lines } = await startInspected(t, { upstream: upstream.url });
  const controller = new AbortController();
  t.after(() => controller.abort());
  const seen = readLines(lines, ({ direction, body }) => direction === 'downstream-response-chunk' && String(body).includes('first'));
  void fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ model: 'gpt-5', stream: true, messages: [{ role: 'user', content: 'Hello' }] }),
    signal: controller.signal,
  }).catch(() => {});
  assert.match(String((await seen).at(-1)?.['body']), /first/);
});

/** Recordings of one's own, and where they are sent. */
async function sending(
  t: Context,
  bounds?: Bounds,
): Promise<{ recordings: ReturnType<typeof createRecordings>; url: string; port: number }> {
  const recordings = createRecordings(bounds);
  const server = createServer((_, response) => void sendRecordings(recordings, response).then(() => response.end()));
  const port = await listen(server);
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { recordings, port, url: `http://127.0.0.1:${port}` };
}

const told = (lines: PageLine[]): unknown[] =>
  lines.map((line) => ('inspector' in line ? [line['inspector'], line['id']].filter(Boolean) : line['n']));

test('what is there comes first, each exchange whole, then what is added to any of them', async (t) => {
  const { recordings, url } = await sending(t);
  const [one, other] = [recordings.open('1'), recordings.open('2')];
  one.append('{"n":1}');
  other.append('{"n":2}');
  one.append('{"n":3}');
  one.end();
  assert.deepEqual(told(await readLines(url, isComplete)), [1, 3, ['ended', '1'], 2, ['complete']]);
  const read = readLines(url, ({ n }) => n === 5);
  other.append('{"n":4}');
  recordings.open('3').append('{"n":5}');
  const lines = told(await read);
  assert.deepEqual(lines.slice(0, 4), [1, 3, ['ended', '1'], 2]);
  assert.deepEqual(
    lines.filter((line) => typeof line === 'number'),
    [1, 3, 2, 4, 5],
  );
});

test('of an exchange that makes room while it runs the page hears that it has ended', async (t) => {
  const { recordings, url } = await sending(t, { exchanges: 2, bytes: 1024 * 1024 });
  recordings.open('1').append('{"n":1}');
  let complete = (): void => {};
  const begun = new Promise<void>((resolve) => (complete = resolve));
  const read = readLines(url, (line) => {
    if (isComplete(line)) complete();
    return line['id'] === '1';
  });
  await begun;
  recordings.open('2').append('{"n":2}');
  recordings.open('3').append('{"n":3}');
  assert.deepEqual(told(await read).at(-1), ['ended', '1']);
});

test('a page that does not read holds up no other one, and gets all of it once it reads', { timeout: 60_000 }, async (t) => {
  const { recordings, port, url } = await sending(t);
  const exchange = recordings.open('1');
  const line = JSON.stringify({ n: 0, text: 'x'.repeat(100_000) });
  for (let at = 0; at < 120; at += 1) exchange.append(line);
  const slow = rawRequest(t, port, 'GET / HTTP/1.1\r\nhost: x\r\n\r\n');
  await until(() => slow.text().length > 0, 'it has begun');
  slow.socket.pause();
  exchange.end();
  const lines = await readLines(url, isComplete, 30_000);
  assert.deepEqual(told(lines).slice(119), [0, ['ended', '1'], ['complete']]);
  slow.socket.resume();
  await until(() => slow.text().includes('"complete"'), 'the slow one gets all of it, too', 30_000);
});
