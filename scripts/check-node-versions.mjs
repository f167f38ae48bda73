// The compiled tests on each supported line of Node.js, which the npm registry has as the package `node`.
import { spawnSync } from 'node:child_process';

const rows = ['20', '22', '24', '26'].map((line) => {
  console.log(`\n== Node ${line}`);
  const { status, stdout } = spawnSync('npx', ['-y', `node@${line}`, 'scripts/test.mjs'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  const [, version = line] = /^\d+ files on Node (.+)$/m.exec(stdout) ?? [];
  const count = (what) => Number(stdout.match(new RegExp(`^# ${what} (\\d+)$`, 'm'))?.[1] ?? 0);
  if (status !== 0) console.log(stdout);
  return { version, passed: count('pass'), failed: count('fail'), ok: status === 0 };
});

console.table(rows);
process.exitCode = rows.every((row) => row.ok) ? 0 : 1;
