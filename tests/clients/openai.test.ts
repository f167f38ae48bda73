import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import OpenAI, { APIConnectionError, APIError, AuthenticationError, BadRequestError, RateLimitError } from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import type { ChatCompletionChunk, ChatCompletionCreateParamsNonStreaming } from 'openai/resources/chat/completions';
import { z } from 'zod';
import type { Context } from '../server/support.ts';
import { pixel, serve } from './upstream.ts';
import type { Served } from './upstream.ts';

interface Client extends Served {
  openai: OpenAI;
}

async function client(t: Context, mode: 'chat' | 'responses' = 'responses'): Promise<Client> {
  const served = await serve(t, mode);
  const { baseURL, fetch } = served;
  return { ...served, openai: new OpenAI({ baseURL, apiKey: 'sk-test-0123456789', maxRetries: 0, fetch }) };
}

const ask = (content: string, more: object = {}): ChatCompletionCreateParamsNonStreaming => ({
  model: 'gpt-5',
  messages: [{ role: 'user', content }],
  ...more,
});

async function chunksOf({ openai }: Client, content: string, more: object = {}): Promise<ChatCompletionChunk[]> {
  const chunks: ChatCompletionChunk[] = [];
  for await (const chunk of await openai.chat.completions.create({ ...ask(content, more), stream: true })) chunks.push(chunk);
  return chunks;
}

/** A key of the deltas that the package has no type for, joined. */
const joined = (chunks: ChatCompletionChunk[], key: string): string =>
  chunks.map(({ choices }) => (choices[0]?.delta as Record<string, string> | undefined)?.[key] ?? '').join('');

const weather = {
  type: 'function' as const,
  function: { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } },
};

describe('the openai package, in both modes', () => {
  for (const mode of ['chat', 'responses'] as const) {
    it(`gets a text, whole and streamed: ${mode}`, async (t) => {
      const one = await client(t, mode);
      const whole = await one.openai.chat.completions.create(ask('text'));
      assert.equal(whole.choices[0]?.message.content, 'Hello there, friend.');
      assert.equal(whole.choices[0].finish_reason, 'stop');
      assert.equal(whole.usage?.total_tokens, 30);
      assert.equal(one.upstream.seen[0]?.url, mode === 'chat' ? '/v1/chat/completions' : '/v1/responses');
      const chunks = await chunksOf(one, 'text');
      assert.equal(joined(chunks, 'content'), 'Hello there, friend.');
      assert.equal(chunks.at(-1)?.choices[0]?.finish_reason, 'stop');
    });

    it(`folds a stream with its helper: ${mode}`, async (t) => {
      const { openai } = await client(t, mode);
      const stream = openai.chat.completions.stream({ ...ask('text'), stream: true });
      let content = '';
      stream.on('content', (delta) => (content += delta));
      const final = await stream.finalChatCompletion();
      assert.equal(final.choices[0]?.message.content, 'Hello there, friend.');
      assert.equal(content, 'Hello there, friend.');
      const tools = openai.chat.completions.stream({ ...ask('tool'), stream: true, tools: [weather] });
      const { tool_calls: calls } = await tools.finalMessage();
      assert.deepEqual(calls?.[0], { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } });
    });

    it(`runs tools: ${mode}`, async (t) => {
      const { openai, last } = await client(t, mode);
      const cities: unknown[] = [];
      const tool = {
        type: 'function' as const,
        function: {
          ...weather.function,
          parse: JSON.parse,
          function: (args: { city: string }) => {
            cities.push(args.city);
            return 'rain';
          },
        },
      };
      for (const stream of [false, true]) {
        const messages = [{ role: 'user' as const, content: 'tool' }];
        const asked = { model: 'gpt-5', messages, tools: [tool as never] };
        const runner = stream ? openai.chat.completions.runTools({ ...asked, stream }) : openai.chat.completions.runTools(asked);
        assert.equal(await runner.finalContent(), 'Hello there, friend.');
        const body = last();
        const outputs = mode === 'chat' ? body.messages : body.input;
        assert.equal(outputs.at(-1)[mode === 'chat' ? 'content' : 'output'], 'rain');
        assert.equal(outputs.at(-1)[mode === 'chat' ? 'tool_call_id' : 'call_id'], 'call_1');
      }
      assert.deepEqual(cities, ['Oslo', 'Oslo']);
    });

    it(`may speak to /v1/responses itself: ${mode}`, async (t) => {
      const { openai, last } = await client(t, mode);
      const whole = await openai.responses.create({ model: 'gpt-5', input: 'reasoning' });
      assert.equal(whole.output_text, 'The answer is 4.');
      assert.deepEqual(last(), { model: 'gpt-5', input: 'reasoning' });
      const stream = openai.responses.stream({ model: 'gpt-5', input: 'tool' });
      const final = await stream.finalResponse();
      assert.equal(final.output.at(-1)?.type, 'function_call');
      await assert.rejects(openai.responses.create({ model: 'gpt-5', input: 'quota' }), RateLimitError);
    });

    it(`lists the models: ${mode}`, async (t) => {
      const { openai } = await client(t, mode);
      const ids: string[] = [];
      for await (const { id } of openai.models.list()) ids.push(id);
      assert.deepEqual(ids, mode === 'chat' ? ['gpt-5', 'gpt-5.5', 'gpt-4o'] : ['gpt-5.3-codex', 'gpt-5.5']);
      assert.equal((await openai.models.retrieve(ids[0]!)).id, ids[0]);
      await assert.rejects(openai.models.retrieve('of-nobody'), { status: 404, code: 'model_not_found' });
    });
  }
});

