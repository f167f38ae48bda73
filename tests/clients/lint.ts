import assert from 'node:assert/strict';
import type { Context } from '../server/support.ts';

/** JSON of which nothing is known yet. */
type Chunk = any;

/** Who stumbles over it, and the rule. */
type Check = readonly [rule: string, holds: boolean];

const isText = (value: unknown): value is string => typeof value === 'string';
const isCount = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 0;

/** What AI SDK, LobeChat, Open WebUI, Zed, Roo and the SDKs of OpenAI need of the text of a whole stream. Returns the rules that it breaks. */
export function lintStream(text: string): string[] {
  const faults: string[] = [];
  const check = (where: string, checks: readonly Check[]): void => {
    for (const [rule, holds] of checks) if (!holds) faults.push(`${where}: ${rule}`);
  };
  const blocks = text.split('\n\n');
  check('stream', [
    ['ends with a blank line', blocks.pop() === ''],
    ['has no carriage return', !text.includes('\r')],
    // Continue takes a line that begins `: ping` for the end
    ['has data lines and keep-alive comments only', blocks.every((block) => /^(?:data: [^\n]+|: keep-alive)$/.test(block))],
  ]);
  const data = blocks.filter((block) => block.startsWith('data: ')).map((block) => block.slice(6));
  const done = data.at(-1) === '[DONE]';
  const chunks = data.slice(0, done ? -1 : undefined).map((one) => JSON.parse(one) as Chunk);
  const failed = chunks.at(-1)?.error !== undefined;
  if (failed) check('error', errorChecks(chunks.pop()));
  const finishes = chunks.filter(({ choices }) => choices?.[0]?.finish_reason != null).length;
  check('stream', [
    ['ends with [DONE] or an error', done !== failed],
    ['has one finish chunk, or none before an error', finishes === (failed ? 0 : 1)],
    ['begins with the role', chunks.length === 0 || chunks[0].choices?.[0]?.delta?.role === 'assistant'],
  ]);
  const state: State = { first: chunks[0], calls: 0, finished: false, usage: false };
  for (const [at, chunk] of chunks.entries()) check(`chunk ${at}`, chunkChecks(chunk, at, state));
  return faults;
}

interface State {
  first: Chunk;
  calls: number;
  finished: boolean;
  usage: boolean;
}

function errorChecks(chunk: Chunk): Check[] {
  const { error } = chunk;
  return [
    // Open WebUI looks for an error only where there are no choices
    ['has no choices', !('choices' in chunk)],
    ['has a message', isText(error?.message) && error.message !== ''],
    ['has a type', isText(error?.type)],
  ];
}

function chunkChecks(chunk: Chunk, at: number, state: State): Check[] {
  const { first, finished } = state;
  const checks: Check[] = [
    ['is a chat.completion.chunk', chunk.object === 'chat.completion.chunk'],
    ['has a constant id', isText(chunk.id) && chunk.id.startsWith('chatcmpl-') && chunk.id === first.id],
    ['has a constant, whole time', isCount(chunk.created) && chunk.created === first.created],
    ['has a constant model', isText(chunk.model) && chunk.model === first.model],
    ['has choices', Array.isArray(chunk.choices) && chunk.choices.length <= 1],
    ['sends usage once, at the end', !state.usage],
    // Zed and llm want all three where there is usage
    [
      'has usage with three counts, null, or none',
      chunk.usage == null || ['prompt_tokens', 'completion_tokens', 'total_tokens'].every((name) => isCount(chunk.usage[name])),
    ],
  ];
  state.usage ||= chunk.usage != null;
  const choice = chunk.choices?.[0];
  if (!choice) return [...checks, ['has no choice for usage after the end only', finished && chunk.usage != null]];
  state.finished ||= choice.finish_reason !== null;
  return [
    ...checks,
    ['has usage without a choice only', chunk.usage == null],
    ['has index 0', choice.index === 0],
    ['has no choice after the end', !finished],
    [
      'has a finish reason that is known',
      [null, 'stop', 'length', 'tool_calls', 'content_filter', 'function_call'].includes(choice.finish_reason),
    ],
    ...deltaChecks(choice.delta, choice.finish_reason !== null, at === 0),
    ...callChecks(choice.delta.tool_calls, state),
    ['finishes with tool_calls where there are calls', choice.finish_reason !== 'stop' || state.calls === 0],
  ];
}

const deltaKeys = new Set(['role', 'content', 'reasoning_content', 'refusal', 'tool_calls', 'function_call', 'images', 'annotations']);

