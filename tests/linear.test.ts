// Twice the size takes twice the time: of everything that looks through what a client or an upstream sent.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createBodyReader } from '../lib/answer/read/body.ts';
import { createChunkText } from '../lib/answer/chunk-text.ts';
import { createStopFilter } from '../lib/answer/stop.ts';
import { budgets } from '../lib/budgets.ts';
import { isBeyond } from '../lib/json-extent.ts';
import { Pieces } from '../lib/pieces.ts';
import { marksIn } from '../lib/request/chat-marks.ts';
import { translate } from '../lib/request/translate.ts';
import { notesHeader } from '../lib/server/http/answer.ts';
import { BodyCredentials } from '../lib/server/secrets/credentials.ts';
import { redactorFor } from '../lib/server/secrets/redact.ts';
import { createSseParser } from '../lib/sse/parse.ts';
import type { AnswerContext } from '../lib/answer-context.ts';
import type { ChatRequest } from '../lib/wire/chat.ts';
import { requestLine } from '../bin/terminal.ts';

const list = <Value>(count: number, make: (n: number) => Value): Value[] => Array.from({ length: count }, (_, n) => make(n));
const chat = (messages: object[], more: object = {}): unknown => translate({ model: 'gpt-5', messages, ...more } as unknown as ChatRequest);
const user = { role: 'user', content: 'hi' };
const call = (id: string): object => ({ id, type: 'function', function: { name: 'f', arguments: '{}' } });
const context: AnswerContext = {
  model: 'gpt-5',
  reasoning: 'field',
  json: false,
  legacyFunctions: false,
  logprobs: false,
  stop: [],
  includeUsage: false,
  names: new Map(),
  tools: new Set(),
};

function answer(events: readonly object[], more: Partial<AnswerContext> = {}): void {
  const text = createChunkText({ ...context, ...more }, { id: 'x', created: 1, model: 'gpt-5' });
  const reader = createBodyReader((type) => text.wants(type));
  const begun = { type: 'response.output_item.added', output_index: 0, item: { type: 'message', id: 'm', content: [] } };
  for (const event of [begun, ...events]) {
    for (const one of reader.push(Buffer.from(`data: ${JSON.stringify(event)}\n\n`))) text.push(one);
  }
}

const secrets = list(60, (n) => `aaaaaaaaaaaaaaaaaaaa${n}`);
const pieces = (text: string, size: number): string[] => list(Math.ceil(text.length / size), (n) => text.slice(n * size, (n + 1) * size));
const message = (n: number, text: string): object => ({
  type: 'response.output_item.done',
  output_index: n + 1,
  item: { type: 'message', id: `m${n}`, content: [{ type: 'output_text', text, annotations: [] }] },
});
const delta = (index: number, text: string): object => ({
  type: 'response.output_text.delta',
  output_index: index,
  item_id: `m${index}`,
  content_index: 0,
  delta: text,
});
const annotation = { type: 'url_citation', url: 'https://a.example', title: 't', start_index: 0, end_index: 1 };

