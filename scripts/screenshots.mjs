// Takes the pictures of the inspector that the README and docs/ show, from the built command and its examples. Look at them before they
// are committed.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { withPalette } from './small-png.mjs';

const { browser, closeBrowser, holds, press, skip } = await import('../dist/tests/server/inspect/page/browser.js');
if (skip) throw new Error(skip);

/** The port that people know, if it is free. */
const port = await new Promise((resolve) => {
  const server = createServer();
  server.on('error', () => server.listen(0, '127.0.0.1'));
  server.on('listening', () => {
    const { port: free } = server.address();
    server.close(() => resolve(free));
  });
  server.listen(5102, '127.0.0.1');
});

const child = spawn(process.execPath, ['dist/bin/openai-proxy.js', '--demo', '--inspect', '--mode', 'responses', '--port', String(port)]);
let output = '';
try {
  child.stdout.on('data', (data) => (output += data));
  while (!/inspect\?token=\S+\n/.test(output)) await new Promise((resolve) => setTimeout(resolve, 50));
  const [address] = /http:\S+inspect\?token=\S+/.exec(output);

  const page = await (await browser()).newPage();
  await page.setViewport({ width: 1280, height: 400 });
  await page.goto(address);
  await holds(page, "document.querySelector('.connection.is-live')");
  await press(page, 'Send examples');
  await holds(page, "document.querySelectorAll('.exchange').length === 7 && !document.querySelector('.is-running')");

  const shots = [
    { name: 'list', height: 390 },
    { name: 'exchange', height: 800, chosen: 6 },
    { name: 'refused', height: 800, chosen: 5 },
    { name: 'events', height: 800, chosen: 1, scroll: '.time-line', event: 12 },
    { name: 'narrow', width: 360, height: 720, chosen: 6 },
  ];
  for (const scheme of ['light', 'dark']) {
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    for (const { name, width = 1280, height, chosen, scroll, event } of shots) {
      await page.setViewport({ width: 1280, height });
      await page.keyboard.press('Escape');
      if (chosen) await page.evaluate(`document.querySelector('.exchange:nth-child(${chosen})').click()`);
      await page.setViewport({ width, height });
      if (scroll) await page.evaluate(`document.querySelector('${scroll}').closest('section').scrollIntoView()`);
      if (event) {
        const row = `document.querySelector('.virtual .row[data-at="${event}"]')`;
        await holds(page, row);
        await page.evaluate(`${row}.click()`);
      }
      await new Promise((resolve) => setTimeout(resolve, 300));
      writeFileSync(`docs/inspector-${name}-${scheme}.png`, withPalette(Buffer.from(await page.screenshot())));
    }
  }
} finally {
  await closeBrowser();
  child.kill();
}
