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

const messageOf = (text: string): string => {
  try {
    read(text);
  } catch (error) {
    return (error as Error).message;
  }
  return '';
};

test('what a body is not is said', () => {
  const notResponse = "The upstream's answer is not a Response object";
  assert.equal(messageOf('{"output":['), `${notResponse}: it is not valid JSON.`);
  assert.equal(messageOf('[1]'), `${notResponse}.`);
  assert.equal(messageOf(JSON.stringify({ response })), `${notResponse}.`);
  assert.equal(messageOf('{"status":"queued","output":[]}'), "The upstream's answer is not finished: its status is queued.");
});

test('a body may have a type of its own, and an error a code alone', () => {
  assert.deepEqual(read('{"type":"response","output":[]}'), [{ type: 'response.completed', response: { type: 'response', output: [] } }]);
  assert.deepEqual(read('[{"error":{"code":"c"}}]'), [{ type: 'error', error: { code: 'c', message: undefined } }]);
});

test('a long body is the same in pieces, and in steps', () => {
  const text = `${'é'.repeat(1_500_000)}😀`;
  const bytes = encoder.encode(JSON.stringify({ output: [], text }));
  for (const size of [bytes.length, 65_537, 1_048_575]) {
    const reader = createBodyReader();
    for (let at = 0; at < bytes.length; at += size) assert.deepEqual(reader.push(bytes.subarray(at, at + size)), []);
    const steps = reader.endInSteps();
    let count = 0;
    let step = steps.next();
    for (; !step.done; step = steps.next()) count += 1;
    assert.equal(count, 2);
    assert.deepEqual(step.value, [{ type: 'response.completed', response: { output: [], text } }]);
  }
});

test('a body that is too large is refused', () => {
  const body = (count: number): string => JSON.stringify({ output: Array.from({ length: count }, () => 0) });
  assert.equal(read(body(5000)).length, 1);
  assert.equal(messageOf(body(5001)), 'The answer of the upstream has more than 5000 output items.');
  const tooMany = 'The upstream sent JSON with more than 400000 values, with too many different names, or nested too deep.';
  assert.equal(messageOf(`{"output":${'['.repeat(256)}${']'.repeat(256)}}`), tooMany);
  assert.equal(messageOf(`{"output":${'['.repeat(255)}${']'.repeat(255)}}`), '');
  const piece = new Uint8Array(2 ** 20).fill(0x7b);
  const reader = createBodyReader();
  for (let count = 0; count < 32; count += 1) assert.deepEqual(reader.push(piece), []);
  assert.throws(() => reader.push(Uint8Array.of(0x7b)), { message: "The upstream's answer is too large." });
});
