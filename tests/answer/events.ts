import type { OutputItem, Response, ResponseEvent } from '../../lib/index.ts';

/** Cuts a text into the deltas in which it is sent. */
export type Cut = (text: string) => string[];

/** Pieces such as models give them. */
export const words: Cut = (text) => text.match(/\s*\S+\s*$|\s*\S+/g) ?? [];

const event = (type: string, fields: object): ResponseEvent => ({ type: `response.${type}`, ...fields });

/** The events of which a Response is the outcome, in the order in which OpenAI's servers send them. */
export function eventsOf(response: Response, cut: Cut = words): ResponseEvent[] {
  const events = [...openingOf(response), ...(response.output ?? []).flatMap((item, at) => itemEvents(item, at, cut)), endOf(response)];
  return events.map((one, sequence_number) => ({ ...one, sequence_number }));
}

export function openingOf(response: Response): ResponseEvent[] {
  const open = { ...response, status: 'in_progress', output: [], usage: null, service_tier: 'auto' };
  return ['created', 'in_progress'].map((type) => event(type, { response: open }));
}

export function endOf(response: Response): ResponseEvent {
  return event(response.status ?? 'completed', { response });
}

/** The events of one output item: it opens, something comes, it is done. */
export function itemEvents(item: OutputItem, output_index: number, cut: Cut = words): ResponseEvent[] {
  const at = { output_index, item_id: item.id };
  const content = (item.content ?? []).flatMap((part, content_index) =>
    partEvents(part, cut).map(([type, fields]) => event(type, { ...at, content_index, ...fields })),
  );
  const summary = (item.summary ?? []).flatMap((part, summary_index) =>
    summaryEvents(part, cut).map(([type, fields]) => event(type, { ...at, summary_index, ...fields })),
  );
  return [
    event('output_item.added', { output_index, item: opened(item) }),
    ...summary,
    ...content,
    ...ownEvents(item, cut).map(([type, fields]) => event(type, { ...at, ...fields })),
    event('output_item.done', { output_index, item }),
  ];
}

type Sent = [type: string, fields: object];
type Part = NonNullable<OutputItem['content']>[number];

/** An item as it is before anything of it has come. */
function opened(item: OutputItem): OutputItem {
  return {
    ...item,
    status: 'in_progress',
    ...(item.content && { content: [] }),
    ...(item.summary && { summary: [] }),
    ...(item.arguments !== undefined && { arguments: '' }),
    ...(item.input !== undefined && { input: '' }),
    ...(item.result !== undefined && { result: null }),
  };
}

function partEvents(part: Part, cut: Cut): Sent[] {
  const { type, text = '', refusal = '', annotations = [], logprobs = [] } = part;
  const around = (sent: Sent[]): Sent[] => [
    ['content_part.added', { part: { ...part, text: '' } }],
    ...sent,
    ['content_part.done', { part }],
  ];
  if (type === 'output_text') {
    return around([
      ...textDeltas(text, logprobs, cut),
      ...annotations.map((annotation, annotation_index): Sent => ['output_text.annotation.added', { annotation_index, annotation }]),
      ['output_text.done', { text, logprobs }],
    ]);
  }
  if (type === 'refusal')
    return around([...cut(refusal).map((delta): Sent => ['refusal.delta', { delta }]), ['refusal.done', { refusal }]]);
  if (type === 'reasoning_text')
    return around([...cut(text).map((delta): Sent => ['reasoning_text.delta', { delta }]), ['reasoning_text.done', { text }]]);
  return around([]);
}

/** With log probabilities a delta is a token. */
function textDeltas(text: string, logprobs: NonNullable<Part['logprobs']>, cut: Cut): Sent[] {
  if (logprobs.length === 0) return cut(text).map((delta) => ['output_text.delta', { delta, logprobs: [] }]);
  return logprobs.map((one) => ['output_text.delta', { delta: one.token, logprobs: [one] }]);
}

function summaryEvents(part: { text?: string }, cut: Cut): Sent[] {
  const { text = '' } = part;
  return [
    ['reasoning_summary_part.added', { part: { ...part, text: '' } }],
    ...cut(text).map((delta): Sent => ['reasoning_summary_text.delta', { delta }]),
    ['reasoning_summary_text.done', { text }],
    ['reasoning_summary_part.done', { part }],
  ];
}

function ownEvents({ type, name, arguments: args, input }: OutputItem, cut: Cut): Sent[] {
  if (type === 'function_call') {
    const text = String(args);
    return [
      ...cut(text).map((delta): Sent => ['function_call_arguments.delta', { delta }]),
      ['function_call_arguments.done', { name, arguments: text }],
    ];
  }
  if (type === 'custom_tool_call') {
    return [
      ...cut(input ?? '').map((delta): Sent => ['custom_tool_call_input.delta', { delta }]),
      ['custom_tool_call_input.done', { input }],
    ];
  }
  if (type === 'web_search_call') return ['in_progress', 'searching', 'completed'].map((state) => [`web_search_call.${state}`, {}]);
  if (type === 'image_generation_call') {
    return ['in_progress', 'generating', 'completed'].map((state) => [`image_generation_call.${state}`, {}]);
  }
  return [];
}

/** An event stream as the servers write it. */
export function written(events: readonly ResponseEvent[], newline: string = '\n'): string {
  return events.map((one) => `event: ${one.type}${newline}data: ${JSON.stringify(one)}${newline}${newline}`).join('');
}
