import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { codeOf, describeFault } from '../../lib/server/fault.ts';

const secret = 'canary-0123456789';

function thrown(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

test('a fault is told by its kind and its place, never by its text', () => {
  const faults: [work: () => unknown, line: RegExp][] = [
    [() => JSON.parse(`{"key":"${secret}"`), /^internal error: SyntaxError at JSON\.parse \(<anonymous>\)$/],
    [() => (undefined as unknown as string).length, /^internal error: TypeError at [^\n]*fault\.test\.js:\d+:\d+\)?$/],
    [() => readFileSync(`/nowhere/${secret}`), /^internal error: Error ENOENT at [^\n]*$/],
    [() => assert.fail(secret), /^internal error: AssertionError ERR_ASSERTION at [^\n]*$/],
  ];
  for (const [work, expected] of faults) {
    const line = describeFault(thrown(work));
    assert.match(line, expected);
    assert.ok(!line.includes(secret), line);
  }
});

test('a text that looks like a place is none', () => {
  const error = new Error(`first\n    at ${secret} (file:1:1)\n    at ${secret}`);
  assert.match(describeFault(error), /^internal error: Error at [^\n]*fault\.test\.js/);
  error.stack = '';
  assert.equal(describeFault(error), 'internal error: Error');
});

test('what is no error is told by its type', () => {
  assert.deepEqual([secret, undefined, null, 5, { message: secret }].map(describeFault), [
    'internal error (string)',
    'internal error (undefined)',
    'internal error (object)',
    'internal error (number)',
    'internal error (object)',
  ]);
});

test('the code of an error is that of Node', () => {
  assert.equal(codeOf(thrown(() => readFileSync('/nowhere/x'))), 'ENOENT');
  assert.equal(codeOf(new Error('x')), 'unknown error');
  assert.equal(codeOf({ code: 'ENOENT' }), 'unknown error');
});
