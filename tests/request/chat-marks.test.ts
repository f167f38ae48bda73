import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callMark, fingerprint, textMark } from '../../lib/memory/marks.ts';
import { ChatMarks, marksIn, sentLast } from '../../lib/request/chat-marks.ts';
import { result } from './conversations.ts';

const all = 'gpt-5.6-sol';
const current = 'gpt-5.2';
const own = (text: string): object => ({ role: 'assistant', content: text });
const marksOf = (messages: unknown[], model = all): number => marksIn({ model, messages }).length;

test('marks are those of the calls and texts of the assistant', () => {
  const calls = (...ids: unknown[]): object => ({
    role: 'assistant',
    content: null,
    tool_calls: ids.map((id) => ({ id, type: 'function', function: { name: 'f', arguments: '{}' } })),
  });
  const user1 = { role: 'user', content: 'a' };
  assert.equal(marksOf([user1, own('x')]), 1);
  assert.equal(marksOf([own('x')]), 1);
  assert.equal(marksOf([user1, own('')]), 0);
  assert.equal(marksOf([user1, { role: 'user', content: 'x' }, null, 'x', { role: 'system', content: 'x' }]), 0);
  assert.equal(marksOf([user1, calls('a', 'b', '', 5, 'a')]), 2);
  assert.equal(marksOf([user1, { ...calls('a'), content: 'x' }, result('a')]), 1);
  assert.equal(marksOf([user1, { ...calls('a'), content: 'x' }, result('a'), user1]), 2, 'the answer may be merged with the calls');
  assert.equal(marksOf([user1, { ...calls('a'), content: 'x' }, user1]), 1);
  assert.equal(marksOf([user1, own('x'), user1, own('y')]), 2);
  assert.equal(marksOf([user1, own('x'), user1, own('x')]), 1, 'the same twice');
  assert.equal(marksOf([user1, own('x'), user1, own('y')], current), 1);
  assert.equal(marksOf([user1, own('x'), { role: 'user', content: [{ type: 'text', text: 'a' }] }, own('x')]), 1, 'a text in a list');
  assert.equal(marksIn({ model: all }).length, 0);
});

test('of a very long conversation the latest turns are looked for', () => {
  const calls = Array.from({ length: 5010 }, (_, at) => ({
    role: 'assistant',
    tool_calls: [{ id: `call_${at}`, function: { name: 'f' } }],
  }));
  const marks = marksIn({ model: all, messages: calls });
  assert.deepEqual([marks.length, marks[0], marks.at(-1)], [5000, callMark('call_5009'), callMark('call_10')]);
  const texts = Array.from({ length: 40 }, (_, at) => own(`${at}${'x'.repeat(1_000_000)}`));
  assert.equal(marksOf(texts), 16, 'as many as are hashed in a moment');
  const called = texts.map((_, at) => ({ role: 'assistant', function_call: { name: 'f', arguments: `${at}${'x'.repeat(1_000_000)}` } }));
  assert.equal(marksOf(called), 16);
  const [looked, left] = [new ChatMarks({ model: all, messages: called }), new ChatMarks({ model: all, messages: texts })];
  looked.all();
  left.all();
  assert.deepEqual(
    [looked.functionCall(24) !== undefined, looked.functionCall(23)],
    [true, undefined],
    'others are not looked at later either',
  );
  assert.deepEqual([left.answer(24) !== undefined, left.answer(23)], [true, undefined]);
});

test('what the client sent last is all since the last turn of the model', () => {
  const sent = (messages: unknown[]): number => sentLast({ model: all, messages }).length;
  const user1 = { role: 'user', content: 'a' };
  assert.equal(sent([user1, user1]), 2);
  assert.equal(sent([user1, own('x'), user1]), 1);
  assert.equal(sent([user1, own('x')]), 0);
  assert.equal(sent([own('x'), result('a'), { role: 'function', name: 'f', content: 'y' }, { role: 'system', content: 'z' }, user1]), 3);
  const marks = (content: unknown): string[] => sentLast({ model: all, messages: [{ role: 'user', content }] });
  assert.deepEqual(marks(' a '), marks('a'), 'blanks at the ends do not count');
  assert.deepEqual(
    marks([{ type: 'text', text: 'a', prompt_cache_breakpoint: { mode: 'explicit' } }]),
    marks([{ type: 'text', text: ' a' }]),
  );
  assert.notDeepEqual(
    marks([
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
    ]),
    marks([{ type: 'text', text: 'ab' }]),
  );
  assert.deepEqual(
    sentLast({
      messages: [
        { role: 'user', content: 'abc' },
        { role: 'user', content: 'd' },
      ],
    }),
    [...sentLast({ messages: [{ role: 'user', content: 'abc' }] }), ...sentLast({ messages: [{ role: 'user', content: 'd' }] })],
  );
});

