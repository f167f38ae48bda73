// Holds tests/reliability.json, which names the tests of each fault that the proxy must survive, against the tests that have run.
import { readFileSync } from 'node:fs';

const faults = 50;

/** The names of the tests in TAP's output, those that a system could not run included. */
export function testNames(tap) {
  const lines = tap.matchAll(/^ *ok \d+ - (.*?)(?: # (?:SKIP|TODO).*)?$/gm);
  return new Set([...lines].map(([, name]) => name.replaceAll(/\\([#\\])/g, '$1')));
}

/** What is wrong with the map, a line each. Names with `soak: ` in front are those of `npm run test:soak`. */
export function unproved(names, suite) {
  const rows = Object.entries(JSON.parse(readFileSync('tests/reliability.json', 'utf8')));
  const wrong = rows.flatMap(([row, entry], at) => {
    const { why, tests = [] } = Array.isArray(entry) ? { tests: entry } : entry;
    const missing = tests
      .filter((test) => test.startsWith('soak: ') === (suite === 'soak') && !names.has(test.replace(/^soak: /, '')))
      .map((test) => `reliability ${row}: no test "${test}" has passed.`);
    if (!why && tests.length === 0) missing.push(`reliability ${row}: neither a test nor a reason.`);
    if (!row.startsWith(`${at + 1} `)) missing.push(`reliability ${row}: number ${at + 1} should stand here.`);
    return missing;
  });
  return rows.length === faults ? wrong : [...wrong, `reliability: ${rows.length} rows, not ${faults}.`];
}
