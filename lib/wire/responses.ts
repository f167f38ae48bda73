// The Responses API: what the proxy sends, and what it reads of an answer. Everything optional may be absent at compatible servers.

export type MessagePhase = 'commentary' | 'final_answer';

export type InputPart =
  | { type: 'input_text'; text: string }
  | { type: 'input_image'; detail: 'auto' | 'low' | 'high' | 'original'; image_url?: string; file_id?: string }
  | { type: 'input_file'; detail?: 'auto' | 'low' | 'high'; file_id?: string; file_data?: string; file_url?: string; filename?: string };

export type AssistantPart = { type: 'output_text'; text: string } | { type: 'refusal'; refusal: string };

export type InputItem =
  | { role: 'user' | 'system' | 'developer'; content: string | InputPart[] }
  | { role: 'assistant'; content: string }
  | { type: 'message'; role: 'assistant'; content: AssistantPart[]; phase?: MessagePhase }
  | { type: 'function_call'; call_id: string; name: string; arguments: string }
  | { type: 'function_call_output'; call_id: string; output: string | InputPart[]; caller?: Caller }
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

/**
 * Stands for every type that OpenAI has not published: on the wire it is any other string. Here it is a literal, so that a `switch` over
 * `type` narrows, and does not compile until each published type has its case.
 */
export type Unpublished = '(unpublished)';

// Output items

export type Annotation =
  | UrlCitationAnnotation
  | { type: 'file_citation'; file_id?: string; filename?: string }
  | { type: 'container_file_citation'; file_id?: string; filename?: string }
  | { type: 'file_path'; file_id?: string };

export interface OutputTextPart {
  type: 'output_text';
  text: string;
  annotations?: Annotation[];
  logprobs?: ResponseLogprob[];
}

export interface RefusalPart {
  type: 'refusal';
  refusal: string;
}

export interface ReasoningTextPart {
  type: 'reasoning_text';
  text: string;
}

export interface SummaryPart {
  type?: 'summary_text';
  text: string;
}

export type OutputPart = OutputTextPart | RefusalPart | ReasoningTextPart;

interface AnyItem {
  id?: string | null;
  status?: string | null;
}

export interface MessageItem extends AnyItem {
  type: 'message';
  role?: 'assistant';
  phase?: MessagePhase | null;
  content?: (OutputTextPart | RefusalPart)[];
}

export interface ReasoningItem extends AnyItem {
  type: 'reasoning';
  summary?: SummaryPart[];
  content?: ReasoningTextPart[];
  encrypted_content?: string | null;
}

/** What made a call: the model itself, or a program that it wrote. */
export type Caller = { type: 'direct' } | { type: 'program'; caller_id: string };

interface AnyCall extends AnyItem {
  call_id?: string;
  /** The group of tools that the tool belongs to. */
  namespace?: string | null;
  caller?: Caller | null;
}

export interface FunctionCallItem extends AnyCall {
  type: 'function_call';
  name: string;
  arguments: string;
}

export interface CustomToolCallItem extends AnyCall {
  type: 'custom_tool_call';
  name: string;
  input: string;
}

export interface WebSearchItem extends AnyItem {
  type: 'web_search_call';
  /** `search`, `open_page`, `find_in_page`, … */
  action?: { type?: string; query?: string; queries?: string[]; url?: string | null; pattern?: string };
}

export interface FileSearchItem extends AnyItem {
  type: 'file_search_call';
  queries?: string[];
}

export interface CodeInterpreterItem extends AnyItem {
  type: 'code_interpreter_call';
  code?: string | null;
}

export interface ImageGenerationItem extends AnyItem {
  type: 'image_generation_call';
  /** Base64. */
  result?: string | null;
  /** `png`, `webp`, `jpeg`, … */
  output_format?: string | null;
}

export interface McpCallItem extends AnyItem {
  type: 'mcp_call';
  name: string;
  server_label: string;
  error?: unknown;
}

export interface McpApprovalRequestItem extends AnyItem {
  type: 'mcp_approval_request';
  name: string;
  server_label: string;
}

export interface ComputerCallItem extends AnyItem {
  type: 'computer_call';
  action?: { type: string };
  actions?: { type: string }[];
}

export interface LocalShellCallItem extends AnyItem {
  type: 'local_shell_call';
  action: { command: string[] };
}

