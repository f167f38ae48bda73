import { proxyError } from '../errors.ts';
import { arrayOf, isObject, objectOf, stringOf, type JsonObject } from '../json.ts';
import type { Recall, RecalledTurn } from '../memory/memory.ts';
import { parseAlias } from '../models/alias.ts';
import { takesSampling, traitsOf, type Effort, type Traits } from '../models/traits.ts';
import type { AnswerContext, ReasoningStyle } from '../answer-context.ts';
import type { ChatRequest } from '../wire/chat.ts';
import type { ReasoningConfig, ResponsesRequest } from '../wire/responses.ts';
import { addDefaults, defaults, type Addition, type Corrections, type Defaults } from './defaults.ts';
import { assertShallow } from './depth.ts';
import { chatParams } from './error-param.ts';
import { toInput, type Input } from './messages.ts';
import { leastTokens, reasoningOf, sameFields, tokenLimit, toText } from './parameters.ts';
import { toToolChoice, toTools } from './tools.ts';

export interface RequestOptions {
  /** What to add where the client names none; false for nothing at all. Medium effort, summaries and web search if not given. */
  defaults?: Defaults | false;
  /** What earlier refusals of the upstream have taught. */
  corrections?: Corrections;
  /** How reasoning reaches the client; `field` if not given. */
  reasoning?: ReasoningStyle;
  /** Finds the turns of the model's that were kept. Given, sealed reasoning is asked for, so that there is something to keep. */
  recall?: Recall;
}

export interface TranslatedRequest {
  /** The body for `POST /v1/responses`. */
  request: ResponsesRequest;
  /** What the answer side needs to know. */
  context: AnswerContext;
  /** What was dropped, raised or replaced, for the client to read. */
  notes: string[];
  /** What was added of the proxy's own accord. */
  additions: ReadonlySet<Addition>;
  /** The turns that were put back. */
  recalled: readonly RecalledTurn[];
  /** The chat field that an upstream error's `param` is about. */
  chatParam(param: string | null): string | null;
}

/**
 * Translates the body of a chat completion into one for `/v1/responses`: every field, role and content part of the published schema, and the
 * forms in which clients bend it. A body with `input` and no `messages` is taken as a Responses request.
 *
 * @throws ProxyError 400 that names the field, for what can be carried by no request at all.
 */
export function toResponsesRequest(body: ChatRequest, options: RequestOptions = {}): TranslatedRequest {
  const { corrections = new Map(), reasoning: style = 'field', recall } = options;
  if (!isObject(body)) throw proxyError('bodyNotObject');
  const chat: JsonObject = body;
  assertShallow(chat);
  const { model, effort: aliasEffort, summary: aliasSummary } = parseAlias(modelOf(chat));
  if (chat['background'] === true) throw proxyError('backgroundRefused');
  const traits = traitsOf(model);
  const { fields, dropped } = sameFields(chat);
  const input = inputOf(chat, chat['store'] === true ? undefined : recall);
  const { tools, names, declared } = toTools(chat);
  const asked = askedReasoning(chat, aliasEffort, aliasSummary);
  const notes = [...dropped, ...asked.dropped].map((name) => `dropped ${name}`);
  const stream = chat['stream'] === true;
  const text = toText(chat);

  const store = typeof chat['store'] === 'boolean' ? chat['store'] : false;
  const request: ResponsesRequest = Object.assign(fields, { model, input: input.items, store });
  if (Object.keys(asked.reasoning).length > 0) request.reasoning = asked.reasoning;
  if (text) request.text = text;
  if (tools.length > 0) request.tools = tools;
  notes.push(...limitTokens(request, chat), ...chooseTools(request, chat), ...input.notes);

  const { additions, notes: added } = addDefaults(
    request,
    chat,
    traits,
    options.defaults === false ? none : (options.defaults ?? defaults),
    corrections,
  );
  if (asked.noSummary && request.reasoning) {
    delete request.reasoning.summary;
    additions.delete('summary');
  }
  notes.push(...dropSampling(request, chat, traits), ...added);
  notes.push(
    ...includeOf(request, chat, traits, Boolean(recall) && chat['store'] !== true && options.defaults !== false, corrections, additions),
  );
  if (!stream) delete request.stream;
  const padding = objectOf(chat['stream_options'])['include_obfuscation'];
  if (stream && padding != null) request['stream_options'] = { include_obfuscation: padding };

  return {
    request,
    context: {
      model,
      reasoning: style,
      json: stringOf(objectOf(text?.['format'])['type']).startsWith('json'),
      legacyFunctions: arrayOf(chat['functions']).length > 0 && arrayOf(chat['tools']).length === 0,
      logprobs: chat['logprobs'] === true,
      stop: stopOf(chat),
      includeUsage: objectOf(chat['stream_options'])['include_usage'] === true,
      names,
      tools: declared,
    },
    notes,
    additions,
    recalled: input.recalled,
    chatParam: chatParams(chat, input.origins),
  };
}

