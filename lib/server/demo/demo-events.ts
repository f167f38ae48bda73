/** A Response of the demo: the fields of the published object from which events are made. */
export interface DemoResponse {
  id: string;
  created_at: number;
  model: string;
  output: DemoItem[];
  usage: { input_tokens: number; output_tokens: number; total_tokens: number };
}

interface DemoItem {
  id: string;
  type: string;
  content?: { type: string; text: string; annotations: object[] }[];
  summary?: { type: string; text: string }[];
  call_id?: string;
  name?: string;
  arguments?: string;
}

type Fields = Record<string, unknown>;
type Event = Fields & { type: string };
type Emit = (type: string, fields: Fields) => void;

/** Returns the events that lead to a Response, in the order in which OpenAI sends them. */
export function eventsOf(response: DemoResponse): Event[] {
  const events: Event[] = [];
  const emit: Emit = (type, fields) => events.push({ type: `response.${type}`, ...fields, sequence_number: events.length });
  const open = { ...response, status: 'in_progress', output: [], usage: null };
  emit('created', { response: open });
  emit('in_progress', { response: open });
  for (const [output_index, item] of response.output.entries()) {
    emit('output_item.added', { output_index, item: opened(item) });
    fill(item, (type, fields) => emit(type, { item_id: item.id, output_index, ...fields }));
    emit('output_item.done', { output_index, item });
  }
  emit('completed', { response });
  return events;
}

/** Returns an item as it is before anything of it was sent. */
function opened(item: DemoItem): object {
  return {
    ...item,
    status: 'in_progress',
    ...(item.content ? { content: [] } : {}),
    ...(item.summary ? { summary: [] } : {}),
    ...(item.arguments === undefined ? {} : { arguments: '' }),
  };
}

/** Emits the events between the opening of an item and its end. */
function fill({ type, summary = [], content = [], name, arguments: args }: DemoItem, emit: Emit): void {
  if (type === 'web_search_call') for (const state of ['in_progress', 'searching', 'completed']) emit(`web_search_call.${state}`, {});
  for (const [summary_index, part] of summary.entries()) {
    emit('reasoning_summary_part.added', { summary_index, part: { ...part, text: '' } });
    for (const delta of words(part.text)) emit('reasoning_summary_text.delta', { summary_index, delta });
    emit('reasoning_summary_text.done', { summary_index, text: part.text });
    emit('reasoning_summary_part.done', { summary_index, part });
  }
  for (const [content_index, part] of content.entries()) {
    emit('content_part.added', { content_index, part: { ...part, text: '', annotations: [] } });
    for (const delta of words(part.text)) emit('output_text.delta', { content_index, delta, logprobs: [] });
    for (const [annotation_index, annotation] of part.annotations.entries()) {
      emit('output_text.annotation.added', { content_index, annotation_index, annotation });
    }
    emit('output_text.done', { content_index, text: part.text, logprobs: [] });
    emit('content_part.done', { content_index, part });
  }
  if (args === undefined) return;
  for (const delta of words(args)) emit('function_call_arguments.delta', { delta });
  emit('function_call_arguments.done', { name, arguments: args });
}

/** Returns a text in pieces such as models send. */
function words(text: string): string[] {
  return text.match(/\s*\S+\s*$|\s*\S+/g) ?? [];
}
