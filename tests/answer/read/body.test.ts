import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBodyReader } from '../../../lib/answer/read/body.ts';
import { ProxyError, type SentEvent } from '../../../lib/index.ts';

const encoder = new TextEncoder();

/** The events in a body that comes in pieces. */
function read(...pieces: string[]): SentEvent[] {
  const reader = createBodyReader();
  const events = pieces.flatMap((piece) => reader.push(encoder.encode(piece)));
  return [...events, ...reader.end()];
}

const response = { object: 'response', status: 'completed', output: [] };

test('a body that begins with a brace is JSON, anything else an event stream', () => {
  const whole = [{ type: 'response.completed', response }];
  assert.deepEqual(read(JSON.stringify(response)), whole);
  assert.deepEqual(read('\ufeff \r\n', ...JSON.stringify(response)), whole, 'in pieces, after blanks');
  const event = { type: 'response.created', response };
  assert.deepEqual(read(`data: ${JSON.stringify(event)}\n\n`), [event]);
  assert.deepEqual(read('\ufeff', ': hi\n\n', `data: ${JSON.stringify(event)}\n\n`), [event]);
  assert.deepEqual(read(), []);
});

const wholes: [what: string, body: unknown, event: object][] = [
  [
    'an incomplete one',
    { status: 'incomplete', output: [] },
    { type: 'response.incomplete', response: { status: 'incomplete', output: [] } },
  ],
  ['one that failed', { status: 'failed', error: null }, { type: 'response.failed', response: { status: 'failed', error: null } }],
  ['one without a status', { output: [] }, { type: 'response.completed', response: { output: [] } }],
  ['text alone', { output_text: 'Hi' }, { type: 'response.completed', response: { output_text: 'Hi' } }],
  ['an event', { type: 'response.completed', response }, { type: 'response.completed', response }],
  ['an error', { error: { message: 'no', code: 'c' } }, { type: 'response.failed', response: { error: { message: 'no', code: 'c' } } }],
  ['an error as a text', { error: 'no' }, { type: 'error', error: { message: 'no' } }],
  ['an error in a list', [{ error: { code: 400, message: 'no' } }], { type: 'error', error: { code: '400', message: 'no' } }],
  ['a detail', { detail: 'no' }, { type: 'error', error: { message: 'no' } }],
];

for (const [what, body, event] of wholes) {
  test(`a whole body that is ${what} is the event that would end its stream`, () => assert.deepEqual(read(JSON.stringify(body)), [event]));
}

for (const text of ['{"output":[', '{}', '[]', '{"status":"in_progress","output":[]}', '{"status":"cancelled","output":[]}']) {
  test(`${text} is not an answer`, () => {
    assert.throws(
      () => read(text),
      (error) => error instanceof ProxyError && error.status === 502 && error.code === 'upstream_invalid_answer',
    );
  });
}
