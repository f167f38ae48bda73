// Chat Completions, as far as the proxy writes it. What clients send is read as unknown JSON: half of them bend the published form.
import type { ErrorBody } from '../error.ts';

interface ChatFields {
  model?: string | null;
  messages?: readonly unknown[] | null;
  stream?: boolean | null;
}

/** A body of `POST /v1/chat/completions`. Every other field is looked at by name; an unknown one is dropped with a note. */
export type ChatRequest = ChatFields | (ChatFields & { [name: string]: unknown });

export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter' | 'function_call';

export interface UrlCitation {
  type: 'url_citation';
  url_citation: { start_index: number; end_index: number; url: string; title: string };
}

export interface TokenLogprob {
  token: string;
  logprob: number;
  bytes: number[] | null;
  top_logprobs: { token: string; logprob: number; bytes: number[] | null }[];
}

export interface Logprobs {
  content: TokenLogprob[] | null;
  refusal: TokenLogprob[] | null;
}

export interface ImagePart {
  type: 'image_url';
  image_url: { url: string };
}

export type ToolCall =
  | { id: string; type: 'function'; function: { name: string; arguments: string } }
  | { id: string; type: 'custom'; custom: { name: string; input: string } };

export interface ToolCallDelta {
  index: number;
  id?: string;
  type?: 'function' | 'custom';
  function?: { name?: string; arguments?: string };
  custom?: { name?: string; input?: string };
}

/** A part of a reasoning item in OpenRouter's dialect; parts of one item have the same `id` and `index`. */
export type ReasoningDetail = { id: string; format: 'openai-responses-v1'; index: number } & (
  | { type: 'reasoning.summary'; summary: string }
  | { type: 'reasoning.encrypted'; data: string }
);

/** What a chunk adds to the message. `reasoning_content`, `reasoning_details` and `images` are extensions that chat clients know. */
export interface ChatDelta {
  role?: 'assistant';
  content?: string | null;
  reasoning_content?: string;
  reasoning_details?: ReasoningDetail[];
  refusal?: string;
  tool_calls?: ToolCallDelta[];
  function_call?: { name?: string; arguments?: string };
  images?: ImagePart[];
  annotations?: UrlCitation[];
}

export interface ChatMessage {
  role: 'assistant';
  content: string | null;
  refusal: string | null;
  annotations: UrlCitation[];
  reasoning_content?: string;
  reasoning_details?: ReasoningDetail[];
  tool_calls?: ToolCall[];
  function_call?: { name: string; arguments: string };
  images?: ImagePart[];
}

export interface ChatUsage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
  prompt_tokens_details: { cached_tokens: number; audio_tokens: number; cache_write_tokens?: number };
  completion_tokens_details: {
    reasoning_tokens: number;
    audio_tokens: number;
    accepted_prediction_tokens: number;
    rejected_prediction_tokens: number;
  };
}

export type ServiceTier = 'auto' | 'default' | 'flex' | 'scale' | 'priority' | 'fast';

export interface ModerationResult {
  categories: { [key: string]: boolean };
  category_applied_input_types: { [key: string]: ('text' | 'image')[] };
  category_scores: { [key: string]: number };
  flagged: boolean;
  model: string;
  type: 'moderation_result';
}

export type ChatModeration =
  | { type: 'moderation_results'; model: string; results: ModerationResult[] }
  | { type: 'error'; code: string; message: string };

/** What stands beside the choices of a completion, and on the last chunks of a stream. */
export interface Envelope {
  service_tier?: ServiceTier;
  moderation?: { input: ChatModeration; output: ChatModeration };
}

export interface ChatCompletion extends Envelope {
  id: string;
  object: 'chat.completion';
  created: number;
  model: string;
  metadata?: { [key: string]: string };
  choices: [{ index: 0; message: ChatMessage; logprobs: Logprobs | null; finish_reason: FinishReason }];
  usage?: ChatUsage;
}

export interface ChatChoiceDelta {
  index: 0;
  delta: ChatDelta;
  logprobs: Logprobs | null;
  finish_reason: FinishReason | null;
}

export interface ChatChunk extends Envelope {
  id: string;
  object: 'chat.completion.chunk';
  created: number;
  model: string;
  choices: [] | [ChatChoiceDelta];
  /** On every chunk when usage was asked for: null on all but the last. */
  usage?: ChatUsage | null;
}

/** How a stream that failed ends: no `choices`, no finish chunk, no `[DONE]`. */
export interface ErrorChunk {
  error: ErrorBody;
}
