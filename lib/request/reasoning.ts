import { arrayOf, isGiven, objectOf, type JsonObject } from '../json.ts';
import type { Alias } from '../models/alias.ts';
import { traitsOf } from '../models/traits.ts';
import type { ReasoningConfig } from '../wire/responses.ts';
import { readSwitches } from './off-switches.ts';
import { isSearch } from './tools.ts';

/** An effort that the client asks for, and its field. */
interface AskedEffort {
  /** undefined for the lowest one of the model. */
  value: unknown;
  /** As notes and errors name it. */
  from: string;
}

/** What the client asks of the model's reasoning. */
export interface AskedReasoning {
  reasoning: ReasoningConfig;
  /** The reasoning is not for the client to see. */
  isHidden: boolean;
  /** Where each field of `reasoning` comes from, if not from the field of the same name: `reasoning.effort` → `model`. */
  sources: ReadonlyMap<string, string>;
  notes: string[];
}

const known = new Set(['effort', 'summary', 'generate_summary', 'context', 'mode']);

/**
 * Returns the effort that the client asks for, in whatever way. Its own field wins over the alias, which is a choice in a menu; but not `none`
 * beside tools, which SDKs send unasked, because Chat Completions refuse tools while a model reasons.
 */
export function askedEffort(chat: JsonObject, alias: Alias): AskedEffort | undefined {
  const own = ownEffort(chat);
  if (alias.effort === undefined) return own;
  const isNone = own?.value === undefined || own.value === 'none';
  return own && !(isNone && hasTools(chat)) ? own : { value: alias.effort, from: 'model' };
}

function ownEffort(chat: JsonObject): AskedEffort | undefined {
  const nested = objectOf(chat['reasoning'])['effort'];
  if (isGiven(chat['reasoning_effort'])) return { value: chat['reasoning_effort'], from: 'reasoning_effort' };
  if (isGiven(nested)) return { value: nested, from: 'reasoning.effort' };
  const { off } = readSwitches(chat);
  return off === undefined ? undefined : { value: undefined, from: off };
}

function hasTools(chat: JsonObject): boolean {
  return arrayOf(chat['tools']).length > 0 || arrayOf(chat['functions']).length > 0;
}

/**
 * Returns the `reasoning` that the client asks for by `reasoning_effort`, a Responses `reasoning`, the alias in the model's name and the switches
 * of other dialects, which share the field.
 */
export function askedReasoning(chat: JsonObject, alias: Alias): AskedReasoning {
  const switches = readSwitches(chat);
  const own = Object.entries(objectOf(chat['reasoning'])).filter(([, value]) => isGiven(value));
  const dropped = own.filter(([name, value]) => !known.has(name) && !isSwitch(name, value)).map(([name]) => `reasoning.${name}`);
  const reasoning: ReasoningConfig = {};
  const sources = new Map<string, string>();
  const traits = traitsOf(alias.model);

  if (alias.summary !== undefined && alias.summary !== 'none') fromAlias('summary', alias.summary);
  if (alias.mode !== undefined && traits.proMode) fromAlias('mode', alias.mode);
  for (const [name, value] of own) {
    if (!known.has(name)) continue;
    reasoning[name] = value;
    sources.delete(`reasoning.${name}`);
  }

  const effort = askedEffort(chat, alias);
  const value = effort?.value ?? (effort && lowestEffort());
  if (effort && value !== undefined) {
    reasoning.effort = value as string;
    sources.set('reasoning.effort', effort.from);
  }
  for (const name of [ownEffort(chat)?.from, switches.off]) {
    const isUsed = name === effort?.from && (value !== undefined || (traits.known && !traits.reasoning));
    if (name !== undefined && !isUsed && !dropped.includes(name)) dropped.push(name);
  }
  const notes = [...dropped, ...switches.dropped].map((name) => `dropped ${name}`);
  if (alias.mode !== undefined && !traits.proMode) notes.push(`dropped mode-${alias.mode}`);
  return { reasoning, isHidden: switches.isHidden, sources, notes };

  function fromAlias(name: string, asked: string): void {
    reasoning[name] = asked;
    sources.set(`reasoning.${name}`, 'model');
  }

  /** OpenAI refuses a search at minimal effort. */
  function lowestEffort(): string | undefined {
    const searches = isGiven(chat['web_search_options']) || arrayOf(chat['tools']).some((tool) => isSearch(objectOf(tool)));
    return traits.efforts?.find((level) => !(searches && level === 'minimal'));
  }
}

/** Whether a field of `reasoning` is a switch that was read: see `readSwitches`. */
function isSwitch(name: string, value: unknown): boolean {
  return (name === 'enabled' && value === false) || (name === 'exclude' && typeof value === 'boolean');
}
