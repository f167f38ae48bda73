import { isObject, objectOf } from '../../json.ts';
import type { Response } from '../../wire/responses.ts';
import type { Exchange } from '../exchange.ts';

/** Notes for the terminal line which model answered and how many tokens it took. */
export function tellAnswer({ told }: Exchange, { model, usage }: Response): void {
  if (typeof model === 'string' && model !== '') told.model = model;
  if (!isObject(usage)) return;
  const { input_tokens, output_tokens, input_tokens_details, output_tokens_details } = usage;
  told.usage = {
    input: count(input_tokens),
    output: count(output_tokens),
    cached: count(objectOf(input_tokens_details)['cached_tokens']),
    reasoning: count(objectOf(output_tokens_details)['reasoning_tokens']),
  };
}

function count(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
