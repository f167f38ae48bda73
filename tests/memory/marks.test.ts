import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callMark, endsAlike, fingerprint, textMark } from '../../lib/memory/marks.ts';

test('only the letters and digits of an id count', () => {
  assert.equal(callMark('call_Ab-1'), callMark('callAb1'));
  assert.notEqual(callMark('call_a'), callMark('call_A'));
  assert.notEqual(callMark('___'), callMark('--'));
});

test('blanks at both ends of a text, line endings and the number of blank lines do not count', () => {
  assert.equal(textMark('x', '\n One.\n\n\n\nTwo. '), textMark('x', 'One.\r\n\r\nTwo.'));
  assert.notEqual(textMark('x', 'if a:\n  b'), textMark('x', 'if a:\n    b'));
  assert.notEqual(textMark('x', 'One.'), textMark('y', 'One.'));
  assert.equal(fingerprint(' a '), fingerprint('a'));
});

test('of what was sent the last counts, as far as both lists go', () => {
  assert.ok(endsAlike(['a', 'b'], ['a', 'b']));
  assert.ok(endsAlike(['b'], ['a', 'b']));
  assert.ok(endsAlike(['a', 'b'], ['b']));
  assert.ok(!endsAlike(['x', 'b'], ['a', 'b']));
  assert.ok(endsAlike([], []));
  assert.ok(!endsAlike([], ['a']));
});