export interface ShellCallItem extends AnyItem {
  type: 'shell_call';
  action: { commands: string[] };
  /** Of a container, or local to the client. */
  environment?: { type: string } | null;
}

export interface ApplyPatchCallItem extends AnyItem {
  type: 'apply_patch_call';
  operation: { path: string };
}

export interface ToolSearchItem extends AnyItem {
  type: 'tool_search_call';
}

export interface ProgramItem extends AnyItem {
  type: 'program';
  code?: string;
}

export interface McpListToolsItem extends AnyItem {
  type: 'mcp_list_tools';
  server_label: string;
  error?: unknown;
}

/** An item that a reader of the answer learns nothing from. */
export interface SilentItem extends AnyItem {
  type:
    | 'mcp_approval_response'
    | 'additional_tools'
    | 'compaction'
    | 'tool_search_output'
    | 'program_output'
    | 'computer_call_output'
    | 'local_shell_call_output'
    | 'shell_call_output'
    | 'apply_patch_call_output';
}

/** What a call returned that the server ran itself. */
export interface CallOutputItem extends AnyItem {
  type: 'function_call_output' | 'custom_tool_call_output';
  call_id?: string;
}

export interface UnknownItem extends AnyItem {
  type: Unpublished;
}

/** Tools that the server, or an agent beside it, runs: not the client's own. */
export type HostedItem =
  | WebSearchItem
  | FileSearchItem
  | CodeInterpreterItem
  | ImageGenerationItem
  | McpCallItem
  | McpApprovalRequestItem
  | ComputerCallItem
  | LocalShellCallItem
  | ShellCallItem
  | ApplyPatchCallItem
  | ToolSearchItem
  | ProgramItem
  | McpListToolsItem
  | CallOutputItem
  | SilentItem;

export type CallItem = FunctionCallItem | CustomToolCallItem;

export type OutputItem = MessageItem | ReasoningItem | CallItem | HostedItem | UnknownItem;

// The Response

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
  /** Items of the input that the server did not use. */
  input_transformations?: { type: string; reason: string }[];
  /** What is billed beside the tokens. */
  tool_usage?: { web_search?: { num_requests?: number } };
}

// Events of a stream

/** Names the Response, before anything of its output. */
export interface BeginEvent {
  type: 'response.created' | 'response.queued' | 'response.in_progress';
  response: Response;
}

/** The last event, with the whole Response. */
export interface EndEvent {
  type: 'response.completed' | 'response.incomplete';
  response: Response;
}

export interface FailedEvent {
  type: 'response.failed';
  response: Response;
}

export interface ErrorEvent {
  type: 'error';
  /** Nested at api.openai.com, flat in the published schema. */
  error?: ResponseError;
  message?: string;
  code?: string | null;
  param?: string | null;
}

interface Placed {
  /** The item's place in `output`. */
  output_index: number;
}

interface OfItem extends Placed {
  item_id?: string;
}

interface OfPart extends OfItem {
  content_index: number;
}

interface OfSummary extends OfItem {
  summary_index: number;
}

export interface ItemAddedEvent extends Placed {
  type: 'response.output_item.added';
  item: OutputItem;
}

export interface ItemDoneEvent extends Placed {
  type: 'response.output_item.done';
  item: OutputItem;
}

export interface TextDeltaEvent extends OfPart {
  type: 'response.output_text.delta';
  delta: string;
  logprobs?: ResponseLogprob[] | null;
}

export interface TextDoneEvent extends OfPart {
  type: 'response.output_text.done';
  text: string;
  logprobs?: ResponseLogprob[] | null;
}

export interface AnnotationAddedEvent extends OfPart {
  type: 'response.output_text.annotation.added';
  annotation: Annotation | null;
}

export interface RefusalDeltaEvent extends OfPart {
  type: 'response.refusal.delta';
  delta: string;
}

export interface RefusalDoneEvent extends OfPart {
  type: 'response.refusal.done';
  refusal: string;
}

export interface SummaryDeltaEvent extends OfSummary {
  type: 'response.reasoning_summary_text.delta';
  delta: string;
}

export interface SummaryDoneEvent extends OfSummary {
  type: 'response.reasoning_summary_text.done';
  text: string;
}

