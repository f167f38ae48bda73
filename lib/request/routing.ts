import { proxyError } from '../errors.ts';
import { arrayOf, isGiven, isObject, objectOf, stringOf, type JsonObject } from '../json.ts';
import { parseAlias, type Alias } from '../models/alias.ts';
import { traitsOf, type Traits } from '../models/traits.ts';
import { isNeutral } from './fields.ts';
import { askedEffort } from './reasoning.ts';

/** The upstream's API that serves a request. */
export type Route = 'chat' | 'responses';

/**
 * Where a chat request goes. Chat keeps what Responses cannot do; when the model or its tools need Responses, that wins, and what only
 * Chat has is dropped.
 *
 * @param chat   The body of a chat completion.
 * @param forced The upstream's Chat Completions have refused it already.
 * @throws ProxyError 400 that names what no endpoint can do together.
 */
export function routeOf(chat: JsonObject, forced: boolean = false): Route {
  const alias = parseAlias(stringOf(chat['model']));
  const traits = traitsOf(alias.model);
  if (traits.chatOnly && !forced) return 'chat';
  const audio = audioField(chat);
  const several = typeof chat['n'] === 'number' && chat['n'] > 1;
  const onlyChat =
    audio !== undefined || several || !isNeutral('prediction', chat['prediction']) || !isNeutral('logit_bias', chat['logit_bias']);
  if (!onlyChat) return 'responses';
  if (!forced && !needsResponses(chat, traits, alias)) return 'chat';
  if (several) throw proxyError('choicesRefused');
  if (audio !== undefined) throw proxyError('audioRefused', { param: audio });
  return 'responses';
}

/** Fields of a Responses request that Chat does not have. */
const onlyResponses = ['input', 'previous_response_id', 'conversation', 'prompt', 'context_management', 'web_search_options'];

function needsResponses(chat: JsonObject, traits: Traits, alias: Alias): boolean {
  const tools = [...arrayOf(chat['tools']), ...arrayOf(chat['functions'])];
  // of all the ways to ask for no reasoning, this is the one that Chat Completions know
  const effort = askedEffort(chat, alias);
  const isOff = effort?.from === 'reasoning_effort' && effort.value === 'none';
  return (
    traits.responsesOnly ||
    (traits.toolsNeedResponses && tools.length > 0 && !isOff) ||
    onlyResponses.some((name) => isGiven(chat[name])) ||
    arrayOf(chat['tools']).some((tool) => isObject(tool) && tool['type'] !== 'function' && tool['type'] !== 'custom')
  );
}

/** The first field that asks for audio or brings it. */
function audioField(chat: JsonObject): string | undefined {
  if (arrayOf(chat['modalities']).includes('audio')) return 'modalities';
  if (chat['audio'] != null) return 'audio';
  for (const [at, message] of arrayOf(chat['messages']).entries()) {
    const { audio, content } = objectOf(message);
    if (audio != null) return `messages[${at}].audio`;
    const part = arrayOf(content).findIndex((one) => isObject(one) && one['type'] === 'input_audio');
    if (part >= 0) return `messages[${at}].content[${part}]`;
  }
  return undefined;
}
