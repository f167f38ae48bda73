import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { readStream, sse, startStream, textEvents, wholeResponse } from '../bridge-support.ts';
import { call, errorOf, scriptedUpstream, startProxy, type Answer, type Context, type Started, type Upstream } from '../support.ts';

/** A body of `/v1/responses`, as far as the tests look at it. */
interface Sent {
  model: string;
  stream?: boolean;
  reasoning?: { effort?: string; summary?: string; [key: string]: unknown };
  tools?: { type: string; name?: string }[];
  include?: string[];
  text?: { verbosity?: string };
}

interface Refusal {
  message: string;
  param?: string | null;
  code?: string | null;
}

/** How a refusal reaches the proxy. */
const ways = ['whole', 'streamed', 'nested event', 'flat event'] as const;
type Way = (typeof ways)[number];

function refuse(response: ServerResponse, { message, param = null, code = null }: Refusal, way: Way): void {
  const error = { message, type: 'invalid_request_error', param, code };
  if (way === 'whole' || way === 'streamed') {
    response.writeHead(400, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error }));
    return;
  }
  startStream(response);
  const preamble = textEvents([]).slice(0, 1);
  const event = way === 'nested event' ? { type: 'error', error } : { type: 'error', code, message, param };
  const failed = { type: 'response.failed', response: { id: 'resp_1', status: 'failed', error: { code, message } } };
  response.end(sse([...preamble, event, failed]));
}

const more = { usage: { input_tokens: 5, output_tokens: 2, total_tokens: 7 } };

function answerIt(response: ServerResponse, stream: boolean): void {
  if (!stream) {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(wholeResponse('Hello', more)));
    return;
  }
  startStream(response);
  response.end(sse(textEvents(['Hel', 'lo'], more)));
}

interface Bench extends Started {
  upstream: Upstream;
  /** The bodies that reached the upstream since the last look. */
  sent(): Sent[];
  ask(chat: object, key: string, headers?: Record<string, string>): Promise<Answer>;
  clock: { time: number };
}

/** A proxy before an upstream that refuses a body for which `judge` gives a refusal, in the way of the test. */
async function bench(t: Context, way: Way, judge: (body: Sent) => Refusal | undefined): Promise<Bench> {
  const upstream = await scriptedUpstream(t, (response, { body }) => {
    const sent = JSON.parse(body.toString('utf8')) as Sent;
    const refusal = judge(sent);
    if (refusal) refuse(response, refusal, way);
    else answerIt(response, sent.stream === true);
  });
  const clock = { time: 1_000_000 };
  const started = await startProxy(t, { upstream: upstream.url, mode: 'responses', now: () => clock.time });
  let looked = 0;
  return {
    ...started,
    upstream,
    clock,
    sent() {
      const found = upstream.seen.slice(looked).map(({ body }) => JSON.parse(body.toString('utf8')) as Sent);
      looked = upstream.seen.length;
      return found;
    },
    ask: (chat, key, headers = {}) =>
      call(started.port, {
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
        body: JSON.stringify({
          model: 'gpt-5',
          messages: [{ role: 'user', content: 'hi' }],
          ...(way !== 'whole' && { stream: true }),
          ...chat,
        }),
      }),
  };
}

/** What a client makes of an answer. */
function said(answer: Answer, way: Way): string {
  assert.equal(answer.status, 200, answer.text);
  if (way !== 'whole') {
    const { content, finish, done, error } = readStream(answer.text);
    assert.deepEqual({ finish, done, error }, { finish: ['stop'], done: true, error: undefined });
    return content;
  }
  const { choices } = JSON.parse(answer.text) as { choices: { message: { content: string } }[] };
  return choices[0]?.message.content ?? '';
}

const unverified =
  'Please go to: https://platform.openai.com/settings/organization/general and click on Verify Organization. If you just verified, it can take up to 15 minutes for access to propagate.';
const encrypted = 'reasoning.encrypted_content';
const search = [{ type: 'web_search' }];
const tool = { type: 'function', function: { name: 'look', parameters: { type: 'object', properties: {} } } };

interface Case {
  name: string;
  model?: string;
  chat?: object;
  judge(body: Sent): Refusal | undefined;
  /** What is sent the second time, and from then on. */
  next: Pick<Sent, 'reasoning' | 'tools' | 'include'>;
  note: string;
  /** The additions that the terminal shows. */
  added: string[];
}

