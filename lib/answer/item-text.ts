import type { OutputItem } from '../wire/responses.ts';

/** Returns all text of a finished item: of a message or of reasoning, or the input of a call. */
export function textOfItem(item: OutputItem): string {
  switch (item.type) {
    case 'message':
      return (item.content ?? []).map((part) => (part.type === 'refusal' ? part.refusal : part.text)).join('');
    case 'reasoning':
      return [...(item.content ?? []), ...(item.summary ?? [])].map(({ text }) => text).join('');
    case 'function_call':
      return item.arguments;
    case 'custom_tool_call':
      return item.input;
    default:
      return '';
  }
}