/** What takes about 20 to 200 ms of the processor at its size. */
const works: [what: string, size: number, work: (size: number) => unknown][] = [
  ['calls whose ids repeat', 4000, (n) => chat([user, { role: 'assistant', tool_calls: list(n, () => call('a')) }])],
  [
    'calls whose ids begin alike',
    4000,
    (n) => chat([user, { role: 'assistant', tool_calls: list(n, (at) => call(`${'c'.repeat(55)}${String(at >> 1).padStart(9, '0')}`)) }]),
  ],
  ['outputs without a call', 20_000, (n) => chat(list(n, () => ({ role: 'tool', tool_call_id: 'a', content: 'b' })))],
  ['messages', 20_000, (n) => chat(list(n, () => user))],
  ['messages that repeat', 20_000, (n) => chat(list(n, (at) => ({ role: at % 2 ? 'assistant' : 'user', content: 'the same' })))],
  [
    'marks of turns',
    20_000,
    (n) => {
      const roles = ['user', 'system', 'assistant', 'function'];
      const called = { function_call: { name: 'f', arguments: '{"a": [1]}' } };
      return marksIn({
        model: 'gpt-5.6',
        messages: list(n, (at) => ({ role: roles[at % 4], content: `${at}`, ...(at % 8 === 2 && called) })),
      });
    },
  ],
  [
    'marks of a turn after messages that count for nothing',
    200_000,
    (n) => marksIn({ model: 'gpt-5.6', messages: [...list(n, () => ({ role: 'system' })), { role: 'assistant', content: 'a' }] }),
  ],
  ['unknown fields', budgets.fields / 5, (n) => chat([user], Object.fromEntries(list(n, (at) => [`f${at}`, 1])))],
  ['parts', 20_000, (n) => chat([{ role: 'user', content: list(n, () => ({ type: 'text', text: 'x' })) }])],
  [
    'a text that nearly is a stop sequence',
    500_000,
    (n) => createStopFilter([`${'a'.repeat(255)}b`, 'aaac']).push({ text: 'a'.repeat(n), logprobs: [] }),
  ],
  [
    'small pieces of such a text',
    50_000,
    (n) => {
      const filter = createStopFilter([`${'a'.repeat(255)}b`]);
      for (let at = 0; at < n; at += 1) filter.push({ text: 'a', logprobs: [] });
    },
  ],
  ['output items', budgets.items / 5, (n) => answer(list(n, (at) => message(at, `x${at}`)))],
  ['output items that repeat', budgets.items / 4, (n) => answer(list(n, () => message(1, 'the same')))],
  ['deltas', 20_000, (n) => answer(list(n, () => delta(0, 'x')))],
  ['deltas of another item', 20_000, (n) => answer(list(n, () => delta(1, 'x')))],
  ['deltas of a message that repeats the first', 10_000, (n) => answer([message(0, 'x'.repeat(2 * n)), ...list(n, () => delta(2, 'x'))])],
  [
    'citations',
    20_000,
    (n) => answer(list(n, () => ({ type: 'response.output_text.annotation.added', output_index: 0, content_index: 0, annotation }))),
  ],
  ['notes in the header', 100_000, (n) => notesHeader(list(n, (at) => `dropped ${at}`))],
  [
    'notes and names on the terminal',
    500_000,
    (n) =>
      requestLine(
        {
          time: new Date(),
          port: 1,
          method: 'POST',
          path: '\x7f'.repeat(n),
          model: '\x7f'.repeat(n),
          status: 200,
          total: 1,
          added: [],
          notes: list(n, () => 'x'),
        },
        false,
      ),
  ],
  ['texts that nearly are a credential', 500_000, (n) => redactorFor(secrets).redact('a'.repeat(n))],
  [
    'small pieces of them',
    20_000,
    (n) =>
      pieces('a'.repeat(n), 1).forEach(
        (
          (stream) => (one) =>
            stream.push(one)
        )(redactorFor(secrets).stream()),
      ),
  ],
  [
    'members named as credentials',
    5000,
    (n) => redactorFor([]).redactBody(`{${list(n, (at) => `"key_token":"value-${at}-abcdefgh"`).join()}}`),
  ],
  ['quotes and colons', 200_000, (n) => new BodyCredentials().push('":"'.repeat(n))],
  ['backslashes', 500_000, (n) => new BodyCredentials().push(`{"api_key":"${'\\'.repeat(n)}"}`)],
  ['JSON that is measured', 500_000, (n) => isBeyond('[{"a":"\\""},'.repeat(n), 1e9, 1e9)],
  ['a string with escaped quotes', 500_000, (n) => isBeyond(`"${'\\"'.repeat(n)}`, 1, 1)],
  ['a string with escaped quotes that lie apart', 500_000, (n) => isBeyond(`"${'a word \\"'.repeat(n)}`, 1, 1)],
  ['backslashes in a string', 500_000, (n) => isBeyond(`"${'\\\\'.repeat(n)}`, 1, 1)],
  ['an event of many lines', 50_000, (n) => createSseParser().push(Buffer.from('data: x\n'.repeat(n)))],
  ['pieces of one byte', 500_000, (n) => ((all, one) => list(n, () => all.add(one)) && all.join())(new Pieces(), Buffer.from('x'))],
  ['an event in small pieces', 200_000, (n) => ((parser) => list(n, () => parser.push(Buffer.from('x'))))(createSseParser())],
];

/** Milliseconds of the processor, the least of three. */
function cpuOf(work: () => unknown): number {
  const times = list(3, () => {
    const started = process.cpuUsage();
    work();
    const { user: own, system } = process.cpuUsage(started);
    return (own + system) / 1000;
  });
  return Math.min(...times);
}

describe('twice the size takes about twice the time', () => {
  for (const [what, size, work] of works) {
    it(what, { timeout: 60_000 }, (t) => {
      work(size);
      const [once, fourTimes] = [cpuOf(() => work(size)), cpuOf(() => work(4 * size))];
      t.diagnostic(`${once.toFixed(1)} ms, four times the size ${fourTimes.toFixed(1)} ms`);
      // of what is quadratic sixteen times; the rest is room for other work of the machine and for garbage
      assert.ok(fourTimes < 9 * once + 60, `${once} ms and ${fourTimes} ms`);
    });
  }
});
