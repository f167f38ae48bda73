// The Responses API: what the proxy sends, and what it reads of an answer. Everything optional may be absent at compatible servers.

export type MessagePhase = 'commentary' | 'final_answer';

export type InputPart =
  | { type: 'input_text'; text: string }
  | { type: 'input_image'; detail: 'auto' | 'low' | 'high' | 'original'; image_url?: string; file_id?: string }
  | { type: 'input_file'; file_id?: string; file_data?: string; file_url?: string; filename?: string };

export type AssistantPart = { type: 'output_text'; text: string } | { type: 'refusal'; refusal: string };

export type InputItem =
  | { role: 'user' | 'system' | 'developer'; content: string | InputPart[] }
  | { role: 'assistant'; content: string }
  | { type: 'message'; role: 'assistant'; content: AssistantPart[]; phase?: MessagePhase }
  | { type: 'function_call'; call_id: string; name: string; arguments: string }
  | { type: 'function_call_output'; call_id: string; output: string | InputPart[] }
  | { type: 'custom_tool_call'; call_id: string; name: string; input: string }
  | { type: 'custom_tool_call_output'; call_id: string; output: string | InputPart[] };

export interface ReasoningConfig {
  effort?: string;
  summary?: string;
  [key: string]: unknown;
}

/** A body of `POST /v1/responses`. */
export interface ResponsesRequest {
  model: string;
  input: unknown[] | string;
  store: boolean;
  stream?: boolean;
  tools?: object[];
  tool_choice?: unknown;
  reasoning?: ReasoningConfig;
  include?: string[];
  text?: { format?: object; verbosity?: string };
  max_output_tokens?: number;
  [key: string]: unknown;
}

export interface UrlCitationAnnotation {
  type: 'url_citation';
  url: string;
  title?: string | null;
  start_index: number;
  end_index: number;
}

/** `bytes` and `top_logprobs` are missing in the published stream schema, and sent all the same. */
export interface ResponseLogprob {
  token: string;
  logprob: number;
  bytes?: number[] | null;
  top_logprobs?: { token?: string; logprob?: number; bytes?: number[] | null }[];
}

export interface OutputPart {
  type: string;
  text?: string;
  refusal?: string;
  annotations?: { type: string }[];
  logprobs?: ResponseLogprob[];
}

/** An output item of any type, the ones that no one has published yet included. */
export interface OutputItem {
  type: string;
  id?: string | null;
  status?: string | null;
  phase?: MessagePhase | null;
  content?: OutputPart[] | null;
  summary?: { type?: string; text?: string }[] | null;
  encrypted_content?: string | null;
  call_id?: string | null;
  name?: string;
  /** The text of a call's; some hosted tools have a value here. */
  arguments?: unknown;
  input?: string;
  result?: string | null;
  output_format?: string | null;
  /** What hosted tools did: of many forms, and none of them certain. */
  action?: unknown;
  queries?: unknown;
  code?: unknown;
  operation?: unknown;
  server_label?: unknown;
}

export interface ResponseUsage {
  input_tokens?: number;
  input_tokens_details?: { cached_tokens?: number; cache_write_tokens?: number } | null;
  output_tokens?: number;
  output_tokens_details?: { reasoning_tokens?: number } | null;
  total_tokens?: number;
}

export interface ResponseError {
  message?: string;
  type?: string | null;
  param?: string | null;
  code?: string | null;
}

/** A Response object. */
export interface Response {
  id?: string;
  object?: string;
  created_at?: number;
  status?: string;
  model?: string;
  output?: OutputItem[];
  error?: ResponseError | null;
  incomplete_details?: { reason?: string } | null;
  usage?: ResponseUsage | null;
  service_tier?: string | null;
  metadata?: { [key: string]: string } | null;
  moderation?: { input?: unknown; output?: unknown } | null;
}

/** An event of a Response stream; `type` says which of the other fields are there. */
export interface ResponseEvent {
  type: string;
  response?: Response;
  item?: OutputItem;
  part?: OutputPart;
  output_index?: number;
  content_index?: number;
  summary_index?: number;
  /** A text, but for some hosted tools. */
  delta?: unknown;
  text?: string;
  refusal?: string;
  arguments?: string;
  input?: string;
  name?: string;
  annotation?: { type: string } | null;
  logprobs?: ResponseLogprob[] | null;
  /** Nested at api.openai.com, flat in the published schema. */
  error?: ResponseError;
  message?: string;
  code?: string | null;
  param?: string | null;
}
