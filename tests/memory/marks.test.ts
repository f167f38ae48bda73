import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callMark, endsAlike, fingerprint, functionMark, textMark, trimmed } from '../../lib/memory/marks.ts';

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

test('texts, calls and what came before them make marks of their own', () => {
  const marks = [
    callMark('a'),
    textMark('a', 'One.'),
    textMark('a', 'Two.'),
    textMark(undefined, 'One.'),
    functionMark('a', 'One.'),
    functionMark('a', 'Two.'),
    functionMark('b', 'One.'),
    functionMark(undefined, 'One.'),
    fingerprint('One.'),
    fingerprint('Two.'),
  ];
  assert.equal(new Set(marks).size, marks.length);
  assert.equal(functionMark('a', 'One.'), functionMark('a', 'One.'));
  // turns of a store that another version wrote
  assert.equal(textMark(undefined, 'One.'), `text  ${fingerprint('One.')}`);
  assert.equal(functionMark(undefined, 'One.'), `function  ${fingerprint('One.')}`);
});

test('line ends of every kind are line feeds, and more than one blank line is one', () => {
  assert.equal(trimmed('a\rb\r\nc\n\nd\n\n\ne\r\r\r\rf'), 'a\nb\nc\n\nd\n\ne\n\nf');
  assert.equal(trimmed('a\n\n\nb'), 'a\n\nb');
});

test('a text that is longer than anything a model says counts as it is', () => {
  const long = ` ${'x'.repeat(3_999_999)}`;
  assert.equal(trimmed(long).length, 3_999_999);
  assert.equal(trimmed(`${long} `).length, 4_000_001);
});

test('of what was sent the last counts, as far as both lists go', () => {
  assert.ok(endsAlike(['a', 'b'], ['a', 'b']));
  assert.ok(endsAlike(['b'], ['a', 'b']));
  assert.ok(endsAlike(['a', 'b'], ['b']));
  assert.ok(!endsAlike(['x', 'b'], ['a', 'b']));
  assert.ok(endsAlike([], []));
  assert.ok(!endsAlike([], ['a']));
});
