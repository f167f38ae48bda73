import type { ErrorBody } from '../../error.ts';
import type { JsonObject } from '../../json.ts';
import { traitsOf } from '../../models/traits.ts';
import type { ResponsesRequest } from '../../wire/responses.ts';
import { withoutRefusedSampling } from '../sampling.ts';
import type { Addition, AdditionSettings } from './addition.ts';
import { effort } from './effort.ts';
import { encryptedContent } from './encrypted-content.ts';
import { summary } from './summary.ts';
import { webSearch } from './web-search.ts';

/** In the order in which they are added: each sees the ones before it. */
export const additions: readonly Addition[] = [effort, summary, webSearch, encryptedContent];

/** What is added unless the settings say otherwise. */
export const defaultAdditions: Omit<AdditionSettings, 'encryptedContent'> = { effort: 'medium', summary: 'auto', webSearch: true };

/** What earlier refusals taught: for an addition's name the values that the upstream takes instead; none if it must be left out. */
export type RefusedAdditions = ReadonlyMap<string, readonly string[]>;

/** A request with the proxy's additions. */
export interface ExtendedRequest {
  request: ResponsesRequest;
  /** The names of the additions. */
  added: ReadonlySet<string>;
  /** For the client to read. */
  notes: string[];
}

/**
 * Returns `request` with what the client left open, and without the sampling parameters that the model then refuses. `request` itself stays as
 * it is, so that the same one can be extended again after a refusal.
 *
 * @param chat     What the client sent.
 * @param settings What to add; false for nothing.
 */
export function extendRequest(
  request: ResponsesRequest,
  chat: JsonObject,
  settings: AdditionSettings | false,
  refused: RefusedAdditions = new Map(),
): ExtendedRequest {
  const traits = traitsOf(request.model);
  const added = new Set<string>();
  const notes: string[] = [];
  let extended = request;
  for (const addition of settings === false ? [] : additions) {
    const accepted = refused.get(addition.name);
    if (accepted?.length === 0 || settings === false) continue;
    const { value, note } = addition.choose({ request: extended, chat, traits, settings }, accepted) ?? {};
    if (note !== undefined) notes.push(note);
    if (value === undefined) continue;
    extended = addition.apply(extended, value);
    added.add(addition.name);
  }
  const sampled = withoutRefusedSampling(extended, traits, chat['logprobs'] === true);
  return { request: sampled.request, added, notes: [...sampled.notes, ...notes] };
}

/** An addition that the upstream refused. */
export interface RefusedAddition {
  addition: Addition;
  /** The values that the upstream takes instead; empty if it takes none, so that the addition must be left out. */
  accepted: readonly string[];
}

/**
 * Returns the addition that a refusal is about, as its `param` or the servers' own words say; undefined if it is about something that the
 * client sent.
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
  return /(?:parameter|argument)(?: supplied)?: '?([\w.[\]]+)/.exec(message)?.[1];
}

/** `Unsupported value: 'auto' …` without a parameter: it is the addition that has this value and knows those that are listed. */
function byValue(made: readonly Addition[], message: string, request: ResponsesRequest): Addition | undefined {
  const value = /(?:Unsupported|Invalid) value: '(\w+)'/.exec(message)?.[1];
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
