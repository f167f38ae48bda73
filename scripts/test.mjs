// Runs the compiled tests: `node scripts/test.mjs` those of npm test, `node scripts/test.mjs soak` the long ones.
// The files are named one by one, by their sources: Node 20 knows no globs, and given a folder of TypeScript it finds no test and exits 0.
// Hence the floor, too: a suite that has lost tests must not pass.
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

const SUITES = {
  // floor: tests that must have passed (raise it as the suite grows); then the limits of a file and of the whole run
  npm: { floor: 400, fileSeconds: 120, minutes: 8 },
  soak: { floor: 1, fileSeconds: 1800, minutes: 60 },
};

const name = process.argv[2] === 'soak' ? 'soak' : 'npm';
const suite = SUITES[name];
const files = readdirSync('tests', { recursive: true })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.test.ts') && file.startsWith('soak/') === (name === 'soak'))
  .map((file) => `dist/tests/${file.replace(/ts$/, 'js')}`)
  .toSorted();

const fail = (message) => {
  console.error(message);
  process.exitCode = 1;
};

if (files.length === 0) fail('There are no test files.');
else {
  const reporters = ['spec', 'stdout', 'tap', 'dist/tests.tap'].map((value, i) => `--test-reporter${i % 2 ? '-destination' : ''}=${value}`);
  const { status, error } = spawnSync(process.execPath, ['--test', `--test-timeout=${suite.fileSeconds * 1000}`, ...reporters, ...files], {
    stdio: 'inherit',
    timeout: suite.minutes * 60_000,
  });
  if (error) fail(`The tests did not end within ${suite.minutes} minutes.`);
  else if (status !== 0) fail('Tests failed.');

  // People read the spec reporter's output; the counts come from TAP's last lines.
  const summary = /(?<=\n)# tests \d+\n(?:# .+\n)+$/.exec(readFileSync('dist/tests.tap', 'utf8'))?.[0] ?? '';
  const passed = Number(/# pass (\d+)/.exec(summary)?.[1] ?? 0);
  if (passed < suite.floor) fail(`${passed} tests passed, at least ${suite.floor} must.`);
  console.log(`${files.length} files on Node ${process.versions.node}\n${summary}`);
}
