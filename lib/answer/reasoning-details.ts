import { arrayOf, objectOf, stringOf } from '../json.ts';
import type { ReasoningDetail } from '../wire/chat.ts';
import type { OutputItem, ReasoningItem } from '../wire/responses.ts';

/** The name of OpenRouter's dialect for what OpenAI's Responses API gives. */
const format = 'openai-responses-v1';

/** Returns the reasoning of an answer for a client that carries it itself, in the form of OpenRouter's dialect. */
export function toReasoningDetails(output: readonly OutputItem[]): ReasoningDetail[] {
  return output.filter((item) => item.type === 'reasoning').flatMap(detailsOf);
}

function detailsOf({ id, summary, encrypted_content }: ReasoningItem, index: number): ReasoningDetail[] {
  const common = { id: stringOf(id) || `reasoning_${index}`, format, index } as const;
  const texts = arrayOf(summary).map((part) => stringOf(objectOf(part)['text']));
  const data = stringOf(encrypted_content);
  return [
    ...texts.filter((text) => text !== '').map((text) => ({ type: 'reasoning.summary' as const, summary: text, ...common })),
    ...(data === '' ? [] : [{ type: 'reasoning.encrypted' as const, data, ...common }]),
  ];
}