test('what was merged into the calls is found by the last result, and the text of a message without calls by what came before it', () => {
  const calls = {
    role: 'assistant',
    content: 'Done.',
    tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } }],
  };
  const messages = [{ role: 'user', content: 'Go.' }, calls, result('call_1'), { role: 'user', content: 'Thanks.' }, own('Bye.')];
  const marks = new ChatMarks({ model: all, messages });
  const merged = textMark(fingerprint(String((messages[2] as { content: string }).content)), 'Done.');
  assert.equal(marks.mergedAnswer(1), merged);
  assert.equal(marks.answer(1), textMark(fingerprint('Go.'), 'Done.'), 'one is not the other');
  assert.equal(marks.mergedAnswer(1), merged, 'in whatever order they are asked for');
  assert.deepEqual(marks.all(), [textMark(fingerprint('Thanks.'), 'Bye.'), callMark('call_1'), merged]);
});

test('reasoning that the proxy wrote into a message is none of what it says', () => {
  const messages = [own('<think>\nHm.\n</think>\n\nYes.')];
  assert.equal(new ChatMarks({ model: all, messages }, undefined, 'think').said(0), 'Yes.');
});

test('of very many messages since the turn before the latest count', () => {
  const sent = Array.from({ length: 1100 }, (_, at) => ({ role: 'user', content: `${at}` }));
  assert.deepEqual(
    sentLast({ messages: sent }),
    sent.slice(100).map(({ content }) => fingerprint(content)),
  );
});

test('a message with more calls than turns are looked for is looked for by as many', () => {
  const calls = { role: 'assistant', tool_calls: Array.from({ length: 5010 }, (_, at) => ({ id: `call_${at}` })) };
  assert.equal(marksIn({ model: all, messages: [calls] }).length, 5000);
});

test('a message says its refusal if it says nothing else', () => {
  const said = (message: object): string => new ChatMarks({ model: all, messages: [{ role: 'assistant', ...message }] }).said(0);
  assert.equal(said({ content: null, refusal: 'No.' }), 'No.');
  assert.equal(said({ content: [{ type: 'refusal', refusal: 'No, ' }], refusal: 'no.' }), 'No, no.');
  assert.equal(said({ content: 'Yes.', refusal: 'No.' }), 'Yes.');
});

test('messages of the system between the last one of the client and the answer do not count', () => {
  const system = { role: 'system', content: 'Be brief.' };
  const [asked, yes] = [{ role: 'user', content: 'Sure?' }, own('Yes.')];
  assert.deepEqual(marksIn({ model: all, messages: [asked, system, yes] }), marksIn({ model: all, messages: [asked, yes] }));
  assert.deepEqual(marksIn({ model: all, messages: [system, yes] }), [textMark(undefined, 'Yes.')]);
});

test('blanks around what the client sent do not count, in parts either', () => {
  const marks = (content: unknown): string[] => marksIn({ model: all, messages: [{ role: 'user', content }, own('Yes.')] });
  assert.deepEqual(marks(' \n Sure? '), marks('Sure?'));
  const image = { type: 'image_url', image_url: { url: 'https://a.example' } };
  assert.deepEqual(marks([{ type: 'text', text: ' Sure?\n' }, image]), marks([{ type: 'text', text: 'Sure?' }, image]));
});

test('of what the client sent a long text counts by its ends and its length, wherever in a part it stands', () => {
  const marks = (content: unknown): string[] => marksIn({ model: all, messages: [{ role: 'user', content }, own('Yes.')] });
  const long = 'long '.repeat(10_000);
  for (const content of [
    (text: string): unknown => text,
    (text: string): unknown => [{ type: 'text', text }],
    (text: string): unknown => [{ type: 'image_url', image_url: { url: text } }],
    (text: string): unknown => [{ type: 'file', file: { file_data: text, filename: 'a.txt' } }],
  ]) {
    assert.deepEqual(marks(content(`${long}x`)), marks(content(`${long}x`)));
    assert.notDeepEqual(marks(content(`${long}x`)), marks(content(`${long}y`)));
    assert.notDeepEqual(marks(content(`${long}x`)), marks(content(`x${long}x`)));
  }
});

test('of what the client sent in very many parts the ends and the length count', () => {
  const parts = Array.from({ length: 300 }, (_, n) => ({ type: 'text', text: `${n} ${'x'.repeat(4000)}` }));
  const marks = (content: unknown): string[] => marksIn({ model: all, messages: [{ role: 'user', content }, own('Yes.')] });
  assert.deepEqual(marks(parts), marks(parts));
  assert.notDeepEqual(marks(parts), marks([...parts, { type: 'text', text: 'y' }]));
  assert.notDeepEqual(marks(parts), marks([{ type: 'text', text: 'y' }, ...parts]));
});
