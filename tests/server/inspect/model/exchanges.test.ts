import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Exchanges } from '../../../../lib/server/inspect/model/exchanges.ts';

const line = (id: string, body = ''): string => JSON.stringify({ time: '2026-11-22T12:04:07.089Z', id, direction: 'note', body });

test('the page keeps as many exchanges as the proxy, and no more characters', () => {
  const exchanges = new Exchanges({ exchanges: 3, characters: 100_000 });
  for (const id of ['1', '2', '3', '4']) exchanges.add(line(id));
  exchanges.add(line('1', 'of one that is gone'));
  assert.deepEqual(
    exchanges.all.map(({ id }) => id),
    ['2', '3', '4'],
  );
  exchanges.add(line('5', 'x'.repeat(99_950)));
  assert.deepEqual(
    exchanges.all.map(({ id }) => id),
    ['5'],
  );
  assert.equal(exchanges.forgotten, 4);
  assert.deepEqual(exchanges.linesOf('1'), []);
});

test('what the proxy says beside its log is understood, and what is strange is counted', () => {
  const exchanges = new Exchanges();
  for (const one of [
    '{"inspector":"hello","version":"1.2.3"}',
    line('1'),
    'nonsense',
    '{"inspector":"ended","id":"1"}',
    '{"inspector":"ended","id":"9"}',
    '',
    '{"inspector":"complete"}',
  ]) {
    exchanges.add(one);
  }
  assert.deepEqual([exchanges.version, exchanges.isComplete, exchanges.strange], ['1.2.3', true, 1]);
  assert.notEqual(exchanges.get('1')?.state, 'running');
});

test('at the end of a file nothing runs any more', () => {
  const exchanges = new Exchanges();
  for (const one of ['{"inspector":"hello","version":"1","file":"proxy.log"}', line('1'), '{"inspector":"complete"}']) exchanges.add(one);
  assert.equal(exchanges.file, 'proxy.log');
  assert.notEqual(exchanges.get('1')?.state, 'running');
});
