import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import { describe, it } from 'node:test';
import { drained, notesHeader, sendError, writeHead } from '../../../lib/server/http/answer.ts';
import { ProxyError } from '../../../lib/error.ts';
import type { Exchange } from '../../../lib/server/types/exchange.ts';
import { call, errorOf, listen, rawRequest, until, type Context } from '../support.ts';

describe('the header of notes', () => {
  it('has all of them, in order', () => {
    assert.equal(notesHeader(['dropped seed']), 'dropped seed');
    assert.equal(notesHeader(['dropped seed', 'raised max_tokens to 16']), 'dropped seed; raised max_tokens to 16');
  });

  it('is ASCII without control characters', () => {
    assert.equal(notesHeader(['dropped größe\r\nx: y\0', '鍵\ud83d']), 'dropped gr??e??x: y?; ??');
  });

  it('shows no key', () => {
    assert.equal(notesHeader(['dropped sk-0123456789abcdef']), 'dropped [key]');
  });

  it('has 1,024 characters at most, and counts the notes that do not fit', () => {
    const note = (length: number): string => 'n'.repeat(length);
    // room for the words that count stays, though nothing is left to count
    const most = 1024 - ' and 1 more'.length;
    assert.equal(notesHeader([note(most)]), note(most));
    assert.equal(notesHeader([note(most + 1)]), 'and 1 more');
    assert.equal(notesHeader([note(5000), 'b']), 'and 2 more');
    assert.equal(notesHeader(['a', note(most - 2)]), 'a and 1 more');
    const many = notesHeader(Array.from({ length: 500 }, (_, n) => `dropped field${100 + n}`));
    assert.match(many, /^dropped field100; (?:dropped field\d{3}; )*dropped field\d{3} and \d{3} more$/);
    assert.ok(many.length > 980 && many.length <= 1024, `${many.length} characters`);
    assert.equal(many.split('; ').length + Number(/(\d+) more/.exec(many)?.[1]), 500);
  });
});

/** A server whose requests are answered by `answer`, with as much of an exchange as that needs. */
async function serving(t: Context, more: Partial<Exchange>, answer: (exchange: Exchange) => unknown): Promise<number> {
  const server = createServer((request, response) => {
    const exchange = { request, response, report: { added: [], notes: [] }, mode: 'chat', state: { closing: false }, ...more };
    void answer(exchange as unknown as Exchange);
  });
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return listen(server);
}

describe('the head of an answer', () => {
  it('says by which route it came, the mode’s if it took none, and what was noted before', async (t) => {
    const port = await serving(t, {}, (exchange) => {
      const { report, request, response } = exchange;
      if (request.url === '/noted') Object.assign(report, { route: 'responses', notes: ['dropped seed'] });
      writeHead(exchange, 200, { 'x-own': '1' });
      report.notes.push('too late');
      response.end();
    });
    const headersOf = async (path: string): Promise<unknown[]> => {
      const { headers } = await call(port, { path });
      return ['x-own', 'x-openai-proxy-route', 'x-openai-proxy-notes'].map((name) => headers[name]);
    };
    assert.deepEqual(await headersOf('/'), ['1', 'chat', undefined]);
    assert.deepEqual(await headersOf('/noted'), ['1', 'responses', 'dropped seed']);
  });

  it('ends the connection when the proxy is about to stop', async (t) => {
    const port = await serving(t, { state: { closing: true } as never }, (exchange) => {
      writeHead(exchange, 200, {});
      exchange.response.end('last');
    });
    const raw = rawRequest(t, port, 'GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    assert.equal(await raw.closed, 'end');
    assert.match(raw.text(), /\r\nconnection: close\r\n/i);
  });
});

describe('an error', () => {
  const error = new ProxyError(429, 'Slow down.', { code: 'slow_down', headers: { 'retry-after': '7' } });

  it('before the head is an answer of its own', async (t) => {
    let failure: string | undefined;
    const port = await serving(t, {}, (exchange) => {
      sendError(exchange, error);
      ({ failure } = exchange.report);
    });
    const answer = await call(port);
    assert.deepEqual(
      [answer.status, answer.headers['retry-after'], answer.headers['content-type']],
      [429, '7', 'application/json; charset=utf-8'],
    );
    assert.deepEqual(errorOf(answer), { message: 'Slow down.', type: 'invalid_request_error', param: null, code: 'slow_down' });
    assert.equal(failure, 'Slow down.');
    assert.deepEqual(error.headers, { 'retry-after': '7' }, 'the same error may be sent again');
  });

  it('after the head cuts the connection, behind what was written before', async (t) => {
    const port = await serving(t, {}, (exchange) => {
      writeHead(exchange, 200, {});
      exchange.response.write('what came');
      sendError(exchange, error);
    });
    const answer = await call(port);
    assert.deepEqual([answer.status, answer.text, answer.complete], [200, 'what came', false]);
  });
});

describe('a full buffer', () => {
  it('is waited for until there is room again, or the client has left', async (t) => {
    const said: string[] = [];
    const listeners = (response: ServerResponse): number[] => ['drain', 'close'].map((name) => response.listenerCount(name));
    const port = await serving(t, {}, async (exchange) => {
      const { response, request } = exchange;
      // more than the sockets take
      assert.equal(response.write(Buffer.alloc(64 * 1024 * 1024, 'x')), false);
      said.push(`${request.url} waits`);
      const before = listeners(response);
      await drained(exchange);
      assert.deepEqual(listeners(response), before, 'nothing is left of it');
      said.push(`${request.url} ${response.closed ? 'has left' : 'goes on'}`);
      if (!response.closed) return response.end();
      await drained(exchange);
      return said.push('nothing is waited for then');
    });
    const ask = (path: string): ReturnType<typeof rawRequest> => {
      const raw = rawRequest(t, port, `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`);
      raw.socket.pause();
      return raw;
    };
    const reader = ask('/reader');
    await until(() => said.length === 1, 'the buffer is full');
    reader.socket.resume();
    await until(() => said.length === 2, 'there is room', 10_000);
    const leaver = ask('/leaver');
    await until(() => said.length === 3, 'the buffer is full again');
    leaver.socket.destroy();
    await until(() => said.length === 5, 'nothing is waited for');
    assert.deepEqual(said, ['/reader waits', '/reader goes on', '/leaver waits', '/leaver has left', 'nothing is waited for then']);
  });
});
