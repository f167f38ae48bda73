import { scriptedUpstream } from '../server/support.ts';
import type { Context, Upstream } from '../server/support.ts';
import type { Body } from './upstream.ts';

// Servers that speak the Responses API in their own ways: what public reports say of three of them, in one answer each. All three mean the same.

export const meant = {
  reasoning: 'The user asks for news.',
  text: 'Rain in Oslo, sun in Rome.',
  calls: [
    ['weather', { city: 'Oslo' }],
    ['weather', { city: 'Rome' }],
  ] as unknown[][],
  /** Of input and output. */
  tokens: [20, 10] as number[],
  failure: 'The engine broke down.',
};

/** What is asked for: the text, two calls, or half of the text and then an error. */
type Wanted = 'text' | 'tools' | 'fails';

interface OtherServer {
  /** The bytes of a stream. */
  stream(wanted: Wanted): string;
  /** The body of an answer that was not asked for as a stream. */
  whole(wanted: Wanted): string;
  /** The content types of both, which need not be right. */
  types: { stream: string; whole: string };
}

interface Event {
  type: string;
  [field: string]: unknown;
}

const { reasoning, text, failure } = meant;
const args = meant.calls.map(([, one]) => one as object);
const words = (all: string): string[] => all.split(/(?= )/);
const frame = (event: Event): string => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
const usage = { input_tokens: 20, output_tokens: 10, total_tokens: 30 };

const outputText = (all: string, more: object = {}): object => ({
  type: 'message',
  role: 'assistant',
  content: [{ type: 'output_text', text: all, annotations: [] }],
  ...more,
});
const thought = (more: object = {}): object => ({
  type: 'reasoning',
  summary: [],
  content: [{ type: 'reasoning_text', text: reasoning }],
  ...more,
});
const call = (at: number, more: object = {}): object => ({
  type: 'function_call',
  call_id: `call_${at}`,
  name: 'weather',
  arguments: JSON.stringify(args[at]),
  ...more,
});
const response = (output: object[], more: object = {}): object => ({
  id: 'resp_1',
  object: 'response',
  created_at: 1_763_800_000,
  model: 'other-1',
  status: 'completed',
  output,
  usage,
  ...more,
});
const created: Event = { type: 'response.created', response: response([], { status: 'in_progress', usage: null }) };
const completed = (output: object[], more: object = {}): Event => ({ type: 'response.completed', response: response(output, more) });

/** Each event and item has an id of its own, indices move within an item, parts count on, and the end has the message three times, first half of it. */
function vllm(): OtherServer {
  let ids = 0;
  const id = (): string => `id_${(ids += 1)}`;
  const deltas = (type: string, all: string, output_index: number): Event[] =>
    words(all).map((delta, at) => ({ type, item_id: id(), output_index, content_index: at + 1, delta }));
  const thinking = (): Event[] => [
    { type: 'response.output_item.added', output_index: 0, item: thought({ id: id(), content: [] }) },
    ...deltas('response.reasoning_text.delta', reasoning, 0),
    { type: 'response.reasoning_text.done', item_id: id(), output_index: 1, content_index: 9, text: reasoning },
    { type: 'response.output_item.done', output_index: 1, item: thought({ id: id() }) },
  ];
  const saying = (said: string): Event[] => [
    { type: 'response.output_item.added', output_index: 1, item: outputText('', { id: id(), content: [] }) },
    { type: 'response.content_part.added', item_id: id(), output_index: 1, content_index: 0, part: { type: 'output_text', text: '' } },
    ...deltas('response.output_text.delta', said, 1),
  ];
  const said = (): Event[] => [
    { type: 'response.output_text.done', item_id: id(), output_index: 1, content_index: 9, text },
    { type: 'response.output_item.done', output_index: 2, item: outputText(text, { id: id() }) },
  ];
  const calling = (at: number): Event[] => [
    { type: 'response.output_item.added', output_index: 1 + at, item: call(at, { id: id(), arguments: '' }) },
    ...deltas('response.function_call_arguments.delta', JSON.stringify(args[at]), 1 + at),
    {
      type: 'response.function_call_arguments.done',
      item_id: id(),
      output_index: 2 + at,
      name: 'weather',
      arguments: JSON.stringify(args[at]),
    },
    { type: 'response.output_item.done', output_index: 2 + at, item: call(at, { id: id() }) },
  ];
  const output = (wanted: Wanted): object[] =>
    wanted === 'tools'
      ? [thought({ id: id() }), call(0, { id: id(), arguments: args[0] }), call(1, { id: id() })]
      : [thought({ id: id() }), outputText('Rain in Oslo,', { id: id() }), outputText(text, { id: id() }), outputText(text, { id: id() })];
  return {
    types: { stream: 'text/event-stream', whole: 'application/json' },
    stream: (wanted) => {
      if (wanted === 'fails')
        return `${[created, ...thinking(), ...saying(text)].map(frame).join('')}data: {"error":{"message":"${failure}","type":"InternalServerError","code":500}}\n\n`;
      const answer = wanted === 'tools' ? [...calling(0), ...calling(1)] : [...saying(text), ...said()];
      return [created, ...thinking(), ...answer, completed(output(wanted))].map(frame).join('');
    },
    whole: (wanted) =>
      JSON.stringify(
        wanted === 'fails' ? { error: { message: failure, type: 'InternalServerError', code: 500 } } : response(output(wanted)),
      ),
  };
}

