import type { JsonObject } from '../json.ts';

/** The smallest `max_output_tokens` that the API takes. */
const least = 16;

/** Below this a request is a side task, such as a title: reasoning would use up the whole answer. */
const small = 2048;

/** A token limit of the client's: visible text and reasoning together, as in both APIs. */
interface TokenLimit {
  /** What is sent as `max_output_tokens`. */
  sent: unknown;
  notes: string[];
}

/** Returns the limit to send for `max_completion_tokens`, `max_tokens` or `max_output_tokens`, the first that is given; undefined for none. */
export function tokenLimit(chat: JsonObject): TokenLimit | undefined {
  const field = fieldOf(chat);
  if (field === undefined) return undefined;
  const limit = chat[field];
  return typeof limit === 'number' && limit < least ? { sent: least, notes: [`raised ${field} to ${least}`] } : { sent: limit, notes: [] };
}

/** Whether the client's token limit leaves no room for reasoning that it did not ask for. */
export function hasSmallLimit(chat: JsonObject): boolean {
  const limit = chat[fieldOf(chat) ?? ''];
  return typeof limit === 'number' && limit < small;
}

function fieldOf(chat: JsonObject): string | undefined {
  return ['max_completion_tokens', 'max_tokens', 'max_output_tokens'].find((name) => chat[name] != null);
}
