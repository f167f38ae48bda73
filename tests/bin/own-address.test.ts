import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { leadsBack } from '../../bin/own-address.ts';

describe('whether an upstream is the proxy itself', () => {
  const at = (address: string): boolean[] =>
    ['127.0.0.1', 'localhost', '[::1]', '10.0.0.5', '0.0.0.0', 'example.test'].map((host) =>
      leadsBack(`http://${host}:5101/v1`, [{ address, port: 5101, family: '' }], ['10.0.0.5', '127.0.0.1', '::1']),
    );
  it('is seen by address', () => {
    assert.deepEqual(at('127.0.0.1'), [true, true, false, false, true, false]);
    assert.deepEqual(at('::1'), [false, true, true, false, false, false]);
    assert.deepEqual(at('0.0.0.0'), [true, true, true, true, true, false]);
    assert.deepEqual(at('10.0.0.5'), [false, false, false, true, false, false]);
    // every address of 127.0.0.0/8 is this machine, though its interfaces have only the first
    for (const [address, back] of [
      ['0.0.0.0', true],
      ['::', true],
      ['127.0.0.1', false],
      ['10.0.0.5', false],
    ] as const)
      assert.equal(leadsBack('http://127.8.9.10:5101/v1', [{ address, port: 5101, family: '' }], ['127.0.0.1']), back, address);
    assert.equal(leadsBack('http://127.0.0.1:5103/v1', [{ address: '127.0.0.1', port: 5101, family: '' }], []), false);
    assert.equal(leadsBack('http://127.0.0.1/v1', [{ address: '127.0.0.1', port: 80, family: '' }], []), true);
  });
});
