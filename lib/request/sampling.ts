import type { ErrorBody } from '../error.ts';
import { takesSampling, type Effort, type Traits } from '../models/traits.ts';
import type { ResponsesRequest } from '../wire/responses.ts';

export const logprobs = 'message.output_text.logprobs';

/**
 * Returns a request without the sampling parameters that its model refuses while it reasons: chat clients send them unasked. Values that
 * change nothing are dropped without a note.
 *
 * @param asksLogprobs The client sent `logprobs: true`.
 * @param refused      Has the names of those that the upstream refused before.
 */
export function withoutRefusedSampling(
  request: ResponsesRequest,
  traits: Traits,
  asksLogprobs: boolean,
  refused: { has(name: string): boolean },
): { request: ResponsesRequest; notes: string[] } {
  if (takesSampling(traits, request.reasoning?.effort as Effort | undefined)) return withoutParameters(request, refused);
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

/**
 * Returns the sampling parameter that a refusal names in the words of OpenAI's servers, if nothing is known of the model: it may reason, and chat
 * clients send these parameters unasked.
 */
export function refusedSampling({ message = '' }: Partial<ErrorBody>, request: ResponsesRequest, traits: Traits): string | undefined {
  const [, name = ''] = /^Unsupported parameter: '(temperature|top_p)' is not supported with this model/.exec(message) ?? [];
  return traits.known || request[name] === undefined ? undefined : name;
}

function withoutParameters(
  request: ResponsesRequest,
  refused: { has(name: string): boolean },
): { request: ResponsesRequest; notes: string[] } {
  const names = ['temperature', 'top_p'].filter((name) => request[name] !== undefined && refused.has(name));
  if (names.length === 0) return { request, notes: [] };
  const rest = Object.fromEntries(Object.entries(request).filter(([name]) => !names.includes(name))) as ResponsesRequest;
  return { request: rest, notes: names.map((name) => `dropped ${name}`) };
}
