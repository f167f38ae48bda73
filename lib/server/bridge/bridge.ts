import { stringOf } from '../../json.ts';
import type { Recall } from '../../memory/memory.ts';
import { parseAlias } from '../../models/alias.ts';
import type { Corrections } from '../../request/defaults.ts';
import { replaceModel } from '../../request/replace-model.ts';
import { routeOf } from '../../request/routing.ts';
import { toResponsesRequest, type TranslatedRequest } from '../../request/to-responses-request.ts';
import type { ReasoningStyle } from '../../answer-context.ts';
import { answerStreamed } from './answer-streamed.ts';
import { answerWhole } from './answer-whole.ts';
import { parseObject } from '../http/body.ts';
import { cutData } from '../http/cut-data.ts';
import { hasCredential } from '../secrets/credential-hash.ts';
import type { Exchange } from '../types/exchange.ts';
import { forward } from '../forward/forward.ts';
import type { Scope } from './draft.ts';
import { Outgoing } from './outgoing.ts';

/**
 * Answers a chat completion through `/v1/responses`. Without `defaults` nothing is added to the request, and what Chat alone can do is
 * refused: the upstream's Chat Completions has refused it already.
 *
 * @throws ProxyError as long as nothing was written; at once where the request itself is wrong.
 */
export function bridge(exchange: Exchange, body: Buffer<ArrayBuffer>, { defaults }: { defaults: boolean }): Promise<void> {
  const { json, paste } = cutData(body);
  const chat = parseObject(json);
  const { report } = exchange;
  const { model } = parseAlias(stringOf(chat['model']));
  report.model = model;
  report.route = routeOf(chat, !defaults);
  if (report.route === 'chat') {
    if (model === chat['model']) return forward(exchange, body);
    report.notes.push('dropped the effort in the model name');
    return forward(exchange, Buffer.from(replaceModel(body.toString('utf8'), model)));
  }
  const outgoing = new Outgoing(exchange, scopeOf(exchange, model, !defaults), { translate, paste });
  return chat['stream'] === true ? answerStreamed(exchange, outgoing) : answerWhole(exchange, outgoing);

  function translate(corrections: Corrections, recall: Recall | undefined): TranslatedRequest {
    const { effort, summary, webSearch } = exchange.settings;
    return toResponsesRequest(chat, {
      defaults: defaults && { effort, summary, webSearch },
      corrections,
      reasoning: reasoningStyle(exchange),
      ...(recall && { recall }),
    });
  }
}

function scopeOf(exchange: Exchange, model: string, sentBefore: boolean): Scope {
  const { settings, request } = exchange;
  let key: string | undefined;
  return {
    key: () => (key ??= `${settings.upstream}\n${exchange.credential}\n${model}`),
    remembers: settings.memory && hasCredential(request.headers),
    sentBefore,
  };
}

/** Xcode shows no reasoning of its own, so that it is quoted there. */
function reasoningStyle({ settings, request }: Exchange): ReasoningStyle {
  return settings.reasoning ?? (request.headers['user-agent']?.startsWith('Xcode/') ? 'quote' : 'field');
}
