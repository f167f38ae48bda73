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
