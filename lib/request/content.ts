import { isObject, objectOf, stringOf } from '../json.ts';
import type { AssistantPart, InputPart } from '../wire/responses.ts';
import { toInputPart } from './parts.ts';
import { withoutReasoning } from './reasoning-blocks.ts';

/** The content of a message as a list: clients send a string, a list, a single part, null. */
export function partsOf(content: unknown): readonly unknown[] {
  if (content == null) return [];
  return Array.isArray(content) ? content : [content];
}

/** What a user, a system or a developer says. Never null, which the API refuses. */
export function toInputContent(content: unknown): string | InputPart[] {
  if (typeof content === 'string') return content;
  const parts = partsOf(content)
    .map(toInputPart)
    .filter((part) => part !== undefined);
  return parts.length > 0 ? parts : '';
}

/** The output of a tool: text as one string, which every server takes; a list only where images or files need it. */
export function toOutputContent(content: unknown): string | InputPart[] {
  if (isObject(content) && typeof content['type'] !== 'string') return JSON.stringify(content);
  const said = toInputContent(content);
  if (typeof said === 'string') return said;
  return said.every((part) => part.type === 'input_text') ? said.map((part) => part.text).join('') : said;
}

/** What an assistant said, without the reasoning that was shown in it: text parts and refusals, the only ones the API takes from it. */
export function toAssistantParts(message: { readonly [key: string]: unknown }, drop: (what: string) => void): AssistantPart[] {
  const parts: AssistantPart[] = [];
  for (const [at, part] of partsOf(message['content']).entries()) {
    const { type = 'text', text, refusal } = typeof part === 'string' ? { text: part } : objectOf(part);
    if (type === 'refusal') parts.push({ type: 'refusal', refusal: stringOf(refusal) });
    else if (type === 'text' || type === 'output_text' || type === 'input_text')
      parts.push({ type: 'output_text', text: withoutReasoning(stringOf(text)) });
    else if (type !== 'thinking' && type !== 'redacted_thinking' && type !== 'reasoning') drop(`content[${at}]`);
  }
  if (typeof message['refusal'] === 'string') parts.push({ type: 'refusal', refusal: message['refusal'] });
  return parts.filter((part) => (part.type === 'refusal' ? part.refusal : part.text) !== '');
}
