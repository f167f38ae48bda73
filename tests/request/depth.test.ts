import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProxyError } from '../../lib/error.ts';
import { assertShallow } from '../../lib/request/depth.ts';

/** A string in `depth` lists or objects. */
function nested(depth: number, wrap: (value: unknown) => object): unknown {
  let value: unknown = 'deep';
  for (let n = 0; n < depth; n += 1) value = wrap(value);
  return value;
}

const wraps: [name: string, wrap: (value: unknown) => object][] = [
  ['lists', (value) => [0, null, value, 'x']],
  ['objects', (value) => ({ a: 0, b: null, c: value, d: 'x' })],
];
for (const [name, wrap] of wraps)
  test(`256 ${name} in each other pass, one more does not`, () => {
    assertShallow(nested(256, wrap));
    for (const depth of [257, 300])
      assert.throws(
        () => assertShallow(nested(depth, wrap)),
        (error) => error instanceof ProxyError && error.status === 400 && error.code === 'invalid_json' && error.message.includes('256'),
      );
  });

test('what is not nested is not deep', () => {
  for (const value of [undefined, null, 5, 'x', [], {}]) assertShallow(value);
});
