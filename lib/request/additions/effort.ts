import { effortLevels, nearestEffort, type Effort } from '../../models/traits.ts';
import { hasSmallLimit } from '../token-limit.ts';
import { isSearch } from '../tools.ts';
import { isOwnReasoning, type Addition } from './addition.ts';

export const effort: Addition = {
  name: 'effort',
  field: 'reasoning.effort',
  isShown: true,
  values: effortLevels,

  choose({ request, chat, traits, settings }, accepted) {
    if (request.reasoning?.effort !== undefined || !traits.reasoning || settings.effort === 'off') return undefined;
    const levels = (accepted as readonly Effort[] | undefined) ?? traits.efforts;
    // OpenAI refuses a search at minimal effort, the client's own search too
    const usable = request.tools?.some(isSearch) ? levels?.filter((level) => level !== 'minimal') : levels;
    if (usable?.length === 0) return undefined;
    if (!hasSmallLimit(chat)) return { value: nearestEffort(settings.effort, usable) };
    const value = usable?.[0] ?? settings.effort;
    return { value, note: `small token limit: effort ${value}` };
  },

  apply: (request, value) => ({ ...request, reasoning: { ...request.reasoning, effort: value } }),
  valueIn: ({ reasoning }) => reasoning?.effort,
  isNamed: (param, request, added) => /^reasoning[._]effort$/.test(param) || isOwnReasoning(param, request, added),
  refusal: /^The following tools cannot be used with reasoning\.effort/,
};
