import { arrayOf, isObject, type JsonObject } from '../json.ts';

/**
 * Returns an item of the input in the form that servers other than OpenAI demand: every message with its type, and an assistant's as if it were
 * an item of an output, with an id, a status and annotations.
 *
 * @param at The item's index in the input. It makes the id, so that the same conversation has the same ids in every request.
 */
export function toFullMessage(item: unknown, at: number): unknown {
  if (!isObject(item) || item['role'] === undefined) return item;
  if (item['role'] !== 'assistant') return { type: 'message', ...item };
  const { content } = item;
  const parts = typeof content === 'string' ? [{ type: 'output_text', text: content }] : arrayOf(content);
  return { type: 'message', id: `msg_${at}`, status: 'completed', ...item, content: parts.map(withAnnotations) };
}

function withAnnotations(part: unknown): unknown {
  return isObject(part) && part['type'] === 'output_text' ? ({ annotations: [], ...part } satisfies JsonObject) : part;
}