const all = { reasoning: { effort: 'medium', summary: 'auto' }, tools: search, include: [encrypted] };

const cases: Case[] = [
  {
    name: 'a summary for an organization that is not verified',
    judge: ({ reasoning }) =>
      reasoning?.summary === undefined
        ? undefined
        : {
            message: `Your organization must be verified to generate reasoning summaries. ${unverified}`,
            param: 'reasoning.summary',
            code: 'unsupported_value',
          },
    next: { ...all, reasoning: { effort: 'medium' } },
    note: 'removed reasoning.summary (refused upstream)',
    added: ['effort', 'web_search'],
  },
  {
    name: 'a kind of summary that the model does not have',
    judge: ({ model, reasoning }) =>
      reasoning?.summary === 'detailed'
        ? undefined
        : {
            message: `Unsupported value: '${reasoning?.summary}' is not supported with the '${model}' model. Supported values are: 'detailed'.`,
            param: 'reasoning.summary',
            code: 'unsupported_value',
          },
    next: { ...all, reasoning: { effort: 'medium', summary: 'detailed' } },
    note: 'set reasoning.summary to detailed (refused upstream)',
    added: ['effort', 'summary', 'web_search'],
  },
  {
    name: 'an effort that the model does not have',
    model: 'gpt-9',
    judge: ({ model, reasoning }) =>
      reasoning?.effort === 'high'
        ? undefined
        : {
            message: `Unsupported value: '${reasoning?.effort}' is not supported with the '${model}' model. Supported values are: 'none', 'high', and 'xhigh'.`,
            param: 'reasoning.effort',
            code: 'unsupported_value',
          },
    next: { ...all, reasoning: { effort: 'high', summary: 'auto' } },
    note: 'set reasoning.effort to high (refused upstream)',
    added: ['effort', 'summary', 'web_search'],
  },
  {
    name: 'an effort where there is none',
    judge: ({ reasoning }) =>
      reasoning?.effort === undefined
        ? undefined
        : {
            message: "Unsupported parameter: 'reasoning.effort' is not supported with this model.",
            param: 'reasoning.effort',
            code: 'unsupported_parameter',
          },
    next: { ...all, reasoning: { summary: 'auto' } },
    note: 'removed reasoning.effort (refused upstream)',
    added: ['summary', 'web_search'],
  },
  {
    name: 'an effort that the server has never heard of',
    judge: ({ reasoning }) =>
      reasoning?.effort === undefined ? undefined : { message: 'Unrecognized request argument supplied: reasoning_effort' },
    next: { ...all, reasoning: { summary: 'auto' } },
    note: 'removed reasoning.effort (refused upstream)',
    added: ['summary', 'web_search'],
  },
  {
    name: 'a search that the effort does not allow',
    judge: ({ reasoning, tools }) =>
      tools
        ? { message: `The following tools cannot be used with reasoning.effort '${reasoning?.effort}': web_search.`, param: 'tools' }
        : undefined,
    next: { reasoning: all.reasoning, include: all.include },
    note: 'removed web_search (refused upstream)',
    added: ['effort', 'summary'],
  },
  {
    name: 'a search that the model does not have',
    judge: ({ model, tools }) =>
      tools ? { message: `Hosted tool 'web_search' is not supported with ${model}.`, param: 'tools' } : undefined,
    next: { reasoning: all.reasoning, include: all.include },
    note: 'removed web_search (refused upstream)',
    added: ['effort', 'summary'],
  },
  {
    name: "an effort beside the client's own search",
    chat: { tools: search, max_tokens: 500 },
    judge: ({ reasoning }) =>
      reasoning?.effort === undefined
        ? undefined
        : { message: `The following tools cannot be used with reasoning.effort '${reasoning.effort}': web_search.`, param: 'tools' },
    next: { ...all, reasoning: { summary: 'auto' } },
    note: 'removed reasoning.effort (refused upstream)',
    added: ['summary'],
  },
  {
    name: 'encrypted reasoning',
    chat: { tools: [tool] },
    judge: ({ include }) =>
      include?.includes(encrypted) ? { message: 'Encrypted content is not supported with this model.', param: 'include' } : undefined,
    next: { reasoning: all.reasoning, tools: [{ type: 'function', name: 'look' }] },
    note: 'removed include (refused upstream)',
    added: ['effort', 'summary'],
  },
  {
    name: "encrypted reasoning beside the client's own wishes",
    chat: { tools: [tool], include: ['file_search_call.results'] },
    judge: ({ include }) =>
      include?.includes(encrypted) ? { message: 'Encrypted content is not supported with this model.', param: 'include' } : undefined,
    next: { reasoning: all.reasoning, tools: [{ type: 'function', name: 'look' }], include: ['file_search_call.results'] },
    note: 'removed include (refused upstream)',
    added: ['effort', 'summary'],
  },
];

