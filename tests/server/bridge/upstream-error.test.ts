import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chatBody, forEachBelow, readStream, sse, startStream, textEvents, wholeResponse } from '../bridge-support.ts';
import { call, errorOf, freePort, rawRequest, rawUpstream, scriptedUpstream, startProxy } from '../support.ts';

const events = textEvents(['He', 'llo']);
const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
const body = JSON.stringify(wholeResponse('Hello'));

/** An answer, and how much of it must be there before it may count as whole. */
const answers: [name: string, streamed: boolean, bytes: string, enough: number][] = [];
const streamHead = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n';
const streamBytes = streamHead + events.map((event) => chunk(sse([event]))).join('') + '0\r\n\r\n';
answers.push(['a stream', true, streamBytes, streamBytes.lastIndexOf('\n\n\r\n0')]);
const jsonHead = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';
const lengthBytes = `${jsonHead}content-length: ${body.length}\r\n\r\n${body}`;
const chunkedBytes = `${jsonHead}transfer-encoding: chunked\r\n\r\n${chunk(body.slice(0, 40))}${chunk(body.slice(40))}0\r\n\r\n`;
answers.push(['a whole answer with its length', false, lengthBytes, lengthBytes.length]);
answers.push(['a whole answer in chunks', false, chunkedBytes, chunkedBytes.length]);
answers.push(['a whole answer where a stream was asked for', true, lengthBytes, lengthBytes.length]);

