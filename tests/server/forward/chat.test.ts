import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { call, startProxy } from '../support.ts';
import { errorBody, refusals, refusing } from './support.ts';

const request = JSON.stringify({ model: 'gpt-5', messages: [{ role: 'user', content: 'hi' }] });

describe('in chat mode, what the upstream refuses because it needs /v1/responses', () => {
  for (const [what, [status, param, message]] of Object.entries(refusals)) {
    it(`is served there, without anything added: ${what}`, async (t) => {
      const upstream = await refusing(t, status, errorBody(message, param));
      const { port } = await startProxy(t, { upstream: upstream.url, mode: 'chat' });
      const answer = await call(port, { body: request, headers: { 'content-type': 'application/json' } });
      assert.equal(answer.status, 200);
      assert.equal(answer.headers['x-openai-proxy-route'], 'responses');
      assert.match(answer.text, /"content":"bridged"/);
      assert.deepEqual(
        upstream.seen.map(({ url }) => url),
        ['/v1/chat/completions', '/v1/responses'],
      );
      const sent = JSON.parse(upstream.seen[1]?.body.toString() ?? '') as Record<string, unknown>;
      assert.deepEqual([sent['tools'], sent['reasoning']], [undefined, undefined]);
    });

    it(`comes back as it is with --no-upgrade: ${what}`, async (t) => {
      const body = errorBody(message, param);
      const upstream = await refusing(t, status, body);
      const { port } = await startProxy(t, { upstream: upstream.url, mode: 'chat', upgrade: false });
      const answer = await call(port, { body: request });
      assert.deepEqual([answer.status, answer.text, upstream.seen.length], [status, body, 1]);
    });
  }
});

describe('in chat mode, any other error', () => {
  const others: [what: string, status: number, body: string][] = [
    ['of the same status', 400, errorBody('Unknown parameter.', 'reasoning_effort')],
    ['without an end in sight', 400, `${errorBody('x', 'y')}${' '.repeat(100_000)}`],
    ['that is empty', 404, ''],
    ['with the words but another status', 403, errorBody(refusals['a model of the Responses API'][2], 'model')],
  ];
  for (const [what, status, body] of others) {
    it(`comes back byte for byte: ${what}`, async (t) => {
      const upstream = await refusing(t, status, body);
      const { port } = await startProxy(t, { upstream: upstream.url, mode: 'chat' });
      const answer = await call(port, { body: request });
      assert.deepEqual([answer.status, answer.text, answer.complete, upstream.seen.length], [status, body, true, 1]);
      assert.equal(answer.headers['x-openai-proxy-route'], 'chat');
    });
  }
});
