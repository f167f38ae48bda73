import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Writer } from '../../lib/answer/writer.ts';
import type { AnswerContext, OutputItem, TokenLogprob } from '../../lib/index.ts';
import { eventsOf } from './events.ts';
import { call, chunksOf, message, plain, reasoning, responseOf } from './support.ts';

/** The deltas that the writer emits, each with its tokens if it has any. */
function written(context: Partial<AnswerContext>, write: (writer: Writer) => void): unknown[] {
  const deltas: unknown[] = [];
  write(
    new Writer(
      { ...plain, ...context },
      { delta: (delta, logprobs) => deltas.push(logprobs?.length ? [delta, ...logprobs.map(({ token }) => token)] : delta) },
    ),
  );
  return deltas;
}

const role = (content: string | null): object => ({ role: 'assistant', content });
const token = (text: string): TokenLogprob => ({ token: text, logprob: -1, bytes: null, top_logprobs: [] });

test('the first delta is the role, with an empty text before text, reasoning and images, and null before anything else', () => {
  assert.deepEqual(
    written({}, (writer) => writer.text('Hi', [])),
    [role(''), { content: 'Hi' }],
  );
  assert.deepEqual(
    written({}, (writer) => writer.reasoning({}, 'Hm')),
    [role(''), { reasoning_content: 'Hm' }],
  );
  assert.deepEqual(
    written({}, (writer) => writer.delta({ images: [] })),
    [role(''), { images: [] }],
  );
  assert.deepEqual(
    written({}, (writer) => writer.delta({ refusal: 'No' })),
    [role(null), { refusal: 'No' }],
  );
  assert.deepEqual(
    written({}, (writer) => writer.close()),
    [role(''), { content: '' }],
  );
  assert.deepEqual(
    written({}, (writer) => writer.idle()),
    [role(''), { content: '' }],
  );
});

test('whether something was emitted is known', () => {
  written({}, (writer) => {
    assert.equal(writer.started, false);
    writer.reasoning({}, '');
    assert.equal(writer.started, false, 'an empty text is nothing');
    writer.reasoning({}, 'Hm');
    assert.equal(writer.started, true);
  });
});

test('a blank line separates the parts of reasoning', () => {
  const [one, two] = [{}, {}];
  assert.deepEqual(
    written({}, (writer) => {
      writer.reasoning(one, 'A');
      writer.reasoning(one, 'B');
      writer.reasoning(two, 'C');
      writer.text('Hi', []);
      writer.reasoning(two, 'D');
      writer.reasoning(one, 'E');
    }),
    [
      role(''),
      { reasoning_content: 'A' },
      { reasoning_content: 'B' },
      { reasoning_content: '\n\nC' },
      { content: 'Hi' },
      { reasoning_content: 'D' },
      { reasoning_content: '\n\nE' },
    ],
  );
});

test('a quote opens with the first reasoning and closes before anything else', () => {
  assert.deepEqual(
    written({ reasoning: 'quote' }, (writer) => {
      writer.reasoning('a', 'One\nTwo');
      writer.reasoning('b', 'Three');
      writer.text('Hi', []);
      writer.reasoning('c', 'Four');
      writer.delta({ refusal: 'No' });
    }),
    [
      role(''),
      { content: '> **Thinking**\n> \n> One\n> Two' },
      { content: '\n> \n> Three' },
      { content: '\n> \n> ———\n\n' },
      { content: 'Hi' },
      { content: '\n\n> **Thinking**\n> \n> Four' },
      { content: '\n> \n> ———\n\n' },
      { refusal: 'No' },
    ],
  );
});

test('a tag likewise, and the end closes it too', () => {
  assert.deepEqual(
    written({ reasoning: 'think' }, (writer) => {
      writer.reasoning('a', 'One\nTwo');
      writer.reasoning('b', 'Three');
      writer.close();
    }),
    [role(''), { content: '<think>\nOne\nTwo' }, { content: '\n\nThree' }, { content: '\n</think>\n\n' }],
  );
});