describe('an upstream that breaks off, bridged', () => {
  for (const [name, streamed, bytes, enough] of answers) {
    for (const way of ['reset', 'end'] as const) {
      it(`never looks like one that has ended: ${name}, ${way} after every byte`, async (t) => {
        const upstream = await rawUpstream(t, (socket, head) => {
          const cut = Number(/x-cut: (\d+)/.exec(head)?.[1]);
          const after = (): void => void (way === 'reset' ? setImmediate(() => socket.resetAndDestroy()) : socket.end());
          if (cut === 0) after();
          else socket.write(bytes.slice(0, cut), after);
        });
        const { port, warnings } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
        await forEachBelow(enough, async (cut) => {
          const answer = await call(port, { body: chatBody({ stream: streamed }), headers: { 'x-cut': String(cut) } });
          const where = `after ${cut} bytes: ${answer.text}`;
          if (answer.status === 502) return assert.match(String(errorOf(answer).code), /^upstream_/, where);
          assert.ok(streamed, where);
          const { finish, done, error } = readStream(answer.text);
          // the error is lost in some clients when the connection is cut behind it
          assert.deepEqual([answer.status, answer.complete, finish, done], [200, true, [], false], where);
          assert.match(String(error?.code), /^upstream_/, where);
        });
        assert.deepEqual(warnings, []);
      });
    }
  }

  it('or that just ends before its last event is an error event, and no end', async (t) => {
    const upstream = await scriptedUpstream(t, (response, { headers }) => {
      startStream(response);
      response.end(sse(events.slice(0, Number(headers['x-count']))) + (headers['x-done'] ? 'data: [DONE]\n\n' : ''));
    });
    const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
    for (const done of ['', 'yes']) {
      for (let count = 0; count < events.length; count += 1) {
        const answer = await call(port, { body: chatBody(), headers: { 'x-count': String(count), 'x-done': done } });
        const {
          finish,
          done: ended,
          error,
        } = answer.status === 200 ? readStream(answer.text) : { finish: [], done: false, error: errorOf(answer) };
        // Nothing was sent as long as no output has begun: a status says it better.
        assert.equal(answer.status, count < 2 ? 502 : 200, `${count} events`);
        assert.equal(answer.complete, true);
        assert.deepEqual([finish, ended], [[], false]);
        assert.equal(error?.code, 'stream_ended_early');
      }
    }
    const whole = await call(port, { body: chatBody(), headers: { 'x-count': String(events.length), 'x-done': 'yes' } });
    assert.deepEqual([readStream(whole.text).content, readStream(whole.text).finish, whole.complete], ['Hello', ['stop'], true]);
  });

  it('or cannot be reached is a status', async (t) => {
    const refused = await startProxy(t, { upstream: `http://127.0.0.1:${await freePort()}/v1`, mode: 'responses' });
    for (const streamed of [true, false]) {
      const answer = await call(refused.port, { body: chatBody({ stream: streamed }) });
      assert.deepEqual([answer.status, errorOf(answer).code], [502, 'upstream_unreachable']);
    }
  });

  it('ends with the error event to a client of HTTP/1.0 too', async (t) => {
    const upstream = await rawUpstream(t, (socket) => socket.end(streamBytes.slice(0, -400)));
    const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
    const json = chatBody();
    const raw = rawRequest(t, port, `POST /v1/chat/completions HTTP/1.0\r\ncontent-length: ${json.length}\r\n\r\n${json}`);
    assert.equal(await raw.closed, 'end');
    assert.match(raw.text(), /\n\ndata: \{"error":[^\n]*\n\n$/);
  });
});

describe('an error that the upstream sends in its stream, bridged', () => {
  const sent = { message: 'Out of luck.', type: 'server_error', param: null, code: 'bad_luck' };
  const ways: [name: string, event: { type: string; [key: string]: unknown }][] = [
    ['an error event, nested', { type: 'error', error: sent }],
    ['an error event, flat', { type: 'error', message: sent.message, code: sent.code, param: null }],
    ['a failed Response', { type: 'response.failed', response: { id: 'resp_1', status: 'failed', error: sent } }],
    ['a completed Response that has failed', { type: 'response.completed', response: { id: 'resp_1', status: 'failed', error: sent } }],
  ];
  for (const [name, event] of ways) {
    for (const before of [0, 1, 3]) {
      it(`is a status before any output and an event after it: ${name}, after ${before} events`, async (t) => {
        const upstream = await scriptedUpstream(t, (response) => {
          startStream(response);
          // what follows an error does not count
          response.end(sse([...events.slice(0, before), event, ...events.slice(before)]));
        });
        const { port, warnings } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
        const answer = await call(port, { body: chatBody() });
        const { finish, done, error } =
          answer.status === 200 ? readStream(answer.text) : { finish: [], done: false, error: errorOf(answer) };
        assert.equal(answer.status, before < 2 ? 500 : 200);
        assert.equal(answer.complete, true);
        assert.deepEqual([error, finish, done], [sent, [], false]);
        assert.deepEqual([upstream.seen.length, warnings], [1, []]);
      });
    }
  }

  it('that is a line of chat without a type is one too', async (t) => {
    const upstream = await scriptedUpstream(t, (response) => {
      startStream(response);
      response.end(`${sse(events.slice(0, 3))}data: ${JSON.stringify({ error: sent })}\n\n`);
    });
    const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
    const { error, done } = readStream((await call(port, { body: chatBody() })).text);
    assert.deepEqual([error, done], [sent, false]);
  });

  it('keeps its status where it comes as one', async (t) => {
    for (const status of [400, 401, 403, 404, 409, 422, 429, 500, 503, 529]) {
      const upstream = await scriptedUpstream(t, (response) =>
        response
          .writeHead(status, { 'content-type': 'application/json', 'retry-after': '7', 'x-request-id': 'req_1' })
          .end(JSON.stringify({ error: sent })),
      );
      const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
      for (const streamed of [true, false]) {
        const answer = await call(port, { body: chatBody({ stream: streamed }) });
        assert.deepEqual([answer.status, errorOf(answer)], [status, sent]);
        assert.deepEqual([answer.headers['retry-after'], answer.headers['x-request-id']], ['7', 'req_1']);
      }
      // only what may be a refusal of the proxy's additions is sent again, once
      assert.equal(upstream.seen.length, [400, 404, 422].includes(status) ? 4 : 2);
    }
  });
});

describe('an error of the upstream that says nothing, bridged', () => {
  it('has its status, whatever its body is', async (t) => {
    const bodies = ['', 'no', '{"error":{}}', `{"error":${'['.repeat(300)}${']'.repeat(300)}}`, '['.repeat(1_000_000)];
    const upstream = await scriptedUpstream(t, (response, { headers }) => response.writeHead(429).end(bodies[Number(headers['x-body'])]));
    const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
    for (const at of bodies.keys()) {
      const answer = await call(port, { body: chatBody(), headers: { 'x-body': String(at) } });
      assert.equal(answer.status, 429);
      assert.equal(errorOf(answer).message, 'The upstream answered with status 429 and no error message.');
    }
  });
});

describe('an answer that is none, bridged', () => {
  const html = '<html>Bad gateway</html>';
  const cases: [name: string, status: number, type: string, body: string, expected: number][] = [
    ['a page with an error', 500, 'text/html', html, 500],
    ['an error without a body', 502, 'application/json', '', 502],
    ['an error that is no JSON', 429, 'application/json', 'slow down', 429],
    ['a page with success', 200, 'text/html', html, 502],
    ['a page that says it is JSON', 200, 'application/json', html, 502],
    ['a page that says it is a stream', 200, 'text/event-stream', html, 502],
    ['success without a body', 200, 'application/json', '', 502],
    ['no content', 204, 'application/json', '', 502],
    ['a list', 200, 'application/json', '[]', 502],
    ['null', 200, 'application/json', 'null', 502],
    ['an event that is no JSON', 200, 'text/event-stream', 'data: {"type":\n\n', 502],
    ['an event that is a number', 200, 'text/event-stream', 'data: 5\n\n', 502],
    ['an event without a type', 200, 'text/event-stream', 'data: {}\n\n', 502],
    ['an error that succeeds', 200, 'application/json', '{"error":{"message":"no"}}', 500],
    ['an object that is no Response', 200, 'application/json', '{"ok":true}', 502],
    ['a Response that is still running', 200, 'application/json', '{"status":"in_progress","output":[]}', 502],
    ['a status that is none', 999, 'application/json', '{}', 502],
  ];
  for (const [name, status, type, text, expected] of cases) {
    it(`is an error in OpenAI’s shape: ${name}`, async (t) => {
      const upstream = await scriptedUpstream(t, (response) => response.writeHead(status, { 'content-type': type }).end(text || undefined));
      const { port, warnings } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
      for (const streamed of [true, false]) {
        const answer = await call(port, { body: chatBody({ stream: streamed }) });
        assert.equal(answer.status, expected, `stream: ${streamed}: ${answer.text}`);
        assert.doesNotMatch(errorOf(answer).message, /html|slow/);
      }
      assert.deepEqual(warnings, []);
    });
  }

  it('is passed on where it is a redirect, and not followed', async (t) => {
    const evil = await scriptedUpstream(t, (response) => response.end());
    const upstream = await scriptedUpstream(t, (response, { headers }) =>
      response.writeHead(Number(headers['x-status']), { location: `${evil.url}/x` }).end(),
    );
    const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
    for (const status of [301, 302, 303, 307, 308]) {
      for (const streamed of [true, false]) {
        const headers = { 'x-status': String(status), authorization: 'Bearer k' };
        const answer = await call(port, { body: chatBody({ stream: streamed }), headers });
        assert.deepEqual([answer.status, answer.headers.location], [status, `${evil.url}/x`]);
      }
    }
    assert.equal(evil.connections(), 0);
  });
});
