import type { JsonObject } from '../json.ts';
import { arrayOf, isObject } from '../json.ts';
import { lowestEffort, nearestEffort, type Traits } from '../models/traits.ts';
import type { ResponsesRequest } from '../wire/responses.ts';
import { tokenLimit } from './parameters.ts';

/** What the proxy puts into a request of its own accord, and takes out again when the upstream refuses it. */
export type Addition = 'effort' | 'summary' | 'web_search' | 'encrypted_content';

/** What was learned from refusals: the value that an addition must have, or null for one that must not be made. */
export type Corrections = ReadonlyMap<Addition, string | null>;

export interface Defaults {
  /** A reasoning effort, or `off`. */
  effort: string;
  summary: 'auto' | 'concise' | 'detailed' | 'off';
  webSearch: boolean;
}

export const defaults: Defaults = { effort: 'medium', summary: 'auto', webSearch: true };

/** Below this token limit a request is a side task, such as a title: reasoning would eat the whole answer. */
const smallBudget = 2048;

export interface Added {
  additions: Set<Addition>;
  notes: string[];
}

/**
 * Adds effort, summary and web search to `request` where the client names none and the model takes them.
 * `chat` is what the client sent. The values are hints: a refusal takes them out again (`corrections`).
 */
export function addDefaults(
  request: ResponsesRequest,
  chat: JsonObject,
  traits: Traits,
  wanted: Defaults,
  corrections: Corrections,
): Added {
  const additions = new Set<Addition>();
  const notes: string[] = [];
  const limit = tokenLimit(chat)?.limit;
  const small = typeof limit === 'number' && limit < smallBudget;
  const corrected = (addition: Addition, value: string): string | null => (corrections.has(addition) ? corrections.get(addition)! : value);

  const reasoning = { ...request.reasoning };
  if (reasoning.effort === undefined && traits.reasoning && wanted.effort !== 'off') {
    const level = small ? (lowestEffort(traits) ?? wanted.effort) : nearestEffort(wanted.effort, traits.efforts);
    const effort = corrected('effort', level);
    if (effort !== null) {
      reasoning.effort = effort;
      additions.add('effort');
      if (small) notes.push(`small token limit: effort ${effort}`);
    }
  }
  if (
    reasoning.summary === undefined &&
    traits.summaries &&
    wanted.summary !== 'off' &&
    (reasoning.effort ?? traits.defaultEffort) !== 'none'
  ) {
    const summary = corrected('summary', wanted.summary);
    if (summary !== null) {
      reasoning.summary = summary;
      additions.add('summary');
    }
  }
  if (Object.keys(reasoning).length > 0) request.reasoning = reasoning;

  const searches = wanted.webSearch && traits.webSearch && reasoning.effort !== 'minimal' && mayTakeSearch(request, chat);
  if (searches && small) notes.push('small token limit: no web search');
  else if (searches && corrections.get('web_search') !== null) {
    request.tools = [{ type: 'web_search' }];
    additions.add('web_search');
  }
  return { additions, notes };
}

/** A search is added to plain conversations only: tools of the client, or a JSON format, mean that it has its own plan. */
function mayTakeSearch(request: ResponsesRequest, chat: JsonObject): boolean {
  const format = request.text?.format as { type?: string } | undefined;
  return (
    !request.tools?.length &&
    chat['tool_choice'] !== 'none' &&
    !(format?.type ?? '').startsWith('json') &&
    !arrayOf(request.input).some(isToolWork)
  );
}

function isToolWork(item: unknown): boolean {
  return isObject(item) && typeof item['type'] === 'string' && (item['type'].endsWith('_call') || item['type'].endsWith('_call_output'));
}