const none: Defaults = { effort: 'off', summary: 'off', webSearch: false };

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

/** What the client asked for, by any of three ways; its own `reasoning_effort` wins over the alias that its model menu holds. */
function askedReasoning(
  chat: JsonObject,
  effort: Effort | undefined,
  summary: string | undefined,
): { reasoning: ReasoningConfig; dropped: string[]; noSummary: boolean } {
  const { reasoning, dropped } = reasoningOf(chat);
  const level = chat['reasoning_effort'] ?? reasoning['effort'] ?? effort;
  const noSummary = summary === 'none' && reasoning['summary'] == null;
  return {
    reasoning: {
      ...(summary !== undefined && summary !== 'none' && { summary }),
      ...reasoning,
      ...(level !== undefined && { effort: level as string }),
    },
    dropped,
    noSummary,
  };
}

function stopOf({ stop }: JsonObject): string[] {
  const all: unknown[] = Array.isArray(stop) ? stop : [stop];
  return all.filter((one): one is string => typeof one === 'string' && one !== '');
}

function limitTokens(request: ResponsesRequest, chat: JsonObject): string[] {
  const limited = tokenLimit(chat);
  if (!limited) return [];
  const { field, limit } = limited;
  const raised = typeof limit === 'number' && limit < leastTokens;
  request.max_output_tokens = raised ? leastTokens : (limit as number);
  return raised ? [`raised ${field} to ${leastTokens}`] : [];
}

/** What needs tools is left out where the client has none: the API refuses it, and a default search is not the client's to choose. */
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

/** What a model refuses while it reasons; chat clients send it unasked. The values that change nothing need no note. */
function dropSampling(request: ResponsesRequest, chat: JsonObject, traits: Traits): string[] {
  if (takesSampling(traits, request.reasoning?.effort as Effort | undefined)) return [];
  const notes: string[] = [];
  for (const name of ['temperature', 'top_p', 'top_logprobs']) {
    if (!(name in request)) continue;
    if (request[name] !== 1 && (name !== 'top_logprobs' || chat['logprobs'] === true)) notes.push(`dropped ${name}`);
    delete request[name];
  }
  return notes;
}

function includeOf(
  request: ResponsesRequest,
  chat: JsonObject,
  traits: Traits,
  keeps: boolean,
  corrections: Corrections,
  additions: Set<Addition>,
): string[] {
  const include = new Set(arrayOf(chat['include']).filter((one): one is string => typeof one === 'string'));
  const notes: string[] = [];
  if (chat['logprobs'] === true) {
    if (takesSampling(traits, request.reasoning?.effort as Effort | undefined)) include.add('message.output_text.logprobs');
    else notes.push('dropped logprobs');
  } else if (!include.has('message.output_text.logprobs')) delete request['top_logprobs'];
  const sealed = 'reasoning.encrypted_content';
  if (keeps && traits.encryptedReasoning && request.tools && !include.has(sealed) && !corrections.has('encrypted_content')) {
    include.add(sealed);
    additions.add('encrypted_content');
  }
  if (include.size > 0) request.include = [...include];
  return notes;
}
