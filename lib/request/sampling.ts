import { takesSampling, type Effort, type Traits } from '../models/traits.ts';
import type { ResponsesRequest } from '../wire/responses.ts';

export const logprobs = 'message.output_text.logprobs';

/**
 * Returns a request without the sampling parameters that its model refuses while it reasons: chat clients send them unasked. Values that
 * change nothing are dropped without a note.
 *
 * @param asksLogprobs The client sent `logprobs: true`.
 */
export function withoutRefusedSampling(
  request: ResponsesRequest,
  traits: Traits,
  asksLogprobs: boolean,
): { request: ResponsesRequest; notes: string[] } {
  if (takesSampling(traits, request.reasoning?.effort as Effort | undefined)) return { request, notes: [] };
  const { temperature, top_p, top_logprobs, include, ...rest } = request;
  const kept = asksLogprobs ? include?.filter((one) => one !== logprobs) : include;
  const sent = [
    ['temperature', temperature !== undefined && temperature !== 1],
    ['top_p', top_p !== undefined && top_p !== 1],
    ['top_logprobs', top_logprobs !== undefined && asksLogprobs],
    ['logprobs', asksLogprobs],
  ] as const;
  return {
    request: { ...rest, ...(kept?.length && { include: kept }) } as ResponsesRequest,
    notes: sent.flatMap(([name, isLost]) => (isLost ? [`dropped ${name}`] : [])),
  };
}
