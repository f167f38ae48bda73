import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { bridge } from '../../../lib/server/bridge/bridge.ts';
import { loadBridge } from '../../../lib/server/bridge/load.ts';

/** The compiled files that are loaded with this one. */
function loadedWith(file: URL, found: Map<string, URL> = new Map()): Map<string, URL> {
  if (found.has(file.href)) return found;
  found.set(file.href, file);
  for (const [, from = ''] of readFileSync(file, 'utf8').matchAll(/^(?:import|export)[^;"]*? from "(\.[^"]+)"/gm))
    loadedWith(new URL(from, file), found);
  return found;
}

test('the command listens before the bridge is loaded', () => {
  const files = [...loadedWith(new URL('../../../bin/start.js', import.meta.url)).keys()].map((href) => href.replace(/.*\/dist\//, ''));
  assert.ok(files.includes('lib/server/handler.js') && files.includes('lib/server/bridge/load.js'), `${files.length} files`);
  assert.deepEqual(
    files.filter((name) => /^lib\/(?:answer|server\/bridge)\//.test(name)),
    ['lib/server/bridge/load.js'],
  );
});

test('the bridge is loaded once, whoever asks for it', async () => {
  const loading = loadBridge();
  assert.equal(loadBridge(), loading);
  assert.equal((await loading).bridge, bridge);
});
