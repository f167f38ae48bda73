// Builds after `npm install` and before `npm pack`. `npm install -g .` runs this too, but in a fresh clone without having
// installed anything there; so what is missing is installed first.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const run = (...args) => {
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
};

if (existsSync('node_modules/typescript')) {
  run('scripts/build.mjs');
} else if (/\bdev\b/.test(process.env.npm_config_omit ?? '')) {
  console.error('Development dependencies are left out, so nothing is built here.');
} else {
  // --global=false because the inner npm inherits the outer one's settings, --ignore-scripts because this very script would run again.
  run(process.env.npm_execpath, 'ci', '--global=false', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund');
  run('scripts/build.mjs');
}
