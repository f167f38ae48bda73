// Runs the compiled tests: `node scripts/test.mjs` those of npm test, `node scripts/test.mjs soak` the long ones.
// The files are named one by one, by their sources: Node 20 knows no globs, and given a folder of TypeScript it finds no test and exits 0.
// Hence the floor, too: a suite that has lost tests must not pass.
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { testNames, unproved } from './reliability.mjs';

const SUITES = {
  // floor: tests that must have passed (raise it as the suite grows); then the limits of a file and of the whole run
  // Most of the time goes into waiting, so that several files at once are no harm; left to itself, Node.js leaves a core free.
  npm: { floor: 3000, fileSeconds: 120, minutes: 8, atOnce: availableParallelism() },
  soak: { floor: 11, fileSeconds: 595, minutes: 10, atOnce: 3 },
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
  const limits = [`--test-timeout=${suite.fileSeconds * 1000}`, `--test-concurrency=${suite.atOnce}`];
  const { status, error } = spawnSync(process.execPath, ['--test', ...limits, ...reporters, ...files], {
    stdio: 'inherit',
    timeout: suite.minutes * 60_000,
  });
  if (error) fail(`The tests did not end within ${suite.minutes} minutes.`);
  else if (status !== 0) fail('Tests failed.');

  // People read the spec reporter's output; the counts come from TAP's last lines.
  const tap = readFileSync('dist/tests.tap', 'utf8');
  const summary = /(?<=\n)# tests \d+\n(?:# .+\n)+$/.exec(tap)?.[0] ?? '';
  const passed = Number(/# pass (\d+)/.exec(summary)?.[1] ?? 0);
  if (passed < suite.floor) fail(`${passed} tests passed, at least ${suite.floor} must.`);
  for (const fault of unproved(testNames(tap), name)) fail(fault);
  console.log(`${files.length} files on Node ${process.versions.node}\n${summary}`);
}
