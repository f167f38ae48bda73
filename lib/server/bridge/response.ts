import { randomUUID } from 'node:crypto';
import type { Head } from '../../answer/answer.ts';
import { createBodyReader } from '../../answer/read/body.ts';
import { isObject, objectOf } from '../../json.ts';
import type { Response, SentEvent } from '../../wire/responses.ts';
import type { Exchange, HeldBytes } from '../types/exchange.ts';
import { inSteps, othersFirst } from '../http/others-first.ts';
import type { UpstreamAnswer, UpstreamBody } from '../upstream/upstream.ts';
import { AnswerExtent } from './answer-extent.ts';

// What is done with a Response in the same way whether the client asked for a stream or not.

const lastEvents: ReadonlySet<string> = new Set(['response.completed', 'response.incomplete', 'error']);

/**
 * Returns the events of an answer that was not asked for as a stream: most often one, with the whole Response.
 * @throws ProxyError 502 for a body that is too large, 503 when the bodies of others left no room for it.
 */
export async function readResponse({ body }: UpstreamAnswer, { held, signal }: Pick<Exchange, 'held' | 'signal'>): Promise<SentEvent[]> {
  try {
    return await eventsOf(body, held, signal);
  } catch (error) {
    body?.cancel();
    throw error;
  }
}

async function eventsOf(body: UpstreamBody | undefined, held: HeldBytes, signal: AbortSignal): Promise<SentEvent[]> {
  const reader = createBodyReader();
  const extent = new AnswerExtent();
  const events: SentEvent[] = [];
  let length = 0;
  for (let bytes = await body?.read(); bytes; bytes = await body?.read()) {
    extent.read(bytes.length);
    length += bytes.length;
    await held.take(extent.hold(bytes));
    for (const event of reader.push(bytes)) {
      extent.event(event.type, true);
      events.push(event);
    }
    if (lastEvents.has(events.at(-1)?.type ?? '')) {
      body?.finish();
      return events;
    }
  }
  for (const event of await inSteps(reader.endInSteps(), signal, length)) events.push(event);
  await othersFirst(signal, length);
  return events;
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
