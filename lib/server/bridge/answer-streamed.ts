import { createChunkText, type ChunkText } from '../../answer/chunk-text.ts';
import { beginEvents, silentEvents } from '../../answer/events.ts';
import { ProxyError } from '../../error.ts';
import { proxyError } from '../../errors.ts';
import { isObject } from '../../json.ts';
import { createEventReader } from '../../sse/response-events.ts';
import type { OutputItem, Response, ResponseEvent, SentEvent } from '../../wire/responses.ts';
import { drained } from '../http/answer.ts';
import type { Exchange } from '../types/exchange.ts';
import { relay } from '../forward/forward.ts';
import type { UpstreamAnswer } from '../upstream/upstream.ts';
import type { OutgoingRequest } from './outgoing-request.ts';
import { fallbackHead, keepTurn, readResponse, reportResponse } from './response.ts';
import { StreamClient } from './stream-client.ts';

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
        return await relay(exchange, answer);
      } catch (error) {
        if (!(error instanceof ProxyError)) throw error;
        if (client.answered || !outgoing.retryWithout(error)) throw outgoing.forChat(error);
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

/** Events without an effect are not parsed, nor those that name the Response again: they repeat all tools and instructions of the request. */
function createFilter(): (type: string) => boolean {
  let created = false;
  return (type) => {
    if (!beginEvents.has(type)) return !silentEvents.has(type);
    const isFirst = !created;
    created ||= type === 'response.created';
    return isFirst;
  };
}

async function translate(
  exchange: Exchange,
  outgoing: OutgoingRequest,
  answer: UpstreamAnswer,
  text: ChunkText,
  client: StreamClient,
): Promise<void> {
  const { body, headers } = answer;
  const output: Record<number, OutputItem> = {};
  client.receive(answer);
  try {
    // some servers answer whole, whatever was asked for
    if (headers['content-type']?.includes('json')) write([await readResponse(answer)]);
    const reader = createEventReader(createFilter());
    while (!text.finished) {
      let bytes = await body?.read();
      const isLast = bytes === undefined;
      const room = write(bytes ? reader.push(bytes) : reader.end());
      bytes = undefined; // else they would be kept until more come
      if (!room) await drained(exchange);
      if (isLast) text.end();
    }
  } catch (error) {
    body?.cancel();
    throw error;
  }
  exchange.report.notes.push(...text.notes);
  if (text.response) reportResponse(exchange, text.response);
  client.end();
  // after a stop sequence the answer is over before the upstream is
  if (text.response) body?.finish();
  else body?.cancel();

  /** Writes what the events of one read lead to, also what came before one that fails. False when the client should be given time to read. */
  function write(events: readonly (ResponseEvent | SentEvent)[]): boolean {
    let chunks = '';
    try {
      for (const event of events) {
        chunks += text.push(event);
        const { type, item, output_index: index } = event as SentEvent;
        if (type === 'response.output_item.done' && isObject(item))
          output[typeof index === 'number' ? index : Object.keys(output).length] = item as unknown as OutputItem;
      }
    } catch (error) {
      if (chunks !== '') client.write(chunks);
      throw error;
    } finally {
      client.answered ||= text.begun;
    }
    if (text.begun) outgoing.begun();
    if (text.finished) outgoing.succeeded();
    if (text.response) keep(text.response);
    if (chunks !== '') return client.write(chunks);
    if (text.begun) client.sendHead();
    return true;
  }

  /** Before the client hears of the end, so that its next request finds the turn. Encrypted reasoning is final only when its item is done. */
  function keep(response: Response): void {
    const items = Object.values(output); // in the order of their indices
    keepTurn(exchange, outgoing, items.length > 0 ? items : (response.output ?? []));
  }
}
