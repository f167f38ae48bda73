import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brief } from '../../lib/request/brief.ts';

test('a text is itself, a long one its beginning, its end and its length', () => {
  assert.equal(brief('text'), 'text');
  assert.equal(brief('a'.repeat(8192)), 'a'.repeat(8192));
  assert.equal(brief(`${'a'.repeat(5000)}x${'b'.repeat(5000)}`), `${'a'.repeat(4096)}${'b'.repeat(4096)}10001`);
});
