import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { call, errorOf, serveCommand, until } from '../server/support.ts';
import type { Answer, Call } from '../server/support.ts';
import { lintCompletion, lintStream } from './lint.ts';
import { pixel, serve } from './upstream.ts';
import type { Body, Served } from './upstream.ts';

// What the programs named here send, written from their sources and from captures, as far as it differs from what OpenAI's own package sends.

const xcode = 'Xcode/24577 CFNetwork/3860.300.31 Darwin/25.2.0';
const bearer = { authorization: 'Bearer sk-test-0123456789' };
const parts = (text: string): object[] => [{ type: 'text', text }];

async function post({ port }: Pick<Served, 'port'>, body: object, more: Call = {}): Promise<Answer> {
  const headers = { 'content-type': 'application/json', ...more.headers };
  const answer = await call(port, { ...more, headers, body: JSON.stringify(body) });
  if (answer.status !== 200) return answer;
  assert.equal(answer.complete, true);
  const streamed = answer.headers['content-type']?.startsWith('text/event-stream');
  assert.deepEqual(streamed ? lintStream(answer.text) : lintCompletion(JSON.parse(answer.text)), [], answer.text);
  return answer;
}

const chunksOf = ({ text }: Answer): Body[] =>
  text
    .split('\n\n')
    .filter((block) => block.startsWith('data: {'))
    .map((block) => JSON.parse(block.slice(6)));

/** The content of a stream as it is shown. */
const contentOf = (answer: Answer): string =>
  chunksOf(answer)
    .map(({ choices }) => choices[0]?.delta.content ?? '')
    .join('');

const deltasOf = (answer: Answer): Body[] => chunksOf(answer).flatMap(({ choices }) => choices.map(({ delta }: Body) => delta));

