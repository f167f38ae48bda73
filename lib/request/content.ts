import type { ReasoningStyle } from '../answer-context.ts';
import { arrayOf, isGiven, objectOf, stringOf } from '../json.ts';
import type { AssistantPart, InputPart } from '../wire/responses.ts';
import { hasBreakpoint } from './breakpoints.ts';
import { isPart, textOf, toInputPart } from './parts.ts';
import { withoutReasoning } from './reasoning-blocks.ts';

/** The content of a message as a list: clients send a string, a list, a single part, null. */
export function partsOf(content: unknown): readonly unknown[] {
  if (content == null) return [];
  return Array.isArray(content) ? content : [content];
}

/** What a user, a system or a developer says. Never null, which the API refuses. `takesHints` says that a `cache_control` counts. */
export function toInputContent(content: unknown, takesHints = false): string | InputPart[] {
  if (typeof content === 'string') return content;
  const parts = partsOf(content)
    .map((part) => toInputPart(part, takesHints))
    .filter((part) => part !== undefined);
  return parts.length > 0 ? parts : '';
}

/**
 * The output of a tool: text as one string, which every server takes; a list only where images, files or breakpoints need it. What is not a
 * list of content parts, such as records, is written as JSON.
 */
export function toOutputContent(content: unknown, takesHints = false): string | InputPart[] {
  if (typeof content === 'string') return content;
  const parts = partsOf(content);
  if (parts.length === 0) return '';
  if (!parts.some(isPart)) return JSON.stringify(content);
  const said = toInputContent(
    parts.map((part) => (typeof part === 'string' || isPart(part) ? part : textOf(part))),
    takesHints,
  );
  if (typeof said === 'string') return said;
  return said.every(isPlainText) ? said.map((part) => (part.type === 'input_text' ? part.text : '')).join('') : said;
}

function isPlainText(part: InputPart): boolean {
  return part.type === 'input_text' && !hasBreakpoint(part);
}

/**
 * What an assistant said, without the reasoning that was shown in it: text parts and refusals, the only ones the API takes from it.
 *
 * @param style How reasoning is shown to the client.
 * @param drop  Is called with what is lost, relative to the message. A `cache_control` is only a hint, and not reported.
 */
export function toAssistantParts(
  message: { readonly [key: string]: unknown },
  style: ReasoningStyle,
  drop: (what: string) => void,
): AssistantPart[] {
  const parts: AssistantPart[] = [];
  for (const [at, part] of partsOf(message['content']).entries()) {
    const { type = 'text', text, refusal, prompt_cache_breakpoint } = typeof part === 'string' ? { text: part } : objectOf(part);
    if (type === 'refusal') parts.push({ type: 'refusal', refusal: stringOf(refusal) });
    else if (isText(type) && text !== undefined) parts.push({ type: 'output_text', text: withoutReasoning(textOf(text), style) });
    else if (type !== 'thinking' && type !== 'redacted_thinking' && type !== 'reasoning') drop(`content[${at}]`);
    if (isGiven(prompt_cache_breakpoint)) drop(`content[${at}].prompt_cache_breakpoint`);
  }
  if (typeof message['refusal'] === 'string') parts.push({ type: 'refusal', refusal: message['refusal'] });
  if (arrayOf(message['images']).length > 0) drop('images');
  return parts.filter((part) => (part.type === 'refusal' ? part.refusal : part.text) !== '');
}

function isText(type: unknown): boolean {
  return type === 'text' || type === 'output_text' || type === 'input_text';
}
