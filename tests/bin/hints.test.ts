import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hintFor } from '../../bin/hints.ts';
import type { Ending } from '../../bin/hints.ts';

test('usual mistakes get a sentence, everything else none', () => {
  const ending: Ending = { path: '/v1/chat/completions', status: 200, hasCredential: true, upstream: 'https://api.openai.com/v1' };
  const cases: [changes: Partial<Ending>, expected: RegExp][] = [
    [{ status: 401, hasCredential: false }, /^The key belongs in the client: /],
    [{ status: 401 }, /api\.openai\.com.* refused the key /],
    [{ status: 404, path: '/v1/v1/embeddings?x=1' }, /\/v1 twice/],
    [{ status: 404, path: '/v1/chat/completions/chat/completions' }, /without \/chat\/completions/],
    [{ status: 404, path: '/v1/chat/completions/models' }, /without \/chat\/completions/],
    [{ status: 404, path: '/embeddings' }, /must end in \/v1/],
    [{ status: 404, path: '/openai/v1/models' }, /must end in \/v1/],
    [{ status: 404, path: '/api/tags' }, /Ollama/],
    [{ status: 404, path: '/v1/messages' }, /Anthropic/],
    [{ status: 502, unreachable: 'ECONNREFUSED' }, /nothing listens there/],
    [{ status: 502, unreachable: 'ENOTFOUND' }, /name is not known/],
    [{ status: 504, unreachable: 'UND_ERR_CONNECT_TIMEOUT' }, /HTTPS_PROXY/],
    [{ status: 502, unreachable: 'SELF_SIGNED_CERT_IN_CHAIN' }, /NODE_EXTRA_CA_CERTS/],
    [{ status: 502, unreachable: 'EOTHER' }, /EOTHER/],
  ];
  for (const [changes, expected] of cases) {
    const hint = hintFor({ ...ending, ...changes });
    assert.match(hint ?? '', expected, JSON.stringify(changes));
    assert.match(hint ?? '', /^(?!.*\. ).+\.$/, 'one sentence');
  }
  for (const changes of [
    {},
    { status: 404 },
    { status: 404, path: '/v1/models/none' },
    { status: 404, path: '/v1' },
    { status: 404, path: '/favicon.ico' },
    { status: 429 },
    { status: undefined },
  ]) {
    assert.equal(hintFor({ ...ending, ...changes }), undefined, JSON.stringify(changes));
  }
});
