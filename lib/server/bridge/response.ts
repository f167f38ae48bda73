import { randomUUID } from 'node:crypto';
import type { Head } from '../../answer/answer.ts';
import { createBodyReader } from '../../answer/read/body.ts';
import { isObject, objectOf } from '../../json.ts';
import type { Response, SentEvent } from '../../wire/responses.ts';
import type { Exchange } from '../types/exchange.ts';
import { inSteps, othersFirst } from '../http/others-first.ts';
import type { UpstreamAnswer, UpstreamBody } from '../upstream/upstream.ts';
import { AnswerExtent } from './answer-extent.ts';

// What is done with a Response in the same way whether the client asked for a stream or not.

const lastEvents: ReadonlySet<string> = new Set(['response.completed', 'response.incomplete', 'error']);

/**
 * Reads the events of an answer that was not asked for as a stream: most often one, with the whole Response.
 *
 * @param take Gets each of them.
 * @throws ProxyError 502 for a body that is too large, 503 when the bodies of others left no room for it; what `take` throws.
 */
export async function readResponse(
  { body }: UpstreamAnswer,
  exchange: Pick<Exchange, 'held' | 'signal'>,
  take: (event: SentEvent) => void,
): Promise<void> {
  try {
    await readEvents(body, exchange, take);
  } catch (error) {
    body?.cancel();
    throw error;
  }
}

async function readEvents(
  body: UpstreamBody | undefined,
  { held, signal }: Pick<Exchange, 'held' | 'signal'>,
  take: (event: SentEvent) => void,
): Promise<void> {
  const reader = createBodyReader();
  const extent = new AnswerExtent();
  /** Bytes of the event that is being received, or of JSON. */
  let waiting = 0;
  for (let bytes = await body?.read(); bytes; bytes = await body?.read()) {
    extent.read(bytes.length);
    waiting += bytes.length;
    await held.take(extent.hold(bytes));
    const events = reader.push(bytes);
    if (events.length === 0) continue;
    await othersFirst(signal, waiting);
    waiting = 0;
    for (const event of events) {
      extent.event(event.type, true);
      take(event);
    }
    if (lastEvents.has(events.at(-1)?.type ?? '')) return body?.finish();
  }
  const events = await inSteps(reader.endInSteps(), signal, waiting);
  await othersFirst(signal, waiting);
  for (const event of events) take(event);
  await othersFirst(signal, waiting);
}

/** Names for an answer as long as the upstream has given none. */
export function fallbackHead(model: string): Head {
  return { id: `chatcmpl-${randomUUID()}`, created: Math.floor(Date.now() / 1000), model };
}

/** Reports which model answered, how many tokens it took, and how many searches are billed. */
export function reportResponse({ report }: Exchange, { model, usage, tool_usage }: Response): void {
  if (typeof model === 'string' && model !== '') report.model = model;
  const searches = count(objectOf(objectOf(tool_usage)['web_search'])['num_requests']);
  if (searches > 0) report.searches = searches;
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
