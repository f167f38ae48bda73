// Compiles into an empty dist/, so that nothing stays there of a source file that is gone. The package ships it, so it is kept small.
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { buildPage } from './build-page.mjs';

function tsc(...options) {
  const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', ...options], { stdio: 'inherit' });
  if (status !== 0) process.exit(1); // tsc has said why
}

rmSync('dist', { recursive: true, force: true });
tsc();
// Once more without comments; they stay in the declarations, where editors show them.
tsc('--noCheck', '--removeComments', '--declaration', 'false', '--isolatedDeclarations', 'false');

tsc('-p', 'lib/server/inspect/page');
buildPage();

// Declarations that the entries do not lead to are of no use to anybody.
const reached = new Set();
function reach(file) {
  if (reached.has(file)) return;
  reached.add(file);
  for (const [, path] of readFileSync(file, 'utf8').matchAll(/(?:from |import\()'(\.[^']+)\.ts'/g)) reach(join(file, '..', `${path}.d.ts`));
}
reach(join('dist', 'lib', 'index.d.ts'));
reach(join('dist', 'lib', 'server', 'index.d.ts'));
for (const name of readdirSync('dist', { recursive: true })) {
  const file = join('dist', name);
  if (file.endsWith('.d.ts') && !reached.has(file)) rmSync(file);
}

// What TypeScript writes, in fewer bytes: the same names, half the indentation.
for (const part of ['bin', 'lib']) {
  for (const name of readdirSync(join('dist', part), { recursive: true })) {
    if (!name.endsWith('.js')) continue;
    const file = join('dist', part, name);
    writeFileSync(file, transformSync(readFileSync(file, 'utf8'), { target: 'esnext', charset: 'utf8', minifySyntax: true }).code);
  }
}

// npm makes the command executable when it links it, but a build after `npm install -g .` writes the file anew.
chmodSync('dist/bin/openai-proxy.js', 0o755);
