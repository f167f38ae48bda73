import { createChunkText, type ChunkText } from '../../answer/chunk-text.ts';
import { ProxyError } from '../../error.ts';
import { createBodyReader } from '../../answer/read/body.ts';
import { proxyError } from '../../errors.ts';
import type { SentEvent } from '../../wire/responses.ts';
import { drained } from '../http/answer.ts';
import { inSteps, large, othersFirst } from '../http/others-first.ts';
import type { Exchange } from '../types/exchange.ts';
import { relay } from '../forward/forward.ts';
import type { UpstreamAnswer } from '../upstream/upstream.ts';
import type { OutgoingRequest } from './outgoing-request.ts';
import { AnswerExtent } from './answer-extent.ts';
import { fallbackHead, reportResponse } from './response.ts';
import { StreamClient } from './stream-client.ts';
import { errorHeaders } from './upstream-error.ts';

/**
 * Answers a chat completion as a stream. The status line waits for the first event that decides something, at most until the first
 * sign of life must go out, so that a refusal or a missing quota is a real HTTP status.
 */
export async function answerStreamed(exchange: Exchange, outgoing: OutgoingRequest): Promise<void> {
  const client = new StreamClient(exchange);
  try {
    for (;;) {
      try {
        const sent = outgoing.send();
        // while the upstream works on it
        const { context } = outgoing;
        const text = createChunkText(context, fallbackHead(context.model));
        client.use(text);
        const answer = await sent;
        if (answer.status < 300) return await translate(exchange, outgoing, answer, text, client);
        if (client.headSent) throw proxyError('answerUnexpected', { status: answer.status });
        client.close(); // what is passed on must not have a sign of life in its middle
        return await relay(exchange, answer);
      } catch (error) {
        if (!(error instanceof ProxyError)) throw error;
        if (client.answered || !outgoing.retryWithout(error)) throw await outgoing.forChat(error);
      }
    }
  } catch (error) {
    const reason: unknown = exchange.signal.aborted ? exchange.signal.reason : error;
    if (!client.headSent || !(reason instanceof ProxyError)) throw error;
    client.fail(reason);
  } finally {
    client.close();
  }
}

async function translate(
  exchange: Exchange,
  outgoing: OutgoingRequest,
  answer: UpstreamAnswer,
  text: ChunkText,
  client: StreamClient,
): Promise<void> {
  const { body } = answer;
  client.receive(answer);
  try {
    const reader = createBodyReader((type) => text.wants(type));
    const extent = new AnswerExtent();
    /** Bytes of the event that is being received, or of JSON. */
    let waiting = 0;
    while (!text.finished) {
      let bytes = await body?.read();
      const isLast = bytes === undefined;
      extent.read(bytes?.length ?? 0);
      waiting += bytes?.length ?? 0;
      const held = bytes && extent.isLarge ? extent.hold(bytes) : 0;
      let events = bytes ? reader.push(bytes) : await inSteps(reader.endInSteps(), exchange.signal, waiting);
      bytes = undefined; // else they would be kept until more come, and so would the events
      if (waiting >= large && events.length > 0) await othersFirst(exchange.signal, waiting);
      if (events.length > 0) waiting = 0;
      const room = write(events, extent);
      events = [];
      await exchange.held.take(held);
      if (room === false || (room !== true && !(await room))) await drained(exchange);
      if (isLast) text.end();
    }
  } catch (error) {
    body?.cancel();
    if (error instanceof ProxyError) Object.assign(error.headers, errorHeaders(answer));
    throw error;
  }
  for (const note of text.notes) exchange.report.notes.push(note);
  if (text.response) reportResponse(exchange, text.response);
  client.end();
  // after a stop sequence the answer is over before the upstream is
  if (text.response) body?.finish();
  else body?.cancel();

  /** Writes what the events of one read lead to, also what came before one that fails. False when the client should be given time to read. */
  function write(events: readonly SentEvent[], extent: AnswerExtent): boolean | Promise<boolean> {
    let chunks = '';
    try {
      for (const event of events) {
        const more = text.push(event);
        chunks += more;
        extent.event(event.type, more === '');
      }
    } catch (error) {
      if (chunks !== '') client.write(chunks);
      throw error;
    } finally {
      client.answered ||= text.begun;
    }
    if (text.begun) outgoing.begun();
    if (text.finished) outgoing.succeeded();
    // before the client hears of the end, so that its next request finds the turn, also through another proxy
    const kept = text.response && outgoing.keep(text.output);
    if (kept) return kept.then(() => client.write(chunks));
    if (chunks !== '') return client.write(chunks);
    if (text.begun) client.sendHead();
    return true;
  }
}
