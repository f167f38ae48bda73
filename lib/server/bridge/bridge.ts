import { stringOf } from '../../json.ts';
import type { Recall } from '../../memory/memory.ts';
import { parseAlias } from '../../models/alias.ts';
import type { Corrections } from '../../request/defaults.ts';
import { replaceModel } from '../../request/replace-model.ts';
import { routeOf } from '../../request/routing.ts';
import { toResponsesRequest, type TranslatedRequest } from '../../request/to-responses-request.ts';
import type { ReasoningStyle } from '../../wire/bridge.ts';
import { answerStreamed } from './answer-streamed.ts';
import { answerWhole } from './answer-whole.ts';
import { parseObject } from '../http/body.ts';
import { cutData } from '../http/cut-data.ts';
import { credential, hasCredential } from '../http/credential.ts';
import type { Exchange } from '../exchange.ts';
import { forward } from '../forward/forward.ts';
import type { Scope } from './draft.ts';
import { Outgoing } from './outgoing.ts';
import type { ProxyState } from '../state.ts';

/**
 * Answers a chat completion through `/v1/responses`. Without `defaults` nothing is added to the request, and what Chat alone can do is
 * refused: the upstream's Chat Completions has refused it already.
 *
 * @throws ProxyError as long as nothing was written; at once where the request itself is wrong.
 */
export function bridge(exchange: Exchange, state: ProxyState, body: Buffer, { defaults }: { defaults: boolean }): Promise<void> {
  const { json, paste } = cutData(body);
  const chat = parseObject(json);
  const { told } = exchange;
  const { model } = parseAlias(stringOf(chat['model']));
  told.model = model;
  told.route = routeOf(chat, !defaults);
  if (told.route === 'chat') {
    if (model === chat['model']) return forward(exchange, state, body as Buffer<ArrayBuffer>);
    told.notes.push('dropped the effort in the model name');
    return forward(exchange, state, Buffer.from(replaceModel(body.toString('utf8'), model)));
  }
  const outgoing = new Outgoing(exchange, state, scopeOf(exchange, state, model, !defaults), { translate, paste });
  return chat['stream'] === true ? answerStreamed(exchange, outgoing) : answerWhole(exchange, outgoing);

  function translate(corrections: Corrections, recall: Recall | undefined): TranslatedRequest {
    const { effort, summary, webSearch } = state.settings;
    return toResponsesRequest(chat, {
      defaults: defaults && { effort, summary, webSearch },
      corrections,
      reasoning: reasoningStyle(exchange),
      ...(recall && { recall }),
    });
  }
}

function scopeOf(exchange: Exchange, { settings }: ProxyState, model: string, sentBefore: boolean): Scope {
  let key: string | undefined;
  return {
    key: () => (key ??= `${settings.upstream}\n${credential(exchange)}\n${model}`),
    remembers: settings.memory && hasCredential(exchange),
    sentBefore,
  };
}

/** Xcode shows no reasoning of its own, so that it is quoted there. */
function reasoningStyle({ settings, request }: Exchange): ReasoningStyle {
  return settings.reasoning ?? (request.headers['user-agent']?.startsWith('Xcode/') ? 'quote' : 'field');
}
