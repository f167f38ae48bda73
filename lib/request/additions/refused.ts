import type { ErrorBody } from '../../error.ts';
import type { ResponsesRequest } from '../../wire/responses.ts';
import type { Addition } from './addition.ts';
import { additions, type ExtendedRequest } from './additions.ts';

/** An addition that the upstream refused. */
export interface RefusedAddition {
  addition: Addition;
  /** The values that the upstream takes instead; empty if it takes none, so that the addition must be left out. */
  accepted: readonly string[];
}

/**
 * Returns the addition that a refusal names, by its `param` or in the words of OpenAI's servers; undefined if it names none.
 *
 * @param error What the upstream said of an invalid request.
 */
export function refusedAddition(error: Partial<ErrorBody>, { request, added }: ExtendedRequest): RefusedAddition | undefined {
  const { message = '' } = error;
  // the last one first: without a search the effort that it cannot be used with may stay
  const made = additions.filter(({ name }) => added.has(name)).toReversed();
  // a parameter that is named and is not the proxy's is the client's mistake, whatever else the text says
  const param = error.param || parameterIn(message);
  const byText = (): Addition | undefined => made.find(({ refusal }) => refusal.test(message));
  const addition =
    param === undefined
      ? (byText() ?? byValue(made, message, request))
      : (made.find(({ isNamed }) => isNamed(param, request, added)) ?? (shared.has(param) ? byText() : undefined));
  return addition && { addition, accepted: acceptedValues(addition, message, request) };
}

/** Returns what was done about a refusal, for the client to read. `request` is the one that is sent now. */
export function noteOnRetry({ addition, accepted }: RefusedAddition, request: ResponsesRequest): string {
  const { field } = addition;
  return accepted.length === 0 ? `removed ${field} (refused upstream)` : `set ${field} to ${addition.valueIn(request)} (refused upstream)`;
}

/** Parameters that the proxy may share with the client: here the text says whose part is meant. */
const shared: ReadonlySet<string> = new Set(['tools', 'include']);

/** `Unsupported parameter: 'reasoning.effort' …`, `Unrecognized request argument supplied: reasoning_effort`. */
function parameterIn(message: string): string | undefined {
  return /^[\w ]{0,40}(?:parameter|argument)(?: supplied)?: '?([\w.[\]]+)/.exec(message)?.[1];
}

/** `Unsupported value: 'auto' …` without a parameter: it is the addition that has this value and knows those that are listed. */
function byValue(made: readonly Addition[], message: string, request: ResponsesRequest): Addition | undefined {
  const value = /^(?:Unsupported|Invalid) value: '(\w+)'/.exec(message)?.[1];
  const listed = listedValues(message);
  if (value === undefined || value === request.text?.verbosity || listed.length === 0) return undefined;
  return made.find(({ values, valueIn }) => valueIn(request) === value && listed.every((one) => values?.includes(one)));
}

/** The values that a refusal lists as supported; empty if the refused one is among them, or the addition has no values. */
function acceptedValues({ values, valueIn }: Addition, message: string, request: ResponsesRequest): readonly string[] {
  const listed = listedValues(message);
  const accepted = values?.filter((value) => listed.includes(value)) ?? [];
  return accepted.includes(valueIn(request) ?? '') ? [] : accepted;
}

function listedValues(message: string): readonly string[] {
  const [, list = ''] = /[Ss]upported values are:? (.*)/.exec(message) ?? [];
  return (list.match(/'\w+'/g) ?? []).map((value) => value.slice(1, -1));
}
