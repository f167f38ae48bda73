import assert from 'node:assert/strict';
import { test } from 'node:test';
import { amount, clock, duration, visible } from '../../../../lib/server/inspect/model/units.ts';

test('durations and amounts are short', () => {
  assert.deepEqual([0, 830.4, 999.6, 4200, 9960, 42_000, 185_000].map(duration), [
    '0 ms',
    '830 ms',
    '1.0 s',
    '4.2 s',
    '10 s',
    '42 s',
    '3 m 05 s',
  ]);
  assert.deepEqual([0, 999, 1234, 42_000, 1_300_000].map(amount), ['0', '999', '1.2k', '42k', '1.3M']);
  assert.match(clock(Date.now()), /^\d\d:\d\d:\d\d$/);
  assert.equal(clock(NaN), '--:--:--');
});

test('nothing that is not seen stays so, but line ends, tabs and what joins emoji', () => {
  assert.equal(visible('a\u202eb\u0000\u200b\u2028\ud800'), 'a\\u{202e}b\\u{0}\\u{200b}\\u{2028}\\u{d800}');
  for (const text of ['one\n\ttwo', 'Grüße, 你好', '👨‍👩‍👧']) assert.equal(visible(text), text);
});
