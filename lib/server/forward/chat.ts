import type { Exchange } from '../types/exchange.ts';
import { relay, sendOn } from './forward.ts';
import type { UpstreamAnswer } from '../upstream/upstream.ts';
import { needsResponses, upgradeOf } from './upgrades.ts';

/** Bytes of an error of OpenAI, at most. */
const maxError = 16 * 1024;

/**
 * Passes a chat completion on untouched.
 *
 * @param upgrade Called instead of passing the answer back, if the upstream says that only `/v1/responses` can serve the request; and at once, if it
 *                said so of a request of the same kind within the last hour.
 */
export async function forwardChat(exchange: Exchange, body: Buffer<ArrayBuffer>, upgrade: () => Promise<void>): Promise<void> {
  const { settings } = exchange;
  if (settings.upgrade && (await needsResponses(exchange, body))) return upgrade();
  const answer = await sendOn(exchange, body);
  if (!settings.upgrade || !mayAskForResponses(answer)) return relay(exchange, answer);
  const read = await readUpTo(answer, maxError);
  const words = wordsIn(read);
  if (words === undefined) return relay(exchange, answer, read);
  answer.body?.cancel();
  // words that the client sent itself may be a quote
  const remember = body.includes(words) ? undefined : await upgradeOf(exchange, body);
  return served(upgrade(), exchange, remember);
}

/** Apart from the rest: the body would live as long as the answer. */
async function served(answered: Promise<void>, { response }: Exchange, remember: (() => void) | undefined): Promise<void> {
  await answered;
  if (response.statusCode === 200) remember?.();
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

function wordsIn(parts: readonly Uint8Array[]): string | undefined {
  const text = Buffer.concat(parts).toString('utf8');
  return refusals.find((words) => text.includes(words));
}
