import { proxyError } from '../errors.ts';
import { arrayOf, isObject, objectOf, type JsonObject } from '../json.ts';
import type { Recall, RecalledTurn } from '../memory/memory.ts';
import { parseAlias } from '../models/alias.ts';
import type { AnswerContext, ReasoningStyle } from '../answer-context.ts';
import type { ChatRequest } from '../wire/chat.ts';
import type { ResponsesRequest } from '../wire/responses.ts';
import { assertShallow } from './depth.ts';
import { sameFields } from './fields.ts';
import { toInput, type Input } from './messages.ts';
import { chatParams } from './param.ts';
import { askedReasoning } from './reasoning.ts';
import { logprobs } from './sampling.ts';
import { asksForJson, toText } from './text-format.ts';
import { tokenLimit } from './token-limit.ts';
import { toToolChoice, toTools } from './tools.ts';

export interface TranslationOptions {
  /** How reasoning reaches the client; `field` if not given. */
  reasoning?: ReasoningStyle;
  /** Finds the turns of the model that were kept. */
  recall?: Recall;
}

/** A chat request in the terms of the Responses API, with nothing added. */
export interface Translation {
  /** The body for `POST /v1/responses`. */
  request: ResponsesRequest;
  /** What the answer side needs to know. */
  context: AnswerContext;
  /** What was dropped, raised or replaced, for the client to read. */
  notes: string[];
  /** The turns that were put back. */
  recalled: readonly RecalledTurn[];
  /** Returns the chat field that the `param` of an upstream error is about. */
  chatParam(param: string | null): string | null;
}

/**
 * Translates the body of a chat completion into one for `/v1/responses`: every field, role and content part of the published schema, and the
 * forms in which clients bend it. A body with `input` and no `messages` is taken as a Responses request.
 *
 * @throws ProxyError 400 that names the field, for what no request can carry.
 */
export function translate(body: ChatRequest, { reasoning: style = 'field', recall }: TranslationOptions = {}): Translation {
  if (!isObject(body)) throw proxyError('bodyNotObject');
  const chat: JsonObject = body;
  assertShallow(chat);
  const alias = parseAlias(modelOf(chat));
  if (chat['background'] === true) throw proxyError('backgroundRefused');
  const { same, dropped } = sameFields(chat);
  const input = inputOf(chat, chat['store'] === true ? undefined : recall);
  const { tools, names, declared } = toTools(chat);
  const asked = askedReasoning(chat, alias);
  const limit = tokenLimit(chat);
  const text = toText(chat);
  const streamOptions = objectOf(chat['stream_options']);

  const request: ResponsesRequest = Object.assign(same, { model: alias.model, input: input.items, store: chat['store'] === true });
  if (Object.keys(asked.reasoning).length > 0) request.reasoning = asked.reasoning;
  if (text) request.text = text;
  if (tools.length > 0) request.tools = tools;
  if (limit) request.max_output_tokens = limit.sent as number;
  const choiceNotes = chooseTools(request, chat);
  includeFor(request, chat);
  if (chat['stream'] !== true) delete request.stream;
  else if (streamOptions['include_obfuscation'] != null)
    request['stream_options'] = { include_obfuscation: streamOptions['include_obfuscation'] };

  return {
    request,
    context: {
      model: alias.model,
      reasoning: style,
      json: asksForJson(request),
      legacyFunctions: arrayOf(chat['functions']).length > 0 && arrayOf(chat['tools']).length === 0,
      logprobs: chat['logprobs'] === true,
      stop: stopOf(chat),
      includeUsage: streamOptions['include_usage'] === true,
      names,
      tools: declared,
    },
    notes: [...[...dropped, ...asked.dropped].map((name) => `dropped ${name}`), ...(limit?.notes ?? []), ...choiceNotes, ...input.notes],
    recalled: input.recalled,
    chatParam: chatParams(chat, input.origins),
  };
}

function modelOf({ model }: JsonObject): string {
  if (typeof model === 'string' && model !== '') return model;
  throw proxyError('modelMissing');
}

function inputOf(chat: JsonObject, recall: Recall | undefined): Omit<Input, 'items'> & { items: ResponsesRequest['input'] } {
  const { messages, input } = chat;
  if (messages == null && (typeof input === 'string' || Array.isArray(input)))
    return { items: input, origins: [], notes: [], recalled: [] };
  const serverKeeps = chat['previous_response_id'] != null || chat['conversation'] != null || chat['prompt'] != null;
  if (Array.isArray(messages) && (messages.length > 0 || serverKeeps)) return toInput(messages, recall, serverKeeps);
  throw proxyError(messages == null ? 'messagesMissing' : 'messagesInvalid');
}

function stopOf({ stop }: JsonObject): string[] {
  const all: unknown[] = Array.isArray(stop) ? stop : [stop];
  return all.filter((one): one is string => typeof one === 'string' && one !== '');
}

/** What needs tools is left out if the client has none: the API refuses it, and an added search is not the client's to choose. */
function chooseTools(request: ResponsesRequest, chat: JsonObject): string[] {
  const choice = chat['tool_choice'] ?? chat['function_call'];
  if (!request.tools) {
    delete request['parallel_tool_calls'];
    return choice == null || choice === 'none' || choice === 'auto' ? [] : ['dropped tool_choice'];
  }
  if (choice != null) request.tool_choice = toToolChoice(choice);
  // function_call holds one call
  if (arrayOf(chat['functions']).length > 0) request['parallel_tool_calls'] = false;
  return [];
}

/** `logprobs` is something to include; `top_logprobs` without it asks for nothing. */
function includeFor(request: ResponsesRequest, chat: JsonObject): void {
  const include = new Set(arrayOf(chat['include']).filter((one): one is string => typeof one === 'string'));
  if (chat['logprobs'] === true) include.add(logprobs);
  else if (!include.has(logprobs)) delete request['top_logprobs'];
  if (include.size > 0) request.include = [...include];
}
