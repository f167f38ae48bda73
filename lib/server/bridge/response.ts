import { randomUUID } from 'node:crypto';
import type { Head } from '../../answer/answer.ts';
import { failureOf } from '../../answer/failures.ts';
import { proxyError } from '../../errors.ts';
import { isObject, objectOf } from '../../json.ts';
import type { EndEvent, FailedEvent, OutputItem, Response } from '../../wire/responses.ts';
import type { Exchange } from '../types/exchange.ts';
import { describeFault } from '../fault.ts';
import type { UpstreamAnswer } from '../upstream/upstream.ts';
import type { OutgoingRequest } from './outgoing-request.ts';

// What is done with a Response in the same way whether the client asked for a stream or not.

/** Bytes of a whole Response, at most: room for several images. */
const maxResponse = 256 * 1024 * 1024;

/**
 * Reads a Response that came whole and returns the event that ends a stream of it.
 * @throws ProxyError 502 for a body that is not a Response, its own error for one that failed.
 */
export async function readResponse({ body }: UpstreamAnswer): Promise<EndEvent | FailedEvent> {
  const bytes = await body?.readAll(maxResponse);
  let response: unknown;
  try {
    response = JSON.parse(bytes?.toString('utf8') ?? '');
  } catch {
    response = undefined;
  }
  // some servers answer with success, and say in the body that the request failed
  if (isObject(response) && isObject(response['error'])) throw failureOf(response['error']);
  if (!isObject(response) || (!Array.isArray(response['output']) && response['status'] !== 'failed')) {
    throw proxyError('answerNotResponse');
  }
  return { type: response['status'] === 'failed' ? 'response.failed' : 'response.completed', response: response as Response };
}

/** Names for an answer as long as the upstream has given none. */
export function fallbackHead(model: string): Head {
  return { id: `chatcmpl-${randomUUID()}`, created: Math.floor(Date.now() / 1000), model };
}

/** Keeps a finished turn. The answer to the client does not depend on it: it goes on whatever an upstream's odd data does here. */
export function keepTurn({ report }: Exchange, outgoing: OutgoingRequest, output: readonly OutputItem[]): void {
  try {
    outgoing.keep(output);
  } catch (error) {
    report.notes.push(describeFault(error));
  }
}

/** Reports which model answered and how many tokens it took. */
export function reportResponse({ report }: Exchange, { model, usage }: Response): void {
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
