import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createChunkStream } from '../../lib/index.ts';
import { added, head, message, plain, responseOf, textDelta } from './support.ts';

const top = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_763_800_000, model: 'gpt-5' };
const usage = { input_tokens: 3, output_tokens: 4 };
const last = {
  type: 'response.completed',
  response: responseOf([message('Hi')], { usage, service_tier: 'default' }),
};
const events = [{ type: 'response.created', response: responseOf([]) }, added(0, message('')), textDelta(0, 'Hi'), last];
const choice = (delta: object, finish_reason: string | null = null): object => ({ index: 0, delta, logprobs: null, finish_reason });

test('chunks have the form that clients read', () => {
  const stream = createChunkStream({ ...plain, includeUsage: false }, head);
  assert.deepEqual(
    events.flatMap((event) => stream.push(event)),
    [
      { ...top, choices: [choice({ role: 'assistant', content: '' })] },
      { ...top, choices: [choice({ content: 'Hi' })] },
      { ...top, service_tier: 'default', choices: [choice({}, 'stop')] },
    ],
  );
});

test('with usage asked for, it is null in every chunk but the last, which has no choice', () => {
  const stream = createChunkStream(plain, head);
  assert.deepEqual(
    events.flatMap((event) => stream.push(event)),
    [
      { ...top, choices: [choice({ role: 'assistant', content: '' })], usage: null },
      { ...top, choices: [choice({ content: 'Hi' })], usage: null },
      { ...top, service_tier: 'default', choices: [choice({}, 'stop')], usage: null },
      {
        ...top,
        service_tier: 'default',
        choices: [],
        usage: {
          prompt_tokens: 3,
          completion_tokens: 4,
          total_tokens: 7,
          prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
          completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0, accepted_prediction_tokens: 0, rejected_prediction_tokens: 0 },
        },
      },
    ],
  );
});
