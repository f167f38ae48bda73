// The packages of real clients before servers that deviate: the same answer from all of them, whole and streamed.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { ChatOpenAI } from '@langchain/openai';
import { generateText, streamText, tool } from 'ai';
import type { LanguageModel, ToolSet } from 'ai';
import OpenAI from 'openai';
import { z } from 'zod';
import { serveCommand } from '../server/support.ts';
import { lintingFetch } from './lint.ts';
import { meant, otherServers, startOther } from './other-servers.ts';
import type { Body } from './upstream.ts';

/** What a program that uses the package gets. */
interface Got {
  text: string;
  /** undefined from a package that does not read it. */
  reasoning: string | undefined;
  calls: unknown[];
  finish: string | undefined;
  tokens: unknown[];
  errors: string[];
}

/** Asks one question, with a tool; `fetch` and the base URL lead to the proxy. */
type Ask = (proxy: { baseURL: string; fetch: typeof fetch }, prompt: string, stream: boolean) => Promise<Got>;

const model = 'other-1';
const apiKey = 'sk-test-0123456789';
const parameters = { type: 'object' as const, properties: { city: { type: 'string' as const } } };
const weather = { type: 'function' as const, function: { name: 'weather', parameters } };
const textOf = (error: unknown): string => (error instanceof Error ? error.message : JSON.stringify(error));

const nothing = (): Got => ({ text: '', reasoning: '', calls: [], finish: undefined, tokens: [], errors: [] });

const openai: Ask = async (proxy, prompt, stream) => {
  const { completions } = new OpenAI({ ...proxy, apiKey, maxRetries: 0 }).chat;
  const asked = { model, messages: [{ role: 'user' as const, content: prompt }], tools: [weather] };
  const got = nothing();
  const take = (said: Body): void => {
    got.text += said?.content ?? '';
    got.reasoning += said?.reasoning_content ?? '';
  };
  try {
    const sent = stream ? completions.stream({ ...asked, stream_options: { include_usage: true } }) : undefined;
    sent?.on('chunk', ({ choices }) => take(choices[0]?.delta));
    const { choices, usage } = await (sent?.finalChatCompletion() ?? completions.create(asked));
    const { message, finish_reason: finish } = choices[0]!;
    if (!sent) take(message);
    const calls = (message.tool_calls ?? []).map((one: Body) => [one.function.name, JSON.parse(one.function.arguments)]);
    Object.assign(got, { calls, finish, tokens: [usage?.prompt_tokens, usage?.completion_tokens] });
  } catch (error) {
    got.errors.push(textOf(error));
  }
  return got;
};

const aiSdk =
  (create: (proxy: { baseURL: string; fetch: typeof fetch }) => LanguageModel, readsReasoning: boolean): Ask =>
  async (proxy, prompt, stream) => {
    // the package's own types do not agree under exactOptionalPropertyTypes
    const tools = { weather: tool({ inputSchema: z.object({ city: z.string() }) }) } as unknown as ToolSet;
    const asked = { model: create(proxy), prompt, tools, maxRetries: 0 };
    const got = { ...nothing(), reasoning: readsReasoning ? '' : undefined };
    const called = ({ toolName, input }: { toolName: string; input: unknown }): unknown => [toolName, input];
    try {
      if (stream) {
        for await (const part of streamText({ ...asked, onError: () => {} }).fullStream) {
          if (part.type === 'text-delta') got.text += part.text;
          if (part.type === 'reasoning-delta') got.reasoning += part.text;
          if (part.type === 'tool-call') got.calls.push(called(part));
          if (part.type === 'error') got.errors.push(textOf(part.error));
          if (part.type === 'finish') got.finish = part.finishReason;
          if (part.type === 'finish') got.tokens = [part.totalUsage.inputTokens, part.totalUsage.outputTokens];
        }
      } else {
        const { text, reasoningText = got.reasoning, toolCalls, finishReason, usage } = await generateText(asked);
        const tokens = [usage.inputTokens, usage.outputTokens];
        Object.assign(got, { text, reasoning: reasoningText, calls: toolCalls.map(called), finish: finishReason, tokens });
      }
    } catch (error) {
      got.errors.push(textOf(error));
    }
    return { ...got, finish: got.finish?.replace('-', '_') };
  };

const langChain: Ask = async ({ baseURL, fetch }, prompt, stream) => {
  const client = new ChatOpenAI({ model, apiKey, maxRetries: 0, configuration: { baseURL, fetch } }).bindTools([weather]);
  let answer: Body;
  const errors: string[] = [];
  try {
    if (!stream) answer = await client.invoke(prompt);
    else for await (const chunk of await client.stream(prompt)) answer = answer ? answer.concat(chunk) : chunk;
  } catch (error) {
    errors.push(textOf(error));
  }
  const { input_tokens: input, output_tokens: output } = answer?.usage_metadata ?? {};
  return {
    text: answer?.content ?? '',
    reasoning: answer?.additional_kwargs.reasoning_content ?? '',
    calls: (answer?.tool_calls ?? []).map(({ name, args }: Body) => [name, args]),
    finish: answer?.response_metadata.finish_reason,
    tokens: answer?.usage_metadata ? [input, output] : [],
    errors,
  };
};

const clients: Readonly<Record<string, Ask>> = {
  openai,
  '@ai-sdk/openai-compatible': aiSdk(
    (proxy) => createOpenAICompatible({ ...proxy, name: 'proxy', apiKey, includeUsage: true })(model),
    true,
  ),
  '@ai-sdk/openai': aiSdk((proxy) => createOpenAI({ ...proxy, apiKey }).chat(model), false),
  '@langchain/openai': langChain,
};

for (const [server, create] of Object.entries(otherServers)) {
  describe(`before a server like ${server}`, () => {
    for (const [name, ask] of Object.entries(clients)) {
      it(`${name} gets text, reasoning, calls and errors once`, async (t) => {
        const upstream = await startOther(t, create);
        const { port } = await serveCommand(t, ['--upstream', upstream.url, '--mode', 'responses']);
        const proxy = { baseURL: `http://127.0.0.1:${port}/v1`, fetch: lintingFetch(t) };
        const { text, calls, tokens, failure } = meant;
        for (const stream of [false, true]) {
          const how = stream ? 'streamed' : 'whole';
          const { reasoning, ...said } = await ask(proxy, 'text', stream);
          assert.deepEqual(said, { text, calls: [], finish: 'stop', tokens, errors: [] }, how);
          assertMeant(reasoning, how);
          const { reasoning: before, ...called } = await ask(proxy, 'tools', stream);
          assert.deepEqual(called, { text: '', calls, finish: 'tool_calls', tokens, errors: [] }, how);
          assertMeant(before, how);
          const failed = await ask(proxy, 'fails', stream);
          assert.deepEqual([failed.errors.length, failed.text], [1, stream ? text : ''], how);
          assert.ok(failed.errors[0]!.includes(failure), failed.errors[0]);
          assert.ok(failed.finish === undefined || failed.finish === 'error', failed.finish);
        }
        assert.equal(upstream.seen.length, 6);
      });
    }
  });
}

/** The reasoning is there once; what the server ran may stand below it. */
function assertMeant(reasoning: string | undefined, how: string): void {
  if (reasoning === undefined) return;
  const [first, ...more] = reasoning.split('\n\n');
  assert.equal(first, meant.reasoning, how);
  assert.ok(more.length <= 1 && !more.join().includes(meant.reasoning), reasoning);
}
