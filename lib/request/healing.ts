import { isObject } from '../json.ts';
import { nearestEffort, type Effort } from '../models/traits.ts';
import type { ErrorBody } from '../error.ts';
import type { ResponsesRequest } from '../wire/responses.ts';
import type { Addition } from './defaults.ts';

/** One thing of the proxy's own that the upstream refused: the value it should have, or null to leave it out. */
export interface Correction {
  addition: Addition;
  value: string | null;
  note: string;
}

const fields: Readonly<Record<Addition, string>> = {
  effort: 'reasoning.effort',
  summary: 'reasoning.summary',
  web_search: 'web_search',
  encrypted_content: 'include',
};

/** What a refusal is about: by its `param`, else by the texts that the servers answer. The first of an addition's that was made counts. */
const refusals: readonly { addition: Addition; params: RegExp; texts: RegExp }[] = [
  {
    addition: 'summary',
    params: /^reasoning\.(generate_)?summary$/,
    texts: /verified to generate reasoning summaries|'reasoning\.(generate_)?summary'/,
  },
  {
    addition: 'web_search',
    params: /^tools(\[|\.|$)/,
    texts: /cannot be used with reasoning\.effort|[Hh]osted tool '?web_search|'web_search'/,
  },
  { addition: 'effort', params: /^reasoning(\.|_)effort$/, texts: /'reasoning[._]effort'|cannot be used with reasoning\.effort/ },
  { addition: 'encrypted_content', params: /^include(\[|\.|$)/, texts: /Encrypted content is not supported|reasoning\.encrypted_content/ },
  // a server that knows no reasoning at all names the whole object
  { addition: 'summary', params: /^reasoning$/, texts: /(parameter|argument)[^.]{0,20}'reasoning'/ },
  { addition: 'effort', params: /^reasoning$/, texts: /(parameter|argument)[^.]{0,20}'reasoning'/ },
];

/**
 * What to change in a request that the upstream refused as invalid, if it refused something that the proxy added; undefined if it did not.
 * Nothing that the client asked for is ever changed.
 */
export function correctionFor(
  error: Partial<ErrorBody>,
  request: ResponsesRequest,
  additions: ReadonlySet<Addition>,
): Correction | undefined {
  const { param, message = '' } = error;
  const about = (by: (refusal: (typeof refusals)[number]) => boolean): Addition | undefined =>
    refusals.find((refusal) => additions.has(refusal.addition) && by(refusal))?.addition;
  // a param that names something else is the client's fault, whatever the text holds
  const addition =
    about(({ params }) => typeof param === 'string' && params.test(param)) ??
    (param ? aboutBoth(param, message, about) : about(({ texts }) => texts.test(message)));
  if (!addition) return undefined;
  const field = fields[addition];
  const value = listedValue(addition, request, message);
  const note = value === null ? `removed ${field} (refused upstream)` : `set ${field} to ${value} (refused upstream)`;
  return { addition, value, note };
}

/** `tools` is the param of a search that does not go with an effort, and either may be the proxy's. */
function aboutBoth(
  param: string,
  message: string,
  about: (by: (refusal: (typeof refusals)[number]) => boolean) => Addition | undefined,
): Addition | undefined {
  return param === 'tools' ? about(({ texts }) => texts.test(message)) : undefined;
}

/** A value that the message lists as supported, for additions that have values. */
function listedValue(addition: Addition, { reasoning }: ResponsesRequest, message: string): string | null {
  const listed = /[Ss]upported values are:? (.*)/
    .exec(message)?.[1]
    ?.match(/'[a-z]+'/g)
    ?.map((value) => value.slice(1, -1));
  if (!listed) return null;
  if (addition === 'summary') return listed.find((value) => value !== reasoning?.summary) ?? null;
  if (addition !== 'effort' || !reasoning?.effort) return null;
  const nearest = nearestEffort(reasoning.effort, listed as Effort[]);
  return nearest === reasoning.effort ? null : nearest;
}

/** The request with one addition changed; the given one stays as it is. */
export function corrected(request: ResponsesRequest, { addition, value }: Correction): ResponsesRequest {
  const { reasoning, tools, include, ...rest } = request;
  const changed: ResponsesRequest = rest as ResponsesRequest;
  const { effort, summary, ...more } = reasoning ?? {};
  const thinking = {
    ...more,
    ...(addition === 'effort' ? value !== null && { effort: value } : effort !== undefined && { effort }),
    ...(addition === 'summary' ? value !== null && { summary: value } : summary !== undefined && { summary }),
  };
  if (Object.keys(thinking).length > 0) changed.reasoning = thinking;
  const kept = addition === 'web_search' ? tools?.filter((tool) => !isObject(tool) || tool['type'] !== 'web_search') : tools;
  if (kept && kept.length > 0) changed.tools = kept;
  const wanted = addition === 'encrypted_content' ? include?.filter((name) => name !== 'reasoning.encrypted_content') : include;
  if (wanted && wanted.length > 0) changed.include = wanted;
  return changed;
}
