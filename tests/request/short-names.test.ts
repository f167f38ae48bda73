import assert from 'node:assert/strict';
import { test } from 'node:test';
import { longest, shortName } from '../../lib/request/short-names.ts';

test('a name of 64 characters is sent as it is', () => {
  for (const name of ['', 'f', 'n'.repeat(64)]) assert.equal(shortName(name), name);
});

// Computed apart from the code. They may not change: a client sends calls back that an older version has shortened.
const shortened: [name: string, short: string][] = [
  ['n'.repeat(65), `${'n'.repeat(47)}_c07d98027f536629`],
  [`get_${'weather_'.repeat(10)}`, 'get_weather_weather_weather_weather_weather_wea_3771e434bb3c12a1'],
  [`${'x'.repeat(64)}25`, `${'x'.repeat(47)}_001e5abb3b9d1f8a`],
];
for (const [name, short] of shortened)
  test(`a longer one keeps its beginning, and a hash of all of it: ${name}`, () => {
    assert.equal(shortName(name), short);
    assert.equal(short.length, longest);
  });
