import { isObject } from '../json.ts';
import type { ChatModeration, Envelope, ModerationResult } from '../wire/chat.ts';
import type { Response } from '../wire/responses.ts';

/** Returns the moderation in Chat's form: Responses has one result for the input and one for the output, Chat a list for each. */
export function toChatModeration(moderation: Response['moderation']): Envelope['moderation'] {
  const input = oneSide(moderation?.input);
  const output = oneSide(moderation?.output);
  return input && output && { input, output };
}

function oneSide(result: unknown): ChatModeration | undefined {
  if (!isObject(result)) return undefined;
  if (result['type'] === 'error') return result as unknown as ChatModeration;
  const one = result as unknown as ModerationResult;
  return { type: 'moderation_results', model: one.model, results: [one] };
}