function deltaChecks(delta: Chunk, last: boolean, first: boolean): Check[] {
  const { content, annotations = [], images = [] } = delta;
  return [
    ['has known keys', Object.keys(delta).every((key) => deltaKeys.has(key))],
    [
      'has no null but the content that opens a call',
      Object.entries(delta).every(([key, value]) => value !== null || (first && key === 'content')),
    ],
    ['has the role first and once', first ? delta.role === 'assistant' : !('role' in delta)],
    ['has content that is text', content == null || isText(content)],
    // LobeChat drops the content of a chunk with reasoning
    ['has no content beside anything else', first || !('content' in delta) || Object.keys(delta).length === 1],
    ['has reasoning that is text', !('reasoning_content' in delta) || (isText(delta.reasoning_content) && delta.reasoning_content !== '')],
    // LobeChat loses annotations elsewhere
    ['has annotations in the finish chunk only', !('annotations' in delta) || last],
    ['finishes with annotations or nothing', !last || Object.keys(delta).every((key) => key === 'annotations')],
    // @ai-sdk/openai refuses a chunk with less
    [
      'has annotations with all four fields',
      annotations.every(
        ({ type, url_citation: one }: Chunk) =>
          type === 'url_citation' && isCount(one.start_index) && isCount(one.end_index) && isText(one.title) && URL.canParse(one.url),
      ),
    ],
    ['has images with a URL', images.every(({ type, image_url }: Chunk) => type === 'image_url' && URL.canParse(image_url.url))],
  ];
}

function callChecks(calls: Chunk[] | undefined, state: State): Check[] {
  return (calls ?? []).flatMap((call): Check[] => {
    const opens = call.index === state.calls;
    if (opens) state.calls += 1;
    const { type = 'function' } = call;
    const body = call.function ?? call.custom;
    return [
      // Open WebUI and Zed need the index, AI SDK the id at once, LobeChat stumbles over a function that is null
      ['has calls one after the other', call.index === state.calls - 1],
      [
        'has a call that says who it is once',
        opens ? isText(call.id) && isText(call.type) && isText(body?.name) : !('id' in call) && !('name' in body),
      ],
      ['has a call of a known type', type === 'function' || type === 'custom'],
      ['has input that is text', isText(body?.arguments ?? body?.input)],
    ];
  });
}

/** What clients need of a whole answer. */
export function lintCompletion(completion: Chunk): string[] {
  const { choices, usage } = completion;
  const message = choices?.[0]?.message ?? {};
  const checks: Check[] = [
    ['is a chat.completion', completion.object === 'chat.completion'],
    ['has an id, a time and a model', isText(completion.id) && isCount(completion.created) && isText(completion.model)],
    ['has one choice', choices?.length === 1 && choices[0].index === 0],
    ['has the role', message.role === 'assistant'],
    [
      'has content that is text, or null for a call or a refusal',
      isText(message.content) || Boolean(message.tool_calls ?? message.function_call ?? message.refusal),
    ],
    ['has no reasoning that is null', !('reasoning_content' in message) || isText(message.reasoning_content)],
    ['has calls that are not empty', !('tool_calls' in message) || message.tool_calls.length > 0],
    [
      'has usage with three counts, or none',
      usage === undefined || ['prompt_tokens', 'completion_tokens', 'total_tokens'].every((name) => isCount(usage?.[name])),
    ],
  ];
  return checks.filter(([, holds]) => !holds).map(([rule]) => rule);
}

/** `fetch` for a client; every completion and stream that came through it is held against the rules above when the test ends. */
export function lintingFetch(t: Context): typeof fetch {
  const answers: { text: string; streamed: boolean }[] = [];
  t.after(() => {
    for (const { text, streamed } of answers) assert.deepEqual(streamed ? lintStream(text) : lintCompletion(JSON.parse(text)), [], text);
  });
  return async (input, init) => {
    const response = await fetch(input, init);
    if (!response.ok || !response.url.endsWith('/chat/completions')) return response;
    const answer = { text: '', streamed: response.headers.get('content-type')?.startsWith('text/event-stream') === true };
    answers.push(answer);
    const decoder = new TextDecoder();
    // not of a clone: its half never ends when the client gives up the other
    const read = new TransformStream<Uint8Array, Uint8Array>({
      transform(bytes, controller) {
        answer.text += decoder.decode(bytes, { stream: true });
        controller.enqueue(bytes);
      },
    });
    return new Response(response.body?.pipeThrough(read), response);
  };
}
