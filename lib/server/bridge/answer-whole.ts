import { CompletionBuilder, type Completion } from '../../answer/completion.ts';
import { ProxyError } from '../../error.ts';
import type { AnswerContext } from '../../answer-context.ts';
import { isLongerThan } from '../../json-pieces.ts';
import { relay } from '../forward/forward.ts';
import { sendJson, sendLongJson } from '../http/answer.ts';
import { large, othersFirst } from '../http/others-first.ts';
import { forClient } from '../http/headers.ts';
import type { Exchange } from '../types/exchange.ts';
import type { UpstreamAnswer } from '../upstream/upstream.ts';
import type { OutgoingRequest } from './outgoing-request.ts';
import { fallbackHead, readResponse, reportResponse } from './response.ts';
import { errorHeaders } from './upstream-error.ts';

/** Answers a chat completion that was not asked for as a stream. */
export async function answerWhole(exchange: Exchange, outgoing: OutgoingRequest): Promise<void> {
  for (;;) {
    try {
      return await answer(exchange, outgoing);
    } catch (error) {
      if (!(error instanceof ProxyError)) throw error;
      if (!outgoing.retryWithout(error)) throw await outgoing.forChat(error);
    }
  }
}

async function answer(exchange: Exchange, outgoing: OutgoingRequest): Promise<void> {
  const { context } = outgoing;
  const upstream = await outgoing.send();
  if (upstream.status >= 300) return relay(exchange, upstream);
  const { completion, response, output } = await readCompletion(upstream, exchange, context, (notes) => {
    for (const note of notes) exchange.report.notes.push(note);
  });
  outgoing.begun();
  outgoing.succeeded();
  const isLong = isLongerThan(completion, large);
  // a long answer counts until it is sent
  if (isLong) await othersFirst(exchange.signal, large);
  else exchange.held.release();
  // before the client hears of the end, so that its next request finds the turn, also through another proxy
  await outgoing.keep(output);
  reportResponse(exchange, response);
  const headers = forClient(upstream.headers, upstream.decoded);
  if (!isLong) return sendJson(exchange, 200, completion, headers);
  await othersFirst(exchange.signal, large);
  return sendLongJson(exchange, 200, completion, headers);
}

async function readCompletion(
  upstream: UpstreamAnswer,
  exchange: Exchange,
  context: AnswerContext,
  onNotes: (notes: readonly string[]) => void,
): Promise<Completion> {
  try {
    const builder = new CompletionBuilder(context, fallbackHead(context.model));
    await readResponse(upstream, exchange, (event) => builder.push(event));
    return builder.end(onNotes);
  } catch (error) {
    if (error instanceof ProxyError) Object.assign(error.headers, errorHeaders(upstream));
    throw error;
  }
}
