import { isObject, objectOf } from '../../json.ts';
import type { Response } from '../../wire/responses.ts';
import type { Exchange } from '../types/exchange.ts';

/** Notes for the terminal line which model answered and how many tokens it took. */
export function tellAnswer({ report }: Exchange, { model, usage }: Response): void {
  if (typeof model === 'string' && model !== '') report.model = model;
  if (!isObject(usage)) return;
  const { input_tokens, output_tokens, input_tokens_details, output_tokens_details } = usage;
  report.usage = {
    input: count(input_tokens),
    output: count(output_tokens),
    cached: count(objectOf(input_tokens_details)['cached_tokens']),
    reasoning: count(objectOf(output_tokens_details)['reasoning_tokens']),
  };
}

function count(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
