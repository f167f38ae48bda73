// The translation between Chat Completions and Responses: pure functions, for Node, browsers, workers, Bun and Deno.
export { toResponsesRequest, type RequestOptions, type TranslatedRequest } from './request/to-responses-request.ts';
export { translate, type Translation, type TranslationOptions } from './request/translate.ts';
export { routeOf, type Route } from './request/routing.ts';
export type { Addition, AdditionSettings, Candidate, Choice } from './request/additions/addition.ts';
export {
  additions,
  defaultAdditions,
  extendRequest,
  noteOnRetry,
  refusedAddition,
  type ExtendedRequest,
  type RefusedAddition,
  type RefusedAdditions,
} from './request/additions/additions.ts';
export type { AnswerContext, ReasoningStyle } from './answer-context.ts';
export { toChatCompletion } from './answer/completion.ts';
export { createChunkText, type ChunkText } from './answer/chunk-text.ts';
export { createChunkStream, type ChunkStream } from './answer/chunk-stream.ts';
export type { AnswerState, Head } from './answer/answer.ts';
export { createEventReader, type EventReader } from './sse/response-events.ts';
export { createSseParser, type ServerSentEvent, type SseParser } from './sse/parse.ts';
export { createMemory, type Memory, type MemoryOptions, type Recall, type RecalledTurn } from './memory/memory.ts';
export { traitsOf, type Effort, type Traits } from './models/traits.ts';
export { parseAlias, type Alias } from './models/alias.ts';
export { builtInModels, type ListedModel, type WireModel } from './models/list.ts';
export { modelsFor, toWireModel } from './models/filter.ts';
export { parseModels } from './models/file.ts';
export { ProxyError, type ErrorBody, type ErrorDetails } from './error.ts';
export type { JsonObject } from './json.ts';
export type * from './wire/chat.ts';
export type * from './wire/responses.ts';