/** Reasoning is never closed, no part is announced, every index is 0, and the counts of usage have no details. */
function llamaCpp(): OtherServer {
  const at = { output_index: 0, content_index: 0 };
  const thinking: Event[] = [
    { type: 'response.output_item.added', output_index: 0, item: thought({ id: 'rs_1', content: [], encrypted_content: '' }) },
    ...words(reasoning).map((delta) => ({ type: 'response.reasoning_text.delta', ...at, item_id: 'rs_1', delta })),
  ];
  const saying: Event[] = [
    { type: 'response.output_item.added', output_index: 0, item: outputText('', { id: 'msg_1', content: [] }) },
    ...words(text).map((delta) => ({ type: 'response.output_text.delta', ...at, item_id: 'msg_1', delta })),
  ];
  const calling = (n: number): Event[] => [
    { type: 'response.output_item.added', output_index: 0, item: call(n, { arguments: '' }) },
    ...words(JSON.stringify(args[n])).map((delta) => ({
      type: 'response.function_call_arguments.delta',
      output_index: 0,
      item_id: `fc_call_${n}`,
      delta,
    })),
  ];
  const answer = (wanted: Wanted): object[] =>
    wanted === 'tools'
      ? [call(0), call(1)]
      : [outputText(text, { id: 'msg_1', content: [{ type: 'output_text', text, annotations: [], logprobs: [] }] })];
  const done = (wanted: Wanted): Event[] => answer(wanted).map((item) => ({ type: 'response.output_item.done', output_index: 0, item }));
  const last = (wanted: Wanted): object[] => [thought({ id: 'rs_1', encrypted_content: '' }), ...answer(wanted)];
  return {
    types: { stream: 'text/event-stream', whole: 'application/json; charset=utf-8' },
    stream: (wanted) =>
      wanted === 'fails'
        ? `${[created, ...thinking, ...saying].map(frame).join('')}event: error\ndata: {"code":500,"message":"${failure}","type":"server_error"}\n\n`
        : [
            created,
            ...thinking,
            ...(wanted === 'tools' ? [...calling(0), ...calling(1)] : saying),
            ...done(wanted),
            completed(last(wanted)),
          ]
            .map(frame)
            .join(''),
    whole: (wanted) => JSON.stringify(wanted === 'fails' ? { code: 500, message: failure, type: 'server_error' } : response(last(wanted))),
  };
}

