import { objectOf, type JsonObject } from '../json.ts';
import type { Alias } from '../models/alias.ts';
import type { ReasoningConfig } from '../wire/responses.ts';

const known = new Set(['effort', 'summary', 'generate_summary', 'context', 'mode']);

/** Returns the effort that the client asks for, in whatever way; its own field wins over the alias, which is a choice in a menu. */
export function askedEffort(chat: JsonObject, { effort }: Alias): unknown {
  return chat['reasoning_effort'] ?? objectOf(chat['reasoning'])['effort'] ?? effort;
}

/**
 * Returns the `reasoning` that the client asks for by `reasoning_effort`, a Responses `reasoning` and the alias in the model's name, and the
 * names of what is left out of its `reasoning`: some clients' own switches share the field.
 */
export function askedReasoning(chat: JsonObject, alias: Alias): { reasoning: ReasoningConfig; dropped: string[] } {
  const own = Object.entries(objectOf(chat['reasoning'])).filter(([, value]) => value != null);
  const effort = askedEffort(chat, alias);
  return {
    reasoning: {
      ...(alias.summary !== undefined && alias.summary !== 'none' && { summary: alias.summary }),
      ...Object.fromEntries(own.filter(([name]) => known.has(name))),
      ...(effort !== undefined && { effort: effort as string }),
    },
    dropped: own.filter(([name]) => !known.has(name)).map(([name]) => `reasoning.${name}`),
  };
}
