import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chatBody, readStream, sse, startStream, textEvents, wholeResponse } from './bridge-support.ts';
import { call, errorOf, rawRequest, scriptedUpstream, serveCommand, startProxy, until } from './support.ts';
import type { Raw } from './support.ts';

const events = textEvents(['He', 'llo']);

describe('an answer of the upstream', () => {
  it('is an error, and the proxy lives, where it is nested deeply', { timeout: 60_000 }, async (t) => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
    const item = '{"type":"message","id":"m","content":[{"type":"output_text","text":"x","annotations":[ANNOTATIONS]}]}';
    const places = [
      [
        'a citation',
        `{"type":"response.output_text.annotation.added","output_index":0,"content_index":0,"annotation":{"type":"url_citation","url":DEEP}}`,
      ],
      ['an item', `{"type":"response.output_item.done","output_index":0,"item":${item.replace('ANNOTATIONS', 'DEEP')}}`],
      ['an error', `{"type":"error","error":{"message":DEEP,"code":DEEP}}`],
      ['what no one reads', `{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"y","x":DEEP}`],
      ['a text', `{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":DEEP}`],
      ['a type', `{"type":DEEP}`],
    ] as const;
    let sent = '';
    const upstream = await scriptedUpstream(t, (response, { body }) => {
      if (!body.includes('"stream":true')) return response.setHeader('content-type', 'application/json').end(sent);
      startStream(response);
      return response.end(`${sse(events.slice(0, 3))}data: ${sent}\n\n${sse(events.slice(3))}`);
    });
    const { port, warnings } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
    for (const depth of [257, 5000, 200_000]) {
      for (const [place, text] of places) {
        sent = text.replaceAll('DEEP', nested(depth));
        const answer = await call(port, { body: chatBody(), headers: { authorization: 'Bearer k' } });
        const { text: told, complete, status } = answer;
        if (status !== 200) {
          errorOf(answer);
          continue;
        }
        const { done, error } = readStream(told);
        assert.deepEqual([done, complete], [error === undefined, true], `${place}, ${depth} deep`);
      }
      sent = JSON.stringify(wholeResponse('x')).replace('"annotations":[]', `"annotations":[${nested(depth)}]`);
      const whole = await call(port, { body: chatBody({ stream: false }) });
      if (whole.status !== 200) errorOf(whole);
    }
    assert.deepEqual(warnings, []);
  });
});

describe('a fault of the proxy itself', () => {
  it('is a 500 or a broken answer, and the proxy lives', async (t) => {
    const reading = (): ReadableStream<Uint8Array> =>
      new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode(sse(events.slice(0, 3)))),
        pull: () => Promise.reject(new Error('canary-fault')),
      });
    const headers = { 'content-type': 'text/event-stream' };
    const faults: [string, () => Promise<Response>][] = [
      [
        'thrown at once',
        () => {
          throw new Error('canary-fault');
        },
      ],
      ['rejected', () => Promise.reject(new Error('canary-fault'))],
      ['rejected with no error', () => Promise.reject('canary-fault' as unknown as Error)],
      ['no answer at all', () => Promise.resolve(undefined as unknown as Response)],
      ['thrown while it is read', () => Promise.resolve(new Response(reading(), { headers }))],
    ];
    for (const [what, faulty] of faults) {
      const onFinish = (): never => {
        throw new Error('canary-fault');
      };
      const { port, warnings } = await startProxy(t, { fetch: faulty as typeof fetch, onFinish });
      for (const host of ['x:5101', 'x:5102']) {
        for (const stream of [true, false]) {
          const answer = await call(port, { body: chatBody({ stream }), headers: { host } }).catch(() => undefined);
          if (answer)
            assert.ok(
              !answer.complete || answer.status >= 500 || answer.text.includes('data: {"error":'),
              `${what}: ${answer.status} ${answer.text}`,
            );
          assert.ok(!answer?.text.includes('canary-fault'), what);
        }
      }
      assert.equal((await call(port, { path: '/health' })).status, 200);
      assert.ok(
        warnings.length > 0 && warnings.every((warning) => !warning.includes('canary-fault') && !warning.includes('\n')),
        warnings.join(),
      );
    }
  });
});

describe('connections', () => {
  it('two thousand idle ones leave the others served', { timeout: 60_000 }, async (t) => {
    const { port, child, errors } = await serveCommand(t, ['--upstream', 'http://127.0.0.1:9/v1', '--quiet']);
    const raws: Raw[] = [];
    for (let n = 0; n < 2000; n += 1) {
      const raw = rawRequest(t, port, n % 2 ? '' : 'GET /health HTTP/1.1\r\nhost: x\r\n\r\n');
      raws.push(raw);
      if (n % 100 === 0) assert.equal((await call(port, { path: '/health' })).status, 200);
    }
    await until(() => raws.every((raw, n) => n % 2 || raw.text().includes('200 OK')), 'all are answered', 20_000);
    assert.equal((await call(port, { path: '/health' })).status, 200);
    assert.deepEqual([child.exitCode, errors()], [null, '']);
  });
});

describe('what is matched against texts of strangers', () => {
  it('every expression of the code takes linear time', { timeout: 100_000 }, () => {
    const root = fileURLToPath(new URL('../../lib', import.meta.url));
    const literal = /(?<=(?:[=(:,[!&|?{;]|=>|return)\s*)\/(?![/*])((?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/([dgimsuvy]*)/g;
    const found = new Map<string, RegExp>();
    for (const file of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.js')) continue;
      const code = readFileSync(`${root}/${file}`, 'utf8').replaceAll(/^\s*(?:\/\/|\*|\/\*).*$/gm, '');
      for (const [text, source = '', flags] of code.matchAll(literal)) found.set(`${file}: ${text}`, new RegExp(source, flags));
    }
    assert.ok(found.size > 20, `${found.size} expressions`);
    const seeds = [
      ' ',
      'a',
      ':',
      '\r',
      '\n',
      '"',
      '\\',
      '/',
      '-',
      '%20',
      'sk-',
      '[',
      '{"',
      '0',
      '?',
      '=',
      '//',
      "'",
      '`',
      '> ',
      '<think>',
      'a@',
      '.',
      ', ',
    ];
    for (const [name, expression] of found) {
      for (const seed of seeds) {
        const text = `${seed.repeat(100_000 / seed.length)}\u0001`;
        const started = performance.now();
        text.replace(expression, '');
        const took = performance.now() - started;
        // milliseconds; what backtracks takes many seconds
        assert.ok(took < 2000, `${name} takes ${took} ms for 100 kB of ${JSON.stringify(seed)}`);
      }
    }
  });
});
