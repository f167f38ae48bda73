import { toChatCompletion } from '../../answer/completion.ts';
import { ProxyError } from '../../error.ts';
import type { Exchange } from '../types/exchange.ts';
import { relay } from '../forward/forward.ts';
import { sendJson } from '../http/answer.ts';
import { forClient } from '../http/headers.ts';
import { fallbackHead } from './fallback-head.ts';
import type { Outgoing } from './outgoing.ts';
import { readResponse } from './read-response.ts';
import { tellAnswer } from './tell-answer.ts';
import { observing } from './observing.ts';

/** Answers a chat completion that was not asked for as a stream. */
export async function answerWhole(exchange: Exchange, outgoing: Outgoing): Promise<void> {
  for (;;) {
    try {
      return await answer(exchange, outgoing);
    } catch (error) {
      if (!(error instanceof ProxyError)) throw error;
      if (!outgoing.heal(error)) throw outgoing.forChat(error);
    }
  }
}

async function answer(exchange: Exchange, outgoing: Outgoing): Promise<void> {
  const upstream = await outgoing.send();
  if (upstream.status >= 300) return relay(exchange, upstream);
  const { response } = await readResponse(upstream);
  const context = outgoing.context();
  const completion = toChatCompletion(response, context, fallbackHead(context.model), (notes) => exchange.report.notes.push(...notes));
  observing(exchange, () => outgoing.keep(response.output ?? []));
  tellAnswer(exchange, response);
  sendJson(exchange, 200, completion, forClient(upstream.headers, upstream.decoded));
}
