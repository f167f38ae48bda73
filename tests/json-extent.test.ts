import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { endOfString, isBeyond } from '../lib/json-extent.ts';

describe('a JSON text is measured without parsing it', () => {
  it('by its values, whatever stands in its strings', () => {
    const text = JSON.stringify({ a: [1, 2, 3], b: { c: 'x,y,[{"', d: '\\"' }, '{,,,"': null });
    const counts = [1, 2, 5, 9, 10, 11, 12].filter((most) => isBeyond(text, most, 256));
    assert.deepEqual(counts, [1, 2, 5]);
    assert.equal(isBeyond(`[${'{},'.repeat(1000)}{}]`, 1000, 256), true);
    assert.equal(isBeyond(`["${',{['.repeat(100_000)}"]`, 10, 256), false);
    assert.equal(isBeyond(`["${'\\",'.repeat(100_000)}"]`, 10, 256), false);
    assert.equal(isBeyond(`["${'\\\\'.repeat(100_000)}",1,2,3]`, 10, 256), false);
  });

  it('by its depth', () => {
    assert.equal(isBeyond(`${'['.repeat(256)}${']'.repeat(256)}`, 1e6, 256), false);
    assert.equal(isBeyond(`${'['.repeat(257)}${']'.repeat(257)}`, 1e6, 256), true);
    assert.equal(isBeyond('[{'.repeat(1e6), 1e7, 256), true);
    assert.equal(isBeyond(`[${'[],'.repeat(1000)}[]]`, 1e6, 2), false);
  });

  it('by the names of its members', () => {
    const members = (count: number, name: (at: number) => string): string =>
      Array.from({ length: count }, (_, at) => `"${name(at)}" :1`).join();
    const text = `{${members(10, (at) => `name${at}`)},${members(10, (at) => `other${at}`)},${members(100, () => 'again')}}`;
    assert.deepEqual(
      [9, 10, 11].map((most) => isBeyond(text, 1000, 256, most)),
      [true, true, false],
    );
    assert.equal(isBeyond(`{${members(100, () => 'again')},"a":["x:","y:",":"]}`, 1000, 256, 2), false);
  });

  it('also where it is none', () => {
    for (const text of ['', '"', '"\\', '\\"', '"\\"', ']]]]', ',,']) assert.equal(isBeyond(text.repeat(1), 5, 5), false);
    for (const text of [':', '":', '\\:', '":"']) isBeyond(text.repeat(5_000_000), 1e9, 1e9);
  });
});

describe('the end of a string of JSON', () => {
  /** Character by character. */
  const simple = (json: string, from: number): number => {
    let at = from;
    while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
    return Math.min(at, json.length);
  };
  const unit = fc.oneof(
    fc.constantFrom('x', '"', '\\', '\\"', '\\\\', 'xxxxxxxxxxxxxxxxxxxx', '\\"xxxxxxxxxxxxxxxxxxxx'),
    fc.nat(5000).map((count) => '\\"'.repeat(count)),
    fc.nat(5000).map((count) => '\\\\'.repeat(count)),
  );

  it('is its first quote that is not escaped', () => {
    fc.assert(
      fc.property(fc.array(unit), fc.nat(3), (units, from) => {
        const json = units.join('');
        assert.equal(endOfString(json, from), Math.max(simple(json, from), Math.min(from, json.length)));
      }),
      { seed: 5121, numRuns: 3000 },
    );
  });
});
