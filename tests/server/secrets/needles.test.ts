import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import * as fc from 'fast-check';
import { Needles } from '../../../lib/server/secrets/needles.ts';

function needlesOf(...texts: string[]): Needles {
  const needles = new Needles();
  for (const text of texts) needles.add(text);
  return needles;
}

/** The text with a dot for each character that is found. */
function masked(needles: Needles, text: string, from = 0): string {
  const chars = text.split('');
  for (const { start, end } of needles.in(text, from)) chars.fill('.', start, end);
  return chars.join('');
}

const dots = (length: number): string => '.'.repeat(length);
/** So many characters that are in no key of these tests. */
const filler = (length: number): string => '# '.repeat(length).slice(0, length);
/** A key without a piece that comes twice. */
const long = 'Zq8Xw7Vt6RsNm5Lk4Jh3Gf2Dc1';

describe('a text is found', () => {
  it('at every place, the borders included', () => {
    for (const key of [long, long.slice(0, 8), long.slice(0, 9), long.slice(0, 12)]) {
      const needles = needlesOf(key);
      assert.equal(masked(needles, key), dots(key.length));
      for (let at = 0; at < 30; at += 1) {
        assert.equal(masked(needles, filler(at) + key), filler(at) + dots(key.length), `${key} at ${at}`);
        assert.equal(masked(needles, filler(at) + key + filler(9)), filler(at) + dots(key.length) + filler(9), `${key} at ${at}`);
      }
    }
  });

  it('among many, each at every place', () => {
    const keys = Array.from({ length: 300 }, (_, n) => `${(n * 7919).toString(36)}-${n.toString(5)}-${long.slice(n % 16)}`);
    const needles = needlesOf(...keys);
    for (const [n, key] of keys.entries()) {
      const before = filler(n % 23);
      assert.equal(masked(needles, `${before}${key}##${key}`), `${before}${dots(key.length)}##${dots(key.length)}`, key);
    }
  });

  it('twice, side by side and far apart', () => {
    assert.equal(masked(needlesOf(long), `${long}${long}${filler(1000)}${long}`), dots(52) + filler(1000) + dots(26));
  });

  it('whatever its characters are', () => {
    for (const key of [
      'ключ-от-дома',
      '鍵'.repeat(8),
      '🔑🗝️🔐🔒',
      '\0\0\0\0\0\0\0\0',
      '"\\"\\"\\"\\',
      '\ud800\ud800\ud800\ud800\ud800\ud800\ud800\ud800',
    ]) {
      const needles = needlesOf(key);
      for (let at = 0; at < 10; at += 1) {
        assert.equal(masked(needles, filler(at) + key + filler(3)), filler(at) + dots(key.length) + filler(3), key);
      }
    }
  });

  it('not where it is longer than what is left, nor in another case, nor with another character', () => {
    const needles = needlesOf('abcdefgh');
    for (const text of ['', 'a', 'abcdefg', `${filler(20)}abcdefg`, 'Abcdefgh', 'abcdefgH', 'abcdxfgh', 'bcdefgh']) {
      assert.deepEqual(needles.in(text, 0), [], text);
    }
  });

  it('from the given place on', () => {
    const needles = needlesOf('abcdefgh');
    const text = '##abcdefgh##abcdefgh';
    assert.deepEqual(needles.in(text, 2), [
      { start: 2, end: 10 },
      { start: 12, end: 20 },
    ]);
    assert.deepEqual(needles.in(text, 3), [{ start: 12, end: 20 }]);
    assert.deepEqual(needles.in(text, 13), []);
    assert.deepEqual(needles.in(text, 1000), []);
  });

  it('where another one overlaps, with all of both', () => {
    assert.equal(masked(needlesOf('abcdefgh', 'efghijkl'), '##abcdefghijkl##'), `##${dots(12)}##`);
    assert.equal(masked(needlesOf('abcdefgh', 'abcdefghijkl'), '##abcdefghijkl##'), `##${dots(12)}##`);
    assert.equal(masked(needlesOf('abcdefghijkl', 'cdefghij'), '##abcdefghijkl##'), `##${dots(12)}##`);
    assert.equal(masked(needlesOf('aaaaaaaab', 'aaaaaaaa'), `##${'a'.repeat(20)}b#`), `##${dots(21)}#`);
  });
});

test('nothing is found where nothing is looked for', () => {
  assert.deepEqual(new Needles().in(long, 0), []);
  assert.equal(new Needles().beginningIn(long, 0), long.length);
});

