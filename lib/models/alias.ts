import { proxyError } from '../errors.ts';
import { effortLevels } from './traits.ts';
import type { Effort, Traits } from './traits.ts';

export type AliasSummary = 'auto' | 'concise' | 'detailed' | 'none';

/** What a model name asks for; `effort` or `mode` is there exactly when the name is an alias. */
export interface Alias {
  /** The name without the suffixes, as the upstream knows it. */
  model: string;
  effort?: Effort;
  summary?: AliasSummary;
  mode?: 'pro';
}

const summaries: readonly AliasSummary[] = ['auto', 'concise', 'detailed', 'none'];
const modes = ['pro'] as const;

/**
 * Parses `MODEL:res-EFFORT[:sum-SUMMARY][:mode-pro]` and `MODEL:mode-pro`, the forms for clients that have only a model menu to choose in. The
 * suffixes stand at the end; any other name is returned as it is, fine-tuned ones (`ft:gpt-4o:org::id`) among them.
 * @throws ProxyError 400 that lists the values, if the effort, the summary or the mode is not one of them.
 */
export function parseAlias(name: string): Alias {
  const suffixes = new Map<string, string>();
  let model = name;
  for (let suffix = lastSuffix(model); suffix && !suffixes.has(suffix.kind); suffix = lastSuffix(model)) {
    suffixes.set(suffix.kind, suffix.value);
    model = suffix.rest;
  }
  const [res, sum, mode] = ['res', 'sum', 'mode'].map((kind) => suffixes.get(kind));
  // a summary alone is part of the name
  if (res === undefined && mode === undefined) return { model: name };
  return {
    model,
    ...(res !== undefined && { effort: oneOf(effortLevels, res, 'effort') }),
    ...(sum !== undefined && { summary: oneOf(summaries, sum, 'summary') }),
    ...(mode !== undefined && { mode: oneOf(modes, mode, 'mode') }),
  };
}

/** Returns the aliases for the levels and the modes that the model has; none for an alias, nor if they are not known. */
export function aliasesOf(model: string, traits: Traits): string[] {
  if (lastSuffix(model)) return [];
  const efforts = (traits.efforts ?? []).map((effort) => `${model}:res-${effort}`);
  return traits.proMode ? [...efforts, ...modes.map((mode) => `${model}:mode-${mode}`)] : efforts;
}

function lastSuffix(name: string): { rest: string; kind: string; value: string } | undefined {
  const at = name.lastIndexOf(':');
  const [, kind, value] = /^(res|sum|mode)-(.*)$/s.exec(name.slice(at + 1)) ?? [];
  return at > 0 && kind !== undefined && value !== undefined ? { rest: name.slice(0, at), kind, value } : undefined;
}

function oneOf<T extends string>(levels: readonly T[], value: string, what: string): T {
  const level = levels.find((one) => one === value);
  if (level) return level;
  throw proxyError('aliasInvalid', { what, levels: levels.join(', ') });
}
