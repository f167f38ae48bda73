import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ChatOpenAI } from '@langchain/openai';
import { z } from 'zod';
import type { Context } from '../server/support.ts';
import { pixel, serve } from './upstream.ts';
import type { Served } from './upstream.ts';

async function start(t: Context, mode: 'chat' | 'responses' = 'responses'): Promise<Served & { model: ChatOpenAI }> {
  const served = await serve(t, mode);
  const { baseURL, fetch } = served;
  const configuration = { baseURL, fetch };
  return { ...served, model: new ChatOpenAI({ model: 'gpt-5', apiKey: 'sk-test-0123456789', maxRetries: 0, configuration }) };
}

const weather = {
  type: 'function' as const,
  function: { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
};

/** What is looked at of an answer, whole or folded. */
interface Answer {
  content: unknown;
  usage_metadata?: { input_tokens: number; total_tokens: number; output_token_details?: { reasoning?: number } };
  additional_kwargs: Record<string, unknown>;
  tool_calls?: { id?: string; name: string; args: Record<string, unknown> }[];
}

/** Asks once whole and once streamed; the chunks are added up as LangChain does. */
async function both(model: Pick<ChatOpenAI, 'invoke' | 'stream'>, asked: string): Promise<Answer[]> {
  return [(await model.invoke(asked)) as unknown as Answer, await streamed(model, asked)];
}

async function streamed(model: Pick<ChatOpenAI, 'stream'>, asked: string): Promise<Answer> {
  let sum: { concat(chunk: unknown): typeof sum } | undefined;
  for await (const chunk of await model.stream(asked)) sum = sum ? sum.concat(chunk) : (chunk as unknown as typeof sum);
  return sum as unknown as Answer;
}

describe('LangChain', () => {
  for (const mode of ['chat', 'responses'] as const) {
    it(`gets a text, whole and streamed: ${mode}`, async (t) => {
      const { model, upstream } = await start(t, mode);
      const [whole, stream] = await both(model, 'text');
      assert.equal(whole?.content, 'Hello there, friend.');
      assert.equal(whole.usage_metadata?.total_tokens, 30);
      assert.equal(stream?.content, 'Hello there, friend.');
      assert.ok(upstream.seen.every(({ url }) => url === (mode === 'chat' ? '/v1/chat/completions' : '/v1/responses')));
    });
  }

  it('gets reasoning and usage', async (t) => {
    const { model } = await start(t);
    for (const answer of await both(model, 'reasoning')) {
      assert.equal(answer.content, 'The answer is 4.');
      assert.equal(answer.additional_kwargs['reasoning_content'], 'First this.\n\nThen that.');
      assert.deepEqual([answer.usage_metadata?.input_tokens, answer.usage_metadata?.output_token_details?.reasoning], [20, 3]);
    }
  });

  it('gets calls and sends back what they gave', async (t) => {
    const { model, last } = await start(t);
    const bound = model.bindTools([weather]);
    for (const word of ['tool', 'tools']) {
      for (const answer of await both(bound as never, word)) {
        assert.deepEqual(
          answer.tool_calls?.map(({ id, name, args }) => [id, name, args['city']]),
          [['call_1', 'weather', 'Oslo'], ...(word === 'tools' ? [['call_2', 'weather', 'Rome']] : [])],
        );
        const results = answer.tool_calls!.map(({ id }) => ({ role: 'tool' as const, tool_call_id: id!, content: 'rain' }));
        const next = await bound.invoke([{ role: 'user', content: word }, answer as never, ...results]);
        assert.equal(next.content, 'Hello there, friend.');
        assert.equal(last().input.at(-1).type, 'function_call_output');
      }
    }
  });

  it('reads citations and images, and sends images', async (t) => {
    const { model, last } = await start(t);
    for (const answer of await both(model, 'citations')) assert.equal(answer.content, 'News from there.');
    // it takes images from whole answers only
    const [whole, stream] = await both(model, 'image');
    assert.match(JSON.stringify(whole?.content), /Here it is\..*data:image/);
    assert.equal(stream?.content, 'Here it is.');
    const url = `data:image/png;base64,${pixel}`;
    const content = [
      { type: 'text', text: 'text' },
      { type: 'image_url', image_url: { url } },
    ];
    await model.invoke([{ role: 'user', content }]);
    assert.deepEqual(last().input[0].content[1], { type: 'input_image', image_url: url, detail: 'auto' });
  });

  it('gets an object by a schema', async (t) => {
    const { model, last } = await start(t);
    const structured = model.withStructuredOutput(z.object({ city: z.string() }), { method: 'jsonSchema' });
    assert.deepEqual(await structured.invoke('json'), { city: 'Oslo' });
    assert.equal(last().text.format.type, 'json_schema');
    const parts: unknown[] = [];
    for await (const part of await structured.stream('json')) parts.push(part);
    assert.deepEqual(parts.at(-1), { city: 'Oslo' });
  });

  it('gets the error before and in the middle of an answer', async (t) => {
    const { model } = await start(t);
    for (const [word, status] of [
      ['key', 401],
      ['quota', 429],
      ['invalid', 400],
    ] as const) {
      await assert.rejects(model.invoke(word), { status });
      await assert.rejects(streamed(model, word), { status });
    }
    await assert.rejects(streamed(model, 'fails'), /The model broke down\./);
    await assert.rejects(streamed(model, 'breaks'), /closed the connection/);
  });
});
