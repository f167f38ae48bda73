import { Reader } from '../../../lib/answer/read/reader.ts';
import { textOfItem } from '../../../lib/answer/item-text.ts';
import type { MessageItem, OutputItem, SentEvent } from '../../../lib/index.ts';
import { message, textDelta } from '../support.ts';

/** What the reader passes on of items, in the order in which it does. */
export function passed(events: readonly SentEvent[], tools: readonly string[] = ['f', 'g']): { out: SentEvent[]; notes: string[] } {
  const out: SentEvent[] = [];
  const notes: string[] = [];
  const take = (event: unknown): void => void out.push(event as SentEvent);
  const reader = new Reader({ begin() {}, item: take, content: take, end() {} }, ({ name }) => tools.includes(name), notes);
  for (const event of events) reader.read(event);
  return { out, notes };
}

export const empty: MessageItem = message('', { id: 'msg_1', content: [] });
export const hi: MessageItem = message('Hi there', { id: 'msg_1' });
export const part = (content_index: number): SentEvent => ({
  type: 'response.content_part.added',
  output_index: 0,
  content_index,
  part: { type: 'output_text', text: '' },
});
export const partText = (content_index: number, delta: string): SentEvent => textDelta(0, delta, { content_index });

/**
 * What is passed on, written short: `+0 message` and `-0 message Hi` for the beginning and the end of item 0, `0.1 Hi` for a delta of its part 1,
 * `0.1=Hi` for the end of that part.
 */
export function short({ type, output_index: at, item, ...event }: SentEvent): string {
  if (item) return `${type.endsWith('added') ? '+' : '-'}${String(at)} ${shortItem(item as OutputItem)}`.trim();
  const index = event['content_index'] ?? event['summary_index'];
  const where = `${String(at)}${index === undefined ? '' : `.${String(index)}`}`;
  if (event['annotation']) return `${where} ${(event['annotation'] as { type: string }).type}`;
  if (event['delta'] !== undefined) return `${where} ${String(event['delta'])}`;
  return `${where}=${String(event['text'] ?? event['refusal'] ?? event['arguments'] ?? event['input'])}`;
}

export const shortItem = (item: OutputItem): string =>
  [item.type, 'name' in item ? item.name : '', textOfItem(item)].filter(Boolean).join(' ');
export const shorts = (events: readonly SentEvent[], tools?: readonly string[]): string[] => passed(events, tools).out.map(short);

export const partEvent = (type: string, index: number, fields: object, output_index = 0): SentEvent => ({
  type: `response.${type}`,
  output_index,
  [type.includes('summary') ? 'summary_index' : 'content_index']: index,
  ...fields,
});
export const textDone = (index: number, text: string): SentEvent => partEvent('output_text.done', index, { text });
export const partDone = (index: number, text: string): SentEvent =>
  partEvent('content_part.done', index, { part: { type: 'output_text', text } });
export const named = (id: string, text = ''): object => message(text, text === '' ? { id, content: [] } : { id });
