import type { ChatUsage } from '../wire/chat.ts';
import type { ResponseUsage } from '../wire/responses.ts';

/**
 * Returns the token counts in Chat's form; what is not a number counts as 0. `completion_tokens` includes the reasoning tokens: these are
 * listed, not added.
 */
export function toChatUsage({
  input_tokens,
  output_tokens,
  total_tokens,
  input_tokens_details,
  output_tokens_details,
}: ResponseUsage): ChatUsage {
  const prompt_tokens = countOf(input_tokens);
  const completion_tokens = countOf(output_tokens);
  const written = input_tokens_details?.cache_write_tokens;
  return {
    prompt_tokens,
    completion_tokens,
    total_tokens: countOf(total_tokens, prompt_tokens + completion_tokens),
    prompt_tokens_details: {
      cached_tokens: countOf(input_tokens_details?.cached_tokens),
      audio_tokens: 0,
      ...(typeof written === 'number' && { cache_write_tokens: written }),
    },
    completion_tokens_details: {
      reasoning_tokens: countOf(output_tokens_details?.reasoning_tokens),
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

function countOf(value: unknown, otherwise: number = 0): number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? Math.floor(value) : otherwise;
}
