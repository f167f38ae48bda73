/** How reasoning reaches a chat client: as `reasoning_content`, as a Markdown quote or a tag in content, or not at all. */
export type ReasoningStyle = 'field' | 'quote' | 'think' | 'off';

/** What the answer side has to know about the request. */
export interface AnswerContext {
  /** The model that the client asked for, until the upstream names the one that answers. */
  model: string;
  /** How reasoning reaches the client. */
  reasoning: ReasoningStyle;
  /** The client carries encrypted reasoning itself, as `reasoning_details`. */
  reasoningDetails?: boolean;
  /** A JSON format was asked for: content is exactly one message, reasoning never in content. */
  json: boolean;
  /** Asked with the deprecated `functions`: calls are answered as `function_call`. */
  legacyFunctions: boolean;
  /** Log probabilities of the answer's tokens were asked for. */
  logprobs: boolean;
  /** Stop sequences to emulate; empty for none. */
  stop: string[];
  /** `stream_options.include_usage`. */
  includeUsage: boolean;
  /** Shortened tool names and the client's own: sent → original. */
  names: ReadonlyMap<string, string>;
  /** The names of the tools that the client declared, as sent. */
  tools: ReadonlySet<string>;
}