test('a line of reasoning that reads like the end of its block gets a blank', () => {
  assert.deepEqual(
    written({ reasoning: 'think' }, (writer) => {
      writer.reasoning('a', 'x\n</think>\ny</think>\n</think>');
      writer.text('Hi', []);
    }),
    [role(''), { content: '<think>\nx\n</think> \ny</think>\n</think>' }, { content: ' \n</think>\n\n' }, { content: 'Hi' }],
  );
  assert.deepEqual(
    written({ reasoning: 'quote' }, (writer) => {
      writer.reasoning('a', '———');
      writer.text('Hi', []);
    }),
    [role(''), { content: '> **Thinking**\n> \n> ———' }, { content: ' \n> \n> ———\n\n' }, { content: 'Hi' }],
  );
});

test('reasoning may be left out, and is never in content beside JSON', () => {
  const write = (writer: Writer): void => {
    writer.reasoning('a', 'Hm');
    writer.text('{}', []);
  };
  assert.deepEqual(written({ reasoning: 'off' }, write), [role(''), { content: '{}' }]);
  assert.deepEqual(written({ reasoning: 'off', json: true }, write), [role(''), { content: '{}' }]);
  assert.deepEqual(written({ reasoning: 'quote', json: true }, write), [role(''), { reasoning_content: 'Hm' }, { content: '{}' }]);
});

test('one blank line separates two messages, also around a block', () => {
  const write = (writer: Writer): void => {
    writer.separate();
    writer.text('a', []);
    writer.separate();
    writer.text('b', []);
    writer.reasoning('x', 'Hm');
    writer.separate();
    writer.text('c', []);
  };
  assert.deepEqual(written({}, write), [
    role(''),
    { content: 'a' },
    { content: '\n\n' },
    { content: 'b' },
    { reasoning_content: 'Hm' },
    { content: '\n\n' },
    { content: 'c' },
  ]);
  assert.deepEqual(written({ reasoning: 'think' }, write), [
    role(''),
    { content: 'a' },
    { content: '\n\n' },
    { content: 'b' },
    { content: '\n\n<think>\nHm' },
    { content: '\n</think>\n\n' },
    { content: 'c' },
  ]);
});

test('text that is held back comes before a block of reasoning that follows it', () => {
  assert.deepEqual(
    written({ reasoning: 'think', stop: ['STOP'] }, (writer) => {
      writer.text('a ST', []);
      writer.reasoning('x', 'Hm');
      writer.text('OP b', []);
    }),
    [role(''), { content: 'a ' }, { content: 'ST' }, { content: '\n\n<think>\nHm' }, { content: '\n</think>\n\n' }, { content: 'OP b' }],
  );
});

test('reasoning as a field does not come between the halves of a stop sequence', () => {
  assert.deepEqual(
    written({ stop: ['STOP'] }, (writer) => {
      writer.text('a ST', []);
      writer.reasoning('x', 'Hm');
      writer.text('OP b', []);
      assert.equal(writer.stopped, true);
      writer.text('c', []);
      writer.reasoning('x', 'Hm');
      writer.delta({ refusal: 'No' });
      writer.close();
    }),
    [role(''), { content: 'a ' }, { reasoning_content: 'Hm' }],
  );
});

test('what is held back is emitted at the end, and counts for the position', () => {
  assert.deepEqual(
    written({ stop: ['STOP'] }, (writer) => {
      assert.equal(writer.position, 0);
      writer.text('a ST', []);
      assert.equal(writer.position, 4);
      writer.separate();
      assert.equal(writer.position, 6, 'a blank line, though all that came is held back');
      writer.close();
    }),
    [role(''), { content: 'a ' }, { content: 'ST' }, { content: '\n\n' }],
  );
});

test('the position after a stop sequence is where it began', () => {
  written({ stop: ['STOP'] }, (writer) => {
    writer.text('a STOP b', []);
    assert.equal(writer.position, 2);
  });
});

test('log probabilities come with their text', () => {
  assert.deepEqual(
    written({}, (writer) => {
      writer.text('ab', [token('a'), token('b')]);
      writer.text('', [token('')]);
    }),
    [role(''), [{ content: 'ab' }, 'a', 'b'], [{ content: '' }, '']],
  );
});

test('the first chunk differs between an answer that begins with commentary and one that begins with a call', () => {
  const opening = (output: OutputItem[]): unknown => chunksOf(eventsOf(responseOf(output)))[0]?.choices[0]?.delta.content;
  assert.equal(opening([message('Hi')]), '');
  assert.equal(opening([reasoning('Hm'), call()]), '');
  assert.equal(opening([call()]), null);
  assert.equal(opening([message('')]), '');
});
