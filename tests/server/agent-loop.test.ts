import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { ChatOpenAI } from '@langchain/openai';
import { generateText, stepCountIs, streamText, tool as aiTool } from 'ai';
import type { LanguageModel, ModelMessage } from 'ai';
import OpenAI from 'openai';
import { z } from 'zod';
import { scriptedUpstream, startProxy, type Context } from './support.ts';
import { assertInput, functionCall, giveTurn, message, thought, withoutIds, type Item } from './turns.ts';

const turns = 10;
const model = 'gpt-5.6-sol';
const apiKey = 'sk-agent-0123456789';

interface Sent {
  input: object[];
  include?: string[];
  store: boolean;
  stream?: boolean;
}

/** What a model does in one turn of the loop: it thinks, sometimes says something, and calls several functions at once. */
function turnOf(n: number): Item[] {
  if (n === turns) return [thought('done'), message('All done.', 'final_answer')];
  if (n > turns) return [thought('thanked'), message('You are welcome.', 'final_answer')];
  const calls = Array.from({ length: 1 + (n % 3) }, (_, at) =>
    functionCall(`call_${n}_${at}`, at % 2 ? 'square' : 'double', { n: n * 10 + at }),
  );
  const said = [[], [message(`Step ${n}.`, 'commentary')], [message(`Turn ${n}.`)], [message(`So far, so good (${n}).`, 'final_answer')]][
    n % 4
  ]!;
  const [first, ...others] = calls;
  // a model may think again between its calls
  return [thought(`turn ${n}`), ...said, first!, ...(others.length > 0 ? [thought(`more of ${n}`)] : []), ...others];
}

const results: Record<string, (n: number) => number> = { double: (n) => 2 * n, square: (n) => n * n };
const names = Object.keys(results);
const thanks = 'Thank you.';

/** Runs the loop, then thanks; returns the texts of both answers. */
type Agent = (baseURL: string, stream: boolean) => Promise<string[]>;

async function ofOpenAI(baseURL: string, stream: boolean): Promise<string[]> {
  const client = new OpenAI({ apiKey, baseURL, maxRetries: 0 });
  const tools = names.map((name) => ({
    type: 'function' as const,
    function: {
      name,
      description: name,
      parameters: { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] },
      parse: JSON.parse as (text: string) => { n: number },
      function: ({ n }: { n: number }) => String(results[name]!(n)),
    },
  }));
  const options = { maxChatCompletions: 2 * turns };
  const run = async (messages: OpenAI.ChatCompletionMessageParam[]): Promise<OpenAI.ChatCompletionMessageParam[]> => {
    const runner = stream
      ? client.chat.completions.runTools({ model, messages, tools, stream: true }, options)
      : client.chat.completions.runTools({ model, messages, tools, stream: false }, options);
    await runner.done();
    return runner.messages;
  };
  const first = await run([{ role: 'user', content: 'Go.' }]);
  const second = await run([...first, { role: 'user', content: thanks }]);
  return [first, second].map((messages) => String(messages.at(-1)?.content));
}

function ofAISDK(create: (baseURL: string) => LanguageModel): Agent {
  return async (baseURL, stream) => {
    const tools = Object.fromEntries(
      names.map((name) => [
        name,
        aiTool({ description: name, inputSchema: z.object({ n: z.number() }), execute: async ({ n }) => String(results[name]!(n)) }),
      ]),
    );
    const messages: ModelMessage[] = [{ role: 'user', content: 'Go.' }];
    const texts: string[] = [];
    for (const next of [thanks, '']) {
      const asked = { model: create(baseURL), messages, tools, stopWhen: stepCountIs(2 * turns), maxRetries: 0 };
      const run = stream ? streamText(asked) : await generateText(asked);
      texts.push(await run.text);
      messages.push(...(await run.response).messages, { role: 'user', content: next });
    }
    return texts;
  };
}

async function ofLangChain(baseURL: string, stream: boolean): Promise<string[]> {
  const client = new ChatOpenAI({ model, apiKey, maxRetries: 0, configuration: { baseURL } });
  const parameters = { type: 'object', properties: { n: { type: 'number' } } };
  const bound = client.bindTools(names.map((name) => ({ type: 'function' as const, function: { name, parameters } })));
  interface Answer {
    content: unknown;
    tool_calls?: { id?: string; name: string; args: Record<string, unknown> }[];
    concat(chunk: unknown): Answer;
  }
  const messages: unknown[] = [{ role: 'user', content: 'Go.' }];
  const texts: string[] = [];
  while (texts.length < 2) {
    let answer: Answer | undefined;
    if (stream) {
      for await (const chunk of await bound.stream(messages as never))
        answer = answer ? answer.concat(chunk) : (chunk as unknown as Answer);
    } else answer = (await bound.invoke(messages as never)) as unknown as Answer;
    const { content, tool_calls: calls = [] } = answer!;
    messages.push(answer);
    for (const { id, name, args } of calls)
      messages.push({ role: 'tool', tool_call_id: id, content: String(results[name]!(args['n'] as number)) });
    if (calls.length > 0) continue;
    texts.push(String(content));
    messages.push({ role: 'user', content: thanks });
  }
  return texts;
}

const agents: Record<string, Agent> = {
  'the openai package': ofOpenAI,
  "Vercel's AI SDK, openai": ofAISDK((baseURL) => createOpenAI({ baseURL, apiKey }).chat(model)),
  "Vercel's AI SDK, openai-compatible": ofAISDK((baseURL) => createOpenAICompatible({ name: 'proxy', baseURL, apiKey })(model)),
  LangChain: ofLangChain,
};

/** An upstream that plays the model, and what must reach it in each request. */
async function serveModel(t: Context): Promise<{ url: string; received: Sent[]; wanted: object[][] }> {
  const expected: object[] = [{ role: 'user', content: 'Go.' }];
  const received: Sent[] = [];
  const wanted: object[][] = [];
  const { url } = await scriptedUpstream(t, (response, { body }) => {
    const sent = JSON.parse(body.toString('utf8')) as Sent;
    received.push(sent);
    wanted.push([...expected]);
    const items = turnOf(received.length);
    giveTurn(response, items, sent.stream === true);
    expected.push(...withoutIds(items));
    for (const { type, call_id, name, arguments: args } of items as { [key: string]: string }[]) {
      if (type !== 'function_call') continue;
      const { n } = JSON.parse(args!) as { n: number };
      expected.push({ type: 'function_call_output', call_id, output: String(results[name!]!(n)) });
    }
    if (received.length === turns) expected.push({ role: 'user', content: thanks });
  });
  return { url, received, wanted };
}

for (const [name, agent] of Object.entries(agents)) {
  for (const stream of [false, true]) {
    test(`an agent gets all of its turns back to the model: ${name}, ${stream ? 'streamed' : 'whole'}`, async (t) => {
      const upstream = await serveModel(t);
      const { url, finished } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
      assert.deepEqual(await agent(`${url}/v1`, stream), ['All done.', 'You are welcome.']);
      assert.equal(upstream.received.length, turns + 1);
      for (const [at, { input, include, store }] of upstream.received.entries()) {
        assertInput(input, upstream.wanted[at]!, `request ${at + 1}`);
        assert.deepEqual({ include, store }, { include: ['reasoning.encrypted_content'], store: false });
      }
      assert.deepEqual(
        finished.flatMap(({ report }) => report.notes),
        [],
      );
    });
  }
}