const weather = { name: 'weather', description: 'The weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } };
const tools = [{ type: 'function', function: weather }];

describe('Xcode', () => {
  const headers = { 'user-agent': xcode };
  const ask = (text: string, more: object = {}): object => ({
    model: 'gpt-5.3-codex',
    stream: true,
    messages: [
      { role: 'system', content: parts('You are a coding assistant.') },
      { role: 'user', content: parts(text) },
    ],
    ...more,
  });

  it('lists the models with a bare question mark, without a key, whatever its base URL ends in', async (t) => {
    const { port } = await serve(t, 'responses');
    for (const path of ['/v1/models?', '/v1/v1/models?', '/v1//v1/models', '/models?']) {
      const { status, text } = await call(port, { path, headers });
      assert.equal(status, 200, path);
      for (const model of JSON.parse(text).data as object[]) assert.deepEqual(Object.keys(model), ['id', 'object', 'created', 'owned_by']);
    }
  });

  it('gets reasoning as a quote, and sends it back to no one', async (t) => {
    const served = await serve(t, 'responses');
    for (const path of ['/v1/chat/completions', '/v1/v1/chat/completions', '/chat/completions?']) {
      const answer = await post(served, ask('reasoning'), { path, headers });
      const content = contentOf(answer);
      assert.match(content, /^> \*\*Thinking\*\*\n> \n> First this\.\n> \n> Then that\.\n> \n> ———\n\nThe answer is 4\.$/);
      assert.ok(!answer.text.includes('reasoning_content'));
      const history = [
        { role: 'user', content: parts('reasoning') },
        { role: 'assistant', content: parts(content) },
        { role: 'user', content: parts('text') },
      ];
      await post(served, ask('', { messages: history }), { headers });
      assert.ok(!JSON.stringify(served.last().input).includes('Thinking'));
      assert.ok(JSON.stringify(served.last().input[1]).includes('"The answer is 4."'));
    }
    assert.equal(served.upstream.seen[0]?.headers.authorization, undefined);
  });

  it('may send whole projects', async (t) => {
    const served = await serve(t, 'responses');
    const file = 'let x = "é" // 🙂\n'.repeat(1_000_000);
    const { status } = await post(served, ask('text', { messages: [{ role: 'user', content: [...parts('text'), ...parts(file)] }] }), {
      headers,
    });
    assert.equal(status, 200);
    assert.ok(served.upstream.seen[0]!.body.length > 20_000_000);
    assert.equal(served.last().input[0].content[1].text, file);
  });

  it('runs its tools', async (t) => {
    const served = await serve(t, 'responses');
    const answer = await post(served, ask('tool', { tools }), { headers });
    const calls = deltasOf(answer).flatMap(({ tool_calls: deltas }) => deltas ?? []);
    assert.equal(calls[0].id, 'call_1');
    assert.match(contentOf(answer), /> ———\n\n$/);
    const tool_calls = [{ id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } }];
    const messages = [
      { role: 'user', content: parts('tool') },
      { role: 'assistant', content: parts(contentOf(answer)), tool_calls },
      { role: 'tool', tool_call_id: 'call_1', content: parts('rain') },
    ];
    assert.equal(contentOf(await post(served, ask('', { messages, tools }), { headers })), 'Hello there, friend.');
    const sent = served.last().input as Body[];
    assert.deepEqual(
      sent.map(({ type, role }) => role ?? type),
      ['user', 'function_call', 'function_call_output'],
    );
    assert.ok(!JSON.stringify(sent).includes('Thinking'));
  });

  it('stops by closing the connection, and its key may stand in any header', async (t) => {
    const served = await serve(t, 'responses');
    for (const given of [{ authorization: 'sk-test-0123456789' }, { 'x-api-key': 'sk-test-0123456789' }]) {
      assert.equal((await post(served, ask('text'), { headers: { ...headers, ...given } })).status, 200);
    }
    const body = JSON.stringify(ask('hangs'));
    const socket = connect(served.port, '127.0.0.1');
    socket.write(`POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nuser-agent: ${xcode}\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    await new Promise((resolve) => socket.once('data', resolve));
    socket.destroy();
    await until(() => served.upstream.seen.at(-1)!.aborted, 'the upstream is left');
  });
});

describe('LobeChat', () => {
  const ask = (text: string, more: object = {}): object => ({
    model: 'gpt-5.5',
    stream: true,
    stream_options: { include_usage: true },
    messages: [{ role: 'user', content: text }],
    temperature: 1,
    top_p: 1,
    frequency_penalty: 0,
    presence_penalty: 0,
    user: 'user-1',
    prompt_cache_key: 'lobe:user-1:gpt-5.5',
    ...more,
  });

  it('may send its sampling defaults to a model that reasons', async (t) => {
    const served = await serve(t, 'responses');
    const answer = await post(served, ask('text'), { headers: bearer });
    for (const field of ['temperature', 'top_p', 'frequency_penalty', 'presence_penalty']) assert.ok(!(field in served.last()), field);
    assert.equal(served.last().prompt_cache_key, 'lobe:user-1:gpt-5.5');
    assert.ok(!/dropped/.test(String(answer.headers['x-openai-proxy-notes'] ?? '')));
    const usage = chunksOf(answer).at(-1);
    assert.deepEqual([usage.choices, usage.usage.total_tokens], [[], 30]);
    assert.ok(
      chunksOf(answer)
        .slice(0, -1)
        .every((chunk) => chunk.usage === null),
    );
  });

  it('finds citations in the finish chunk', async (t) => {
    const answer = await post(await serve(t, 'responses'), ask('citations'), { headers: bearer });
    const finish = chunksOf(answer).find(({ choices }) => choices[0]?.finish_reason);
    const { url, title, start_index, end_index } = finish.choices[0].delta.annotations[0].url_citation;
    assert.deepEqual([url, title, start_index, end_index], ['https://example.com/a', 'Example', 0, 5]);
    assert.equal(contentOf(answer), 'News from there.');
  });

  it('may call from a page, with the headers of the SDK', async (t) => {
    const { port } = await serve(t, 'responses');
    const origin = 'http://localhost:3210';
    const asked = 'authorization,content-type,x-stainless-arch,x-stainless-lang,x-stainless-os,x-stainless-retry-count,x-stainless-timeout';
    for (const path of ['/v1/chat/completions', '/v1/models', '/v1/responses', '/anything']) {
      const preflight = await call(port, {
        path,
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': asked },
      });
      assert.equal(preflight.status, 204);
      assert.equal(preflight.headers['access-control-allow-origin'], origin);
      assert.equal(preflight.headers['access-control-allow-headers'], asked);
      assert.match(preflight.headers['access-control-allow-methods'] ?? '', /POST/);
    }
    const answers = [
      await call(port, { body: JSON.stringify(ask('text')), headers: { origin } }),
      await call(port, { body: JSON.stringify(ask('key')), headers: { origin } }),
      await call(port, { path: '/v1/models', headers: { origin } }),
      await call(port, { path: '/nowhere', headers: { origin } }),
    ];
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 401, 200, 404],
    );
    for (const { headers } of answers) {
      assert.equal(headers['access-control-allow-origin'], origin);
      assert.match(headers['access-control-expose-headers'] ?? '', /x-request-id/);
    }
  });
});

describe('Open WebUI', () => {
  const headers = { ...bearer, 'x-openwebui-user-name': 'Ada', 'x-openwebui-user-email': 'ada@example.com', 'x-openwebui-chat-id': '1' };

  it('asks side tasks with tiny budgets, and its users stay unknown upstream', async (t) => {
    const served = await serve(t, 'responses');
    for (const [max_completion_tokens, sent] of [
      [4, 16],
      [1000, 1000],
    ]) {
      const answer = await post(
        served,
        { model: 'gpt-5.5', stream: false, max_completion_tokens, messages: [{ role: 'user', content: 'text' }] },
        { headers },
      );
      const { choices } = JSON.parse(answer.text) as Body;
      assert.equal(choices[0].message.content, 'Hello there, friend.');
      const body = served.last();
      assert.deepEqual([body.max_output_tokens, body.reasoning.effort, body.tools], [sent, 'none', undefined]);
    }
    for (const { headers: got } of served.upstream.seen) assert.ok(!Object.keys(got).some((name) => name.startsWith('x-openwebui')));
  });

  it('calls several tools at once', async (t) => {
    const served = await serve(t, 'responses');
    const ask = { model: 'gpt-5.5', stream: true, stream_options: { include_usage: true }, tools };
    const answer = await post(
      served,
      {
        ...ask,
        messages: [
          { role: 'developer', content: 'Be brief.' },
          { role: 'user', content: 'tools' },
        ],
      },
      { headers },
    );
    const calls = deltasOf(answer).flatMap(({ tool_calls: deltas }) => deltas ?? []);
    assert.deepEqual([...new Set(calls.map(({ index }) => index))], [0, 1]);
    const inputs = [0, 1].map((at) =>
      calls
        .filter(({ index }) => index === at)
        .map((delta) => delta.function.arguments)
        .join(''),
    );
    assert.deepEqual(inputs, ['{"city":"Oslo"}', '{"city":"Rome"}']);
  });
});

describe('Zed', () => {
  it('reads strictly: a usage of three counts, an index, a known role', async (t) => {
    const served = await serve(t, 'responses');
    const ask = {
      model: 'gpt-5.5',
      stream: true,
      stream_options: { include_usage: true },
      max_completion_tokens: 128_000,
      parallel_tool_calls: true,
      prompt_cache_key: 'thread',
      reasoning_effort: 'medium',
      temperature: 1,
      tools,
    };
    const messages = [
      { role: 'system', content: 'You are Zed.' },
      { role: 'user', content: parts('reasoning') },
    ];
    for (const chunk of chunksOf(await post(served, { ...ask, messages }, { headers: bearer }))) {
      for (const { index, delta } of chunk.choices) {
        assert.equal(index, 0);
        assert.ok(['assistant', undefined].includes(delta.role));
      }
      if (chunk.usage !== null) for (const name of ['prompt_tokens', 'completion_tokens', 'total_tokens']) assert.ok(chunk.usage[name] > 0);
    }
    assert.equal(served.last().reasoning.effort, 'medium');
    const failed = await post(served, { ...ask, messages: [{ role: 'user', content: 'quota' }] }, { headers: bearer });
    assert.equal(errorOf(failed).message, 'Slow down.');
    // it brings reasoning back as content
    const replay = [...messages, { role: 'assistant', content: 'First this.The answer is 4.' }, { role: 'user', content: 'text' }];
    assert.equal((await post(served, { ...ask, messages: replay }, { headers: bearer })).status, 200);
  });
});

describe('Cline and Roo Code', () => {
  it('send a temperature of 0, the reasoning of earlier turns and strict tools', async (t) => {
    const served = await serve(t, 'responses');
    const answer = await post(
      served,
      {
        model: 'gpt-5.3-codex',
        stream: true,
        stream_options: { include_usage: true },
        temperature: 0,
        parallel_tool_calls: true,
        tools: [{ type: 'function', function: { ...weather, strict: true } }],
        tool_choice: 'auto',
        messages: [
          { role: 'developer', content: 'Formatting re-enabled\nYou are Roo.' },
          { role: 'user', content: parts('reasoning') },
          { role: 'assistant', content: 'The answer is 4.', reasoning_content: 'First this.' },
          { role: 'user', content: [...parts('tool'), { type: 'image_url', image_url: { url: `data:image/png;base64,${pixel}` } }] },
        ],
      },
      {
        headers: {
          ...bearer,
          'http-referer': 'https://github.com/RooVetGit/Roo-Cline',
          'x-title': 'Roo Code',
          'user-agent': 'RooCode/3.30.0',
        },
      },
    );
    assert.match(String(answer.headers['x-openai-proxy-notes']), /dropped temperature/);
    const body = served.last();
    assert.deepEqual(['temperature' in body, body.tools[0].strict, body.parallel_tool_calls], [false, true, true]);
    assert.ok(!JSON.stringify(body.input).includes('First this.'));
    const finish = chunksOf(answer).find(({ choices }) => choices[0]?.finish_reason);
    assert.equal(finish.choices[0].finish_reason, 'tool_calls');
    assert.equal(
      deltasOf(answer)
        .map((delta) => delta.reasoning_content ?? '')
        .join(''),
      'A tool knows.',
    );
  });
});

describe('Cursor', () => {
  it('sends a Responses body to Chat’s path, with flat and grammar tools', async (t) => {
    const served = await serve(t, 'responses');
    const grammar = { type: 'grammar', syntax: 'lark', definition: 'start: /.+/' };
    const answer = await post(
      served,
      {
        model: 'gpt-5.5',
        stream: true,
        stream_options: { include_usage: true },
        user: 'cursor-user',
        input: [
          { role: 'system', content: 'You are Cursor.' },
          { role: 'user', content: [{ type: 'input_text', text: 'patch' }] },
        ],
        tools: [
          { type: 'function', ...weather },
          { type: 'custom', name: 'ApplyPatch', description: 'Patches', format: grammar },
        ],
      },
      { headers: bearer },
    );
    assert.equal(answer.status, 200);
    const { input, tools: sent } = served.last();
    assert.equal(input[1].content[0].text, 'patch');
    assert.deepEqual(
      sent.map(({ type, name }: Body) => [type, name]),
      [
        ['function', 'weather'],
        ['custom', 'ApplyPatch'],
      ],
    );
    assert.deepEqual(sent[1].format, grammar);
    const calls = deltasOf(answer).flatMap(({ tool_calls: deltas }) => deltas ?? []);
    assert.deepEqual([calls[0].type, calls[0].custom.name], ['custom', 'ApplyPatch']);
    assert.equal(calls.map(({ custom }) => custom.input).join(''), '*** Begin Patch');
  });

  it('sends messages with flat tools and empty contents', async (t) => {
    const served = await serve(t, 'responses');
    const tool_calls = [{ id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{}' } }];
    const answer = await post(
      served,
      {
        model: 'gpt-5.5',
        messages: [
          { role: 'user', content: 'tool' },
          { role: 'assistant', content: [], tool_calls },
          { role: 'tool', tool_call_id: 'call_1', content: parts('rain') },
        ],
        tools: [{ type: 'function', ...weather }],
      },
      { headers: bearer },
    );
    assert.equal(JSON.parse(answer.text).choices[0].message.content, 'Hello there, friend.');
    assert.equal(served.last().tools[0].name, 'weather');
    assert.deepEqual(
      served.last().input.map(({ type, role }: Body) => role ?? type),
      ['user', 'function_call', 'function_call_output'],
    );
  });
});

describe('older programs', () => {
  it('of Home Assistant speak of functions', async (t) => {
    const served = await serve(t, 'responses');
    const ask = { model: 'gpt-5', max_tokens: 150, top_p: 1, temperature: 0.5, user: 'ha', functions: [weather], function_call: 'auto' };
    const first = await post(served, { ...ask, messages: [{ role: 'user', content: 'tool' }] }, { headers: bearer });
    const { message, finish_reason } = JSON.parse(first.text).choices[0] as Body;
    assert.equal(finish_reason, 'function_call');
    assert.deepEqual(message.function_call, { name: 'weather', arguments: '{"city":"Oslo"}' });
    assert.equal(message.content, null);
    const messages = [{ role: 'user', content: 'tool' }, message, { role: 'function', name: 'weather', content: 'rain' }];
    const second = await post(served, { ...ask, messages }, { headers: bearer });
    assert.equal(JSON.parse(second.text).choices[0].message.content, 'Hello there, friend.');
    const [, thinking, sentCall, output] = served.last().input as Body[];
    assert.deepEqual([thinking.type, sentCall.type, output.type], ['reasoning', 'function_call', 'function_call_output']);
    assert.equal(output.output, 'rain');
    assert.equal(sentCall.call_id, output.call_id);
    assert.equal(served.last().reasoning.effort, 'minimal');
  });

  it('of LangChain and n8n send what means nothing', async (t) => {
    const served = await serve(t, 'responses');
    const neutral = {
      n: 1,
      stream: false,
      logit_bias: {},
      stop: [],
      tools: [],
      function_call: null,
      response_format: { type: 'text' },
      seed: null,
    };
    const penalties = { frequency_penalty: 0, presence_penalty: 0, logprobs: false, modalities: ['text'] };
    const answer = await post(
      served,
      { model: 'gpt-5', messages: [{ role: 'user', content: 'text' }], ...neutral, ...penalties },
      { headers: bearer },
    );
    assert.equal(answer.headers['x-openai-proxy-route'], 'responses');
    assert.equal(answer.headers['x-openai-proxy-notes'], undefined);
  });
});

describe('the demo', () => {
  it('is read by every client, too', async (t) => {
    const { port } = await serveCommand(t, ['--demo', '--mode', 'responses']);
    for (const [content, more] of [
      ['Hello', {}],
      ['Why? Think.', { stream_options: { include_usage: true } }],
      ['Search the web', {}],
      ['What is the weather?', { tools }],
    ] as const) {
      for (const stream of [true, false]) {
        const answer = await post({ port }, { model: 'gpt-5', stream, messages: [{ role: 'user', content }], ...more });
        assert.equal(answer.status, 200);
      }
    }
  });
});

describe('a program that looks around', () => {
  const probes: [method: string, path: string, status: number][] = [
    ['GET', '/', 200],
    ['HEAD', '/', 200],
    ['GET', '/v1', 200],
    ['GET', '/v1/', 200],
    ['GET', '/health', 200],
    ['GET', '/v1/models', 200],
    ['HEAD', '/v1/models', 200],
    ['GET', '/v1/models/gpt-5.5', 200],
    ['GET', '/v1/models/openai/gpt-5:nope', 404],
    ['OPTIONS', '/v1/chat/completions', 405],
    ['GET', '/api/tags', 404],
    ['GET', '/api/version', 404],
    ['POST', '/api/show', 404],
    ['POST', '/api/chat', 404],
    ['GET', '/api/v0/models', 404],
    ['GET', '/slots', 404],
    ['GET', '/props', 404],
    ['POST', '/v1/messages', 404],
    ['POST', '/v1/messages/count_tokens?beta=true', 404],
    ['GET', '/favicon.ico', 404],
    ['GET', '/robots.txt', 404],
  ];

  it('is answered at once, in JSON', async (t) => {
    const served = await serve(t, 'responses');
    for (const [method, path, status] of probes) {
      const started = performance.now();
      const answer = await call(served.port, { method, path, ...(method === 'POST' && { body: '{}' }) });
      assert.equal(answer.status, status, `${method} ${path}`);
      assert.match(answer.headers['content-type'] ?? '', /^application\/json/, path);
      assert.ok(performance.now() - started < 4000, path);
      if (method === 'HEAD') assert.equal(answer.text, '');
      else if (status === 200) JSON.parse(answer.text);
      else assert.ok(errorOf(answer).message.length > 20);
    }
    // nothing but the list of models was asked for upstream
    await until(() => served.upstream.seen.length > 0, 'the list');
    assert.ok(served.upstream.seen.every(({ url }) => url === '/v1/models'));
  });

  it('finds the rest of the API behind the proxy', async (t) => {
    const served = await serve(t, 'responses');
    for (const path of [
      '/v1/responses',
      '/v1/completions',
      '/v1/embeddings',
      '/v1/moderations',
      '/v1/audio/speech',
      '/v1/images/generations',
    ]) {
      const answer = await call(served.port, { path, body: '{"model":"gpt-5","input":"text"}' });
      assert.equal(answer.status, 200, path);
      assert.equal(served.upstream.seen.at(-1)?.url, path);
    }
    await call(served.port, { path: '/v1/responses/resp_1' });
    assert.equal(served.upstream.seen.at(-1)?.url, '/v1/responses/resp_1');
  });
});
