import assert from 'node:assert/strict';
import { test } from 'node:test';
import { turnsOf } from '../loop-turns.ts';
import { credentialsIn } from '../../../lib/server/bridge/sent-credentials.ts';

const { signal } = new AbortController();

test('credentials are found in JSON in pieces, also where a character or a name is cut', async () => {
  const tool = { type: 'mcp', server_label: 'é', authorization: 'canary-öne', headers: { 'X-Api-Key': 'canary-two' } };
  const json = Buffer.from(JSON.stringify({ tools: [tool] }));
  for (let cut = 0; cut <= json.length; cut += 1) {
    assert.deepEqual(await credentialsIn([json.subarray(0, cut), json.subarray(cut)], signal), ['canary-öne', 'canary-two'], String(cut));
  }
});

test('others go first between the parts of a long one, and one whose client has left goes no further', async () => {
  const long = Buffer.from(`{"a":"${'x'.repeat(3_000_000)}","api_key":"canary-one"}`);
  const found = credentialsIn([long], signal);
  assert.ok((await turnsOf(found)) >= 10);
  assert.deepEqual(await found, ['canary-one']);
  await assert.rejects(credentialsIn([long], AbortSignal.abort(new Error('the client left'))), /the client left/);
});