test('what is short is not looked for, and what is known is not added again', () => {
  const needles = new Needles();
  assert.deepEqual([needles.add(''), needles.add('abcdefg')], [false, false]);
  assert.deepEqual(needles.in('abcdefg abcdefg', 0), []);
  assert.deepEqual([needles.add('abcdefgh'), needles.add('abcdefgh')], [true, false]);
  assert.equal(needles.add(`${'k'.repeat(Needles.longest)}one`), true);
  assert.equal(needles.add(`${'k'.repeat(Needles.longest)}other`), false, 'only the first part of a long one is compared');
});

describe('the beginning of a text', () => {
  it('is found from its twelfth character on, as far as it goes', () => {
    const needles = needlesOf(long);
    for (let length = 0; length <= long.length; length += 1) {
      const piece = long.slice(0, length);
      const shown = length < 12 ? piece : dots(length);
      for (const after of ['', '#', '#'.repeat(30)]) assert.equal(masked(needles, `##${piece}${after}`), `##${shown}${after}`, piece);
    }
  });

  it('that several have in common goes as far as any of them', () => {
    const keys = ['common-begin-ONE-and-more-of-it-than-anybody-needs', 'common-begin-OTHER-and-more-of-it-than-anybody-needs'];
    for (const key of keys) {
      for (const needles of [needlesOf(...keys), needlesOf(...keys.toReversed())]) {
        for (let length = 12; length <= key.length; length += 1) {
          assert.equal(masked(needles, `#${key.slice(0, length)}#`), `#${dots(length)}#`, key.slice(0, length));
        }
      }
    }
  });

  it('that more than eight have in common hides each word that begins so', () => {
    const keys = Array.from({ length: 9 }, (_, n) => `canary-${10 + n}x${n}`);
    const [first = '', ...others] = keys;
    assert.equal(masked(needlesOf(...others), 'canary-1'), 'canary-1');
    for (const list of [keys, [...others, first], [...keys, 'canary-1']]) {
      const needles = needlesOf(...list);
      assert.equal(
        masked(needles, `${first}"canary-1 canary-1?canary-2 ${keys[8]}`),
        `${dots(11)}"${dots(8)} ${dots(8)}?canary-2 ${dots(11)}`,
      );
      assert.equal(masked(needles, 'canary-1+/=_~.Z9|'), `${dots(16)}|`);
    }
  });
});

describe('a text beyond 64 characters', () => {
  const key = `${long}${long.toLowerCase()}${long.toUpperCase()}`;
  it('is hidden up to the end of the word, since only its first part is compared', () => {
    const needles = needlesOf(key);
    for (const rest of ['', 'x', key.slice(64), 'anything+/=_~-.else']) {
      for (const after of ['', ' ', '"', '\n', '\\']) {
        assert.equal(masked(needles, `#${key.slice(0, 64)}${rest}${after}`), `#${dots(64 + rest.length)}${after}`);
      }
    }
  });

  it('counts like any other as long as less of it stands there', () => {
    assert.equal(masked(needlesOf(key), `#${key.slice(0, 63)}!`), `#${dots(63)}!`);
    assert.equal(masked(needlesOf(key), `#${key.slice(0, 40)} and`), `#${dots(40)} and`);
  });

  it('of exactly 64 ends with them', () => {
    assert.equal(masked(needlesOf(key.slice(0, 64)), `#${key.slice(0, 64)}more`), `#${dots(64)}more`);
  });
});

