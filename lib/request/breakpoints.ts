import { isObject, type JsonObject } from '../json.ts';
import type { InputPart } from '../wire/responses.ts';

/** Where the upstream may cut what it keeps of the prompt. */
export interface Breakpoint {
  prompt_cache_breakpoint?: unknown;
}

/**
 * Returns the breakpoint that a part or a message asks for, to be spread into what is sent: OpenAI's own, or a `cache_control` of other
 * dialects, which is only a hint and counts for nothing if the model has no breakpoints.
 */
export function breakpointOf({ prompt_cache_breakpoint: own, cache_control: hint }: JsonObject, takesHints: boolean): Breakpoint {
  if (own != null) return { prompt_cache_breakpoint: own };
  return takesHints && isObject(hint) ? { prompt_cache_breakpoint: { mode: 'explicit' } } : {};
}

/** Returns the content of a message with the breakpoint that the message itself asks for: after its last part, unless that has its own. */
export function withBreakpoint(content: string | InputPart[], message: JsonObject, takesHints: boolean): string | InputPart[] {
  const breakpoint = breakpointOf(message, takesHints);
  if (content === '' || !hasBreakpoint(breakpoint)) return content;
  const parts: InputPart[] = typeof content === 'string' ? [{ type: 'input_text', text: content }] : content;
  return [...parts.slice(0, -1), { ...breakpoint, ...parts.at(-1)! }];
}

export function hasBreakpoint(part: object): boolean {
  return 'prompt_cache_breakpoint' in part;
}