for (const { name, model = 'gpt-5', chat = {}, judge, next, note, added } of cases) {
  for (const way of ways) {
    test(`${name}, ${way}, with and without param: asked twice, then once`, async (t) => {
      let named = true;
      const judged = (body: Sent): Refusal | undefined => {
        const refusal = judge(body);
        return refusal && !named ? { message: refusal.message, code: refusal.code ?? null } : refusal;
      };
      const { ask, sent, clock, finished } = await bench(t, way, judged);
      const request = { model, ...chat };

      for (named of [true, false]) {
        const [mine, another] = [`one ${named}`, `two ${named}`];

        const first = await ask(request, mine, { 'idempotency-key': 'key' });
        assert.equal(said(first, way), 'Hello');
        assert.match(String(first.headers['x-openai-proxy-notes']), new RegExp(note.replace(/[().]/g, '\\$&')));
        const [refused, resent, ...rest] = sent();
        assert.ok(refused && resent && rest.length === 0, 'two requests');
        const { reasoning, tools, include } = resent;
        assert.deepEqual(
          { reasoning, tools: tools?.map(({ type, name: own }) => (own ? { type, name: own } : { type })), include },
          { reasoning: undefined, tools: undefined, include: undefined, ...next },
        );
        assert.deepEqual(
          { ...refused, reasoning: 0, tools: 0, include: 0 },
          { ...resent, reasoning: 0, tools: 0, include: 0 },
          'nothing else differs',
        );
        const report = finished.at(-1)?.report;
        assert.deepEqual(report?.added, added);
        assert.ok(report?.notes.includes(note));

        const again = await ask(request, mine);
        assert.equal(said(again, way), 'Hello');
        assert.deepEqual(sent(), [resent], 'what was learned is used');
        assert.doesNotMatch(String(again.headers['x-openai-proxy-notes']), /refused upstream/);
        assert.deepEqual(finished.at(-1)?.report.added, added);

        await ask(request, another);
        assert.equal(sent().length, 2, 'another credential learns for itself');
        await ask({ ...request, model: `${model}-mini` }, mine);
        assert.equal(sent().length, 2, 'so does another model');
        clock.time += 3_600_001;
        await ask(request, mine);
        assert.equal(sent().length, 2, 'after an hour all is tried again');
      }
    });
  }
}

test('the answer is the one of an upstream that never refused', async (t) => {
  for (const way of ways) {
    const refusing = await bench(t, way, ({ reasoning }) =>
      reasoning?.summary === undefined
        ? undefined
        : { message: 'Your organization must be verified to generate reasoning summaries.', param: 'reasoning.summary' },
    );
    const willing = await bench(t, way, () => undefined);
    const [one, other] = await Promise.all([refusing.ask({}, 'key'), willing.ask({}, 'key')]);
    assert.equal(one.text, other.text);
    const { date: _, 'x-openai-proxy-notes': __, ...headers } = one.headers;
    const { date: ___, ...others } = other.headers;
    assert.deepEqual(headers, others);
    assert.equal(willing.upstream.seen.length, 1);
  }
});

test('a request that is sent again has no Idempotency-Key', async (t) => {
  const { ask, upstream } = await bench(t, 'whole', ({ tools }) =>
    tools ? { message: "Hosted tool 'web_search' is not supported with gpt-5.", param: 'tools' } : undefined,
  );
  await ask({}, 'key', { 'idempotency-key': 'mine' });
  assert.deepEqual(
    upstream.seen.map(({ headers }) => headers['idempotency-key']),
    ['mine', undefined],
  );
});

