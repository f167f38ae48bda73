import type { JsonObject } from '../json.ts';
import { arrayOf, isObject, objectOf, stringOf } from '../json.ts';
import { nearestEffort, type Effort, type Traits } from '../models/traits.ts';
import type { ResponsesRequest } from '../wire/responses.ts';
import { tokenLimit } from './parameters.ts';
import { isSearch } from './tools.ts';

/** What the proxy puts into a request of its own accord, and takes out again when the upstream refuses it. */
export type Addition = 'effort' | 'summary' | 'web_search' | 'encrypted_content';

/** What was learned from refusals: the values that the upstream takes for an addition; none for one that must not be made. */
export type Corrections = ReadonlyMap<Addition, readonly string[]>;

/** What to add to a request where the client names none and the model takes it. */
export interface Defaults {
  /** A reasoning effort, of which the nearest level that the model has is taken; `off` adds none. */
  effort: string;
  /** What to tell of the reasoning; `off` adds nothing. */
  summary: 'auto' | 'concise' | 'detailed' | 'off';
  /** Add the hosted tool `web_search` to plain conversations. */
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

  const reasoning = { ...request.reasoning };
  const efforts = effortsFor(request, traits, corrections);
  if (reasoning.effort === undefined && traits.reasoning && wanted.effort !== 'off' && efforts?.length !== 0) {
    const lowest = small ? efforts?.[0] : undefined;
    reasoning.effort = lowest ?? nearestEffort(wanted.effort, efforts);
    additions.add('effort');
    if (small) notes.push(`small token limit: effort ${reasoning.effort}`);
  }
  if (
    reasoning.summary === undefined &&
    traits.summaries &&
    wanted.summary !== 'off' &&
    (reasoning.effort ?? traits.defaultEffort) !== 'none'
  ) {
    const taken = corrections.get('summary') ?? [wanted.summary];
    const summary = taken.includes(wanted.summary) ? wanted.summary : taken[0];
    if (summary !== undefined) {
      reasoning.summary = summary;
      additions.add('summary');
    }
  }
  if (Object.keys(reasoning).length > 0) request.reasoning = reasoning;

  const searches = wanted.webSearch && traits.webSearch && (small || reasoning.effort !== 'minimal') && mayTakeSearch(request, chat);
  if (searches && small) notes.push('small token limit: no web search');
  else if (searches && !corrections.has('web_search')) {
    request.tools = [{ type: 'web_search' }];
    additions.add('web_search');
  }
  return { additions, notes };
}

/** From the lowest to the highest; undefined where they are not known. No search goes with `minimal`, the client's own neither. */
function effortsFor(request: ResponsesRequest, traits: Traits, corrections: Corrections): readonly Effort[] | undefined {
  const efforts = (corrections.get('effort') as readonly Effort[] | undefined) ?? traits.efforts;
  return request.tools?.some(isSearch) ? efforts?.filter((effort) => effort !== 'minimal') : efforts;
}

/** A search is added to plain conversations only: tools of the client, or a JSON format, mean that it has its own plan. */
function mayTakeSearch(request: ResponsesRequest, chat: JsonObject): boolean {
  return (
    !request.tools?.length &&
    chat['tool_choice'] !== 'none' &&
    !stringOf(objectOf(request.text?.format)['type']).startsWith('json') &&
    !arrayOf(request.input).some(isToolWork) &&
    !arrayOf(chat['messages']).some(isToolResult) // one without its call has become a text
  );
}

function isToolWork(item: unknown): boolean {
  return isObject(item) && typeof item['type'] === 'string' && (item['type'].endsWith('_call') || item['type'].endsWith('_call_output'));
}

function isToolResult(message: unknown): boolean {
  return isObject(message) && (message['role'] === 'tool' || message['role'] === 'function');
}
