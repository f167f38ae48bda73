import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventsOf } from '../../../lib/server/demo/demo-events.ts';
import type { DemoResponse } from '../../../lib/server/demo/demo-events.ts';

test('the events of the demo add up to their Response', () => {
  const message = { id: 'm', type: 'message', content: [{ type: 'output_text', text: ' a  b\nc ', annotations: [] }] };
  const response = {
    id: 'r',
    created_at: 1,
    model: 'm',
    output: [message],
    usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2 },
  };
  const events = eventsOf(response as DemoResponse);
  assert.deepEqual(
    events.map((event) => event['sequence_number']),
    [...events.keys()],
  );
  const text = events.filter((event) => event['type'] === 'response.output_text.delta').map((event) => event['delta']);
  assert.equal(text.join(''), ' a  b\nc ');
});
