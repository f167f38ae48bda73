import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chatBody, wholeResponse } from '../bridge-support.ts';
import { call, errorOf, scriptedUpstream, startProxy, until, type Context, type Started, type Upstream } from '../support.ts';

const text = 'Hello';
const thought = { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'Hm.' }] };

/** A proxy in responses mode, before an upstream that answers both APIs. */
async function bridged(t: Context): Promise<Started & { upstream: Upstream }> {
  const { output, ...rest } = wholeResponse(text) as { output: object[] };
  const upstream = await scriptedUpstream(t, (response, { url }) => {
    const answer = url.startsWith('/v1/responses') ? { ...rest, output: [thought, ...output] } : { id: 'chatcmpl-own', choices: [] };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  });
  return { upstream, ...(await startProxy(t, { upstream: upstream.url, mode: 'responses' })) };
}

const audio = { modalities: ['text', 'audio'], audio: { voice: 'alloy', format: 'mp3' } };

describe('a chat completion in responses mode', () => {
  it('goes to /v1/responses with its query, whole and streamed', async (t) => {
    const { port, upstream, finished } = await bridged(t);
    for (const stream of [false, true]) {
      const answer = await call(port, { path: '/v1/chat/completions?a=b', body: chatBody({ stream }) });
      assert.deepEqual([answer.status, answer.headers['x-openai-proxy-route']], [200, 'responses']);
      assert.equal(answer.headers['content-type'], stream ? 'text/event-stream; charset=utf-8' : 'application/json; charset=utf-8');
      assert.match(answer.text, /"content":"Hello"/);
    }
    assert.deepEqual(
      upstream.seen.map(({ url }) => url),
      ['/v1/responses?a=b', '/v1/responses?a=b'],
    );
    await until(() => finished.length === 2, 'both have ended');
    assert.deepEqual(
      finished.map(({ report }) => [report.route, report.model]),
      [
        ['responses', 'gpt-5'],
        ['responses', 'gpt-5'],
      ],
    );
  });

  it('stays on Chat, byte for byte, where only Chat can do it', async (t) => {
    const { port, upstream } = await bridged(t);
    const body = chatBody({ ...audio, stream: false }).replace('"messages":', '  "seed" : 1.0e1, "messages":');
    const answer = await call(port, { body });
    assert.deepEqual([answer.headers['x-openai-proxy-route'], answer.text], ['chat', '{"id":"chatcmpl-own","choices":[]}']);
    assert.equal(answer.headers['x-openai-proxy-notes'], undefined);
    assert.deepEqual([upstream.seen[0]?.url, upstream.seen[0]?.body.toString()], ['/v1/chat/completions', body]);
  });

  it('loses an alias of its model there, with a note, and nothing else of it changes', async (t) => {
    const { port, upstream } = await bridged(t);
    const body = (model: string): string =>
      `{ "messages":[{"role":"user","content":"gpt-5:res-high"}], "n" : 2, "model" : "${model}", "seed":1.0e1}`;
    const answer = await call(port, { body: body('gpt-5:res-high') });
    assert.deepEqual(
      [answer.headers['x-openai-proxy-route'], answer.headers['x-openai-proxy-notes']],
      ['chat', 'dropped the alias in the model name'],
    );
    assert.equal(upstream.seen[0]?.body.toString(), body('gpt-5'));
  });

  it('is refused, before anything goes upstream, where it is no request', async (t) => {
    const { port, upstream } = await bridged(t);
    const cases: [body: string, code: string, param: string | null][] = [
      ['{"model":"gpt-5",', 'invalid_json', null],
      ['[]', 'invalid_json', null],
      [chatBody({ model: 'gpt-5:res-huge' }), 'invalid_value', 'model'],
      [chatBody({ model: undefined }), 'missing_required_parameter', 'model'],
    ];
    for (const [body, code, param] of cases) {
      const answer = await call(port, { body });
      const error = errorOf(answer);
      assert.deepEqual([answer.status, error.code, error.param], [400, code, param], body);
    }
    assert.equal(upstream.connections(), 0);
  });
});

describe('the reasoning of an answer', () => {
  const reasoningOf = async (t: Context, userAgent: string | undefined, reasoning?: 'think' | 'off'): Promise<unknown[]> => {
    const { upstream } = await bridged(t);
    const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses', reasoning });
    const headers = userAgent === undefined ? {} : { 'user-agent': userAgent };
    const answer = await call(port, { body: chatBody({ stream: false }), headers });
    const { choices } = JSON.parse(answer.text) as { choices: { message: { content: string; reasoning_content?: string } }[] };
    return [choices[0]?.message.content, choices[0]?.message.reasoning_content];
  };

  it('is a field, but a quote for Xcode, which shows no such field', async (t) => {
    assert.deepEqual(await reasoningOf(t, undefined), ['Hello', 'Hm.']);
    assert.deepEqual(await reasoningOf(t, 'not Xcode/26'), ['Hello', 'Hm.']);
    assert.deepEqual(await reasoningOf(t, 'Xcode/24577 CFNetwork/3860'), ['> **Thinking**\n> \n> Hm.\n> \n> ———\n\nHello', undefined]);
  });

  it('has the form that is set, for every client', async (t) => {
    for (const userAgent of [undefined, 'Xcode/24577']) {
      assert.deepEqual(await reasoningOf(t, userAgent, 'off'), ['Hello', undefined]);
      assert.deepEqual(await reasoningOf(t, userAgent, 'think'), ['<think>\nHm.\n</think>\n\nHello', undefined]);
    }
  });
});
