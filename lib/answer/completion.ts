import { proxyError } from '../errors.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { AnswerContext } from '../answer-context.ts';
import type {
  ChatCompletion,
  ChatDelta,
  ChatMessage,
  ChatUsage,
  Envelope,
  FinishReason,
  TokenLogprob,
  ToolCallDelta,
} from '../wire/chat.ts';
import type { OutputItem, Response, SentEvent } from '../wire/responses.ts';
import { Answer, type Head } from './answer.ts';
import { eventOfWhole } from './read/body.ts';

/**
 * Returns the chat completion for a whole Response object.
 *
 * @param context  As `toResponsesRequest` gave it.
 * @param fallback Stands in for the id, time and model that the Response does not name.
 * @param onNotes  Gets what was left out of the answer; an empty list if nothing was.
 * @throws ProxyError when the Response failed or is not finished: the status that the API has for such an error, and its words.
 */
export function toChatCompletion(
  response: Response,
  context: AnswerContext,
  fallback: Head,
  onNotes?: (notes: readonly string[]) => void,
): ChatCompletion {
  if (!isObject(response as unknown)) throw proxyError('answerNotResponse');
  return toCompletion([eventOfWhole(response as JsonObject)], context, fallback, onNotes).completion;
}

/** A whole answer with what it was made of. */
export interface Completion {
  completion: ChatCompletion;
  response: Response;
  /** The output items, without calls that the server ran itself, and without wrappers of others. */
  output: readonly OutputItem[];
}

/**
 * Returns the chat completion for the events of one Response; as `toChatCompletion` for a server that streams whatever was asked for.
 *
 * @throws ProxyError when the Response failed, or when the events end before it is complete.
 */
export function toCompletion(
  events: Iterable<SentEvent>,
  context: AnswerContext,
  fallback: Head,
  onNotes?: (notes: readonly string[]) => void,
): Completion {
  const builder = new CompletionBuilder(context, fallback);
  for (const event of events) builder.push(event);
  return builder.end(onNotes);
}

/** Makes the chat completion while the events of its Response come. */
export class CompletionBuilder {
  readonly #context: AnswerContext;
  readonly #answer: Answer;
  readonly #message: ChatMessage = { role: 'assistant', content: null, refusal: null, annotations: [] };
  readonly #logprobs: TokenLogprob[] = [];
  #reason: FinishReason = 'stop';
  #envelope: Envelope = {};
  #usage: ChatUsage | undefined;

  constructor(context: AnswerContext, fallback: Head) {
    this.#context = context;
    this.#answer = new Answer({ ...context, includeUsage: true }, fallback, {
      delta: (delta, more) => {
        fold(this.#message, delta);
        // not as arguments, of which there must not be very many
        for (const one of more ?? []) this.#logprobs.push(one);
      },
      finish: (reason, delta, envelope) => {
        this.#reason = reason;
        this.#envelope = envelope;
        fold(this.#message, delta);
      },
      usage: (counts) => (this.#usage = counts),
    });
  }

  /** Throws a ProxyError when the event says that the answer failed. */
  push(event: SentEvent): void {
    this.#answer.push(event);
  }

  /** The end of the events. Throws a ProxyError when they ended before the answer was complete. */
  end(onNotes?: (notes: readonly string[]) => void): Completion {
    const answer = this.#answer;
    const message = this.#message;
    answer.end();
    onNotes?.(answer.notes);
    const { response = {}, output } = answer;
    const silent = message.tool_calls || message.function_call || message.refusal !== null;
    if (!message.content) message.content = silent ? null : '';
    const hasLogprobs = this.#context.logprobs && this.#logprobs.length > 0;
    const completion: ChatCompletion = {
      ...answer.head,
      object: 'chat.completion',
      ...this.#envelope,
      ...(response.metadata && { metadata: response.metadata }),
      choices: [
        {
          index: 0,
          message,
          logprobs: hasLogprobs ? { content: this.#logprobs, refusal: null } : null,
          finish_reason: this.#reason,
        },
      ],
      ...(this.#usage && { usage: this.#usage }),
    };
    return { completion, response, output };
  }
}

/** Adds a delta to the message, as a client does that reads a stream. */
function fold(message: ChatMessage, delta: ChatDelta): void {
  if (delta.content) message.content = (message.content ?? '') + delta.content;
  if (delta.reasoning_content) message.reasoning_content = (message.reasoning_content ?? '') + delta.reasoning_content;
  if (delta.refusal) message.refusal = (message.refusal ?? '') + delta.refusal;
  if (delta.images) (message.images ??= []).push(...delta.images);
  if (delta.reasoning_details) message.reasoning_details = delta.reasoning_details;
  if (delta.annotations) message.annotations = delta.annotations;
  if (delta.function_call) {
    const { name = '', arguments: input = '' } = delta.function_call;
    const mine = (message.function_call ??= { name, arguments: '' });
    mine.arguments += input;
  }
  for (const call of delta.tool_calls ?? []) foldCall((message.tool_calls ??= []), call);
}

function foldCall(calls: NonNullable<ChatMessage['tool_calls']>, { index, id = '', type, function: called, custom }: ToolCallDelta): void {
  const mine = calls[index];
  if (!mine && type === 'custom') calls[index] = { id, type, custom: { name: custom?.name ?? '', input: custom?.input ?? '' } };
  else if (!mine) calls[index] = { id, type: 'function', function: { name: called?.name ?? '', arguments: called?.arguments ?? '' } };
  else if (mine.type === 'custom') mine.custom.input += custom?.input ?? '';
  else mine.function.arguments += called?.arguments ?? '';
}
