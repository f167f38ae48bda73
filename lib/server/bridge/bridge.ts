import { stringOf } from '../../json.ts';
import { parseAlias } from '../../models/alias.ts';
import { replaceModel } from '../../request/replace-model.ts';
import { routeOf } from '../../request/routing.ts';
import type { ReasoningStyle } from '../../answer-context.ts';
import type { Exchange } from '../types/exchange.ts';
import { forward } from '../forward/forward.ts';
import { bytesOf } from '../byte-text.ts';
import { parseCut } from '../http/cut-data.ts';
import { othersFirst } from '../http/others-first.ts';
import { answerStreamed } from './answer-streamed.ts';
import { answerWhole } from './answer-whole.ts';
import { OutgoingRequest } from './outgoing-request.ts';

/**
 * Answers a chat completion through `/v1/responses`.
 *
 * @param how `additions: false` adds nothing to the request and refuses what only Chat Completions can do: for requests that the upstream's Chat
 *            Completions refused before.
 * @throws ProxyError as long as nothing was written; at once if the request itself is wrong.
 */
export async function bridge(exchange: Exchange, body: Buffer<ArrayBuffer>, how: { additions: boolean }): Promise<void> {
  const { parsed: chat, paste, work } = await parseCut(body, exchange);
  const { report, settings } = exchange;
  const { model } = parseAlias(stringOf(chat['model']));
  report.model = model;
  report.route = routeOf(chat, !how.additions);
  if (report.route === 'chat') {
    if (model === chat['model']) return forward(exchange, body);
    report.notes.push('dropped the alias in the model name');
    // with a character for each byte, which takes a fifth of the time
    const text = replaceModel(body.toString('latin1'), bytesOf(model));
    await othersFirst(exchange.signal, body.length);
    return forward(exchange, Buffer.from(text, 'latin1'));
  }
  const outgoing = await OutgoingRequest.prepare(exchange, chat, {
    model,
    additions: how.additions && settings,
    reasoning: reasoningStyle(exchange),
    paste,
    bytes: body.length,
    held: body.length + work,
    isResent: !how.additions,
  });
  return chat['stream'] === true ? answerStreamed(exchange, outgoing) : answerWhole(exchange, outgoing);
}

/** Xcode does not show reasoning of its own, so that it is quoted there. */
function reasoningStyle({ settings, request }: Exchange): ReasoningStyle {
  return settings.reasoning ?? (request.headers['user-agent']?.startsWith('Xcode/') ? 'quote' : 'field');
}