/** Nulls, heartbeats and wrong content types; a search that the server ran is a call; the end has a part of the output, in another order. */
function xai(): OtherServer {
  const heartbeat = 'data: {}\n\n';
  const search = {
    type: 'custom_tool_call',
    id: 'ctc_1',
    call_id: 'xs_call_1',
    name: 'x_keyword_search',
    input: '{"query":"weather"}',
    status: 'completed',
  };
  const summary = [{ type: 'summary_text', text: reasoning }];
  const thinking: Event[] = [
    { type: 'response.output_item.added', output_index: 0, item: thought({ id: 'rs_1', summary: null, content: null, status: null }) },
    ...words(reasoning).map((delta) => ({
      type: 'response.reasoning_summary_text.delta',
      item_id: 'rs_1',
      output_index: 0,
      summary_index: 0,
      delta,
    })),
    { type: 'response.output_item.done', output_index: 0, item: thought({ id: 'rs_1', summary, content: null, status: null }) },
    { type: 'response.output_item.added', output_index: 1, item: { ...search, input: '' } },
    { type: 'response.output_item.done', output_index: 1, item: search },
  ];
  const said = outputText(text, { id: 'msg_1', status: null, content: [{ type: 'output_text', text, annotations: null, logprobs: null }] });
  const saying: Event[] = [
    { type: 'response.output_item.added', output_index: 2, item: outputText('', { id: 'msg_1', status: null, content: null }) },
    ...words(text).map((delta) => ({
      type: 'response.output_text.delta',
      item_id: 'msg_1',
      output_index: 2,
      content_index: 0,
      logprobs: null,
      delta,
    })),
  ];
  const calls = [call(0, { id: 'fc_0', status: null }), call(1, { id: 'fc_1', status: null })];
  const whole = { id: 'rs_1', type: 'reasoning', summary, content: null, status: null };
  const nulls = { error: null, incomplete_details: null, instructions: null, metadata: null, reasoning: null };
  const counts = { ...usage, input_tokens_details: null, output_tokens_details: null, num_sources_used: 0 };
  const failed: Event[] = [
    { type: 'response.failed', response: response([], { ...nulls, status: 'failed', usage: null }) },
    { type: 'error', code: null, message: failure, param: null },
  ];
  return {
    types: { stream: 'application/json', whole: 'text/event-stream' },
    stream: (wanted) => {
      const answer =
        wanted === 'tools' ? calls.map((item, at) => ({ type: 'response.output_item.done', output_index: 2 + at, item })) : saying;
      const end =
        wanted === 'tools'
          ? completed([calls[1]!, search], { ...nulls, usage: counts })
          : completed([said, search], { ...nulls, usage: counts });
      const events = [created, ...thinking, ...answer, ...(wanted === 'fails' ? failed : [end])];
      return `${events.map(frame).join(heartbeat)}${wanted === 'fails' ? '' : 'data: [DONE]\n\n'}`;
    },
    whole: (wanted) =>
      JSON.stringify(
        wanted === 'fails'
          ? response([], { ...nulls, status: 'failed', error: { code: null, message: failure } })
          : response(wanted === 'tools' ? [whole, search, ...calls] : [whole, search, said], { ...nulls, usage: counts }),
      ),
  };
}

export const otherServers: Readonly<Record<string, () => OtherServer>> = { vLLM: vllm, 'llama.cpp': llamaCpp, xAI: xai };

/** Starts a server that answers with what the word of the user's message names. */
export function startOther(t: Context, create: () => OtherServer): Promise<Upstream> {
  return scriptedUpstream(t, (reply, { body: bytes }) => {
    const { stream, input }: Body = JSON.parse(bytes.toString('utf8'));
    const wanted = (/\b(?:tools|fails)\b/.exec(JSON.stringify(input))?.[0] ?? 'text') as Wanted;
    const server = create();
    const form = stream === true ? 'stream' : 'whole';
    // The pieces end anywhere in a line.
    reply.writeHead(200, { 'content-type': server.types[form] });
    for (const piece of server[form](wanted).match(/[^]{1,200}/g) ?? []) reply.write(piece);
    reply.end();
  });
}
