import type { ErrorBody } from '../error.ts';
import { effortLevels, nearestEffort, type Effort } from '../models/traits.ts';
import type { ResponsesRequest } from '../wire/responses.ts';
import type { Addition } from './defaults.ts';

/** One thing of the proxy's own that the upstream refused. */
export interface Correction {
  addition: Addition;
  /** The values that the upstream takes instead; empty where it takes none, so that the addition must be left out. */
  values: readonly string[];
  /** What is done about it, for the client to read. */
  note: string;
}

const sealed = 'reasoning.encrypted_content';
const fields: Readonly<Record<Addition, string>> = {
  effort: 'reasoning.effort',
  summary: 'reasoning.summary',
  web_search: 'web_search',
  encrypted_content: 'include',
};

interface Refusal {
  addition: Addition;
  /** The parameters that are this addition's alone. */
  isNamed(param: string, request: ResponsesRequest, additions: ReadonlySet<Addition>): boolean;
  /** What the servers say of it. */
  texts: RegExp;
}

/** The first that is about something that was added counts: a search goes before the effort that it cannot be used with. */
const refusals: readonly Refusal[] = [
  {
    addition: 'summary',
    isNamed: (param, ...more) => /^reasoning\.(generate_)?summary$/.test(param) || isOwnReasoning(param, ...more),
    texts: /verified to generate reasoning summaries/,
  },
  {
    addition: 'web_search',
    // it is only added where the client has no tools
    isNamed: (param) => /^tools(\[|\.|$)/.test(param),
    texts: /cannot be used with reasoning\.effort|'web_search'/,
  },
  {
    addition: 'effort',
    isNamed: (param, ...more) => /^reasoning[._]effort$/.test(param) || isOwnReasoning(param, ...more),
    texts: /cannot be used with reasoning\.effort/,
  },
  {
    addition: 'encrypted_content',
    isNamed: (param, { include = [] }) =>
      param === `include[${include.indexOf(sealed)}]` || (include.length === 1 && /^include(\.|$)/.test(param)),
    texts: /Encrypted content is not supported|reasoning\.encrypted_content/,
  },
];

/** A server that knows no reasoning names the whole object, which may hold the client's own too: then there is nothing to mend. */
function isOwnReasoning(param: string, { reasoning = {} }: ResponsesRequest, additions: ReadonlySet<Addition>): boolean {
  return param === 'reasoning' && Object.keys(reasoning).every((key) => additions.has(key as Addition));
}

/** Parameters that the proxy may share with the client: here the text tells whose part is meant. */
const shared: ReadonlySet<string> = new Set(['tools', 'include']);

/**
 * What to change in a request that the upstream refused as invalid, if it refused something that the proxy added, as its `param` or OpenAI's
 * own texts tell; undefined if it did not. Nothing that the client asked for is ever changed. To be given to `toResponsesRequest`, which
 * translates the request anew, as one of its `corrections`.
 *
 * @param additions As `toResponsesRequest` gave them with the request.
 */
export function correctionFor(
  error: Partial<ErrorBody>,
  request: ResponsesRequest,
  additions: ReadonlySet<Addition>,
): Correction | undefined {
  const { message = '' } = error;
  // a parameter that is named and not the proxy's is the client's fault, whatever else the text holds
  const param = error.param || parameterIn(message);
  const made = refusals.filter(({ addition }) => additions.has(addition));
  const byText = (): Addition | undefined => made.find(({ texts }) => texts.test(message))?.addition;
  const addition =
    param === undefined
      ? (byText() ?? byValue(message, request, additions))
      : (made.find(({ isNamed }) => isNamed(param, request, additions))?.addition ?? (shared.has(param) ? byText() : undefined));
  if (!addition) return undefined;
  const field = fields[addition];
  const values = listedValues(addition, request, message);
  const [value] = addition === 'effort' ? [nearestEffort(request.reasoning?.effort ?? '', values as readonly Effort[])] : values;
  const note = values.length === 0 ? `removed ${field} (refused upstream)` : `set ${field} to ${value} (refused upstream)`;
  return { addition, values, note };
}

/** `Unsupported parameter: 'reasoning.effort' …`, `Unrecognized request argument supplied: reasoning_effort`. */
function parameterIn(message: string): string | undefined {
  return /(?:parameter|argument)(?: supplied)?: '?([\w.[\]]+)/.exec(message)?.[1];
}

/** The values of what may be set to another one. */
const vocabularies: Partial<Record<Addition, readonly string[]>> = { effort: effortLevels, summary: ['auto', 'concise', 'detailed'] };

/** `Unsupported value: 'auto' …`, where nothing tells of which parameter: it is the addition's that has this value and knows those that are listed. */
function byValue(message: string, { reasoning, text }: ResponsesRequest, additions: ReadonlySet<Addition>): Addition | undefined {
  const value = /(?:Unsupported|Invalid) value: '(\w+)'/.exec(message)?.[1];
  const listed = quotedValues(message);
  if (value === undefined || value === text?.verbosity || listed.length === 0) return undefined;
  return (['effort', 'summary'] as const).find(
    (name) => additions.has(name) && reasoning?.[name] === value && listed.every((one) => vocabularies[name]?.includes(one)),
  );
}

/** The values that a refusal lists as supported; empty where the refused one is among them, or the addition has no values. */
function listedValues(addition: Addition, { reasoning }: ResponsesRequest, message: string): readonly string[] {
  const listed = quotedValues(message);
  const values = vocabularies[addition]?.filter((value) => listed.includes(value)) ?? [];
  return values.includes(reasoning?.[addition as 'effort' | 'summary'] ?? '') ? [] : values;
}

function quotedValues(message: string): readonly string[] {
  const [, list = ''] = /[Ss]upported values are:? (.*)/.exec(message) ?? [];
  return (list.match(/'\w+'/g) ?? []).map((value) => value.slice(1, -1));
}
