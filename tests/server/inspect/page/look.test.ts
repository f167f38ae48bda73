import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { chat, startInspected } from '../support.ts';
import { closeBrowser, count, dropFile, holds, openPage, seriousFindings, skip, type Page } from './browser.ts';
import { streamedExchange } from './logs.ts';

after(closeBrowser);

const rows = '.list .exchange';

describe('the look of the page', { skip }, () => {
  for (const scheme of ['light', 'dark'] as const) {
    for (const width of [1280, 360]) {
      it(`has no serious finding of axe-core, and fits: ${scheme}, ${width} px`, async (t) => {
        const { url, page: address } = await startInspected(t, { inspect: 'demo' });
        await chat(url, { stream: true, seed: 7, messages: [{ role: 'user', content: 'Search the web' }] });
        await chat(url, { messages: [] });
        await chat(url, { messages: [{ role: 'user', content: 'No summary: it is refused' }] });
        const { page } = await openPage(t, address, { width, height: 740, scheme });
        await holds(page, `document.querySelectorAll('${rows}').length === 3`);
        assert.deepEqual(await seriousFindings(page), []);
        await fits(page, width);
        for (let at = 0; at < 3; at += 1) {
          await page.keyboard.press('j');
          await page.evaluate("document.querySelector('.virtual .row')?.click()");
          await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");
          await new Promise((resolve) => setTimeout(resolve, 50));
          assert.deepEqual(await seriousFindings(page), [], `exchange ${at}`);
          await fits(page, width);
        }
      });
    }
  }

  it('follows the system between light and dark', async (t) => {
    const { page: address } = await startInspected(t);
    const { page } = await openPage(t, address, { scheme: 'light' });
    const ground = (): Promise<unknown> => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const light = await ground();
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
    assert.notEqual(await ground(), light);
  });

  it('draws only what can be seen of ten thousand events', async (t) => {
    const { page: address } = await startInspected(t);
    const { page, faults } = await openPage(t, address);
    const deltas = Array.from({ length: 10_000 }, (_, at) => `word${at} `);
    const started = performance.now();
    await dropFile(page, 'long.log', streamedExchange('1', { deltas }));
    await holds(page, `document.querySelectorAll('${rows}').length === 1`);
    const loaded = performance.now();
    await page.keyboard.press('j');
    await holds(page, "document.querySelector('.virtual .row')");
    t.diagnostic(`read in ${Math.round(loaded - started)} ms, opened in ${Math.round(performance.now() - loaded)} ms`);
    const frames = (await page.evaluate(`new Promise((resolve) => {
      const list = document.querySelector('.virtual');
      const times = [];
      let last = performance.now();
      let at = 0;
      const step = () => {
        const now = performance.now();
        times.push(now - last);
        last = now;
        list.scrollTop = (list.scrollHeight * at++) / 120;
        if (at <= 120) requestAnimationFrame(step);
        else resolve({ times: times.slice(1), rows: document.querySelectorAll('.virtual .row').length });
      };
      requestAnimationFrame(step);
    })`)) as { times: number[]; rows: number };
    const sorted = frames.times.toSorted((a, b) => a - b);
    const at = (share: number): string => (sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(1);
    t.diagnostic(`frames while scrolling through 10,002 events: median ${at(0.5)} ms, 95 % ${at(0.95)} ms, longest ${at(1)} ms`);
    assert.ok(frames.rows < 100, `${frames.rows} rows`);
    assert.ok((await count(page, '*')) < 3000);
    assert.match((await page.evaluate("document.querySelector('.virtual').textContent")) as string, /word9999/);
    assert.deepEqual(faults, []);
  });

  it('keeps within its bounds in the browser, too', async (t) => {
    const { page: address } = await startInspected(t);
    const { page } = await openPage(t, address);
    await dropFile(page, 'many.log', Array.from({ length: 300 }, (_, at) => streamedExchange(String(at), { deltas: ['x'] })).join(''));
    await holds(page, `document.querySelectorAll('${rows}').length === 200`);
    assert.equal(await page.evaluate(`document.querySelector('${rows}').id`), 'row-299');
  });
});

/** Nothing is wider than the window, and every control can be reached. */
async function fits(page: Page, width: number): Promise<void> {
  assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width);
  const wide = (await page.evaluate(
    "[...document.querySelectorAll('button, input, select')].filter((one) => one.offsetWidth > 0 && one.getBoundingClientRect().right > innerWidth + 1).map((one) => one.outerHTML)",
  )) as string[];
  assert.deepEqual(wide, []);
}
