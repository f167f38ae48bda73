import { proxyError } from '../errors.ts';
import { arrayOf, isGiven, isObject, objectOf, type JsonObject } from '../json.ts';
import type { Turns } from '../memory/memory.ts';
import { parseAlias } from '../models/alias.ts';
import { traitsOf } from '../models/traits.ts';
import type { AnswerContext, ReasoningStyle } from '../answer-context.ts';
import type { ChatRequest } from '../wire/chat.ts';
import type { ResponsesRequest } from '../wire/responses.ts';
import { assertWithinBudgets } from './bounds.ts';
import { ChatMarks } from './chat-marks.ts';
import { assertShallow } from './depth.ts';
import { isNeutral, sameFields } from './fields.ts';
import { toInput, type Input, type InputOptions } from './messages.ts';
import { chatParams } from './param.ts';
import { askedReasoning } from './reasoning.ts';
import { speaksReasoningDetails } from './reasoning-details.ts';
import { placeTurns, type RecalledTurn } from './recall.ts';
import { logprobs } from './sampling.ts';
import { asksForJson, toText } from './text-format.ts';
import { tokenLimit } from './token-limit.ts';
import { toToolChoice, toTools } from './tools.ts';

export interface TranslationOptions {
  /** How reasoning reaches the client; `field` if not given. */
  reasoning?: ReasoningStyle;
  /** The turns of the model that were kept, as `Memory.read` found them by the marks of `marksIn`. */
  turns?: Turns | undefined;
  /** The marks by which they were found, made anew if not given. */
  marks?: ChatMarks | undefined;
  /**
   * Assistant messages in the input have the full form of an output message, ids included: servers other than OpenAI may accept no other. Plain
   * messages without ids if not given.
   */
  fullMessages?: boolean;
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
  /** The indices of their items in the input. */
  recalledItems: ReadonlySet<number>;
  /** Returns the chat field that the `param` of an upstream error is about. */
  chatParam(param: string | null): string | null;
}

/**
 * Translates the body of a chat completion into one for `/v1/responses`: every field, role and content part of the published schema, and the
 * forms in which clients bend it. A body with `input` and no `messages` is taken as a Responses request.
 *
 * @throws ProxyError 400 that names the field, for what no request can carry.
 */
export function translate(
  body: ChatRequest,
  { reasoning: style = 'field', turns, marks, fullMessages = false }: TranslationOptions = {},
): Translation {
  if (!isObject(body)) throw proxyError('bodyNotObject');
  const chat: JsonObject = body;
  assertShallow(chat);
  assertWithinBudgets(chat);
  const alias = parseAlias(modelOf(chat));
  if (chat['background'] === true) throw proxyError('backgroundRefused');
  const { same, dropped } = sameFields(chat);
  const { tools, names, declared, async, notes: toolNotes } = toTools(chat);
  const input = inputOf(chat, {
    place:
      turns?.size && chat['store'] !== true
        ? ({ calls }) => placeTurns(marks ?? new ChatMarks(chat, undefined, style), calls, turns)
        : undefined,
    serverKeeps: serverKeeps(chat),
    async,
    takesHints: traitsOf(alias.model).cacheBreakpoints,
    style,
    fullMessages,
  });
  const asked = askedReasoning(chat, alias);
  const limit = tokenLimit(chat);
  const text = toText(chat);

  const request: ResponsesRequest = Object.assign(same, { model: alias.model, input: input.items, store: chat['store'] === true });
  if (Object.keys(asked.reasoning).length > 0) request.reasoning = asked.reasoning;
  if (text) request.text = text;
  if (tools.length > 0) request.tools = tools;
  if (limit?.sent !== undefined) request.max_output_tokens = limit.sent as number;
  const choiceNotes = chooseTools(request, chat);
  const includeNotes = includeFor(request, chat);
  const streamNotes = streamFor(request, chat);

  return {
    request,
    context: {
      model: alias.model,
      reasoning: asked.isHidden ? 'off' : style,
      reasoningDetails: speaksReasoningDetails(chat),
      json: asksForJson(request),
      legacyFunctions: arrayOf(chat['functions']).length > 0 && arrayOf(chat['tools']).length === 0,
      logprobs: chat['logprobs'] === true,
      stop: stopOf(chat),
      includeUsage: objectOf(chat['stream_options'])['include_usage'] === true,
      names,
      tools: declared,
    },
    notes: [
      ...dropped.map((name) => `dropped ${name}`),
      ...asked.notes,
      ...(limit?.notes ?? []),
      ...toolNotes,
      ...choiceNotes,
      ...includeNotes,
      ...streamNotes,
      ...input.notes,
    ],
    recalled: input.recalled,
    recalledItems: input.recalledItems,
    chatParam: chatParams(chat, input.origins, asked.sources),
  };
}