describe('the openai package, answered by /v1/responses', () => {
  it('gets a legacy function call, whole and streamed', async (t) => {
    const { openai } = await client(t);
    const asked = { ...ask('tool'), functions: [weather.function] };
    const { choices } = await openai.chat.completions.create(asked);
    assert.deepEqual(choices[0]?.message.function_call, { name: 'weather', arguments: '{"city":"Oslo"}' });
    const stream = openai.chat.completions.stream({ ...asked, stream: true });
    const final = (await stream.finalChatCompletion()).choices[0];
    assert.deepEqual(final?.message.function_call, { name: 'weather', arguments: '{"city":"Oslo"}' });
    assert.equal(final.finish_reason, 'function_call');
  });

  it('gets reasoning', async (t) => {
    const one = await client(t);
    const { choices } = await one.openai.chat.completions.create(ask('reasoning'));
    const message = choices[0]?.message as unknown as Record<string, string>;
    assert.equal(message['reasoning_content'], 'First this.\n\nThen that.');
    assert.equal(message['content'], 'The answer is 4.');
    const chunks = await chunksOf(one, 'reasoning');
    assert.equal(joined(chunks, 'reasoning_content'), 'First this.\n\nThen that.');
    assert.equal(joined(chunks, 'content'), 'The answer is 4.');
  });

  it('gets calls in parallel and answers them', async (t) => {
    const { openai, last } = await client(t);
    const { choices } = await openai.chat.completions.create(ask('tools', { tools: [weather], parallel_tool_calls: true }));
    const message = choices[0]!.message;
    assert.equal(choices[0]?.finish_reason, 'tool_calls');
    assert.deepEqual(
      message.tool_calls?.map(({ id }) => id),
      ['call_1', 'call_2'],
    );
    const results = message.tool_calls!.map(({ id }) => ({ role: 'tool' as const, tool_call_id: id, content: `of ${id}` }));
    const next = await openai.chat.completions.create({
      model: 'gpt-5',
      tools: [weather],
      messages: [{ role: 'user', content: 'tools' }, message, ...results],
    });
    assert.equal(next.choices[0]?.message.content, 'Hello there, friend.');
    const types = last().input.map(({ type, role }: Record<string, string>) => type ?? role);
    assert.deepEqual(types.slice(-4), ['function_call', 'function_call', 'function_call_output', 'function_call_output']);
  });

  it('gets citations, and images', async (t) => {
    const one = await client(t);
    const whole = await one.openai.chat.completions.create(ask('citations'));
    const { annotations, content } = whole.choices[0]!.message;
    const { url_citation } = annotations![0]!;
    assert.deepEqual(url_citation, { url: 'https://example.com/a', title: 'Example', start_index: 0, end_index: 5 });
    assert.equal(content, 'News from there.');
    const chunks = await chunksOf(one, 'citations');
    assert.deepEqual(chunks.at(-1)?.choices[0]?.delta, { annotations });
    const url = `data:image/png;base64,${pixel}`;
    const drawn = await one.openai.chat.completions.create(ask('image'));
    assert.deepEqual((drawn.choices[0]!.message as unknown as { images: unknown }).images, [{ type: 'image_url', image_url: { url } }]);
    const image = { type: 'image_url', image_url: { url, detail: 'low' } };
    await one.openai.chat.completions.create({
      ...ask(''),
      messages: [{ role: 'user', content: [{ type: 'text', text: 'text' }, image as never] }],
    });
    assert.deepEqual(one.last().input[0].content[1], { type: 'input_image', image_url: url, detail: 'low' });
  });

  it('parses JSON by a schema, whole and streamed', async (t) => {
    const { openai, last } = await client(t);
    const response_format = zodResponseFormat(z.object({ city: z.string() }), 'place');
    const { choices } = await openai.chat.completions.parse({ ...ask('json'), response_format });
    assert.deepEqual(choices[0]?.message.parsed, { city: 'Oslo' });
    const { type, name, strict, schema } = last().text.format;
    assert.deepEqual([type, name, strict, schema.required], ['json_schema', 'place', true, ['city']]);
    const stream = openai.chat.completions.stream({ ...ask('json'), stream: true, response_format });
    assert.deepEqual((await stream.finalChatCompletion()).choices[0]?.message.parsed, { city: 'Oslo' });
  });

  it('gets usage at the end of a stream where it asks for it', async (t) => {
    const one = await client(t);
    const chunks = await chunksOf(one, 'text', { stream_options: { include_usage: true } });
    assert.deepEqual(chunks.at(-1)?.choices, []);
    const { prompt_tokens, completion_tokens, total_tokens, prompt_tokens_details, completion_tokens_details } = chunks.at(-1)!.usage!;
    assert.deepEqual([prompt_tokens, completion_tokens, total_tokens], [20, 10, 30]);
    assert.equal(prompt_tokens_details?.cached_tokens, 5);
    assert.equal(completion_tokens_details?.reasoning_tokens, 3);
  });

  const refusals: [word: string, kind: new (...args: never[]) => Error, status: number, code: string][] = [
    ['key', AuthenticationError, 401, 'invalid_api_key'],
    ['quota', RateLimitError, 429, 'rate_limit_exceeded'],
    ['invalid', BadRequestError, 400, 'invalid_value'],
  ];
  for (const [word, kind, status, code] of refusals) {
    it(`throws ${kind.name} where the upstream refuses with ${status}`, async (t) => {
      const { openai } = await client(t);
      for (const stream of [false, true]) {
        await assert.rejects(openai.chat.completions.create(ask(word, { stream })), (error) => {
          assert.ok(error instanceof kind && error instanceof APIError);
          assert.deepEqual([error.status, error.code], [status, code]);
          if (status === 400) assert.equal(error.param, 'messages[0]');
          if (status === 429) assert.equal(error.headers?.get('retry-after'), '7');
          return true;
        });
      }
    });
  }

  it('throws in the middle of a stream that fails or breaks, after what came', async (t) => {
    const { openai } = await client(t);
    for (const [word, code] of [
      ['fails', 'server_error'],
      ['breaks', 'upstream_reset'],
    ] as const) {
      let content = '';
      const read = async (): Promise<void> => {
        const stream = await openai.chat.completions.create({ ...ask(word), stream: true });
        for await (const { choices } of stream) content += choices[0]?.delta.content ?? '';
      };
      await assert.rejects(read, (error) => error instanceof APIError && !(error instanceof APIConnectionError) && error.code === code);
      assert.equal(content, 'So far so good');
    }
  });
});
