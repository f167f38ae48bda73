import type { OutputItem, OutputPart, Response, ResponseLogprob, SentEvent, SummaryPart } from '../../lib/index.ts';

/** Cuts a text into the deltas in which it is sent. */
export type Cut = (text: string) => string[];

/** Pieces such as models give them. */
export const words: Cut = (text) => text.match(/\s*\S+\s*$|\s*\S+/g) ?? [];

const event = (type: string, fields: object): SentEvent => ({ type: `response.${type}`, ...fields });

/** The events of which a Response is the outcome, in the order in which OpenAI's servers send them. */
export function eventsOf(response: Response, cut: Cut = words): SentEvent[] {
  const events = [...openingOf(response), ...(response.output ?? []).flatMap((item, at) => itemEvents(item, at, cut)), endOf(response)];
  return events.map((one, sequence_number) => ({ ...one, sequence_number }));
}

export function openingOf(response: Response): SentEvent[] {
  const open = { ...response, status: 'in_progress', output: [], usage: null, service_tier: 'auto' };
  return ['created', 'in_progress'].map((type) => event(type, { response: open }));
}

export function endOf(response: Response): SentEvent {
  return event(response.status ?? 'completed', { response });
}

/** The events of one output item: it opens, something comes, it is done. */
export function itemEvents(item: OutputItem, output_index: number, cut: Cut = words): SentEvent[] {
  const at = { output_index, item_id: item.id };
  const content = contentOf(item).flatMap((part, content_index) =>
    partEvents(part, cut).map(([type, fields]) => event(type, { ...at, content_index, ...fields })),
  );
  const summary = (item.type === 'reasoning' ? (item.summary ?? []) : []).flatMap((part, summary_index) =>
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

function contentOf(item: OutputItem): readonly OutputPart[] {
  return (item.type === 'message' || item.type === 'reasoning') && item.content ? item.content : [];
}

/** The fields that are empty before anything of an item has come. */
const empty: Readonly<Record<string, unknown>> = { content: [], summary: [], arguments: '', input: '', result: null };

/** An item as it is before anything of it has come. */
function opened(item: OutputItem): OutputItem {
  const fields = Object.entries(item).map(([name, value]) => [name, value !== undefined && name in empty ? empty[name] : value]);
  return { ...Object.fromEntries(fields), status: 'in_progress' } as OutputItem;
}

function partEvents(part: OutputPart, cut: Cut): Sent[] {
  const around = (sent: Sent[]): Sent[] => [
    ['content_part.added', { part: { ...part, text: '' } }],
    ...sent,
    ['content_part.done', { part }],
  ];
  if (part.type === 'output_text') {
    const { text, logprobs = [], annotations = [] } = part;
    return around([
      ...textDeltas(text, logprobs, cut),
      ...annotations.map((annotation, annotation_index): Sent => ['output_text.annotation.added', { annotation_index, annotation }]),
      ['output_text.done', { text, logprobs }],
    ]);
  }
  if (part.type === 'refusal') {
    const { refusal } = part;
    return around([...cut(refusal).map((delta): Sent => ['refusal.delta', { delta }]), ['refusal.done', { refusal }]]);
  }
  if (part.type === 'reasoning_text') {
    const { text } = part;
    return around([...cut(text).map((delta): Sent => ['reasoning_text.delta', { delta }]), ['reasoning_text.done', { text }]]);
  }
  return around([]);
}

/** With log probabilities a delta is a token. */
function textDeltas(text: string, logprobs: readonly ResponseLogprob[], cut: Cut): Sent[] {
  if (logprobs.length === 0) return cut(text).map((delta) => ['output_text.delta', { delta, logprobs: [] }]);
  return logprobs.map((one) => ['output_text.delta', { delta: one.token, logprobs: [one] }]);
}

function summaryEvents(part: SummaryPart, cut: Cut): Sent[] {
  const { text } = part;
  return [
    ['reasoning_summary_part.added', { part: { ...part, text: '' } }],
    ...cut(text).map((delta): Sent => ['reasoning_summary_text.delta', { delta }]),
    ['reasoning_summary_text.done', { text }],
    ['reasoning_summary_part.done', { part }],
  ];
}

function ownEvents(item: OutputItem, cut: Cut): Sent[] {
  if (item.type === 'function_call') {
    const { name, arguments: args } = item;
    const text = String(args);
    return [
      ...cut(text).map((delta): Sent => ['function_call_arguments.delta', { delta }]),
      ['function_call_arguments.done', { name, arguments: text }],
    ];
  }
  if (item.type === 'custom_tool_call') {
    const { input } = item;
    return [...cut(input).map((delta): Sent => ['custom_tool_call_input.delta', { delta }]), ['custom_tool_call_input.done', { input }]];
  }
  if (item.type === 'web_search_call') return ['in_progress', 'searching', 'completed'].map((state) => [`web_search_call.${state}`, {}]);
  if (item.type === 'image_generation_call') {
    return ['in_progress', 'generating', 'completed'].map((state) => [`image_generation_call.${state}`, {}]);
  }
  return [];
}

/** An event stream as the servers write it. */
export function written(events: readonly SentEvent[], newline: string = '\n'): string {
  return events.map((one) => `event: ${one.type}${newline}data: ${JSON.stringify(one)}${newline}${newline}`).join('');
}
