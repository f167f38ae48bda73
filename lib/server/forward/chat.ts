import type { Exchange } from '../types/exchange.ts';
import { relay, sendOn } from './forward.ts';
import type { UpstreamAnswer } from '../upstream/upstream.ts';

/** Bytes of an error of OpenAI, at most. */
const maxError = 16 * 1024;

/**
 * Passes a chat completion on untouched.
 *
 * @param upgrade Called instead of passing the answer back, if the upstream says that only `/v1/responses` can serve the request.
 */
export async function forwardChat(exchange: Exchange, body: Buffer<ArrayBuffer>, upgrade: () => Promise<void>): Promise<void> {
  const answer = await sendOn(exchange, body);
  if (!exchange.settings.upgrade || !mayAskForResponses(answer)) return relay(exchange, answer);
  const read = await readUpTo(answer, maxError);
  if (!asksForResponses(read)) return relay(exchange, answer, read);
  answer.body?.cancel();
  return upgrade();
}

function mayAskForResponses({ status, headers }: UpstreamAnswer): boolean {
  return (status === 400 || status === 404) && (headers['content-type'] ?? '').includes('json');
}

async function readUpTo({ body }: UpstreamAnswer, limit: number): Promise<Uint8Array[]> {
  const parts: Uint8Array[] = [];
  for (let length = 0; length < limit;) {
    const part = await body?.read();
    if (!part) break;
    parts.push(part);
    length += part.length;
  }
  return parts;
}

/** OpenAI's words for function tools with reasoning, and for models that Chat Completions does not serve. */
const refusals = [
  'Function tools with reasoning_effort are not supported',
  'only supported in v1/responses',
  'not a chat model and thus not supported in the v1/chat/completions endpoint',
];

function asksForResponses(parts: readonly Uint8Array[]): boolean {
  const text = Buffer.concat(parts).toString('utf8');
  return refusals.some((words) => text.includes(words));
}
