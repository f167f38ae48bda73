import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { describe, it } from 'node:test';
import { readStream, sse, startStream, textEvents, wholeResponse } from '../bridge-support.ts';
import { call, errorOf, scriptedUpstream, startProxy, type Answer, type Context } from '../support.ts';

// Servers other than OpenAI refuse what the proxy adds in words of their own.

interface Sent {
  stream?: boolean;
  reasoning?: object;
  tools?: object[];
  prompt_cache_key?: string;
  include?: string[];
  temperature?: number;
  top_p?: number;
  input: unknown[];
}

type Refusal = { status: number; body: unknown } | { event: object };

interface Bench {
  ask(more?: object, key?: string): Promise<Answer>;
  /** The bodies that reached the upstream since the last look. */
  sent(): Sent[];
  clock: { time: number };
}

/** A proxy before an upstream that refuses what `judge` gives a refusal for. */
async function bench(t: Context, judge: (body: Sent, count: number) => Refusal | undefined): Promise<Bench> {
  let count = 0;
  const upstream = await scriptedUpstream(t, (response, { body }) => {
    const sent = JSON.parse(body.toString('utf8')) as Sent;
    const refusal = judge(sent, (count += 1));
    if (refusal) refuse(response, refusal);
    else if (sent.stream) {
      startStream(response);
      response.end(sse(textEvents(['Hel', 'lo'])));
    } else response.setHeader('content-type', 'application/json').end(JSON.stringify(wholeResponse('Hello')));
  });
  const clock = { time: 1_000_000 };
  const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses', now: () => clock.time });
  let looked = 0;
  return {
    clock,
    sent() {
      const found = upstream.seen.slice(looked).map(({ body }) => JSON.parse(body.toString('utf8')) as Sent);
      looked = upstream.seen.length;
      return found;
    },
    ask: (more = {}, key = 'key') =>
      call(port, {
        headers: { ...(key && { authorization: `Bearer ${key}` }), 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'gpt-5', messages: [{ role: 'user', content: 'hi' }], ...more }),
      }),
  };
}

function refuse(response: ServerResponse, refusal: Refusal): void {
  if ('event' in refusal) {
    startStream(response);
    response.end(sse([...textEvents([]).slice(0, 1), { type: 'error', ...refusal.event }]));
  } else {
    response.writeHead(refusal.status, { 'content-type': 'application/json' });
    response.end(typeof refusal.body === 'string' ? refusal.body : JSON.stringify(refusal.body));
  }
}

const error = (status: number, message: string, more: object = {}): Refusal => ({
  status,
  body: { error: { message, type: 'invalid_request_error', param: null, code: null, ...more } },
});
const hasSearch = ({ tools }: Sent): boolean => tools !== undefined;
const isBare = ({ reasoning, tools, prompt_cache_key: key }: Sent): boolean => !reasoning && !tools && !key;

const removed = 'removed prompt_cache_key, reasoning.effort, reasoning.summary, web_search, include (refused upstream)';

