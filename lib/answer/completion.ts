import { proxyError } from '../errors.ts';
import { isObject } from '../json.ts';
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
import type { Response } from '../wire/responses.ts';
import { Answer, type Head } from './answer.ts';

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
  const message: ChatMessage = { role: 'assistant', content: null, refusal: null, annotations: [] };
  const logprobs: TokenLogprob[] = [];
  let reason: FinishReason = 'stop';
  let envelope: Envelope = {};
  let usage: ChatUsage | undefined;

  const answer = new Answer({ ...context, includeUsage: true }, fallback, {
    delta(delta, more) {
      fold(message, delta);
      if (more) logprobs.push(...more);
    },
    finish(why, delta, around) {
      reason = why;
      envelope = around;
      fold(message, delta);
    },
    usage: (counts) => (usage = counts),
  });
  if (!isObject(response as unknown)) throw proxyError('answerNotResponse');
  answer.push({ type: response.status === 'failed' ? 'response.failed' : 'response.completed', response });
  answer.end();
  onNotes?.(answer.notes);

  const silent = message.tool_calls || message.function_call || message.refusal !== null;
  if (!message.content) message.content = silent ? null : '';
  return {
    ...answer.head,
    object: 'chat.completion',
    ...envelope,
    ...(response.metadata && { metadata: response.metadata }),
    choices: [
      {
        index: 0,
        message,
        logprobs: context.logprobs && logprobs.length > 0 ? { content: logprobs, refusal: null } : null,
        finish_reason: reason,
      },
    ],
    ...(usage && { usage }),
  };
}

/** Adds a delta to the message, as a client does that reads a stream. */
function fold(message: ChatMessage, delta: ChatDelta): void {
  if (delta.content) message.content = (message.content ?? '') + delta.content;
  if (delta.reasoning_content) message.reasoning_content = (message.reasoning_content ?? '') + delta.reasoning_content;
  if (delta.refusal) message.refusal = (message.refusal ?? '') + delta.refusal;
  if (delta.images) (message.images ??= []).push(...delta.images);
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
