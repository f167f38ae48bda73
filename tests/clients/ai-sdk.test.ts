import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError, generateText, Output, stepCountIs, streamText, tool } from 'ai';
import type { LanguageModel, TextStreamPart, ToolSet } from 'ai';
import { z } from 'zod';
import type { Context } from '../server/support.ts';
import { pixel, serve } from './upstream.ts';
import type { Served } from './upstream.ts';

const apiKey = 'sk-test-0123456789';
const providers: Readonly<Record<string, (served: Served) => LanguageModel>> = {
  '@ai-sdk/openai-compatible': ({ baseURL, fetch }) =>
    createOpenAICompatible({ name: 'proxy', baseURL, apiKey, fetch, includeUsage: true, supportsStructuredOutputs: true })('gpt-5'),
  '@ai-sdk/openai': ({ baseURL, fetch }) => createOpenAI({ baseURL, apiKey, fetch }).chat('gpt-5'),
};

const weather = tool({
  description: 'The weather in a city',
  inputSchema: z.object({ city: z.string() }),
  execute: async ({ city }) => `rain in ${city}`,
});

type Part = TextStreamPart<ToolSet>;

/** What a stream gave, also where it broke off. */
async function partsOf({ fullStream }: { fullStream: AsyncIterable<unknown> }): Promise<Part[]> {
  const parts: Part[] = [];
  try {
    for await (const part of fullStream) parts.push(part as Part);
  } catch (error) {
    assert.ok(
      parts.some(({ type }) => type === 'error'),
      String(error),
    );
  }
  return parts;
}

const joined = (parts: Part[], type: 'text-delta' | 'reasoning-delta'): string =>
  parts.map((part) => (part.type === type ? part.text : '')).join('');