function modelOf({ model }: JsonObject): string {
  if (typeof model === 'string' && model !== '') return model;
  throw proxyError('modelMissing');
}

/** Calls may also lie in a conversation that the server holds. */
function serverKeeps(chat: JsonObject): boolean {
  return ['previous_response_id', 'conversation', 'prompt'].some((name) => isGiven(chat[name]));
}

type TranslatedInput = Omit<Input, 'items' | 'origins'> & { items: ResponsesRequest['input']; origins: Input['origins'] | undefined };

function inputOf(chat: JsonObject, options: InputOptions): TranslatedInput {
  const { messages, input } = chat;
  const isInput = typeof input === 'string' ? input !== '' : Array.isArray(input);
  if (isInput && (messages == null || (Array.isArray(messages) && messages.length === 0)))
    return { items: input as string | unknown[], origins: undefined, notes: [], recalled: [], recalledItems: new Set() };
  if (!Array.isArray(messages)) throw proxyError(messages == null ? 'messagesMissing' : 'messagesInvalid');
  if (messages.length === 0 && !options.serverKeeps) throw proxyError('messagesInvalid');
  const translated = toInput(messages, options);
  return isNeutral('input', input) ? translated : { ...translated, notes: ['dropped input', ...translated.notes] };
}

function stopOf({ stop }: JsonObject): string[] {
  const all: unknown[] = Array.isArray(stop) ? stop : [stop];
  return all.filter((one): one is string => typeof one === 'string' && one !== '');
}

/** What needs tools is left out if the client has none: the API refuses it, and an added search is not the client's to choose. */
function chooseTools(request: ResponsesRequest, chat: JsonObject): string[] {
  const choice = isGiven(chat['tool_choice']) ? chat['tool_choice'] : chat['function_call'];
  if (!request.tools) {
    delete request['parallel_tool_calls'];
    return !isGiven(choice) || choice === 'none' || choice === 'auto' ? [] : ['dropped tool_choice'];
  }
  if (isGiven(choice)) request.tool_choice = toToolChoice(choice);
  // function_call holds one call
  if (arrayOf(chat['functions']).length > 0) request['parallel_tool_calls'] = false;
  return [];
}

/** `logprobs` is something to include; `top_logprobs` without it asks for nothing that could be answered. */
function includeFor(request: ResponsesRequest, chat: JsonObject): string[] {
  const include = new Set(arrayOf(chat['include']).filter((one): one is string => typeof one === 'string'));
  if (chat['logprobs'] === true) include.add(logprobs);
  if (include.size > 0) request.include = [...include];
  const { top_logprobs: top } = request;
  if (top === undefined || include.has(logprobs)) return [];
  delete request['top_logprobs'];
  return top === 0 ? [] : ['dropped top_logprobs'];
}

/** What concerns the chunks is done here; OpenAI's padding is the upstream's. */
function streamFor(request: ResponsesRequest, chat: JsonObject): string[] {
  const { include_usage: _, include_obfuscation, ...unknown } = objectOf(chat['stream_options']);
  if (chat['stream'] !== true) delete request.stream;
  else if (include_obfuscation != null) request['stream_options'] = { include_obfuscation };
  return Object.keys(unknown).flatMap((name) => (isNeutral(name, unknown[name]) ? [] : [`dropped stream_options.${name}`]));
}