test('nor has one that goes over from Chat to Responses', async (t) => {
  const upstream = await scriptedUpstream(t, (response, { url }) => {
    const message = 'This model is only supported in v1/responses and not in v1/chat/completions.';
    if (url === '/v1/responses') return answerIt(response, false);
    response.writeHead(404, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: { message, type: 'invalid_request_error', param: 'model', code: null } }));
  });
  const { port } = await startProxy(t, { upstream: upstream.url, mode: 'chat' });
  const body = JSON.stringify({ model: 'gpt-5-pro', messages: [{ role: 'user', content: 'hi' }] });
  const answer = await call(port, { headers: { authorization: 'Bearer key', 'idempotency-key': 'mine' }, body });
  assert.equal(said(answer, 'whole'), 'Hello');
  assert.deepEqual(
    upstream.seen.map(({ headers }) => headers['idempotency-key']),
    ['mine', undefined],
  );
});

test('several additions that are refused one after another are taken out one by one, each once', async (t) => {
  for (const way of ways) {
    const { ask, sent, finished } = await bench(t, way, ({ reasoning, tools }) => {
      if (reasoning?.summary) return { message: "Unknown parameter: 'reasoning.summary'.", param: 'reasoning.summary' };
      if (tools) return { message: "Invalid value: 'web_search'. Supported values are: 'function' and 'custom'.", param: 'tools[0].type' };
      if (reasoning) return { message: "Unsupported parameter: 'reasoning.effort' is not supported with this model." };
      return undefined;
    });
    assert.equal(said(await ask({}, 'key'), way), 'Hello');
    assert.equal(sent().length, 4);
    assert.deepEqual(finished.at(-1)?.report, {
      ...finished.at(-1)?.report,
      added: [],
      notes: [
        'removed reasoning.summary (refused upstream)',
        'removed web_search (refused upstream)',
        'removed reasoning.effort (refused upstream)',
      ],
    });
    await ask({}, 'key');
    assert.equal(sent().length, 1);
  }
});

test('an upstream that refuses whatever it gets is asked once more for each addition that it names, and once without any', async (t) => {
  for (const param of ['reasoning.summary', 'reasoning.effort', 'tools', 'reasoning']) {
    const { ask, sent } = await bench(t, 'whole', () => ({ message: `Unknown parameter: '${param}'.`, param }));
    const answer = await ask({}, 'key');
    assert.equal(answer.status, 400);
    assert.equal(sent().length, param === 'reasoning' ? 4 : 3);
  }
});

test('an upstream that takes only what it was not sent is asked once more, and once without any addition', async (t) => {
  for (const way of ways) {
    const levels = ['low', 'medium', 'high'];
    let asked = 0;
    const { ask, sent } = await bench(t, way, ({ reasoning }) =>
      ++asked > 20
        ? undefined
        : {
            message: `Unsupported value. Supported values are: ${levels
              .filter((one) => one !== reasoning?.effort)
              .map((one) => `'${one}'`)
              .join(', ')}.`,
            param: 'reasoning.effort',
          },
    );
    const answer = await ask({}, 'key');
    assert.equal(answer.status, 400, way);
    assert.deepEqual(
      sent().map(({ reasoning }) => reasoning?.effort),
      ['medium', 'low', undefined],
      way,
    );
    await ask({}, 'key');
    assert.deepEqual(
      sent().map(({ reasoning }) => reasoning?.effort),
      ['medium', 'low', undefined],
      `${way}: what did not help is not learned`,
    );
  }
});

test('a small request keeps the lowest effort that the upstream takes, a large one the nearest', async (t) => {
  const { ask, sent } = await bench(t, 'whole', ({ model, reasoning }) =>
    ['low', 'medium', 'high'].includes(reasoning?.effort ?? '')
      ? undefined
      : {
          message: `Unsupported value: '${reasoning?.effort}' is not supported with the '${model}' model. Supported values are: 'low', 'medium', and 'high'.`,
          param: 'reasoning.effort',
          code: 'unsupported_value',
        },
  );
  const request = { model: 'gpt-5.9' };
  await ask({ ...request, max_tokens: 100 }, 'key');
  await ask(request, 'key');
  await ask({ ...request, max_tokens: 100 }, 'key');
  assert.deepEqual(
    sent().map(({ reasoning }) => reasoning?.effort),
    ['none', 'low', 'medium', 'low'],
  );
});