for (const [name, create] of Object.entries(providers)) {
  const showsReasoning = name === '@ai-sdk/openai-compatible';

  describe(`Vercel's AI SDK with ${name}`, () => {
    const start = async (t: Context, mode: 'chat' | 'responses' = 'responses'): Promise<Served & { model: LanguageModel }> => {
      const served = await serve(t, mode);
      return { ...served, model: create(served) };
    };

    for (const mode of ['chat', 'responses'] as const) {
      it(`gets a text, whole and streamed: ${mode}`, async (t) => {
        const { model, upstream } = await start(t, mode);
        const { text, finishReason, usage } = await generateText({ model, prompt: 'text' });
        assert.deepEqual([text, finishReason, usage.totalTokens], ['Hello there, friend.', 'stop', 30]);
        const stream = streamText({ model, prompt: 'text' });
        const parts = await partsOf(stream);
        assert.equal(joined(parts, 'text-delta'), 'Hello there, friend.');
        assert.equal(await stream.finishReason, 'stop');
        assert.ok(upstream.seen.every(({ url }) => url === (mode === 'chat' ? '/v1/chat/completions' : '/v1/responses')));
      });
    }

    it('gets reasoning and usage', async (t) => {
      const { model } = await start(t);
      const expected = showsReasoning ? 'First this.\n\nThen that.' : '';
      const { reasoningText = '', text } = await generateText({ model, prompt: 'reasoning' });
      assert.deepEqual([reasoningText, text], [expected, 'The answer is 4.']);
      const stream = streamText({ model, prompt: 'reasoning' });
      const parts = await partsOf(stream);
      assert.deepEqual([joined(parts, 'reasoning-delta'), joined(parts, 'text-delta')], [expected, 'The answer is 4.']);
      const { inputTokens, outputTokens, inputTokenDetails, outputTokenDetails } = await stream.totalUsage;
      assert.deepEqual([inputTokens, outputTokens], [20, 10]);
      assert.deepEqual([inputTokenDetails.cacheReadTokens, outputTokenDetails.reasoningTokens], [5, 3]);
    });

    it('runs tools over several steps', async (t) => {
      const { model, last } = await start(t);
      const asked = { model, tools: { weather }, stopWhen: stepCountIs(3) };
      for (const prompt of ['tool', 'tools']) {
        const whole = await generateText({ ...asked, prompt });
        assert.equal(whole.text, 'Hello there, friend.');
        assert.deepEqual([whole.steps.length, whole.steps[0]?.finishReason], [2, 'tool-calls']);
        assert.equal(last().input.at(-1).output, prompt === 'tool' ? 'rain in Oslo' : 'rain in Rome');
        const stream = streamText({ ...asked, prompt });
        const parts = await partsOf(stream);
        const calls = parts.filter(({ type }) => type === 'tool-call');
        assert.equal(calls.length, prompt === 'tool' ? 1 : 2);
        assert.ok(!parts.some(({ type }) => type === 'error'));
        assert.equal(joined(parts, 'text-delta'), 'Hello there, friend.');
      }
    });

    it('reads citations and images, and sends images and files', async (t) => {
      const { model, last } = await start(t);
      const sources = showsReasoning ? [] : ['https://example.com/a'];
      for (const prompt of ['citations', 'image']) {
        const whole = await generateText({ model, prompt });
        const parts = await partsOf(streamText({ model, prompt }));
        assert.ok(!parts.some(({ type }) => type === 'error'));
        assert.equal(joined(parts, 'text-delta'), whole.text);
        if (prompt === 'image') continue;
        assert.equal(whole.text, 'News from there.');
        assert.deepEqual(
          whole.sources.map((source) => (source.sourceType === 'url' ? source.url : '')),
          sources,
        );
      }
      const image = { type: 'image' as const, image: Buffer.from(pixel, 'base64'), mediaType: 'image/png' };
      const file = { type: 'file' as const, data: Buffer.from('%PDF-1.4'), mediaType: 'application/pdf', filename: 'a.pdf' };
      await generateText({ model, messages: [{ role: 'user', content: [{ type: 'text', text: 'text' }, image, file] }] });
      const [, sentImage, sentFile] = last().input[0].content;
      assert.deepEqual([sentImage.type, sentImage.image_url], ['input_image', `data:image/png;base64,${pixel}`]);
      assert.deepEqual([sentFile.type, sentFile.filename], ['input_file', 'a.pdf']);
    });

    it('gets an object by a schema, whole and streamed', async (t) => {
      const { model, last } = await start(t);
      const output = Output.object({ schema: z.object({ city: z.string() }) });
      const { output: whole } = await generateText({ model, prompt: 'json', output });
      assert.deepEqual(whole, { city: 'Oslo' });
      assert.equal(last().text.format.type, 'json_schema');
      const stream = streamText({ model, prompt: 'json', output });
      await stream.consumeStream();
      assert.deepEqual(await stream.output, { city: 'Oslo' });
    });

    for (const [word, status] of [
      ['key', 401],
      ['quota', 429],
      ['invalid', 400],
    ] as const) {
      it(`gets the error where the upstream refuses with ${status}`, async (t) => {
        const { model } = await start(t);
        const asked = { model, prompt: word, maxRetries: 0 };
        const isIt = (error: unknown): boolean =>
          APICallError.isInstance(error) && error.statusCode === status && /\w\.$/.test(error.message);
        await assert.rejects(generateText(asked), isIt);
        const parts = await partsOf(streamText({ ...asked, onError: () => {} }));
        assert.ok(isIt(parts.find((part) => part.type === 'error')?.error));
      });
    }

    it('gets the error of a stream that fails or breaks, and no finish', async (t) => {
      const { model } = await start(t);
      for (const [prompt, message] of [
        ['fails', /The model broke down\./],
        ['breaks', /closed the connection/],
      ] as const) {
        const stream = streamText({ model, prompt, maxRetries: 0, onError: () => {} });
        const parts = await partsOf(stream);
        assert.equal(joined(parts, 'text-delta'), 'So far so good');
        const error = parts.find((part) => part.type === 'error')?.error;
        assert.match((error as Error).message ?? error, message);
        assert.ok(!parts.some((part) => part.type === 'finish' && part.finishReason === 'stop'));
      }
    });
  });
}