describe('a refusal in words of its own', () => {
  const refusals: [name: string, refusal: Refusal][] = [
    ['400', error(400, 'tools[0].type: unknown variant `web_search`, expected `function`')],
    ['400 that names another addition', error(400, 'unknown field `reasoning`, expected one of `model`, `input`')],
    ['400 with a numeric code', error(400, 'Provider returned error', { code: 400, param: 'None' })],
    ['404', error(404, 'No endpoints found that support tool use.')],
    ['404 that is text', { status: 404, body: '404 page not found' }],
    ['404 that names an addition', error(404, 'No.', { param: 'reasoning.summary' })],
    ['415', { status: 415, body: '' }],
    ['422', { status: 422, body: { detail: [{ loc: ['body', 'tools', 0], msg: 'Input should be a function', type: 'value_error' }] } }],
    ['422 with a text', { status: 422, body: { detail: 'Unprocessable Entity' } }],
    ['422 with an error that is a text', { status: 422, body: { error: 'invalid body' } }],
  ];
  for (const [name, refusal] of refusals) {
    for (const stream of [false, true]) {
      it(`is answered by one try without any addition, and remembered for an hour: ${name}${stream ? ', streamed' : ''}`, async (t) => {
        const { ask, sent, clock } = await bench(t, (body) => (hasSearch(body) ? refusal : undefined));
        const answer = await ask({ stream });
        assert.equal(answer.status, 200, answer.text);
        assert.equal(answer.headers['x-openai-proxy-notes'], removed);
        const [first, second, ...rest] = sent();
        assert.ok(first && second && rest.length === 0);
        assert.deepEqual([isBare(first), isBare(second)], [false, true]);
        const { reasoning: _, tools: __, include: ___, prompt_cache_key: ____, ...own } = first;
        assert.deepEqual(second, own, 'nothing else differs');

        assert.equal((await ask({ stream })).headers['x-openai-proxy-notes'], undefined);
        assert.deepEqual(sent().map(isBare), [true]);
        for (const [more, key] of [
          [{}, 'another'],
          [{ model: 'gpt-5-mini' }, 'key'],
        ] as const) {
          await ask({ stream, ...more }, key);
          assert.equal(sent().length, 2, 'another credential and another model learn for themselves');
        }
        clock.time += 3_600_000;
        await ask({ stream });
        assert.equal(sent().length, 2, 'after an hour all is tried again');
      });
    }
  }

  it('may come as an event', async (t) => {
    const event = { error: { type: 'invalid_request_error', message: 'unknown field `reasoning`' } };
    const { ask, sent } = await bench(t, (body) => (isBare(body) ? undefined : { event }));
    assert.equal(readStream((await ask({ stream: true })).text).content, 'Hello');
    assert.deepEqual(sent().map(isBare), [false, true]);
  });

  it('is passed on if the one try is refused, too, and teaches nothing', async (t) => {
    for (const stream of [false, true]) {
      const { ask, sent } = await bench(t, (_, count) => error(400, `Bad request ${count}`));
      const answer = await ask({ stream });
      assert.deepEqual([answer.status, errorOf(answer).message], [400, 'Bad request 2']);
      assert.deepEqual(sent().map(isBare), [false, true]);
      await ask({ stream });
      assert.deepEqual(sent().map(isBare), [false, true]);
    }
  });

  it('teaches nothing if the answer to the one try fails', async (t) => {
    const failed = { type: 'response.failed', response: { id: 'resp_1', status: 'failed', error: { code: 'server_error', message: 'x' } } };
    const upstream = await scriptedUpstream(t, (response, { body }) => {
      if (!isBare(JSON.parse(body.toString('utf8')) as Sent)) return refuse(response, error(400, 'No.'));
      startStream(response);
      response.end(sse([...textEvents(['Hel']).slice(0, 3), failed]));
    });
    const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
    const body = JSON.stringify({ model: 'gpt-5', stream: true, messages: [{ role: 'user', content: 'hi' }] });
    for (const asked of [2, 4]) {
      assert.equal(readStream((await call(port, { body })).text).error?.message, 'x');
      assert.equal(upstream.seen.length, asked);
    }
  });

  it('follows one in the words of OpenAI', async (t) => {
    const { ask, sent } = await bench(t, ({ reasoning, tools }) => {
      if (reasoning && 'summary' in reasoning) return error(400, "Unknown parameter: 'reasoning.summary'.", { param: 'reasoning.summary' });
      return tools ? error(400, 'what is this?') : undefined;
    });
    const answer = await ask();
    assert.equal(answer.status, 200);
    assert.match(
      String(answer.headers['x-openai-proxy-notes']),
      /reasoning\.summary \(refused upstream\); removed prompt_cache_key, .*web_search/,
    );
    assert.equal(sent().length, 3);
    await ask();
    assert.deepEqual(sent().map(isBare), [true]);
  });

  it('goes out without an Idempotency-Key the second time', async (t) => {
    const upstream = await scriptedUpstream(t, (response) => refuse(response, error(422, 'No.')));
    const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
    const body = JSON.stringify({ model: 'gpt-5', messages: [{ role: 'user', content: 'hi' }] });
    await call(port, { body, headers: { 'idempotency-key': 'mine' } });
    assert.deepEqual(
      upstream.seen.map(({ headers }) => headers['idempotency-key']),
      ['mine', undefined],
    );
  });
});

