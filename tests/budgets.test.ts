import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { budgets } from '../lib/budgets.ts';

const mebi = 1024 * 1024;
const bytes = new Set(['bodies', 'bodyFree', 'wholeAnswer', 'parsed', 'streamedAnswer', 'quietBytes']);
/** Of no use to who reads about limits: they say how a budget works, not how large it is. */
const inner = new Set(['lingering', 'errorAnswer', 'bodiesShare', 'uploadAhead', 'quietFree', 'modelList']);

test('SECURITY.md says how large each budget is', () => {
  const limits = readFileSync('SECURITY.md', 'utf8').split('## Limits')[1] ?? '';
  for (const [name, value] of Object.entries(budgets)) {
    if (inner.has(name)) continue;
    const size = value >= mebi ? `${value / mebi} MiB` : `${value / 1024} KiB`;
    const shown = bytes.has(name)
      ? size
      : name === 'bodyWait' || name === 'bodyStall'
        ? `${value / 1000} s`
        : value.toLocaleString('en-US');
    assert.ok(limits.includes(shown), `${name}: ${shown}`);
  }
});
