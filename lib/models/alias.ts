import { proxyError } from '../errors.ts';
import { effortLevels } from './traits.ts';
import type { Effort, Traits } from './traits.ts';

export type AliasSummary = 'auto' | 'concise' | 'detailed' | 'none';

/** What a model name asks for; `effort` is there exactly when the name is an alias. */
export interface Alias {
  /** The name without the suffix, as the upstream knows it. */
  model: string;
  effort?: Effort;
  summary?: AliasSummary;
}

const summaries: readonly AliasSummary[] = ['auto', 'concise', 'detailed', 'none'];

/**
 * Parses `MODEL:res-EFFORT[:sum-SUMMARY]`, the form for clients that have only a model menu to choose an effort in. The suffix stands at the
 * end; any other name is returned as it is, fine-tuned ones (`ft:gpt-4o:org::id`) among them.
 * @throws ProxyError 400 that lists the levels, if the effort or the summary is not one of them.
 */
export function parseAlias(model: string): Alias {
  const withSummary = cut(model, ':sum-');
  const withEffort = cut(withSummary?.rest ?? model, ':res-');
  if (!withEffort) return { model };
  const effort = oneOf(effortLevels, withEffort.value, 'effort');
  const summary = withSummary && oneOf(summaries, withSummary.value, 'summary');
  return { model: withEffort.rest, effort, ...(summary && { summary }) };
}

/** Returns the effort aliases for the levels that the model has; none for an alias, nor if the levels are not known. */
export function aliasesOf(model: string, traits: Traits): string[] {
  if (cut(model, ':res-')) return [];
  return (traits.efforts ?? []).map((effort) => `${model}:res-${effort}`);
}

function cut(text: string, mark: string): { rest: string; value: string } | undefined {
  const at = text.lastIndexOf(mark);
  const value = text.slice(at + mark.length);
  return at > 0 && !value.includes(':') ? { rest: text.slice(0, at), value } : undefined;
}

function oneOf<T extends string>(levels: readonly T[], value: string, what: string): T {
  const level = levels.find((one) => one === value);
  if (level) return level;
  throw proxyError('aliasInvalid', { what, levels: levels.join(', ') });
}
