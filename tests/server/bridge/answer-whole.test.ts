import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { chatBody, chatRequest, sse, startStream, textEvents, wholeResponse } from '../bridge-support.ts';
import { call, errorOf, rawRequest, scriptedUpstream, startProxy, until } from '../support.ts';

const body = chatBody({ stream: false });

test('a whole answer has the headers of the upstream, its own length, and the tokens in its report', async (t) => {
  const usage = {
    input_tokens: 20,
    input_tokens_details: { cached_tokens: 5 },
    output_tokens: 10,
    output_tokens_details: { reasoning_tokens: 3 },
    total_tokens: 30,
  };
  const sent = JSON.stringify(
    wholeResponse('Hellö', { model: 'gpt-5-2025-08-07', usage, tool_usage: { web_search: { num_requests: 2 } } }),
  );
  const upstream = await scriptedUpstream(t, (response) =>
    response
      .writeHead(200, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(sent),
        'x-request-id': 'req_1',
        'set-cookie': 'a=b',
      })
      .end(sent),
  );
  const { port, finished } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
  const answer = await call(port, { body });
  assert.equal(answer.status, 200);
  assert.deepEqual(
    ['content-type', 'content-length', 'x-request-id', 'set-cookie'].map((name) => answer.headers[name]),
    ['application/json; charset=utf-8', String(answer.body.length), 'req_1', undefined],
  );
  const { object, model, choices, usage: counted } = JSON.parse(answer.text) as Record<string, unknown>;
  assert.deepEqual([object, model], ['chat.completion', 'gpt-5-2025-08-07']);
  assert.deepEqual(choices, [
    { index: 0, message: { role: 'assistant', content: 'Hellö', refusal: null, annotations: [] }, logprobs: null, finish_reason: 'stop' },
  ]);
  assert.equal((counted as { total_tokens: number }).total_tokens, 30);
  await until(() => finished.length === 1, 'the exchange ends');
  const { report } = finished[0]!;
  assert.deepEqual(
    [report.model, report.usage, report.searches],
    ['gpt-5-2025-08-07', { input: 20, output: 10, cached: 5, reasoning: 3 }, 2],
  );
});

test('events in place of the whole answer are the same answer', async (t) => {
  const upstream = await scriptedUpstream(t, (response, { headers }) => {
    if (headers['x-way'] === 'whole')
      return response.setHeader('content-type', 'application/json').end(JSON.stringify(wholeResponse('Hello')));
    startStream(response);
    return response.end(sse(textEvents(['He', 'llo'])));
  });
  const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
  const streamed = await call(port, { body });
  const whole = await call(port, { body, headers: { 'x-way': 'whole' } });
  assert.equal(streamed.headers['content-type'], 'application/json; charset=utf-8');
  assert.deepEqual(JSON.parse(streamed.text), JSON.parse(whole.text));
});

test('notes that only the answer gives stand in its head', async (t) => {
  const upstream = await scriptedUpstream(t, (response) => {
    startStream(response);
    const [created, ...rest] = textEvents(['Hi']);
    response.end(sse([created!, { type: 'response.of_the_future' }, ...rest]));
  });
  const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
  const answer = await call(port, { body: chatBody({ stream: false, seed: 1 }) });
  assert.equal(answer.headers['x-openai-proxy-notes'], 'dropped seed; skipped an event of type response.of_the_future');
});

test('a Response that failed is an error with the status of its code, and says when to come again', async (t) => {
  const error = { code: 'rate_limit_exceeded', message: 'Slow down.' };
  const upstream = await scriptedUpstream(t, (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'retry-after': '7', 'x-request-id': 'req_1' });
    response.end(JSON.stringify({ id: 'resp_1', status: 'failed', output: [], error }));
  });
  const { port, finished } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
  const answer = await call(port, { body });
  assert.deepEqual([answer.status, errorOf(answer).code, errorOf(answer).message], [429, 'rate_limit_exceeded', 'Slow down.']);
  assert.deepEqual([answer.headers['retry-after'], answer.headers['x-request-id']], ['7', 'req_1']);
  assert.equal(upstream.seen.length, 1);
  await until(() => finished.length === 1, 'the exchange ends');
  assert.equal(finished[0]?.report.failure, 'Slow down.');
});

test('a long answer comes whole, with its length, also to a client that reads slowly', async (t) => {
  const text = `"é語😀\n${'語x'.repeat(3_000_000)}`;
  const upstream = await scriptedUpstream(t, (response) =>
    response.setHeader('content-type', 'application/json').end(JSON.stringify(wholeResponse(text))),
  );
  const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
  const answer = await call(port, { body });
  assert.equal(answer.headers['content-length'], String(answer.body.length));
  const { choices } = JSON.parse(answer.text) as { choices: { message: { content: string } }[] };
  assert.ok(choices[0]?.message.content === text);
  const slow = rawRequest(t, port, chatRequest({ stream: false }, 'connection: close\r\n'));
  await until(() => slow.text().length > 0, 'the answer has begun', 10_000);
  slow.socket.pause();
  await delay(200);
  slow.socket.resume();
  await slow.closed;
  assert.ok(slow.text().endsWith(answer.text.slice(-1000)));
  assert.ok(Buffer.byteLength(slow.text()) > answer.body.length);
});

test('a long answer is given up when its client leaves', async (t) => {
  const upstream = await scriptedUpstream(t, (response) =>
    response.setHeader('content-type', 'application/json').end(JSON.stringify(wholeResponse('x'.repeat(20_000_000)))),
  );
  const { port, finished } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
  const raw = rawRequest(t, port, chatRequest({ stream: false }));
  await until(() => raw.text().length > 0, 'the answer has begun', 10_000);
  raw.socket.destroy();
  await until(() => finished.length === 1, 'the exchange ends', 10_000);
  assert.equal((await call(port, { path: '/health' })).status, 200);
});
