import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { call, errorOf, scriptedUpstream, startProxy } from '../support.ts';

describe('an alias in a Responses request', () => {
  it('is resolved on a port of responses mode, and nothing else changes', async (t) => {
    const upstream = await scriptedUpstream(t, (response) => response.end('{}'));
    const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
    const sent = async (body: object): Promise<unknown> => {
      await call(port, { path: '/v1/responses', body: JSON.stringify(body) });
      return JSON.parse(upstream.seen.at(-1)?.body.toString() ?? '');
    };
    const rest = { input: 'hi :res-', metadata: { a: '1' } };
    assert.deepEqual(await sent({ ...rest, model: 'gpt-5:res-high:sum-none' }), { ...rest, model: 'gpt-5', reasoning: { effort: 'high' } });
    assert.deepEqual(await sent({ ...rest, model: 'gpt-5:res-high:sum-auto', reasoning: { effort: 'low' } }), {
      ...rest,
      model: 'gpt-5',
      reasoning: { effort: 'low', summary: 'auto' },
    });
    assert.deepEqual(await sent({ ...rest, model: 'gpt-5.6-sol:mode-pro' }), { ...rest, model: 'gpt-5.6-sol', reasoning: { mode: 'pro' } });
    assert.deepEqual(await sent({ ...rest, model: 'gpt-5:res-high:mode-pro' }), { ...rest, model: 'gpt-5', reasoning: { effort: 'high' } });
    assert.deepEqual(await sent({ ...rest, model: 'gpt-5' }), { ...rest, model: 'gpt-5' });
  });

  it('changes no byte where there is none', async (t) => {
    const upstream = await scriptedUpstream(t, (response) => response.end('{}'));
    const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
    for (const body of ['{ "model":"gpt-5", "input":"a:res-b", "n":1.0e1 }', 'no json', '{"model":"gpt-5"}']) {
      await call(port, { path: '/v1/responses', body });
      assert.equal(upstream.seen.at(-1)?.body.toString(), body);
    }
  });

  it('that is unknown never goes upstream, and on a chat port it is no alias', async (t) => {
    const upstream = await scriptedUpstream(t, (response) => response.end('{}'));
    const responses = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
    const body = '{"model":"gpt-5:res-huge","input":"hi"}';
    const answer = await call(responses.port, { path: '/v1/responses', body });
    assert.equal(answer.status, 400);
    assert.equal(errorOf(answer).param, 'model');
    assert.equal(upstream.seen.length, 0);
    const chat = await startProxy(t, { upstream: upstream.url, mode: 'chat' });
    await call(chat.port, { path: '/v1/responses', body });
    assert.equal(upstream.seen[0]?.body.toString(), body);
  });
});
