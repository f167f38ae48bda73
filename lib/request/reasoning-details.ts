import { arrayOf, isObject, objectOf, stringOf, type JsonObject } from '../json.ts';
import type { ReasoningItem, SummaryPart } from '../wire/responses.ts';

/** What the proxy writes into `reasoning_details` as their format; data of any other belongs to another provider. */
const format = 'openai-responses-v1';

/** Whether a client speaks OpenRouter's dialect, in which it carries the model's reasoning itself. */
export function speaksReasoningDetails(chat: JsonObject): boolean {
  const { reasoning, messages } = chat;
  if (isObject(reasoning)) return reasoning['exclude'] !== true;
  return arrayOf(messages).some((message) => Array.isArray(objectOf(message)['reasoning_details']));
}

/** Returns the `reasoning_details` of an assistant message as reasoning items: those of one `id` are one item. Only encrypted reasoning counts upstream. */
export function toReasoningItems(message: JsonObject): ReasoningItem[] {
  const items = new Map<unknown, { type: 'reasoning'; summary: SummaryPart[]; encrypted_content?: string }>();
  for (const detail of arrayOf(message['reasoning_details']).map(objectOf)) {
    if (detail['format'] !== format) continue;
    const key = detail['id'] ?? detail['index'];
    const item = items.get(key) ?? { type: 'reasoning', summary: [] };
    items.set(key, item);
    if (detail['type'] === 'reasoning.summary') item.summary.push({ type: 'summary_text', text: stringOf(detail['summary']) });
    if (detail['type'] === 'reasoning.encrypted' && detail['data']) item.encrypted_content = stringOf(detail['data']);
  }
  return [...items.values()].filter(({ encrypted_content }) => encrypted_content);
}
