import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fallbackHead, reportResponse } from '../../../lib/server/bridge/response.ts';
import type { Response } from '../../../lib/wire/responses.ts';
import type { Exchange, Report } from '../../../lib/server/types/exchange.ts';
import { chatBody, sse, startStream, textEvents, wholeResponse } from '../bridge-support.ts';
import { call, scriptedUpstream, startProxy, until } from '../support.ts';

const body = chatBody({ stream: false });

describe('a whole answer is complete', () => {
  it('with its last event, though the upstream says no more; what goes on after it is given up', async (t) => {
    const upstream = await scriptedUpstream(t, (response) => {
      startStream(response);
      response.write(sse(textEvents(['Hello'])));
    });
    const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
    const answer = await call(port, { body });
    assert.deepEqual([answer.status, answer.complete], [200, true]);
    await until(() => upstream.seen[0]?.aborted === true, 'the upstream’s connection is closed', 10_000);
  });

  it('in whatever pieces its bytes come', async (t) => {
    const bytes = Buffer.from(JSON.stringify(wholeResponse('Grüße 👋')));
    const upstream = await scriptedUpstream(t, async (response) => {
      response.setHeader('content-type', 'application/json');
      for (const byte of bytes) {
        response.write(Buffer.from([byte]));
        await new Promise(setImmediate);
      }
      response.end();
    });
    const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
    assert.match((await call(port, { body })).text, /"content":"Grüße 👋"/);
  });
});

describe('the report of an answer', () => {
  function reported(response: object): Report {
    const report: Report = { added: [], notes: [], model: 'asked-for' };
    reportResponse({ report } as unknown as Exchange, response as Response);
    return report;
  }
  const before = { added: [], notes: [], model: 'asked-for' };

  it('has the model that answered, the tokens and the searches that are billed', () => {
    const usage = {
      input_tokens: 20,
      input_tokens_details: { cached_tokens: 5 },
      output_tokens: 10,
      output_tokens_details: { reasoning_tokens: 3 },
    };
    assert.deepEqual(reported({ model: 'gpt-5-2025-08-07', usage, tool_usage: { web_search: { num_requests: 2 } } }), {
      ...before,
      model: 'gpt-5-2025-08-07',
      usage: { input: 20, output: 10, cached: 5, reasoning: 3 },
      searches: 2,
    });
  });

  it('has nothing that the answer does not say', () => {
    assert.deepEqual(reported({}), before);
    assert.deepEqual(reported({ model: '', usage: null, tool_usage: { web_search: { num_requests: 0 } } }), before);
    assert.deepEqual(reported({ model: 5, usage: 'many', tool_usage: [] }), before);
  });

  it('counts as 0 what is no number', () => {
    assert.deepEqual(reported({ usage: { input_tokens: '20', output_tokens: 10, input_tokens_details: null } }), {
      ...before,
      usage: { input: 0, output: 10, cached: 0, reasoning: 0 },
    });
  });
});

describe('the head of an answer that the upstream has not named', () => {
  it('has an id of its own, the time in seconds and the model that was asked for', () => {
    const [before, one, other, after] = [Date.now(), fallbackHead('gpt-5'), fallbackHead('gpt-5'), Date.now()];
    assert.match(one.id, /^chatcmpl-[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/);
    assert.notEqual(one.id, other.id);
    assert.equal(one.model, 'gpt-5');
    assert.ok(Number.isInteger(one.created) && one.created >= Math.floor(before / 1000) && one.created <= after / 1000);
  });
});
