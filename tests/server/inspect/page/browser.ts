import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch, type Browser, type Page } from 'puppeteer-core';
import type { Context } from '../../support.ts';

export type { Page } from 'puppeteer-core';

const executable = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  (file) => file !== undefined && existsSync(file),
);

/** For tests that need a browser: why they are skipped, or false. */
export const skip: string | false = executable === undefined && 'there is no Chromium; CHROMIUM names one';

const flags =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';

const profile = mkdtempSync(join(tmpdir(), 'inspect-browser-'));
let running: Promise<Browser> | undefined;

/** Returns the browser that the tests of a file share. */
export function browser(): Promise<Browser> {
  return (running ??= launch({ executablePath: executable ?? '', args: flags.split(' '), userDataDir: profile }));
}

export async function closeBrowser(): Promise<void> {
  await (await running)?.close();
  rmSync(profile, { recursive: true, force: true });
}

export interface Opened {
  page: Page;
  /** What went wrong in it: exceptions, errors on the console, which has breaches of its policy. */
  faults: string[];
  /** The addresses that it asked for. */
  requests: string[];
}

interface View {
  width?: number;
  height?: number;
  scheme?: 'light' | 'dark';
}

/** Opens an address in a page of its own. */
export async function openPage(t: Context, url: string, { width = 1280, height = 900, scheme = 'light' }: View = {}): Promise<Opened> {
  const context = await (await browser()).createBrowserContext();
  t.after(() => context.close());
  const page = await context.newPage();
  const [faults, requests]: [string[], string[]] = [[], []];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('dialog', (dialog) => {
    faults.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  page.on('request', (request) => requests.push(request.url()));
  await page.setViewport({ width, height });
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  await page.goto(url);
  return { page, faults, requests };
}

/** The texts of the elements that a selector finds. */
export function texts(page: Page, selector: string): Promise<string[]> {
  return page.evaluate(`[...document.querySelectorAll(${JSON.stringify(selector)})].map((one) => one.textContent)`) as Promise<string[]>;
}

export function count(page: Page, selector: string): Promise<number> {
  return page.evaluate(`document.querySelectorAll(${JSON.stringify(selector)}).length`) as Promise<number>;
}

/** Waits until an expression holds in the page. */
export async function holds(page: Page, expression: string): Promise<void> {
  await page.waitForFunction(expression, { timeout: 10_000 });
}

/** Presses the button with a text. */
export function press(page: Page, text: string): Promise<unknown> {
  return page.evaluate(`[...document.querySelectorAll('button')].find((one) => one.textContent === ${JSON.stringify(text)}).click()`);
}

/** Drops a file on the page, as a person does with the mouse. */
export async function dropFile(page: Page, name: string, text: string): Promise<void> {
  await page.evaluate(`{
    const data = new DataTransfer();
    data.items.add(new File([${JSON.stringify(text)}], ${JSON.stringify(name)}));
    document.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  }`);
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Returns what axe-core finds that is serious or critical, a line each. */
export async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = (await page.evaluate('axe.run()')) as {
    violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[];
  };
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary}`));
}