describe('what is about the client is sent once', () => {
  const cases: [name: string, refusal: Refusal, more?: object][] = [
    ['its message', { status: 422, body: { detail: [{ loc: ['body', 'input', 0, 'content'], msg: 'Field required' }] } }],
    ['its tools', error(400, 'tools[0].function: Field required'), { tools: [{ type: 'function', function: { name: 'f' } }] }],
    ['its parameter', error(404, 'No.', { param: 'max_output_tokens' }), { max_tokens: 5000 }],
    ['the model', error(404, 'No such model.', { code: 'model_not_found', param: 'model' })],
    ['the model, without a code', error(404, 'The model `gpt-5` does not exist.')],
    ['the context', error(400, 'Too long for the window.', { code: 'context_length_exceeded' })],
    ['a policy', error(400, 'No.', { code: 'content_filter' })],
    ['an image', error(400, 'No.', { code: 'invalid_image_format' })],
    ['the key', error(400, 'API key not valid.')],
    ['the quota', error(400, 'No.', { code: 'insufficient_quota' })],
    ['too many requests', error(429, 'Slow down.')],
    ['a failure', error(500, 'No.')],
    ['a body without additions', error(400, 'No.'), { model: 'llama-4' }],
  ];
  for (const [name, refusal, more] of cases) {
    it(name, async (t) => {
      const { ask, sent } = await bench(t, () => refusal);
      for (const stream of [false, true]) {
        const answer = await ask({ stream, ...more });
        assert.equal(answer.status, 'status' in refusal ? refusal.status : 400);
        assert.equal(sent().length, 1);
      }
    });
  }

  it('and the error of a list of fields names the field', async (t) => {
    const detail = [
      { loc: ['body', 'input', 0, 'content'], msg: 'Field required' },
      { loc: ['body', 'temperature'], msg: 'Too hot' },
      { msg: 'odd' },
      'odd',
    ];
    const { ask } = await bench(t, () => ({ status: 422, body: { detail } }));
    const { message, param } = errorOf(await ask());
    assert.deepEqual([message, param], ['input[0].content: Field required; temperature: Too hot; odd', 'messages[0].content']);
  });
});

describe("a refusal that quotes the client's own text", () => {
  const content = "Tell me of 'web_search'";
  const flagged = "Refused: 'web_search' is not a topic of ours.";

  it('teaches nothing, even if the next try is answered', async (t) => {
    const { ask, sent } = await bench(t, ({ input }, count) =>
      count === 1 && JSON.stringify(input).includes('web_search') ? error(400, flagged) : undefined,
    );
    await ask({ messages: [{ role: 'user', content }] }, '');
    sent();
    await ask({}, '');
    assert.deepEqual(sent().map(isBare), [false], 'everyone without a credential still has a search');
  });

  it('also where the text is so long that it passes as it is', async (t) => {
    for (const role of ['user', 'tool']) {
      const { ask, sent } = await bench(t, ({ input }, count) =>
        count === 1 && JSON.stringify(input).includes('web_search') ? error(400, flagged) : undefined,
      );
      await ask({ messages: [{ role, tool_call_id: 'call_1', content: `${content} ${'x'.repeat(5000)}` }] }, '');
      sent();
      await ask({}, '');
      assert.deepEqual(sent().map(isBare), [false], role);
    }
  });

  it('in the words of OpenAI likewise', async (t) => {
    const quoted = "Hosted tool 'web_search' is not supported";
    const { ask, sent } = await bench(t, ({ input }) =>
      JSON.stringify(input).includes('Hosted') ? error(400, `Your text was refused: ${quoted}.`) : undefined,
    );
    assert.equal((await ask({ messages: [{ role: 'user', content: quoted }] }, '')).status, 400);
    sent();
    await ask({}, '');
    assert.deepEqual(sent().map(isBare), [false]);
  });
});

