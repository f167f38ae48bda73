import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { budgets } from '../../../lib/budgets.ts';
import { chatBody, readStream, sse, startStream, textEvents, wholeResponse } from '../bridge-support.ts';
import { call, errorOf, scriptedUpstream, startProxy } from '../support.ts';

const message = (n: number): object => ({
  type: 'message',
  id: `m${n}`,
  content: [{ type: 'output_text', text: `x${n}`, annotations: [] }],
});
const begun = textEvents(['hi']).slice(0, 3);

describe('an answer beyond its budget', () => {
  const streams: [what: string, event: (n: number) => { type: string }][] = [
    [
      'parts that never come',
      (n) => ({ type: 'response.content_part.added', output_index: 0, content_index: n + 1, part: { type: 'output_text', text: '' } }),
    ],
    [
      'citations',
      () => ({
        type: 'response.output_text.annotation.added',
        output_index: 0,
        content_index: 0,
        annotation: { type: 'url_citation', url: 'https://a.example', title: 't', start_index: 0, end_index: 1 },
      }),
    ],
    ['items', (n) => ({ type: 'response.output_item.done', output_index: n + 1, item: message(n) })],
    ['items that only begin', (n) => ({ type: 'response.output_item.added', output_index: n + 1, item: message(n) })],
  ];
  for (const [what, event] of streams) {
    it(`is given up, with an error: ${what}`, { timeout: 60_000 }, async (t) => {
      const upstream = await scriptedUpstream(t, async (response) => {
        startStream(response);
        response.write(sse(begun));
        for (let n = 0; !response.closed; n += 1000) {
          const more = Array.from({ length: 1000 }, (_, at) => event(n + at));
          if (!response.write(sse(more))) await delay(2);
        }
      });
      const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
      const answer = await call(port, { body: chatBody() });
      const { error, done } = readStream(answer.text);
      assert.deepEqual([error?.code, done], ['upstream_invalid_answer', false]);
    });
  }

  it('is 502 where it is whole: values, depth, items', async (t) => {
    let sent = '';
    const upstream = await scriptedUpstream(t, (response) => response.setHeader('content-type', 'application/json').end(sent));
    const { port, warnings } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
    const whole = JSON.stringify(wholeResponse('x'));
    for (sent of [
      whole.replace('"id"', `"x":[${'{},'.repeat(budgets.values)}{}],"id"`),
      whole.replace('"id"', `"metadata":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)},"id"`),
      JSON.stringify(wholeResponse('x', { output: Array.from({ length: budgets.items + 1 }, (_, n) => message(n)) })),
    ]) {
      for (const stream of [false, true]) {
        const answer = await call(port, { body: chatBody({ stream }) });
        assert.equal(answer.status, 502);
        assert.equal(errorOf(answer).code, 'upstream_invalid_answer');
      }
    }
    assert.deepEqual(warnings, []);
  });
});

it('a request with more values than the budget is refused before it is parsed', async (t) => {
  const upstream = await scriptedUpstream(t, (response) => response.end('{}'));
  const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
  const answer = await call(port, { body: `{"model":"gpt-5","x":[${'{},'.repeat(5_000_000)}{}]}` });
  assert.equal(answer.status, 400);
  assert.match(errorOf(answer).message, /more than 400000 values/);
  assert.equal(upstream.connections(), 0);
});
