import type { FinishReason } from '../wire/chat.ts';
import type { Response } from '../wire/responses.ts';

/** Returns why the answer ended. That it was cut wins over calls: an agent must not run a call whose arguments are incomplete. */
export function finishReason(
  { incomplete_details: details }: Response,
  incomplete: boolean,
  calls: number,
  legacyFunctions: boolean,
): FinishReason {
  if (incomplete) return details?.reason === 'content_filter' ? 'content_filter' : 'length';
  if (calls > 0) return legacyFunctions ? 'function_call' : 'tool_calls';
  return 'stop';
}