/** What the client asked for itself and the servers refuse, in their words. */
const mistakes: { name: string; chat: object; refusal: Refusal; param?: string | null }[] = [
  {
    name: 'its own effort',
    chat: { model: 'gpt-5.1', reasoning_effort: 'minimal' },
    refusal: {
      message:
        "Unsupported value: 'minimal' is not supported with the 'gpt-5.1' model. Supported values are: 'none', 'low', 'medium', and 'high'.",
      param: 'reasoning.effort',
      code: 'unsupported_value',
    },
    param: 'reasoning_effort',
  },
  {
    name: 'the effort of an alias',
    chat: { model: 'gpt-5:res-xhigh' },
    refusal: {
      message: "Unsupported value: 'xhigh' is not supported with the 'gpt-5' model. Supported values are: 'low', 'medium', and 'high'.",
      param: 'reasoning.effort',
      code: 'unsupported_value',
    },
    param: 'model',
  },
  {
    name: 'its own summary',
    chat: { reasoning: { summary: 'concise' } },
    refusal: {
      message: "Unsupported value: 'concise' is not supported with the 'gpt-5' model. Supported values are: 'detailed'.",
      param: 'reasoning.summary',
      code: 'unsupported_value',
    },
  },
  {
    name: 'its own tools',
    chat: { tools: [{ type: 'web_search_preview' }] },
    refusal: { message: "Hosted tool 'web_search_preview' is not supported with gpt-5-2025-08-07.", param: 'tools' },
  },
  {
    name: 'its own search at its own effort',
    chat: { tools: search, reasoning_effort: 'minimal' },
    refusal: { message: "The following tools cannot be used with reasoning.effort 'minimal': web_search.", param: 'tools' },
  },
  {
    name: 'its own include',
    chat: { tools: [tool], include: [encrypted] },
    refusal: { message: 'Encrypted content is not supported with this model.', param: 'include' },
  },
  {
    name: "an include of its own beside the proxy's",
    chat: { tools: [tool], include: ['nothing'] },
    refusal: {
      message: "Invalid value: 'nothing'. Supported values are: 'file_search_call.results'.",
      param: 'include[0]',
      code: 'invalid_value',
    },
  },
  {
    name: 'a stream for an organization that is not verified',
    chat: {},
    refusal: {
      message: `Your organization must be verified to stream this model. ${unverified}`,
      param: 'stream',
      code: 'unsupported_value',
    },
  },
  {
    name: 'its token limit',
    chat: { max_tokens: 10 },
    refusal: {
      message: "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got 10 instead.",
      param: 'max_output_tokens',
      code: 'integer_below_min_value',
    },
    param: 'max_tokens',
  },
  {
    name: 'its temperature',
    chat: { temperature: 0.2, model: 'gpt-4.1' },
    refusal: { message: "Unsupported parameter: 'temperature' is not supported with this model.", param: 'temperature' },
  },
  {
    name: 'its verbosity',
    chat: { model: 'gpt-5.1-codex-max', verbosity: 'low' },
    refusal: {
      message: "Unsupported value: 'low' is not supported with the 'gpt-5.1-codex-max' model. Supported values are: 'medium'.",
      param: 'text.verbosity',
      code: 'unsupported_value',
    },
    param: 'verbosity',
  },
  {
    name: 'a verbosity that is spelled like the added effort',
    chat: { verbosity: 'medium' },
    refusal: {
      message: "Unsupported value: 'medium' is not supported with the 'gpt-5' model. Supported values are: 'low'.",
      param: 'text.verbosity',
      code: 'unsupported_value',
    },
    param: 'verbosity',
  },
  {
    name: 'its tool choice',
    chat: { tools: [tool], tool_choice: { type: 'web_search_preview' } },
    refusal: { message: "Tool choice 'web_search_preview' not found in 'tools' parameter." },
  },
  {
    name: 'a message',
    chat: {},
    refusal: {
      message: "Invalid type for 'input[0].content': expected one of an array of objects or string, but got null instead.",
      param: 'input[0].content',
      code: 'invalid_type',
    },
    param: 'messages[0].content',
  },
  {
    name: 'a JSON format without the word',
    chat: { response_format: { type: 'json_object' } },
    refusal: {
      message: "Response input messages must contain the word 'json' in some form to use 'text.format' of type 'json_object'.",
      param: 'input',
    },
    param: 'messages',
  },
];

