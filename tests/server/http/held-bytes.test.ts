import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { budgets } from '../../../lib/budgets.ts';
import { BodyBudget } from '../../../lib/server/http/held-bytes.ts';
import { chatBody, chatRequest, sse, textEvents, wholeResponse } from '../bridge-support.ts';
import { call, errorOf, rawRequest, scriptedUpstream, startProxy, until } from '../support.ts';

const { bodyFree: free } = budgets;

describe('the bytes of bodies in flight', () => {
  it('are free up to a little of each', () => {
    const budget = new BodyBudget(100);
    for (let n = 0; n < 100; n += 1) assert.equal(budget.open().take(free), undefined);
  });

  it('may be beyond the budget for one body at a time; another one waits for it', async () => {
    const budget = new BodyBudget(100);
    const [first, second] = [budget.open(), budget.open()];
    assert.equal(first.take(free + 500), undefined);
    assert.equal(first.take(500), undefined);
    let goesOn = false;
    const waiting = second.take(free + 50)?.then(() => (goesOn = true));
    assert.ok(waiting);
    first.release();
    await waiting;
    assert.ok(goesOn);
    second.release();
    assert.equal(budget.open().take(free + 100), undefined);
  });

  it('go on one after the other, in order', async () => {
    const budget = new BodyBudget(10);
    const accounts = Array.from({ length: 20 }, () => budget.open());
    const order: number[] = [];
    const all = accounts.map(async (account, n) => {
      await account.take(free + 100);
      order.push(n);
      await new Promise(setImmediate);
      account.release();
    });
    await Promise.all(all);
    assert.deepEqual(order, [...accounts.keys()]);
  });

  it('go on together as far as there is room', async () => {
    const budget = new BodyBudget(100);
    const first = budget.open();
    assert.equal(first.take(free + 100), undefined);
    const ahead = budget.open();
    assert.equal(ahead.take(free + 50), undefined);
    const waiting = [40, 50, 30].map((bytes) => budget.open().take(free + bytes));
    let last = false;
    void waiting[2]!.then(() => (last = true));
    first.release();
    ahead.release();
    // 90 of 100, and one beyond that
    await Promise.all(waiting);
    assert.ok(last);
  });

  it('are given up by one that leaves while it waits', async () => {
    const budget = new BodyBudget(10);
    const [first, second, third] = [budget.open(), budget.open(), budget.open()];
    void first.take(free + 100);
    void second.take(free + 100);
    const waiting = third.take(free + 100);
    second.release();
    first.release();
    await waiting;
    third.release();
  });

  it('are given back in parts as they are sent, which lets others go on', async () => {
    const budget = new BodyBudget(100);
    const [first, second, third] = [budget.open(), budget.open(), budget.open()];
    assert.equal(first.take(free + 90), undefined);
    assert.equal(second.take(free + 90), undefined, 'ahead');
    let goesOn = false;
    const waiting = third.take(free + 90)?.then(() => (goesOn = true));
    first.give(80);
    // 10 and 90 fit: none is ahead any more
    await waiting;
    assert.ok(goesOn);
    first.give(1000);
    second.release();
    third.release();
    assert.equal(budget.open().take(free + 100), undefined);
    assert.ok(budget.open().take(free + 1) === undefined, 'one ahead');
    const last = budget.open();
    assert.ok(last.take(free + 1));
    last.release();
  });

  it('are refused with 503 after a while, and a small request is served beside them', { timeout: 30_000 }, async (t) => {
    const upstream = await scriptedUpstream(t, (response, { body }) => {
      if (body.length < 1_000_000) response.setHeader('content-type', 'application/json').end(JSON.stringify(wholeResponse('hi')));
    });
    const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
    const body = chatBody({ stream: false, messages: [{ role: 'user', content: 'x'.repeat(budgets.bodies) }] });
    const head = `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n`;
    const raws = [rawRequest(t, port, head + body)];
    await until(() => upstream.seen.length === 1, 'the first one is under way', 10_000);
    raws.push(rawRequest(t, port, head + body));
    await until(() => upstream.seen.length === 2, 'and one more', 10_000);
    const answer = await call(port, { body: chatBody({ stream: false, user: 'x'.repeat(1_000_000) }) });
    assert.deepEqual([answer.status, answer.headers['retry-after'], errorOf(answer).code], [503, '1', 'proxy_busy']);
    assert.equal((await call(port, { body: chatBody({ stream: false }) })).status, 200);
    for (const { socket } of raws) socket.destroy();
    await until(() => upstream.seen.slice(0, 2).every(({ aborted }) => aborted), 'they leave');
    assert.equal((await call(port, { body: chatBody({ stream: false, user: 'x'.repeat(900_000) }) })).status, 200);
  });

  for (const stream of [false, true]) {
    it(`are not held for long by a client that does not read its ${stream ? 'stream' : 'answer'}`, { timeout: 30_000 }, async (t) => {
      const text = 'x'.repeat(30 * 1024 * 1024);
      const upstream = await scriptedUpstream(t, (response, { body }) => {
        const isLong = body.includes('long');
        if (!stream) response.setHeader('content-type', 'application/json').end(JSON.stringify(wholeResponse(isLong ? text : 'hi')));
        else response.setHeader('content-type', 'text/event-stream').end(sse(textEvents([isLong ? text : 'hi'])));
      });
      const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
      const body = chatBody({ stream, messages: [{ role: 'user', content: 'long' }] });
      const slow = [1, 2].map(() => rawRequest(t, port, chatRequest({ stream, messages: [{ role: 'user', content: 'long' }] })));
      for (const { socket } of slow) socket.pause();
      await until(() => upstream.seen.length === 2, 'they are under way');
      await delay(1000);
      const answer = await call(port, { body });
      assert.equal(answer.status, 200);
      assert.ok(answer.body.length > text.length);
      assert.equal((await call(port, { body: chatBody({ stream }) })).status, 200);
    });
  }

  it('are not held for long by a client that hardly sends anything', { timeout: 30_000 }, async (t) => {
    const upstream = await scriptedUpstream(t, (response) => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(wholeResponse('hi')));
    });
    const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
    const head = `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: ${budgets.bodies + 1_000_000}\r\n\r\n`;
    const slow = rawRequest(t, port, head + ' '.repeat(budgets.bodies + 100_000));
    const trickle = setInterval(() => slow.socket.write(' '), 100);
    t.after(() => clearInterval(trickle));
    const body = chatBody({ stream: false, user: 'x'.repeat(1_000_000) });
    while (slow.text() === '') assert.equal((await call(port, { body })).status, 200);
    assert.match(slow.text(), /^HTTP\/1\.1 408 /);
    clearInterval(trickle);
  });
});
