import { BoundedMap } from '../bounded-map.ts';

/** A level of reasoning effort of OpenAI's. */
export type Effort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max';

/** All levels of `reasoning_effort` in the published schema, from the lowest to the highest. */
export const effortLevels: readonly Effort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

/** What a model takes. A hint, not a law: models change and have siblings, so a refusal upstream outweighs it. */
export interface Traits {
  /** Only `/v1/chat/completions` serves it. */
  chatOnly: boolean;
  /** Only `/v1/responses` serves it. */
  responsesOnly: boolean;
  /** The name belongs to a known family. Nothing may be added to a request for any other. */
  known: boolean;
  /** Takes `reasoning.effort`. */
  reasoning: boolean;
  /** From the lowest to the highest; undefined if they are not known: then a level is sent as it is. */
  efforts: readonly Effort[] | undefined;
  /** The effort of the model if none is sent; undefined if that is not known. */
  defaultEffort: Effort | undefined;
  /** Takes the hosted tool `web_search`. */
  webSearch: boolean;
  /** Takes `reasoning.summary`. */
  summaries: boolean;
  /** Gives `reasoning.encrypted_content`. */
  encryptedReasoning: boolean;
  /** Reads the reasoning of all earlier turns, not only that of the current one (gpt-5.6 and later). */
  allTurns: boolean;
  /** Function tools while it reasons need `/v1/responses` (gpt-5.4 and later). */
  toolsNeedResponses: boolean;
  /** Labels its messages `commentary` and `final_answer` (gpt-5.3 and later). */
  phases: boolean;
  /** Takes `reasoning.mode: pro` (gpt-5.6 and later). */
  proMode: boolean;
  /** Takes `prompt_cache_breakpoint` in content parts (gpt-5.6 and later). */
  cacheBreakpoints: boolean;
}

/** The first rule that a name fits counts. `since` is the lowest version of `gpt-VERSION` that the rule is for. */
interface Rule extends Partial<Traits> {
  name: RegExp;
  since?: number;
}

const version = (major: number, minor = 0): number => major * 1000 + minor;

const unknown: Traits = {
  chatOnly: false,
  responsesOnly: false,
  known: false,
  reasoning: false,
  efforts: undefined,
  defaultEffort: undefined,
  webSearch: false,
  summaries: false,
  encryptedReasoning: false,
  allTurns: false,
  toolsNeedResponses: false,
  phases: false,
  proMode: false,
  cacheBreakpoints: false,
};

const lowToHigh: readonly Effort[] = ['low', 'medium', 'high'];
const lowToXhigh: readonly Effort[] = [...lowToHigh, 'xhigh'];
const lowToMax: readonly Effort[] = [...lowToXhigh, 'max'];

const reasons = {
  reasoning: true,
  defaultEffort: 'medium',
  webSearch: true,
  summaries: true,
  encryptedReasoning: true,
} as const satisfies Partial<Traits>;
const oSeries = { ...reasons, efforts: lowToHigh } as const satisfies Partial<Traits>;
const chatVariant = { ...reasons, efforts: ['medium'], webSearch: false, encryptedReasoning: false } as const satisfies Partial<Traits>;