for (const { name, chat, refusal, param = refusal.param ?? null } of mistakes) {
  for (const way of ways) {
    test(`the client's own mistake is reported, and nothing is sent again: ${name}, ${way}, with and without param`, async (t) => {
      let named = true;
      const { ask, sent } = await bench(t, way, () => (named ? refusal : { message: refusal.message, code: refusal.code ?? null }));
      for (named of [true, false]) {
        const answer = await ask(chat, 'key');
        const error = errorOf(answer);
        assert.equal(error.message, refusal.message);
        // the flat form says of no more than a field that it was wrong
        if (way !== 'flat event' || (named && refusal.param)) assert.equal(answer.status, 400);
        if (named) assert.equal(error.param, param);
        assert.equal(sent().length, 1);
        await ask(chat, 'key');
        assert.equal(sent().length, 1);
      }
    });
  }
}

const summaryRefusal = {
  message: 'Your organization must be verified to generate reasoning summaries.',
  type: 'invalid_request_error',
  param: 'reasoning.summary',
  code: 'unsupported_value',
};

test('what is no refusal of the request is sent once, whatever it says', async (t) => {
  for (const status of [401, 403, 408, 409, 413, 429, 500, 501, 503]) {
    for (const stream of [false, true]) {
      const upstream = await scriptedUpstream(t, (response) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ error: summaryRefusal }));
      });
      const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
      const body = JSON.stringify({ model: 'gpt-5', stream, messages: [{ role: 'user', content: 'hi' }] });
      const answer = await call(port, { headers: { authorization: 'Bearer key' }, body });
      assert.equal(answer.status, status);
      assert.equal(errorOf(answer).message, summaryRefusal.message);
      assert.equal(upstream.seen.length, 1);
    }
  }
});

test('a Response that failed is sent once', async (t) => {
  const failed = { id: 'resp_1', status: 'failed', error: summaryRefusal, output: [] };
  const upstream = await scriptedUpstream(t, (response, { body }) => {
    if (!(JSON.parse(body.toString('utf8')) as Sent).stream) {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(failed));
      return;
    }
    startStream(response);
    response.end(sse([{ type: 'response.failed', response: failed }]));
  });
  const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
  for (const stream of [false, true]) {
    const body = JSON.stringify({ model: 'gpt-5', stream, messages: [{ role: 'user', content: 'hi' }] });
    const answer = await call(port, { headers: { authorization: 'Bearer key' }, body });
    assert.equal(errorOf(answer).message, summaryRefusal.message);
  }
  assert.equal(upstream.seen.length, 2);
});

