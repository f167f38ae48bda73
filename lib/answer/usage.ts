import type { ChatUsage } from '../wire/chat.ts';
import type { ResponseUsage } from '../wire/responses.ts';

/** Returns the token counts in Chat's form. `completion_tokens` includes the reasoning tokens: these are listed, not added. */
export function toChatUsage(usage: ResponseUsage): ChatUsage {
  const { input_tokens = 0, output_tokens = 0, input_tokens_details, output_tokens_details } = usage;
  const written = input_tokens_details?.cache_write_tokens;
  return {
    prompt_tokens: input_tokens,
    completion_tokens: output_tokens,
    total_tokens: usage.total_tokens ?? input_tokens + output_tokens,
    prompt_tokens_details: {
      cached_tokens: input_tokens_details?.cached_tokens ?? 0,
      audio_tokens: 0,
      ...(typeof written === 'number' && { cache_write_tokens: written }),
    },
    completion_tokens_details: {
      reasoning_tokens: output_tokens_details?.reasoning_tokens ?? 0,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}