/** From OpenAI's model pages and from the error texts of its servers. Names stand without their date: `gpt-5-2025-08-07` is `gpt-5`. */
const rules: readonly Rule[] = [
  { name: /^gpt-.*(?:-search-preview|-search-api|audio|realtime|transcribe|tts|instruct)|^o1-(?:mini|preview)$/, chatOnly: true },

  { name: /^gpt-4(?:o|\.1)(?:-mini)?$/, webSearch: true },
  { name: /^(?:gpt-[34](?!\d)|chatgpt-)/ },

  // The models behind ChatGPT: since gpt-5.1 they reason, at one level.
  { name: /^chat-latest$/, ...chatVariant },
  { name: /^gpt-[\d.]+-chat/, since: version(5, 1), ...chatVariant },
  { name: /^gpt-[\d.]+-chat/, since: version(5) },

  {
    name: /^gpt-[\d.]+-codex$/,
    since: version(5, 3),
    ...reasons,
    responsesOnly: true,
    efforts: ['none', ...lowToXhigh],
    defaultEffort: 'none',
  },
  { name: /^gpt-[\d.]+-codex/, since: version(5, 2), ...reasons, responsesOnly: true, efforts: lowToXhigh },
  { name: /^gpt-[\d.]+-codex-max/, since: version(5), ...reasons, responsesOnly: true, efforts: lowToXhigh },
  { name: /^gpt-[\d.]+-codex/, since: version(5), ...reasons, responsesOnly: true, efforts: lowToHigh },
  { name: /^codex-mini/, ...oSeries, responsesOnly: true, webSearch: false },
  { name: /codex/, known: false, responsesOnly: true },

  {
    name: /^gpt-\d.*-pro$/,
    since: version(5, 1),
    ...reasons,
    responsesOnly: true,
    efforts: ['medium', 'high', 'xhigh'],
    defaultEffort: undefined,
  },
  { name: /^gpt-\d.*-pro$/, since: version(5), ...reasons, responsesOnly: true, efforts: ['high'], defaultEffort: 'high' },
  { name: /^(?:gpt-\d|o\d).*-deep-research$/, ...reasons, responsesOnly: true, efforts: ['medium'] },
  { name: /^computer-use/, ...reasons, responsesOnly: true, defaultEffort: undefined, webSearch: false },
  // Gated models for security and life sciences: of most only the endpoint is published.
  { name: /^gpt-daybreak/, ...reasons, responsesOnly: true, efforts: ['none', ...lowToMax], defaultEffort: undefined, webSearch: false },
  { name: /^gpt-(?:[\d.]+-)?(?:cyber|rosalind)/, known: false, responsesOnly: true },

  { name: /^o1-pro$/, ...oSeries, responsesOnly: true, webSearch: false },
  { name: /^o\d+-pro$/, ...oSeries, responsesOnly: true },
  { name: /^(?:o1|o3-mini)$/, ...oSeries, webSearch: false },
  { name: /^o\d+(?:-|$)/, ...oSeries },

  { name: /^gpt-[\d.]+-astra/, since: version(6), ...reasons, efforts: lowToMax },
  { name: /^gpt-[\d.]+-sol/, since: version(6, 1), ...reasons, efforts: lowToMax },
  { name: /^gpt-/, since: version(5, 6), ...reasons, efforts: ['none', ...lowToMax] },
  { name: /^gpt-/, since: version(5, 5), ...reasons, efforts: ['none', ...lowToXhigh] },
  { name: /^gpt-/, since: version(5, 2), ...reasons, efforts: ['none', ...lowToXhigh], defaultEffort: 'none' },
  { name: /^gpt-/, since: version(5, 1), ...reasons, efforts: ['none', ...lowToHigh], defaultEffort: 'none' },
  { name: /^gpt-/, since: version(5), ...reasons, efforts: ['minimal', ...lowToHigh] },
];

/** In characters. No model has a longer name, and the names that clients send must not fill the memory. */
const longestName = 256;
const cache = new BoundedMap<string, Traits>({ limit: 1000 });

/** Returns what a model takes, by its name; provider prefixes (`openai/`), `ft:`, what follows a colon, case and dates make no difference. */
export function traitsOf(model: string): Traits {
  if (model.length > longestName) return unknown;
  let traits = cache.get(model);
  if (!traits) {
    traits = lookUp(model);
    cache.set(model, traits);
  }
  return traits;
}

function lookUp(model: string): Traits {
  const [, base = ''] = /^(?:[^:]*\/)?(?:ft:)?([^:]*)/.exec(model.toLowerCase()) ?? [];
  const name = base.replace(/-\d{4}-\d\d-\d\d$/, '');
  const [, major = '0', minor = '0'] = /^gpt-(\d+)(?:\.(\d+))?(?:-|$)/.exec(name) ?? [];
  const gpt = version(Number(major), Number(minor));
  const rule = rules.find((one) => one.name.test(name) && gpt >= (one.since ?? 0));
  if (!rule) return unknown;
  const { name: _, since: __, ...traits } = rule;
  const reasoning = rule.reasoning === true;
  return {
    ...unknown,
    known: true,
    allTurns: reasoning && gpt >= version(5, 6),
    toolsNeedResponses: reasoning && gpt >= version(5, 4),
    phases: reasoning && gpt >= version(5, 3),
    proMode: reasoning && gpt >= version(5, 6),
    cacheBreakpoints: reasoning && gpt >= version(5, 6),
    ...traits,
  };
}

/**
 * Whether `temperature`, `top_p` and `logprobs` are taken: reasoning models refuse them while they reason.
 * @param effort the effort of the request; undefined for the model's own default.
 */
export function takesSampling(traits: Traits, effort: Effort | undefined): boolean {
  return !traits.reasoning || (effort ?? traits.defaultEffort) === 'none';
}

/**
 * Returns the level of `levels` that is nearest to `level`, the lower one of two that are equally near; `level` itself if `levels` is undefined
 * or empty, or `level` is not one of OpenAI's.
 */
export function nearestEffort(level: string, levels: readonly Effort[] | undefined): string {
  const wanted = effortLevels.findIndex((one) => one === level);
  if (wanted < 0 || !levels?.length) return level;
  const distance = (one: Effort): number => Math.abs(effortLevels.indexOf(one) - wanted);
  const ascending = effortLevels.filter((one) => levels.includes(one));
  return ascending.reduce((best, one) => (distance(one) < distance(best) ? one : best));
}
