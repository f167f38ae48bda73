import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { packageFolder, version } from '../../lib/server/about.ts';

test('the version is that of the package', () => {
  assert.equal(version(), (JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version);
});

test('the folder is that of the package, not that of the compiled file', () => {
  assert.equal(readFileSync(new URL('package.json', packageFolder()), 'utf8'), readFileSync('package.json', 'utf8'));
  assert.ok(existsSync(new URL('fixtures/demo-text.response.json', packageFolder())));
});
