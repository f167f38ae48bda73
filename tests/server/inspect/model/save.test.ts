import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Exchanges } from '../../../../lib/server/inspect/model/exchanges.ts';
import { fixtureOf, reportOf } from '../../../../lib/server/inspect/model/save.ts';

const lines = [
  { id: '../7', direction: 'downstream-request', body: '{"model":"m","messages":[]}' },
  { id: '../7', direction: 'upstream-request', body: '{"model":"m","input":[]}' },
  { id: '../7', direction: 'upstream-response', status: 200 },
  {
    id: '../7',
    direction: 'upstream-response-chunk',
    body: 'data: {"type":"response.completed","response":{"object":"response","output":[]}}\n\n',
  },
].map((entry) => JSON.stringify(entry));

function read(text: string): Exchanges {
  const exchanges = new Exchanges();
  for (const line of text.split('\n')) exchanges.add(line);
  return exchanges;
}

test('a fixture has the chat request and the Response', () => {
  const exchange = read(lines.join('\n')).get('../7');
  const saved = fixtureOf(exchange!);
  assert.equal(saved?.name, 'exchange-___7.fixture.json');
  assert.deepEqual(JSON.parse(saved.text), { 'chat-request': { model: 'm', messages: [] }, response: { object: 'response', output: [] } });
  assert.equal(fixtureOf(read(lines.slice(0, 2).join('\n')).get('../7')!), undefined);
});

test('a bug report is a log that shows the same exchange', () => {
  const exchanges = read(lines.join('\n'));
  const report = reportOf(exchanges.get('../7')!, exchanges.linesOf('../7'), { version: '1.2.3', agent: 'browser' });
  assert.equal(report.name, 'exchange-___7.log');
  const again = read(report.text);
  assert.deepEqual(again.get('../7')?.steps, exchanges.get('../7')?.steps);
  assert.deepEqual(again.get('../7')?.notes, ['openai-proxy 1.2.3; seen with browser']);
});
