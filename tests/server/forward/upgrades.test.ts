import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { call, scriptedUpstream, startProxy, type Context } from '../support.ts';
import { errorBody, refusals, served } from './support.ts';

describe('in chat mode, what needed /v1/responses once', () => {
  const messages = [{ role: 'user', content: 'hi' }];
  const tools = [{ type: 'function', function: { name: 'f', parameters: { type: 'object', properties: {} } } }];
  const agent = { model: 'gpt-5.6-terra', messages, tools };

  interface Sent {
    tools?: unknown[];
    reasoning_effort?: string;
  }

  interface Bench {
    /** The paths at which a request reached the upstream, and how it was answered. */
    ask(body: object, key?: string): Promise<{ paths: string[]; status: number; route: unknown }>;
    clock: { time: number };
  }

  /** An upstream that refuses tools on Chat Completions, and there says `message`. */
  async function bench(
    t: Context,
    message: string,
    status = 400,
    serves = 200,
    refuses = (sent: Sent): boolean => sent.tools !== undefined && sent.reasoning_effort !== 'none',
  ): Promise<Bench> {
    const upstream = await scriptedUpstream(t, (answer, { url, body }) => {
      const sent = JSON.parse(body.toString()) as Sent;
      answer.setHeader('content-type', 'application/json');
      if (url === '/v1/responses') answer.writeHead(serves).end(serves === 200 ? JSON.stringify(served) : errorBody('No.', 'x'));
      else if (refuses(sent)) answer.writeHead(status).end(errorBody(message, 'reasoning_effort'));
      else answer.end('{"choices":[]}');
    });
    const clock = { time: 1_000_000 };
    const { port } = await startProxy(t, { upstream: upstream.url, mode: 'chat', now: () => clock.time });
    let looked = 0;
    return {
      clock,
      async ask(body, key = 'key') {
        const answer = await call(port, { body: JSON.stringify(body), headers: { authorization: `Bearer ${key}` } });
        const paths = upstream.seen.slice(looked).map(({ url }) => url.slice('/v1/'.length));
        looked = upstream.seen.length;
        return { paths, status: answer.status, route: answer.headers['x-openai-proxy-route'] };
      },
    };
  }

  const refused = refusals['function tools with reasoning'][2];
  const twice = { paths: ['chat/completions', 'responses'], status: 200, route: 'responses' };
  const atOnce = { paths: ['responses'], status: 200, route: 'responses' };
  const onChat = { paths: ['chat/completions'], status: 200, route: 'chat' };

  it('is sent there at once for an hour, for the same credential, model and use of tools', async (t) => {
    const { ask, clock } = await bench(t, refused);
    assert.deepEqual(await ask(agent), twice);
    assert.deepEqual(await ask({ ...agent, messages: [...messages, { role: 'assistant', content: 'x' }, ...messages] }), atOnce);
    assert.deepEqual(await ask({ model: agent.model, messages, functions: [{ name: 'f' }] }), atOnce);
    assert.deepEqual(await ask({ ...agent, model: 'gpt-5.6-sol' }), twice, 'another model');
    assert.deepEqual(await ask(agent, 'another'), twice);
    assert.deepEqual(await ask({ model: agent.model, messages }), onChat, 'without tools');
    assert.deepEqual(await ask({ ...agent, tools: undefined, metadata: { model: agent.model } }), onChat);
    assert.deepEqual(await ask({ ...agent, reasoning_effort: 'none' }), onChat, 'Chat takes tools at this effort');
    clock.time += 3_599_999;
    assert.deepEqual(await ask(agent), atOnce);
    clock.time += 1;
    assert.deepEqual(await ask(agent), twice, 'after an hour Chat is tried again');
  });

  it('says nothing of another use of the same model', async (t) => {
    const { ask } = await bench(t, refused, 400, 200, (sent) => sent.tools !== undefined);
    const atNone = { ...agent, reasoning_effort: 'none' };
    assert.deepEqual(await ask(atNone), twice);
    assert.deepEqual(await ask(atNone), atOnce);
    assert.deepEqual(await ask({ model: agent.model, messages }), onChat);
    assert.deepEqual(await ask(agent), twice);
  });

  it('is asked of Chat first if only Chat can do it', async (t) => {
    const { ask } = await bench(t, refused);
    await ask(agent);
    assert.deepEqual(await ask({ ...agent, n: 2 }), { paths: ['chat/completions'], status: 400, route: 'chat' });
  });

  it('is not remembered if /v1/responses does not serve it, either', async (t) => {
    const { ask } = await bench(t, refused, 400, 429);
    for (const _ of [1, 2])
      assert.deepEqual(await ask(agent), { paths: ['chat/completions', 'responses'], status: 429, route: 'responses' });
  });

  it("is not remembered if the refusal may quote the client's own text", async (t) => {
    const quoting = 'Refused: "This model is only supported in v1/responses" is not a topic.';
    const { ask } = await bench(t, quoting);
    const asks = { ...agent, messages: [{ role: 'user', content: 'only supported in v1/responses' }] };
    assert.deepEqual(await ask(asks), twice);
    assert.deepEqual(await ask(asks), twice);
  });

  it('is not remembered of what no model is named', async (t) => {
    const { ask } = await bench(t, refused);
    await ask(agent);
    for (const _ of [1, 2]) assert.deepEqual((await ask({ ...agent, model: 5 })).paths, ['chat/completions']);
    assert.deepEqual(await ask({ ...agent, model: 'x'.repeat(300) }), twice);
    assert.deepEqual(await ask({ ...agent, model: 'x'.repeat(300) }), twice);
  });
});
