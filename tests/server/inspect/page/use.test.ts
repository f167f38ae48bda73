import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { scriptedUpstream, until } from '../../support.ts';
import { chat, startInspected } from '../support.ts';
import { closeBrowser, count, dropFile, holds, openPage, press, skip, texts } from './browser.ts';
import { streamedExchange } from './logs.ts';

after(closeBrowser);

const rows = '.list .exchange';

describe('the page of the inspector', { skip }, () => {
  it('shows a request while it streams, opened too, until it has ended', async (t) => {
    let answer: ServerResponse | undefined;
    const upstream = await scriptedUpstream(t, (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      answer = response;
    });
    const { url, page: address } = await startInspected(t, { upstream: upstream.url });
    const { page, faults } = await openPage(t, address);
    await holds(page, "document.querySelector('.connection').textContent.startsWith('live')");
    assert.equal(await count(page, rows), 0);
    const client = chat(url, { stream: true });
    await holds(page, "document.querySelector('.exchange.is-running')");
    await page.click(rows);
    const send = (event: object): boolean | undefined => answer?.write(`data: ${JSON.stringify(event)}\n\n`);
    const item = {
      type: 'message',
      id: 'm',
      role: 'assistant',
      status: 'completed',
      content: [{ type: 'output_text', text: 'one two', annotations: [] }],
    };
    await until(() => answer !== undefined, 'the upstream is asked');
    send({ type: 'response.created', response: { id: 'r', object: 'response', model: 'gpt-5.5', output: [] } });
    send({ type: 'response.output_item.added', output_index: 0, item: { ...item, content: [] } });
    send({ type: 'response.output_text.delta', item_id: 'm', output_index: 0, content_index: 0, delta: 'one' });
    await holds(page, "document.querySelector('.said.text')?.textContent.includes('one')");
    assert.equal(await count(page, '.exchange.is-running'), 1);
    send({ type: 'response.output_text.delta', item_id: 'm', output_index: 0, content_index: 0, delta: ' two' });
    await holds(page, "document.querySelector('.said.text')?.textContent.includes('one two')");
    send({
      type: 'response.completed',
      response: {
        id: 'r',
        object: 'response',
        model: 'gpt-5.5',
        status: 'completed',
        output: [item],
        usage: { input_tokens: 5, output_tokens: 7 },
      },
    });
    answer?.end();
    await client;
    await holds(page, "document.querySelector('.exchange.is-done')");
    await holds(page, "[...document.querySelectorAll('.virtual .row')].some((row) => row.textContent.includes('finish_reason stop'))");
    assert.deepEqual(await texts(page, '.detail h3'), ['Request', 'Answer', 'As the client shows it', 'Headers']);
    assert.match((await texts(page, '.row.is-text')).join('\n'), /output_text\.delta {2}two.*content {2}two/);
    assert.deepEqual(faults, []);
  });

  it('shows what became of a request, part by part, and each attempt', async (t) => {
    const { page: address } = await startInspected(t, { inspect: 'demo' });
    const { page, faults } = await openPage(t, address);
    await press(page, 'Send examples');
    await holds(page, `document.querySelectorAll('${rows}').length === 7 && !document.querySelector('.is-running')`);
    const labels = await texts(page, `${rows} .labels`);
    assert.deepEqual(
      labels.map((label) => [/restored/, /must be a list/, /sent again/, /−seed/].findIndex((each) => each.test(label))),
      [0, 0, -1, 1, 2, 3, -1],
    );
    await page.click(`${rows}:nth-child(5)`);
    const steps = await texts(page, '.steps button');
    assert.match(
      steps.join('\n'),
      /^1 {2}sent → 400 — Your organization must be verified.*\n2 {2}sent again: dropped reasoning\.summary → 200$/,
    );
    assert.ok(!(await texts(page, '.panel')).join().includes('summary: "auto"'));
    await page.click('.steps li:first-child button');
    assert.ok((await texts(page, '.panel')).join().includes('summary: "auto"'));
    await page.click(`${rows}:nth-child(6)`);
    assert.match((await texts(page, '.json .is-dropped')).join(), /seed: 7/);
    assert.match((await texts(page, '.json .is-added')).join(), /store: false.*effort: "medium".*summary: "auto"/);
    // the browser itself reports the answer with status 400 there
    assert.deepEqual(
      faults.filter((fault) => !fault.includes('status of 400')),
      [],
    );
  });

  it('filters by text, model and status', async (t) => {
    const { url, page: address } = await startInspected(t);
    await chat(url, { model: 'gpt-5.5', messages: [{ role: 'user', content: 'About needles' }] });
    await chat(url, { model: 'gpt-5-mini' });
    await chat(url, { model: 'gpt-5-mini', messages: [] });
    const { page } = await openPage(t, address);
    const shown = async (expected: number): Promise<void> => holds(page, `document.querySelectorAll('${rows}').length === ${expected}`);
    await shown(3);
    await page.type('input[type=search]', 'NEEDLES');
    await shown(1);
    assert.match((await texts(page, '.connection'))[0] ?? '', /1 of 3/);
    await page.keyboard.press('Escape');
    await shown(3);
    await page.select('select[aria-label=Model]', 'gpt-5-mini');
    await shown(2);
    await page.select('select[aria-label=Status]', 'failed');
    await shown(1);
    await page.type('input[type=search]', 'needles');
    await shown(0);
    assert.match((await texts(page, '.empty')).join(), /No exchange fits the filter/);
  });

  it('is used by keyboard, and has an address for each exchange', async (t) => {
    const { url, page: address } = await startInspected(t);
    for (let at = 0; at < 3; at += 1) await chat(url);
    const { page } = await openPage(t, address);
    await holds(page, `document.querySelectorAll('${rows}').length === 3`);
    const ids = (await page.evaluate(`[...document.querySelectorAll('${rows}')].map((one) => one.id.slice('row-'.length))`)) as string[];
    const chosen = async (): Promise<unknown> => page.evaluate("document.querySelector('[aria-selected=true]')?.id.slice('row-'.length)");
    const found: unknown[] = [];
    for (const key of ['j', 'j', 'j', 'j', 'k', 'Escape'] as const) {
      await page.keyboard.press(key);
      found.push(await chosen());
    }
    assert.deepEqual(found, [ids[0], ids[1], ids[2], ids[2], ids[1], undefined]);
    await page.keyboard.press('/');
    assert.equal(await page.evaluate('document.activeElement.type'), 'search');
    await page.keyboard.type('jk/');
    assert.equal(await page.evaluate('document.activeElement.value'), 'jk/');
    await page.keyboard.press('Escape');
    assert.equal(await page.evaluate('document.activeElement === document.body'), true);
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    assert.equal(new URL(page.url()).hash, `#${ids[1]}`);
    const again = await openPage(t, page.url());
    await holds(again.page, `document.querySelector('[aria-selected=true]')?.id === 'row-${ids[1]}'`);
    await holds(again.page, "document.querySelector('.detail')");
  });

  it('opens an event by keyboard, and shows the chunk that it became', async (t) => {
    const { page: address } = await startInspected(t);
    const { page } = await openPage(t, address);
    await dropFile(page, 'proxy.log', streamedExchange('7', { deltas: ['one', 'two'] }));
    await holds(page, `document.querySelectorAll('${rows}').length === 1`);
    await page.keyboard.press('j');
    await holds(page, "document.querySelector('.virtual .row')");
    await page.focus('.virtual');
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowUp', 'Enter'] as const) await page.keyboard.press(key);
    const [event, chunk] = await texts(page, '.half');
    assert.match(event ?? '', /type: "response\.output_text\.delta".*delta: "one"/);
    assert.match(chunk ?? '', /content: "one"/);
    await page.keyboard.press('Enter');
    assert.equal(await count(page, '.half'), 0);
  });

  it('shows a log that is dropped on it or chosen, and goes back to what is live', async (t) => {
    const { url, page: address } = await startInspected(t);
    await chat(url);
    const { page } = await openPage(t, address);
    await holds(page, `document.querySelectorAll('${rows}').length === 1`);
    const log = streamedExchange('7', { model: 'from-a-file', deltas: ['Grüße, ', '👋'] });
    await dropFile(page, 'proxy.log', log);
    await holds(page, "document.querySelector('.exchange .model').textContent === 'from-a-file'");
    assert.match((await texts(page, '.connection'))[0] ?? '', /^proxy\.log/);
    await page.keyboard.press('j');
    assert.match((await texts(page, '.said.text')).join(), /Grüße, 👋/);
    await press(page, 'Back to live');
    await holds(page, "document.querySelector('.exchange .model').textContent === 'gpt-5.5'");
    await dropFile(page, 'nonsense.txt', 'no log\nat all\n');
    await holds(page, "document.querySelector('.empty').textContent.includes('not a log')");
  });

  it('copies a request as curl, and saves a fixture and a bug report', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'inspect-test-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const { url, page: address } = await startInspected(t);
    await chat(url, {}, { authorization: 'Bearer sk-canary-0123456789' });
    const { page } = await openPage(t, address);
    await page.browserContext().overridePermissions(url, ['clipboard-read', 'clipboard-write', 'clipboard-sanitized-write']);
    await holds(page, `document.querySelectorAll('${rows}').length === 1`);
    await page.keyboard.press('j');
    await press(page, 'Copy as curl');
    await holds(page, "[...document.querySelectorAll('button')].some((one) => one.textContent === 'Copied')");
    const command = (await page.evaluate('navigator.clipboard.readText()')) as string;
    assert.match(
      command,
      /^curl -sN 'http:\/\/127\.0\.0\.1:\d+\/v1\/chat\/completions'[^]*"authorization: Bearer \$OPENAI_API_KEY"[^]*"gpt-5\.5"/,
    );
    const session = await page.createCDPSession();
    await session.send('Browser.setDownloadBehavior', {
      behavior: 'allow',
      downloadPath: folder,
      browserContextId: page.browserContext().id ?? '',
    } as never);
    await press(page, 'Save as fixture');
    await press(page, 'Save bug report');
    // the browser writes under another name first
    const saved = (): string[] => readdirSync(folder).filter((name) => /\.(?:json|log)$/.test(name));
    await until(() => saved().length === 2, 'two files are saved', 10_000);
    const [fixture, report] = saved().toSorted((one, other) => Number(one.endsWith('.log')) - Number(other.endsWith('.log')));
    const parts = JSON.parse(readFileSync(join(folder, fixture ?? ''), 'utf8')) as Record<string, { model: string }>;
    assert.deepEqual(
      Object.entries(parts).map(([name, { model }]) => [name, model]),
      [
        ['chat-request', 'gpt-5.5'],
        ['response', 'gpt-5.5'],
      ],
    );
    const text = readFileSync(join(folder, report ?? ''), 'utf8');
    assert.match(text, /"direction":"downstream-request"[^]*seen with Mozilla/);
    assert.ok(!text.includes('canary'));
  });

  it('says when the proxy is gone, and goes on when it is back', async (t) => {
    const { proxy, page: address, port } = await startInspected(t);
    const { page } = await openPage(t, address);
    await holds(page, "document.querySelector('.connection.is-live')");
    await proxy.close({ graceful: false });
    await holds(page, "document.querySelector('.connection.is-lost')");
    const { proxy: next } = await startInspected(t);
    await next.listen(port);
    await holds(page, "document.querySelector('.connection.is-refused')");
  });
});