export interface ReasoningDeltaEvent extends OfPart {
  type: 'response.reasoning_text.delta';
  delta: string;
}

export interface ReasoningDoneEvent extends OfPart {
  type: 'response.reasoning_text.done';
  text: string;
}

export interface ArgumentsDeltaEvent extends OfItem {
  type: 'response.function_call_arguments.delta';
  delta: string;
}

export interface ArgumentsDoneEvent extends OfItem {
  type: 'response.function_call_arguments.done';
  arguments: string;
}

export interface InputDeltaEvent extends OfItem {
  type: 'response.custom_tool_call_input.delta';
  delta: string;
}

export interface InputDoneEvent extends OfItem {
  type: 'response.custom_tool_call_input.done';
  input: string;
}

export interface PartAddedEvent extends OfPart {
  type: 'response.content_part.added';
  part: OutputPart;
}

/** Ends a part whose text has ended with another event already, or with this one. */
export interface PartDoneEvent extends OfPart {
  type: 'response.content_part.done';
  part: OutputPart;
}

export interface SummaryPartAddedEvent extends OfSummary {
  type: 'response.reasoning_summary_part.added';
  part: SummaryPart;
}

export interface SummaryPartDoneEvent extends OfSummary {
  type: 'response.reasoning_summary_part.done';
  part: SummaryPart;
}

/** An event without an effect: what it brings comes with another event as well, or is the progress of a hosted tool. */
export interface SilentEvent {
  type:
    | 'keepalive'
    | 'response.audio.delta'
    | 'response.audio.done'
    | 'response.audio.transcript.delta'
    | 'response.audio.transcript.done'
    | 'response.web_search_call.in_progress'
    | 'response.web_search_call.searching'
    | 'response.web_search_call.completed'
    | 'response.file_search_call.in_progress'
    | 'response.file_search_call.searching'
    | 'response.file_search_call.completed'
    | 'response.code_interpreter_call.in_progress'
    | 'response.code_interpreter_call.interpreting'
    | 'response.code_interpreter_call.completed'
    | 'response.code_interpreter_call_code.delta'
    | 'response.code_interpreter_call_code.done'
    | 'response.image_generation_call.in_progress'
    | 'response.image_generation_call.generating'
    | 'response.image_generation_call.partial_image'
    | 'response.image_generation_call.completed'
    | 'response.mcp_call.in_progress'
    | 'response.mcp_call.completed'
    | 'response.mcp_call.failed'
    | 'response.mcp_call_arguments.delta'
    | 'response.mcp_call_arguments.done'
    | 'response.mcp_list_tools.in_progress'
    | 'response.mcp_list_tools.completed'
    | 'response.mcp_list_tools.failed'
    | 'response.shell_call_command.added'
    | 'response.shell_call_command.delta'
    | 'response.shell_call_command.done'
    | 'response.shell_call_output_content.delta'
    | 'response.shell_call_output_content.done'
    | 'response.apply_patch_call_operation_diff.delta'
    | 'response.apply_patch_call_operation_diff.done'
    | 'response.compaction.compacting';
}

export interface UnknownEvent {
  type: Unpublished;
}

/** What comes of a message, of reasoning, or of a call while it is under way. */
export type MessageEvent = TextDeltaEvent | TextDoneEvent | AnnotationAddedEvent | RefusalDeltaEvent | RefusalDoneEvent;
export type ReasoningEvent = SummaryDeltaEvent | SummaryDoneEvent | ReasoningDeltaEvent | ReasoningDoneEvent;
export type CallEvent = ArgumentsDeltaEvent | ArgumentsDoneEvent | InputDeltaEvent | InputDoneEvent;

/** What an item brings between its beginning and its end. */
export type ContentEvent = MessageEvent | ReasoningEvent | CallEvent;

export type ItemEvent = ItemAddedEvent | ItemDoneEvent | ContentEvent;

export type PartEvent = PartAddedEvent | PartDoneEvent | SummaryPartAddedEvent | SummaryPartDoneEvent;

/** An event of a Response stream. */
export type ResponseEvent = BeginEvent | ItemEvent | PartEvent | EndEvent | FailedEvent | ErrorEvent | SilentEvent | UnknownEvent;

/** An event as a server sent it: nothing but its type is certain. */
export interface SentEvent {
  type: string;
  [name: string]: unknown;
}
