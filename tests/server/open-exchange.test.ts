import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { openExchange } from '../../lib/server/open-exchange.ts';
import { credentialHash } from '../../lib/server/secrets/credential-hash.ts';
import type { ProxyState } from '../../lib/server/types/exchange.ts';
import { call, listen, scriptedUpstream, startProxy } from './support.ts';

test('an exchange knows the credentials of its request, and looks for them once', async (t) => {
  const upstream = await scriptedUpstream(t, (response) => response.end('{}'));
  const { port, finished } = await startProxy(t, { upstream: upstream.url });
  await call(port, { path: '/v1/files?api_key=canary-two', headers: { authorization: 'Bearer canary-one' } });
  await call(port, { path: '/v1/files' });
  const [one, other] = finished;
  assert.deepEqual(one?.secrets, ['canary-one', 'canary-two']);
  assert.equal(one?.secrets, one?.secrets);
  assert.equal(one?.credential, credentialHash(one!.request));
  assert.deepEqual([other?.secrets, other?.credential], [[], '']);
});

test('text written after the end of an answer goes nowhere, and does not end the process', async (t) => {
  const bodies = { open: () => ({ release: () => {} }) };
  const state = { settings: { mode: 'auto' }, running: new Map(), bodies } as unknown as ProxyState;
  const server = createServer((request, response) => {
    openExchange(state, 5101, { path: '/v1/models', search: '' }, request, response);
    response.end('whole');
    response.write('late'); // Node.js reports it in an `error` event, which ends the process where no one listens
  });
  t.after(() => server.close());
  const { text, complete } = await call(await listen(server));
  assert.deepEqual([text, complete], ['whole', true]);
});
