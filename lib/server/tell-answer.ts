import type { Response } from '../wire/responses.ts';
import type { Exchange } from './exchange.ts';

/** Notes for the terminal line which model answered and how many tokens it took. */
export function tellAnswer({ told }: Exchange, { model, usage }: Response): void {
  if (model) told.model = model;
  if (!usage) return;
  const { input_tokens: input = 0, output_tokens: output = 0, input_tokens_details, output_tokens_details } = usage;
  told.usage = {
    input,
    output,
    cached: input_tokens_details?.cached_tokens ?? 0,
    reasoning: output_tokens_details?.reasoning_tokens ?? 0,
  };
}
