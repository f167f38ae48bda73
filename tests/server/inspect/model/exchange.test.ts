import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it, test } from 'node:test';
import { Exchange } from '../../../../lib/server/inspect/model/exchange.ts';
import { Exchanges } from '../../../../lib/server/inspect/model/exchanges.ts';
import { fixtures } from '../../../answer/fixtures.ts';
import { scriptedUpstream, until, type Context } from '../../support.ts';
import { chat, isComplete, readLines, startInspected, type Inspected } from '../support.ts';

/** The exchanges of a proxy as its page shows them, once there are so many that have ended. */
async function exchangesOf({ finished, lines }: Inspected, count: number): Promise<Exchange[]> {
  await until(() => finished.length === count, `${count} exchanges end`, 10_000);
  const exchanges = new Exchanges();
  for (const line of await readLines(lines, isComplete)) exchanges.add(JSON.stringify(line));
  return exchanges.all;
}

const entries = (...list: object[]): Exchange => {
  const exchange = new Exchange('1');
  for (const [at, entry] of list.entries()) {
    exchange.add({
      time: at * 100,
      port: 1,
      id: '1',
      path: '/v1/chat/completions',
      method: undefined,
      status: undefined,
      headers: undefined,
      body: undefined,
      direction: '',
      ...entry,
    });
  }
  return exchange;
};

describe('an exchange as it is shown has the answer that its client got, for the fixture', () => {
  for (const { name, chat: request } of fixtures) {
    it(name, async (t: Context) => {
      const sse = readFileSync(`fixtures/${name}.response.sse`, 'utf8');
      const response = JSON.parse(readFileSync(`fixtures/${name}.response.json`, 'utf8')) as object;
      const upstream = await scriptedUpstream(t, (answer, { body }) => {
        const isStream = (JSON.parse(body.toString()) as { stream?: boolean }).stream === true;
        answer.setHeader('content-type', isStream ? 'text/event-stream' : 'application/json');
        answer.end(isStream ? sse : JSON.stringify(response));
      });
      const started = await startInspected(t, { upstream: upstream.url });
      const whole = JSON.parse(await chat(started.url, { ...request, stream: false })) as {
        choices: { message: Record<string, unknown>; finish_reason: string }[];
      };
      await chat(started.url, { ...request, stream: true });
      const [one, streamed] = await exchangesOf(started, 2);
      const { message, finish_reason: finish } = whole.choices[0]!;
      for (const { answer, state, response: seen, route } of [one!, streamed!]) {
        assert.equal(state, 'done');
        assert.equal(route, 'responses');
        assert.equal(answer.content, message['content'] ?? '');
        assert.equal(answer.reasoning, message['reasoning_content'] ?? '');
        assert.equal(answer.refusal, message['refusal'] ?? '');
        assert.equal(answer.finish, finish);
        assert.equal(answer.citations.length, ((message['annotations'] as unknown[]) ?? []).length);
        assert.deepEqual(seen, response);
      }
      assert.deepEqual(streamed?.answer.calls, one?.answer.calls);
      assert.deepEqual(streamed?.tokens, one?.tokens);
      const events = sse.split('\n').filter((line) => line.startsWith('data: '));
      assert.deepEqual(
        streamed?.steps.map(({ data }) => `data: ${data}`),
        events,
      );
    });
  }
});

test('a request that was sent again has an attempt for each time, with what was left out', async (t) => {
  const refusal = {
    error: {
      message: "Unsupported parameter: 'reasoning.summary' is not supported with this model.",
      type: 'invalid_request_error',
      param: 'reasoning.summary',
      code: 'unsupported_parameter',
    },
  };
  const response = JSON.parse(readFileSync('fixtures/demo-text.response.json', 'utf8')) as object;
  const upstream = await scriptedUpstream(t, (answer, { body }) => {
    const isRefused = 'summary' in (JSON.parse(body.toString()) as { reasoning: object }).reasoning;
    answer.writeHead(isRefused ? 400 : 200, { 'content-type': 'application/json' });
    answer.end(JSON.stringify(isRefused ? refusal : response));
  });
  const started = await startInspected(t, { upstream: upstream.url });
  await chat(started.url);
  const [exchange] = await exchangesOf(started, 1);
  assert.deepEqual(
    exchange?.attempts.map(({ status, without }) => [status, without]),
    [
      [400, []],
      [200, ['dropped reasoning.summary']],
    ],
  );
  assert.equal(exchange?.state, 'done');
  assert.deepEqual(exchange?.notes, ['removed reasoning.summary (refused upstream)']);
});

test('a running exchange is one until it ends, and one whose client left says so', () => {
  const exchange = entries({ direction: 'downstream-request', method: 'POST', body: '{"model":"m"}' });
  assert.equal(exchange.state, 'running');
  assert.equal(exchange.model, 'm');
  exchange.end();
  assert.equal(exchange.state, 'failed');
  const left = entries(
    { direction: 'downstream-request' },
    { direction: 'note', body: 'the connection closed before the answer was complete' },
  );
  left.end();
  assert.equal(left.state, 'left');
  assert.equal(left.method, 'GET');
});

test('an error within a stream is an error of the exchange', () => {
  const exchange = entries(
    { direction: 'downstream-request', body: '{}' },
    { direction: 'downstream-response', status: 200, headers: { 'content-type': 'text/event-stream' } },
    { direction: 'downstream-response-chunk', body: 'data: {"error":{"message":"overloaded"}}\n\n' },
  );
  exchange.end();
  assert.deepEqual([exchange.state, exchange.errors, exchange.firstOutput], ['failed', ['overloaded'], 200]);
});

test('a body that comes in pieces is one, and one that is not text is named', () => {
  const exchange = entries(
    { direction: 'downstream-request', method: 'POST' },
    { direction: 'downstream-request', body: '{"a"' },
    { direction: 'downstream-request', body: ':1}' },
  );
  assert.deepEqual(exchange.asked.json, { a: 1 });
  assert.equal(entries({ direction: 'downstream-request', body: { type: 'audio/wav', length: 7 } }).asked.text, '[audio/wav, 7 bytes]');
  assert.equal(entries({ direction: 'downstream-request', body: '{"a": [cut at 1 MiB]' }).asked.isCut, true);
});
