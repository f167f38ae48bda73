import assert from 'node:assert/strict';
import type { ChatChunk, ChatCompletion, ChatDelta, ChatMessage, TokenLogprob } from '../../lib/index.ts';

/** What a client has at the end of an answer; an empty text and null count as one. */
export interface Outcome {
  id: string;
  created: number;
  model: string;
  service_tier: unknown;
  moderation: unknown;
  usage: unknown;
  finish_reason: string;
  logprobs: TokenLogprob[];
  message: Partial<ChatMessage>;
}

/** Adds up the chunks of a stream as a client does, and holds what is promised of their order and form. */
export function folded(chunks: readonly ChatChunk[], includeUsage: boolean): Outcome {
  const [first, ...rest] = chunks;
  assert.ok(first);
  const { id, created, model } = first;
  const opening = first.choices[0]?.delta;
  assert.deepEqual(opening, { role: 'assistant', content: opening?.content === null ? null : '' });
  const message: Partial<ChatMessage> = { content: '', refusal: '', annotations: [] };
  const logprobs: TokenLogprob[] = [];
  let finish: ChatChunk | undefined;
  let usage: unknown;

  for (const chunk of rest) {
    assert.deepEqual([chunk.id, chunk.created, chunk.model, chunk.object], [id, created, model, 'chat.completion.chunk']);
    const [choice] = chunk.choices;
    if (finish) {
      assert.ok(includeUsage && usage === undefined && chunk.usage && !choice, 'nothing but one usage chunk follows the finish chunk');
      usage = chunk.usage;
      continue;
    }
    assert.ok(choice, 'a chunk before the end has a choice');
    assert.equal(choice.index, 0);
    assert.deepEqual('usage' in chunk ? chunk.usage : 'none', includeUsage ? null : 'none');
    add(message, choice.delta, choice.finish_reason !== null);
    if (choice.logprobs) {
      assert.equal(typeof choice.delta.content, 'string', 'log probabilities come with their text');
      logprobs.push(...(choice.logprobs.content ?? []));
    }
    if (choice.finish_reason !== null) finish = chunk;
  }
  assert.ok(finish, 'there is a finish chunk');
  const reason = finish.choices[0]!.finish_reason!;
  return outcome(finish, { id, created, model }, reason, message, logprobs, usage);
}

function add(message: Partial<ChatMessage>, delta: ChatDelta, last: boolean): void {
  const { content, reasoning_content, refusal, tool_calls, function_call, images, annotations, ...more } = delta;
  assert.deepEqual(more, {}, 'the role comes once, and nothing else comes');
  assert.ok(Object.keys(delta).length <= 1, 'a delta says one thing');
  if (Object.keys(delta).length === 0 || annotations) assert.ok(last, 'citations, and nothing at all, come in the finish chunk');
  for (const text of [content, reasoning_content, refusal]) assert.ok(text === undefined || typeof text === 'string');
  message.content += content ?? '';
  if (reasoning_content) message.reasoning_content = (message.reasoning_content ?? '') + reasoning_content;
  message.refusal += refusal ?? '';
  if (images) message.images = [...(message.images ?? []), ...images];
  if (annotations) message.annotations = annotations;
  if (function_call) {
    const { name, arguments: more_arguments = '' } = function_call;
    assert.equal(name !== undefined, message.function_call === undefined, 'the name comes once, first');
    message.function_call = {
      name: name ?? message.function_call!.name,
      arguments: (message.function_call?.arguments ?? '') + more_arguments,
    };
  }
  if (!tool_calls) return;
  assert.equal(tool_calls.length, 1);
  const { index, id, type, function: called, custom } = tool_calls[0]!;
  const calls = (message.tool_calls ??= []);
  if (type !== undefined) {
    assert.equal(index, calls.length, 'indices are dense from 0');
    assert.equal(typeof id, 'string');
    if (type === 'custom') calls.push({ id: id!, type, custom: { name: custom!.name!, input: custom!.input! } });
    else calls.push({ id: id!, type, function: { name: called!.name!, arguments: called!.arguments! } });
    return;
  }
  assert.deepEqual([id, called?.name, custom?.name], [undefined, undefined, undefined], 'id, type and name come once');
  assert.equal(index, calls.length - 1, 'one call after the other');
  const call = calls[index]!;
  if (call.type === 'custom') call.custom.input += custom!.input!;
  else call.function.arguments += called!.arguments!;
}

/** The same of a whole answer. */
export function outcomeOf(completion: ChatCompletion, includeUsage: boolean): Outcome {
  const { message, logprobs, finish_reason } = completion.choices[0];
  const { role, ...said } = message;
  assert.equal(role, 'assistant');
  return outcome(completion, completion, finish_reason, said, logprobs?.content ?? [], includeUsage ? completion.usage : undefined);
}

function outcome(
  { service_tier, moderation }: ChatChunk | ChatCompletion,
  { id, created, model }: Pick<Outcome, 'id' | 'created' | 'model'>,
  finish_reason: string,
  message: Partial<ChatMessage>,
  logprobs: TokenLogprob[],
  usage: unknown,
): Outcome {
  const said = { ...message, content: message.content ?? '', refusal: message.refusal ?? '' };
  return { id, created, model, service_tier, moderation, usage, finish_reason, logprobs, message: said };
}