describe('sampling that the upstream refuses', () => {
  const refuses =
    (...names: ('temperature' | 'top_p')[]) =>
    (body: Sent): Refusal | undefined => {
      const name = names.find((one) => body[one] !== undefined);
      return name && error(400, `Unsupported parameter: '${name}' is not supported with this model.`, { param: name });
    };

  it('is dropped once, with a note, if nothing is known of the model', async (t) => {
    for (const stream of [false, true]) {
      const { ask, sent } = await bench(t, refuses('temperature', 'top_p'));
      const request = { model: 'new-model', temperature: 0.5, top_p: 0.9, stream };
      const first = await ask(request);
      assert.deepEqual([first.status, first.headers['x-openai-proxy-notes']], [200, 'dropped temperature; dropped top_p']);
      assert.deepEqual(
        sent().map(({ temperature, top_p: top }) => [temperature, top]),
        [
          [0.5, 0.9],
          [undefined, 0.9],
          [undefined, undefined],
        ],
      );
      const second = await ask(request);
      assert.equal(second.headers['x-openai-proxy-notes'], 'dropped temperature; dropped top_p');
      assert.equal(sent().length, 1);
    }
  });

  it('alone is dropped', async (t) => {
    const { ask, sent } = await bench(t, refuses('temperature'));
    assert.equal((await ask({ model: 'new-model', temperature: 0.5, top_p: 0.9 })).status, 200);
    assert.deepEqual(
      sent().map(({ temperature, top_p: top }) => [temperature, top]),
      [
        [0.5, 0.9],
        [undefined, 0.9],
      ],
    );
  });

  it('comes back as an error if the model is known to take it, or other words are used', async (t) => {
    const { ask, sent } = await bench(t, refuses('temperature'));
    assert.equal((await ask({ model: 'gpt-4.1', temperature: 0.5 })).status, 400);
    assert.equal(sent().length, 1);
    const other = await bench(t, ({ temperature }) =>
      temperature === undefined ? undefined : error(400, 'temperature must be at most 1'),
    );
    assert.equal((await other.ask({ model: 'new-model', temperature: 2 })).status, 400);
    assert.equal(other.sent().length, 1);
  });
});

describe('the key of the prompt cache', () => {
  it('is the same whole and streamed, and with a long image in the first message', async (t) => {
    const { ask, sent } = await bench(t, () => undefined);
    const image = (letter: string): object[] => [
      { type: 'text', text: 'What is this?' },
      { type: 'image_url', image_url: { url: `data:image/png;base64,${letter.repeat(100_000)}` } },
    ];
    const first = (letter: string): object => ({ role: 'user', content: image(letter) });
    const more = [
      { role: 'assistant', content: 'A pond.' },
      { role: 'user', content: 'And?' },
    ];
    await ask({ messages: [first('A')] });
    await ask({ messages: [first('A'), ...more], stream: true });
    await ask({ messages: [first('B')] });
    const [one, same, other] = sent().map(({ prompt_cache_key: key }) => key);
    assert.match(String(one), /^[\da-f]{16}$/);
    assert.equal(same, one);
    assert.notEqual(other, one);
  });

  it('is not reported as an addition', async (t) => {
    const upstream = await scriptedUpstream(t, (response) =>
      response.setHeader('content-type', 'application/json').end(JSON.stringify(wholeResponse('Hello'))),
    );
    const { port, finished } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
    await call(port, { body: JSON.stringify({ model: 'gpt-4.1-nano', messages: [{ role: 'user', content: 'hi' }] }) });
    assert.deepEqual([finished[0]?.report.added, finished[0]?.report.notes], [[], []]);
  });
});
