import { parseAlias } from '../../models/alias.ts';
import { stringOf } from '../../json.ts';
import { isOwnReasoning, type Addition } from './addition.ts';

export const summary: Addition = {
  name: 'summary',
  field: 'reasoning.summary',
  isShown: true,
  values: ['auto', 'concise', 'detailed'],

  choose({ request, chat, traits, settings }, accepted = [settings.summary]) {
    const { reasoning = {} } = request;
    if (reasoning.summary !== undefined || !traits.summaries || settings.summary === 'off') return undefined;
    if ((reasoning.effort ?? traits.defaultEffort) === 'none') return undefined;
    if (parseAlias(stringOf(chat['model'])).summary === 'none') return undefined;
    return { value: accepted.includes(settings.summary) ? settings.summary : accepted[0] };
  },

  apply: (request, value) => ({ ...request, reasoning: { ...request.reasoning, summary: value } }),
  valueIn: ({ reasoning }) => reasoning?.summary,
  isNamed: (param, request, added) => /^reasoning\.(?:generate_)?summary$/.test(param) || isOwnReasoning(param, request, added),
  refusal: /^Your organization must be verified to generate reasoning summaries/,
};
