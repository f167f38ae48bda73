// Held by the compiler: what goes in and out fits the types of the official `openai` package.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type OpenAI from 'openai';
import { createChunkStream, toChatCompletion, toResponsesRequest } from '../../lib/index.ts';
import type {
  ChatChunk,
  ChatCompletion,
  ChatRequest,
  ErrorEvent,
  InputItem,
  InputPart,
  OutputItem,
  Response,
  ResponseEvent,
  ResponsesRequest,
  Unpublished,
} from '../../lib/index.ts';
import type { UnpublishedEvent, UnpublishedItem } from './unpublished.ts';

/** Compiles only where every `From` is a `To`. */
type Fits<From extends To, To> = [From, To];
/** The names that are written out, without the index signature for all the others. */
type Named<T> = keyof { [K in keyof T as string extends K ? never : K]: T[K] };
/** The package gives it an id and a status, which an answer that comes back from a chat client has not, and the servers do without. */
type WithoutId = Extract<InputItem, { type: 'message' }>;

type KeysOf<T> = T extends unknown ? keyof T : never;
/** The fields of ours that the item or event of the same type does not have in the package. */
type Added<Ours extends { type: string }, Theirs extends { type: string }> = {
  [T in Theirs['type']]: Exclude<KeysOf<Extract<Ours, { type: T }>>, KeysOf<Extract<Theirs, { type: T }>>>;
}[Theirs['type']];

export type Checks = [
  // what a client of Chat sends, and gets
  Fits<OpenAI.ChatCompletionCreateParams, ChatRequest>,
  Fits<ChatCompletion, OpenAI.ChatCompletion>,
  Fits<ChatChunk, OpenAI.ChatCompletionChunk>,
  // what the upstream gets: most values are the client's own, so that only what the library makes of them can be held
  Fits<Named<ResponsesRequest>, keyof OpenAI.Responses.ResponseCreateParams>,
  Fits<Exclude<InputItem, WithoutId>, OpenAI.Responses.ResponseInputItem>,
  Fits<InputPart, OpenAI.Responses.ResponseInputContent>,
  // and what it sends
  Fits<OpenAI.Responses.Response, Response>,
  Fits<OpenAI.Responses.ResponseOutputItem, OutputItem>,
  Fits<OpenAI.Responses.ResponseStreamEvent, ResponseEvent>,
  // no type of an item or event stands here that is not published, but for the few that are sent all the same
  Fits<Exclude<OutputItem['type'], Unpublished | UnpublishedItem>, OpenAI.Responses.ResponseOutputItem['type']>,
  Fits<Exclude<ResponseEvent['type'], Unpublished | UnpublishedEvent>, OpenAI.Responses.ResponseStreamEvent['type']>,
  // nor a field, but for a status on every item
  Fits<Added<OutputItem, OpenAI.Responses.ResponseOutputItem>, 'status'>,
  Fits<Added<Exclude<ResponseEvent, ErrorEvent>, OpenAI.Responses.ResponseStreamEvent>, never>,
];

test("the official package's types go through the whole library", () => {
  const params: OpenAI.ChatCompletionCreateParams = { model: 'gpt-5', stream: true, messages: [{ role: 'user', content: 'Hi' }] };
  const { request, context } = toResponsesRequest(params);
  const sent: Pick<OpenAI.Responses.ResponseCreateParamsStreaming, 'model' | 'store'> = request;
  assert.equal(sent.model, 'gpt-5');

  const head = { id: 'chatcmpl-1', created: 1, model: 'gpt-5' };
  const message: OpenAI.Responses.ResponseOutputMessage = {
    type: 'message',
    id: 'msg_1',
    role: 'assistant',
    status: 'completed',
    content: [{ type: 'output_text', text: 'Hello', annotations: [] }],
  };
  const events: OpenAI.Responses.ResponseStreamEvent[] = [
    { type: 'response.output_item.added', sequence_number: 0, output_index: 0, item: { ...message, content: [] } },
    { type: 'response.output_item.done', sequence_number: 1, output_index: 0, item: message },
  ];
  const stream = createChunkStream(context, head);
  const chunks: OpenAI.ChatCompletionChunk[] = events.flatMap((event) => stream.push(event));
  assert.equal(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join(''), 'Hello');

  const response = { object: 'response', status: 'completed', output: [message] } as OpenAI.Responses.Response;
  const completion: OpenAI.ChatCompletion = toChatCompletion(response, context, head);
  assert.equal(completion.choices[0]?.message.content, 'Hello');
});
