import { toChatCompletion } from '../../answer/completion.ts';
import { ProxyError } from '../../error.ts';
import type { Exchange } from '../types/exchange.ts';
import { relay } from '../forward/forward.ts';
import { sendJson } from '../http/answer.ts';
import { forClient } from '../http/headers.ts';
import type { OutgoingRequest } from './outgoing-request.ts';
import { fallbackHead, keepTurn, readResponse, reportResponse } from './response.ts';

/** Answers a chat completion that was not asked for as a stream. */
export async function answerWhole(exchange: Exchange, outgoing: OutgoingRequest): Promise<void> {
  for (;;) {
    try {
      return await answer(exchange, outgoing);
    } catch (error) {
      if (!(error instanceof ProxyError)) throw error;
      if (!outgoing.retryWithout(error)) throw outgoing.forChat(error);
    }
  }
}

async function answer(exchange: Exchange, outgoing: OutgoingRequest): Promise<void> {
  const { context } = outgoing;
  const upstream = await outgoing.send();
  if (upstream.status >= 300) return relay(exchange, upstream);
  const { response } = await readResponse(upstream);
  const completion = toChatCompletion(response, context, fallbackHead(context.model), (notes) => exchange.report.notes.push(...notes));
  outgoing.begun();
  outgoing.succeeded();
  keepTurn(exchange, outgoing, response.output ?? []);
  reportResponse(exchange, response);
  sendJson(exchange, 200, completion, forClient(upstream.headers, upstream.decoded));
}
