import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { createChunkText } from '../../lib/answer/chunk-text.ts';
import { toChatCompletion } from '../../lib/answer/completion.ts';
import { ProxyError } from '../../lib/error.ts';
import { packageFolder } from '../../lib/server/about.ts';
import { eventsOf } from '../../lib/server/demo/demo-events.ts';
import type { DemoResponse } from '../../lib/server/demo/demo-events.ts';
import { createEventReader } from '../../lib/sse/response-events.ts';
import type { AnswerContext } from '../../lib/answer-context.ts';
import type { Response, SentEvent } from '../../lib/wire/responses.ts';
import { lintCompletion, lintStream } from './lint.ts';
import { replies } from './upstream.ts';

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
const head = { id: 'chatcmpl-x', created: 1, model: 'gpt-5' };

const contexts: Readonly<Record<string, Partial<AnswerContext>>> = {
  'reasoning as a field': {},
  usage: { includeUsage: true },
  quote: { reasoning: 'quote' },
  think: { reasoning: 'think', includeUsage: true },
  'no reasoning': { reasoning: 'off' },
  JSON: { json: true },
  logprobs: { logprobs: true },
  functions: { legacyFunctions: true },
  'a stop sequence': { stop: ['e '] },
};

/** The text of the stream that the events lead to. */
function streamOf(events: readonly SentEvent[], changes: Partial<AnswerContext>): string {
  const stream = createChunkText({ ...context, ...changes }, head);
  let text = '';
  try {
    for (const event of events) text += stream.push(event);
    stream.end();
  } catch (error) {
    if (!(error instanceof ProxyError)) throw error;
    text += `data: ${JSON.stringify(error.body())}\n\n`;
  }
  return text;
}

const fixtures = new URL('fixtures/', packageFolder());
const names = readdirSync(fixtures);

/** The events of every fixture, and of the answers of the tests of clients. */
const cases: [name: string, events: () => SentEvent[]][] = [
  ...names
    .filter((name) => name.endsWith('.response.sse'))
    .map((name): [string, () => SentEvent[]] => [
      name,
      () => {
        const reader = createEventReader();
        return [...reader.push(readFileSync(new URL(name, fixtures))), ...reader.end()];
      },
    ]),
  ...names
    .filter((name) => name.startsWith('demo-') && name.endsWith('.response.json'))
    .map((name): [string, () => SentEvent[]] => [
      name,
      () => eventsOf(JSON.parse(readFileSync(new URL(name, fixtures), 'utf8')) as DemoResponse) as unknown as SentEvent[],
    ]),
  ...Object.entries(replies)
    .filter(([, { output }]) => output)
    .map(([name, { output }]): [string, () => SentEvent[]] => [
      `the reply ${name}`,
      () =>
        eventsOf({
          id: 'resp_1',
          created_at: 1,
          model: 'gpt-5',
          output,
          usage: {},
        } as unknown as DemoResponse) as unknown as SentEvent[],
    ]),
];

describe('every client can read', () => {
  for (const [name, events] of cases) {
    it(`the stream and the whole of ${name}, in every style`, () => {
      const given = events();
      for (const [style, changes] of Object.entries(contexts)) {
        const text = streamOf(given, changes);
        assert.deepEqual(lintStream(text), [], `${style}\n${text}`);
      }
      const response = given.at(-1)?.['response'] as Response;
      if (!response || response.status === 'failed' || given.at(-1)?.type === 'response.failed') return;
      assert.deepEqual(lintCompletion(toChatCompletion(response, context, head)), []);
    });
  }
});

describe('the lint', () => {
  const chunk = (delta: object, finish_reason: string | null = null, more: object = {}): string => {
    const choices = [{ index: 0, delta, finish_reason }];
    return `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'm', choices, ...more })}\n\n`;
  };
  const role = chunk({ role: 'assistant', content: '' });
  const stop = chunk({}, 'stop');
  const done = 'data: [DONE]\n\n';

  it('passes what is right', () => {
    assert.deepEqual(lintStream(role + chunk({ content: 'a' }) + stop + done), []);
    assert.deepEqual(lintStream(`: keep-alive\n\n${role}data: {"error":{"message":"m","type":"t"}}\n\n`), []);
  });

  const bad: Readonly<Record<string, string>> = {
    'no end': role + stop,
    'an end after an error': `${role}data: {"error":{"message":"m","type":"t"}}\n\n${done}`,
    'no finish chunk': role + done,
    'two finish chunks': role + stop + stop + done,
    'content after the end': role + stop + chunk({ content: 'a' }) + done,
    'a comment that pings': `: ping\n\n${role}${stop}${done}`,
    'an event name': `event: x\n${role}${stop}${done}`,
    'reasoning beside content': role + chunk({ content: 'a', reasoning_content: 'b' }) + stop + done,
    'reasoning that is null': role + chunk({ reasoning_content: null }) + stop + done,
    'citations before the end': role + chunk({ annotations: [] }) + stop + done,
    'a citation without a title':
      role +
      chunk({ annotations: [{ type: 'url_citation', url_citation: { url: 'http://x', start_index: 0, end_index: 1 } }] }, 'stop') +
      done,
    'a usage of two counts': role + stop + chunk({}, null, { choices: [], usage: { prompt_tokens: 1, completion_tokens: 1 } }) + done,
    'another id': role + chunk({ content: 'a' }, null, { id: 'chatcmpl-2' }) + stop + done,
    'a call without an id':
      role +
      chunk({ tool_calls: [{ index: 0, type: 'function', function: { name: 'f', arguments: '' } }] }) +
      chunk({}, 'tool_calls') +
      done,
    'a call that begins with index 1':
      role +
      chunk({ tool_calls: [{ index: 1, id: 'a', type: 'function', function: { name: 'f', arguments: '' } }] }) +
      chunk({}, 'tool_calls') +
      done,
    'a stop after a call':
      role + chunk({ tool_calls: [{ index: 0, id: 'a', type: 'function', function: { name: 'f', arguments: '' } }] }) + stop + done,
    'an error beside choices': `${role}data: {"error":{"message":"m","type":"t"},"choices":[]}\n\n`,
  };
  for (const [what, text] of Object.entries(bad)) it(`finds ${what}`, () => assert.notDeepEqual(lintStream(text), []));
});
