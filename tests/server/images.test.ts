import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { toResponsesRequest } from '../../lib/index.ts';
import { wholeResponse } from './bridge-support.ts';
import { call, errorOf, scriptedUpstream, startProxy } from './support.ts';

const image = (megabytes: number): string => `data:image/png;base64,${'iVBORw0KGgo+/AAA'.repeat(megabytes * 64 * 1024)}`;

/** A conversation with long data in every place where clients put it. */
const chat = {
  model: 'gpt-5',
  messages: [
    { role: 'system', content: 'Look – closely.' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What is this? "data:image/png;base64,"' },
        { type: 'image_url', image_url: { url: image(8), detail: 'high' } },
        { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
        { type: 'file', file: { filename: 'a.pdf', file_data: image(1).replace('image/png', 'application/pdf') } },
        { type: 'file', file: { filename: 'b.pdf', file_data: image(1).slice('data:image/png;base64,'.length) } },
      ],
    },
    {
      role: 'assistant',
      content: `It is ${image(1)}.`,
      tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }],
    },
    { role: 'tool', tool_call_id: 'c', content: JSON.stringify({ png: image(1) }) },
  ],
};

test('images and files reach the upstream as they are, also when the request is sent again', async (t) => {
  const upstream = await scriptedUpstream(t, (response) => {
    response.setHeader('content-type', 'application/json');
    if (upstream.seen.length > 1) return response.end(JSON.stringify(wholeResponse('A dot')));
    response.statusCode = 400;
    const error = {
      message: "Unsupported parameter: 'reasoning.effort'",
      type: 'invalid_request_error',
      param: 'reasoning.effort',
      code: null,
    };
    return response.end(JSON.stringify({ error }));
  });
  const folder = mkdtempSync(join(tmpdir(), 'openai-proxy-images-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const log = join(folder, 'log');
  const { port, proxy } = await startProxy(t, { upstream: upstream.url, mode: 'responses', memory: false, log });
  const answer = await call(port, { body: JSON.stringify(chat) });
  assert.equal(answer.status, 200, answer.text);

  const expected = [new Map(), new Map([['effort', []]])].map(
    (refused) => toResponsesRequest(chat, { refused, fullMessages: true }).request,
  );
  assert.deepEqual(
    upstream.seen.map(({ body }) => JSON.parse(body.toString()) as unknown),
    expected.map((request) => JSON.parse(JSON.stringify(request)) as unknown),
  );

  await proxy.close();
  const lines = readFileSync(log, 'utf8').trim().split('\n');
  const entries = lines.map((line) => JSON.parse(line) as { direction: string; body?: string });
  const sent = entries.filter(({ direction }) => direction === 'upstream-request').map(({ body = '' }) => body);
  assert.equal(sent.length, 2);
  for (const [at, body] of sent.entries()) {
    assert.ok(upstream.seen[at]!.body.toString('latin1', 0, 900_000) === Buffer.from(body).toString('latin1', 0, 900_000));
    assert.ok(body.endsWith(' [cut at 1 MiB]'));
  }
});

test('a long image in a body that is no JSON is still refused', async (t) => {
  const upstream = await scriptedUpstream(t, (response) => response.end());
  const { port } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
  const body = JSON.stringify(chat);
  for (const broken of [body.slice(0, -1), body.replace('}}', '"}}'), body.replace('AAA"', 'AAA\u0000"').replace('iVBOR', '\niVBOR')]) {
    const answer = await call(port, { body: broken });
    assert.equal(answer.status, 400);
    assert.equal(errorOf(answer).code, 'invalid_json');
  }
  assert.equal(upstream.seen.length, 0);
});