test('a refusal after output has begun is an error, and nothing is sent again', async (t) => {
  const [created, added, delta] = textEvents(['Hel']);
  const late = { type: 'error', error: summaryRefusal };
  const beginnings = [
    { name: 'an item', events: [created!, added!] },
    { name: 'text', events: [created!, added!, delta!] },
    {
      name: 'reasoning',
      events: [created!, { type: 'response.output_item.added', output_index: 0, item: { type: 'reasoning', id: 'rs_1' } }],
    },
  ];
  for (const { name, events } of beginnings) {
    for (const together of [true, false]) {
      const upstream = await scriptedUpstream(t, (response) => {
        startStream(response);
        if (together) response.end(sse([...events, late]));
        else {
          response.write(sse(events));
          setTimeout(() => response.end(sse([late])), 30);
        }
      });
      const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
      const body = JSON.stringify({ model: 'gpt-5', stream: true, messages: [{ role: 'user', content: 'hi' }] });
      const answer = await call(port, { headers: { authorization: 'Bearer key' }, body });
      const error = answer.status === 200 ? readStream(answer.text).error : errorOf(answer);
      assert.equal(error?.message, summaryRefusal.message, name);
      if (name === 'text') assert.equal(readStream(answer.text).content, 'Hel');
      assert.doesNotMatch(answer.text, /\[DONE\]|"finish_reason":"/);
      assert.equal(upstream.seen.length, 1, name);
    }
  }
});

test('a request is sent again behind the keep-alives that were sent meanwhile', async (t) => {
  const upstream = await scriptedUpstream(t, (response, { body }) => {
    const { reasoning } = JSON.parse(body.toString('utf8')) as Sent;
    startStream(response);
    if (!reasoning?.summary) response.end(sse(textEvents(['Hello'])));
    else setTimeout(() => response.end(sse([{ type: 'error', error: summaryRefusal }])), 120);
  });
  const { port, finished } = await startProxy(t, { upstream: upstream.url, mode: 'responses', keepAlive: 20 });
  const body = JSON.stringify({ model: 'gpt-5', stream: true, messages: [{ role: 'user', content: 'hi' }] });
  const answer = await call(port, { headers: { authorization: 'Bearer key' }, body });
  assert.match(answer.text, /^: keep-alive\n\n/);
  assert.equal(said(answer, 'streamed'), 'Hello');
  assert.equal(upstream.seen.length, 2);
  assert.ok(finished.at(-1)?.report.notes.includes('removed reasoning.summary (refused upstream)'));
});

test('without defaults there is nothing to take back', async (t) => {
  const upstream = await scriptedUpstream(t, (response) => refuse(response, summaryRefusal, 'whole'));
  const off = { effort: 'off', summary: 'off', webSearch: false } as const;
  const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses', memory: false, ...off });
  const body = JSON.stringify({ model: 'gpt-5', messages: [{ role: 'user', content: 'hi' }], prompt_cache_key: 'mine' });
  const answer = await call(port, { headers: { authorization: 'Bearer key' }, body });
  assert.equal(answer.status, 400);
  assert.deepEqual(JSON.parse(upstream.seen[0]!.body.toString('utf8')), {
    model: 'gpt-5',
    input: [{ type: 'message', role: 'user', content: 'hi' }],
    store: false,
    prompt_cache_key: 'mine',
  });
  assert.equal(upstream.seen.length, 1);
});

test('an assistant message goes to OpenAI in the plain form, and to any other server in the full one', async (t) => {
  const messages = [
    { role: 'user', content: 'hi' },
    { role: 'assistant', content: 'Hello.' },
    { role: 'user', content: 'And?' },
  ];
  const full = [
    { type: 'message', role: 'user', content: 'hi' },
    {
      type: 'message',
      id: 'msg_1',
      role: 'assistant',
      status: 'completed',
      content: [{ type: 'output_text', text: 'Hello.', annotations: [] }],
    },
    { type: 'message', role: 'user', content: 'And?' },
  ];
  for (const [upstream, input] of [
    ['https://api.openai.com/v1', messages],
    ['https://openai.example/v1', full],
  ] as const) {
    const sent: unknown[] = [];
    const fetch = async (_: unknown, init?: RequestInit): Promise<Response> => {
      sent.push(((await new Response(init?.body).json()) as { input: unknown }).input);
      return Response.json(wholeResponse('So.'));
    };
    const { port } = await startProxy(t, { upstream, mode: 'responses', fetch });
    const answer = await call(port, { body: JSON.stringify({ model: 'gpt-5', messages }) });
    assert.deepEqual([answer.status, sent], [200, [input]], upstream);
  }
});

test('what turns the reasoning off, or hides it, holds for the answer', async (t) => {
  const output = [
    { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'I count.' }] },
    { type: 'message', id: 'msg_1', role: 'assistant', content: [{ type: 'output_text', text: 'Three.', annotations: [] }] },
  ];
  const upstream = await scriptedUpstream(t, (response) => response.end(JSON.stringify({ ...wholeResponse(''), output })));
  const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
  const messages = [{ role: 'user', content: 'hi' }];
  const hidden = await call(port, { body: JSON.stringify({ model: 'gpt-5.5', messages, reasoning: { exclude: true } }) });
  assert.deepEqual(JSON.parse(hidden.text).choices[0].message, { role: 'assistant', content: 'Three.', refusal: null, annotations: [] });
  await call(port, { body: JSON.stringify({ model: 'gpt-5.5', messages, enable_thinking: false }) });
  assert.deepEqual((JSON.parse(upstream.seen[1]!.body.toString('utf8')) as { reasoning: unknown }).reasoning, { effort: 'none' });
});
