import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChatChunk } from '../../lib/index.ts';
import { createChunkText } from '../../lib/index.ts';
import { eventsOf } from './events.ts';
import { folded } from './fold.ts';
import { chunksIn, chunksOf, head, message, plain, reasoning, responseOf } from './support.ts';

test('a sign of life changes nothing, before the answer begins and within', () => {
  const response = responseOf([reasoning('Hm'), message('a b c')]);
  const stream = createChunkText(plain, head);
  let text = stream.idle();
  assert.deepEqual(
    text.split('\n\n').flatMap((line) => (line ? [(JSON.parse(line.slice(6)) as ChatChunk).choices[0]?.delta] : [])),
    [{ role: 'assistant', content: '' }, { content: '' }],
  );
  for (const event of eventsOf(response)) text += stream.push(event) + (stream.finished ? '' : stream.idle());
  const got = folded(chunksIn(text), true);
  assert.deepEqual(got.message, folded(chunksOf(eventsOf(response)), true).message);
});

test('the text is that of the chunks, a data line each, with [DONE] at the end', () => {
  const stream = createChunkText({ ...plain, includeUsage: false }, head);
  const response = { id: 'resp_1', created_at: 7, model: 'gpt-5', status: 'completed', output: [message('Hi\n')] };
  const top = '{"id":"chatcmpl-1","created":7,"model":"gpt-5","object":"chat.completion.chunk"';
  assert.equal(
    stream.push({ type: 'response.completed', response }),
    `data: ${top},"choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]}\n\n` +
      `data: ${top},"choices":[{"index":0,"delta":{"content":"Hi\\n"},"logprobs":null,"finish_reason":null}]}\n\n` +
      `data: ${top},"choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}]}\n\n` +
      'data: [DONE]\n\n',
  );
  assert.equal(stream.push({ type: 'response.completed', response }), '');
});
