import { agentBody } from './agent.ts';
import { keptTurns, turnOutput, turnsBody } from './turns.ts';

/** What is asked for: the request's header `x-bench` names it, so that everything in between may stay as it is. */
export type Kind = 'json' | 'image' | 'agent' | 'paced' | 'idle' | 'turns' | `turn-${number}` | `stream-${number}`;

export const paths = { chat: '/v1/chat/completions', responses: '/v1/responses' } as const;

export type Mode = keyof typeof paths;

/** Events a second of one paced stream. */
export const pace = 5;

const words = [
  'The',
  ' sky',
  ' is',
  ' "blue"',
  ' because',
  ' air',
  ' scatters',
  ' short',
  ' waves',
  '.\n',
  ' It',
  ' does',
  ' so',
  ' naïvely',
  ' –',
];
const model = 'gpt-5.1-2025-11-13';
const ids = { response: 'resp_0f33dc8eeb4f9cc000699ec4531e788197', message: 'msg_0f33dc8eeb4f9cc000699ec454c0588197' };

/** The body of a chat request. */
export function requestBody(kind: Kind): string {
  if (kind === 'agent') return agentBody();
  if (kind === 'turns') return turnsBody(keptTurns);
  if (kind.startsWith('turn-')) return turnsBody(turnOf(kind));
  const text = 'Why is the sky blue? Answer in one short paragraph, without formulas.';
  // 8 MiB in Base64, as a client sends a photograph
  const image = { type: 'image_url', image_url: { url: `data:image/png;base64,${'iVBORw0KGgoAAAAN'.repeat(512 * 1024)}` } };
  return JSON.stringify({
    model: 'gpt-5.1',
    messages: [
      { role: 'system', content: 'You are a helpful assistant. You answer briefly, and say so when you do not know.' },
      { role: 'user', content: kind === 'image' ? [{ type: 'text', text }, image] : text },
    ],
    stream: kind !== 'json' && kind !== 'image',
  });
}

function turnOf(kind: Kind): number {
  return Number(kind.slice('turn-'.length));
}

/** The whole answer, in the API of the mode. */
export function wholeAnswer(mode: Mode, kind: Kind): string {
  const text = textOf(40);
  if (kind.startsWith('turn-')) return JSON.stringify({ ...response(text), output: turnOutput(turnOf(kind)) });
  if (mode === 'responses') return JSON.stringify(response(text));
  const usage = { prompt_tokens: 41, completion_tokens: 40, total_tokens: 81 };
  const said = { role: 'assistant', content: text, refusal: null, annotations: [] };
  return JSON.stringify({
    ...chunkHead,
    object: 'chat.completion',
    choices: [{ index: 0, message: said, logprobs: null, finish_reason: 'stop' }],
    usage,
  });
}

/** The events of a streamed answer, each with its blank line: what comes before the deltas, the deltas, what comes after. */
export function streamedAnswer(mode: Mode, deltas: number): { before: string[]; deltas: string[]; after: string[] } {
  const pieces = Array.from({ length: deltas }, (_, at) => pieceOf(at));
  if (mode === 'chat') {
    return {
      before: [chunk({ role: 'assistant', content: '', refusal: null }, null)],
      deltas: pieces.map((content) => chunk({ content }, null)),
      after: [chunk({}, 'stop'), 'data: [DONE]\n\n'],
    };
  }
  let count = 0;
  const event = (type: string, fields: object): string =>
    `event: ${type}\ndata: ${JSON.stringify({ type, ...fields, sequence_number: count++ })}\n\n`;
  const place = { content_index: 0, item_id: ids.message, output_index: 0 };
  const text = textOf(deltas);
  return {
    before: [
      event('response.created', { response: { ...response(''), status: 'in_progress', output: [], usage: null } }),
      event('response.in_progress', { response: { ...response(''), status: 'in_progress', output: [], usage: null } }),
      event('response.output_item.added', { item: { ...message(''), status: 'in_progress', content: [] }, output_index: 0 }),
      event('response.content_part.added', { ...place, part: part('') }),
    ],
    deltas: pieces.map((delta, at) =>
      event('response.output_text.delta', {
        content_index: 0,
        delta,
        item_id: ids.message,
        logprobs: [],
        obfuscation: 'PQWoQrDf8tRlK3'.slice(at % 12),
        output_index: 0,
      }),
    ),
    after: [
      event('response.output_text.done', { ...place, logprobs: [], text }),
      event('response.content_part.done', { ...place, part: part(text) }),
      event('response.output_item.done', { item: message(text), output_index: 0 }),
      event('response.completed', { response: response(text) }),
    ],
  };
}

function pieceOf(at: number): string {
  return words[at % words.length] as string;
}

function textOf(pieces: number): string {
  return Array.from({ length: pieces }, (_, at) => pieceOf(at)).join('');
}

const chunkHead = { id: 'chatcmpl-CUzgG9CBEIhkAjbJAtHm4O3CeMl5D', created: 1771832403, model, service_tier: 'default' };

function chunk(delta: object, finish_reason: string | null): string {
  const choices = [{ index: 0, delta, logprobs: null, finish_reason }];
  return `data: ${JSON.stringify({ ...chunkHead, object: 'chat.completion.chunk', choices, obfuscation: '1v78tnPCdg' })}\n\n`;
}

function part(text: string): object {
  return { type: 'output_text', annotations: [], logprobs: [], text };
}

function message(text: string): object {
  return { id: ids.message, type: 'message', status: 'completed', content: [part(text)], role: 'assistant' };
}

function response(text: string): object {
  return {
    id: ids.response,
    object: 'response',
    created_at: 1771832403,
    status: 'completed',
    background: false,
    error: null,
    incomplete_details: null,
    instructions: null,
    max_output_tokens: null,
    model,
    output: [message(text)],
    parallel_tool_calls: true,
    previous_response_id: null,
    reasoning: { effort: 'medium', summary: 'detailed' },
    service_tier: 'default',
    store: false,
    temperature: 1,
    text: { format: { type: 'text' }, verbosity: 'medium' },
    tool_choice: 'auto',
    tools: [],
    top_p: 1,
    truncation: 'disabled',
    usage: {
      input_tokens: 41,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: 40,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 81,
    },
    metadata: {},
  };
}