describe('the end of a text', () => {
  const withEnd = (...keys: string[]): Needles => {
    const needles = needlesOf(...keys);
    for (const key of keys) needles.addEnd(key);
    return needles;
  };

  it('is found from its last twelve characters on, as far back as it goes', () => {
    const needles = withEnd(long);
    for (let from = 1; from < long.length; from += 1) {
      const piece = long.slice(from);
      const shown = piece.length < 12 ? piece : dots(piece.length);
      for (const before of ['', '#', '#'.repeat(30)]) assert.equal(masked(needles, `${before}${piece}##`), `${before}${shown}##`, piece);
    }
  });

  it('is found behind its beginning, however the two are parted', () => {
    for (let cut = 12; cut <= long.length - 12; cut += 1) {
      assert.equal(masked(withEnd(long), `${long.slice(0, cut)}"},{"${long.slice(cut)}`), `${dots(cut)}"},{"${dots(long.length - cut)}`);
    }
  });

  it('is not looked for unless it is said so', () => {
    assert.equal(masked(needlesOf(long), long.slice(1)), long.slice(1));
  });

  it('of a short one tells nothing', () => {
    const short = long.slice(0, 19);
    assert.equal(masked(withEnd(short), short.slice(5)), short.slice(5));
    assert.equal(masked(withEnd(`${short}!`), `${short.slice(5)}!`), dots(15));
  });

  it('of one that is very long goes back 64 characters', () => {
    const key = `${long}${long.toLowerCase()}${long.toUpperCase()}`;
    assert.equal(masked(withEnd(key), `#${key.slice(1)}`), `#${key.slice(1, -64)}${dots(64)}`);
  });

  it('is looked for in eight that have the beginning of it in common, and no more', () => {
    const keys = Array.from({ length: 9 }, (_, n) => `${n}ther-beginning-same-end-00${n}`);
    const found = keys.map((key) => masked(withEnd(...keys), `#${key.slice(6)}`) === `#${dots(key.length - 6)}`);
    assert.deepEqual(found, [true, true, true, true, true, true, true, true, false]);
  });

  it('hides nothing before what is hidden already, nor before the given place', () => {
    assert.deepEqual(withEnd(long).in(`#${long.slice(3)}`, 4), [{ start: 4, end: 24 }]);
  });
});

describe('what may be the beginning of a text', () => {
  it('is known at the end of a piece while it is too short to be found', () => {
    const needles = needlesOf(long);
    for (let length = 1; length <= long.length; length += 1) {
      const text = `## ${long.slice(0, length)}`;
      assert.equal(needles.beginningIn(text, 0), length < 12 ? 3 : text.length, text);
      assert.equal(needles.beginningIn(`${text}#`, 0), text.length + 1, 'only at the very end');
    }
  });

  it('is the first of several, and not before the given place', () => {
    const needles = needlesOf('aaaaaaab');
    assert.equal(needles.beginningIn('#aaa', 0), 1);
    assert.equal(needles.beginningIn('#aaa', 2), 2);
    assert.equal(needles.beginningIn('#aaa', 4), 4);
  });

  it('is all but the last character of a short one', () => {
    const needles = needlesOf('abcdefgh');
    assert.equal(needles.beginningIn('#abcdefg', 0), 1);
    assert.equal(needles.beginningIn('#abcdefgh', 0), 9);
  });

  it('may be that of an end, and of what was added later', () => {
    const needles = needlesOf(long);
    assert.equal(needles.beginningIn('#4Jh3', 0), 5);
    needles.addEnd(long);
    const end = long.slice(-12);
    assert.equal(needles.beginningIn(`#${end.slice(0, 4)}`, 0), 1);
    assert.equal(needles.beginningIn('#canary', 0), 7);
    needles.add('canary-one');
    assert.equal(needles.beginningIn('#canary', 0), 1);
  });
});

/** What `in` should find, by looking at each place for each text. Of what is long, only what does not begin within something hidden counts. */
function slowly(keys: readonly string[], text: string): string {
  const shown = text.split('');
  let end = 0;
  for (let at = 0; at < text.length; at += 1) {
    const found = keys.map((key) => {
      let length = 0;
      while (length < key.length && text[at + length] === key[length]) length += 1;
      const counts = length === key.length ? at >= end || length <= 32 : at >= end && length >= 12;
      return counts ? at + length : 0;
    });
    const until = Math.max(...found);
    if (until > 0) shown.fill('.', at, until);
    end = Math.max(end, until);
  }
  return shown.join('');
}

test('random texts are searched as a slow search does', () => {
  for (const letters of ['ab', 'abc', 'abcdefghij', '\0ÿ鍵🔑']) {
    const word = (minLength: number, maxLength: number): fc.Arbitrary<string> =>
      fc.string({ unit: fc.constantFrom(...letters.split('')), minLength, maxLength });
    const keys = fc.uniqueArray(word(8, 64), { minLength: 1, maxLength: 8 });
    const texts = keys.chain((list) => {
      const piece = fc
        .tuple(fc.constantFrom(...list), fc.nat(64), fc.nat(64))
        .map(([key, one, other]) => key.slice(Math.min(one, other), Math.max(one, other)));
      return fc.tuple(fc.constant(list), fc.array(fc.oneof(fc.constantFrom(...list), piece, word(0, 12)), { maxLength: 10 }));
    });
    fc.assert(
      fc.property(texts, ([list, pieces]) => {
        const text = pieces.join('');
        assert.equal(masked(needlesOf(...list), text), slowly(list, text));
      }),
      { numRuns: 3000 },
    );
  }
});
