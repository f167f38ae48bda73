import { isGiven, type JsonObject } from '../json.ts';

/** The smallest `max_output_tokens` that the API takes. */
const least = 16;

/** Below this a request is a side task, such as a title: reasoning would use up the whole answer. */
const small = 2048;

/** A token limit of the client's: visible text and reasoning together, as in both APIs. */
interface TokenLimit {
  /** What is sent as `max_output_tokens`; undefined for no limit. */
  sent: unknown;
  notes: string[];
}

/**
 * Returns the limit to send for `max_completion_tokens`, `max_tokens` or `max_output_tokens`, the first that limits anything: 0 and below mean no
 * limit elsewhere. undefined if none is given.
 */
export function tokenLimit(chat: JsonObject): TokenLimit | undefined {
  const { field, unlimited } = limitsOf(chat);
  const notes = unlimited.map((name) => `dropped ${name}`);
  if (field === undefined) return notes.length > 0 ? { sent: undefined, notes } : undefined;
  const limit = chat[field];
  if (typeof limit !== 'number' || limit >= least) return { sent: limit, notes };
  return { sent: least, notes: [...notes, `raised ${field} to ${least}`] };
}

/** Whether the client's token limit leaves no room for reasoning that it did not ask for. */
export function hasSmallLimit(chat: JsonObject): boolean {
  const limit = chat[limitsOf(chat).field ?? ''];
  return typeof limit === 'number' && limit < small;
}

/** The field that holds the limit, and those before it that say that there is none. */
function limitsOf(chat: JsonObject): { field: string | undefined; unlimited: string[] } {
  const unlimited: string[] = [];
  for (const field of ['max_completion_tokens', 'max_tokens', 'max_output_tokens']) {
    const limit = chat[field];
    if (!isGiven(limit)) continue;
    if (typeof limit !== 'number' || limit > 0) return { field, unlimited };
    unlimited.push(field);
  }
  return { field: undefined, unlimited };
}
