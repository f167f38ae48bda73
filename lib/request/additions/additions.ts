import type { JsonObject } from '../../json.ts';
import { traitsOf } from '../../models/traits.ts';
import type { ResponsesRequest } from '../../wire/responses.ts';
import { brief } from '../brief.ts';
import { withoutRefusedSampling } from '../sampling.ts';
import type { Addition, AdditionSettings, Candidate } from './addition.ts';
import { effort } from './effort.ts';
import { encryptedContent } from './encrypted-content.ts';
import { promptCacheKey } from './prompt-cache-key.ts';
import { summary } from './summary.ts';
import { webSearch } from './web-search.ts';

/** In the order in which they are added: each sees the ones before it. */
export const additions: readonly Addition[] = [promptCacheKey, effort, summary, webSearch, encryptedContent];

/** What is added unless the settings say otherwise. */
export const defaultAdditions: Omit<AdditionSettings, 'encryptedContent'> = { effort: 'medium', summary: 'auto', webSearch: true };

/** What earlier refusals taught: for the name of an addition, or of a sampling parameter, the values that the upstream takes instead; none if it must be left out. */
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
 * @param shorten  Stands for `brief`, if the request has short names in place of long data.
 */
export function extendRequest(
  request: ResponsesRequest,
  chat: JsonObject,
  settings: AdditionSettings | false,
  refused: RefusedAdditions = new Map(),
  shorten: Candidate['brief'] = brief,
): ExtendedRequest {
  const traits = traitsOf(request.model);
  const added = new Set<string>();
  const notes: string[] = [];
  let extended = request;
  for (const addition of settings === false ? [] : additions) {
    const accepted = refused.get(addition.name);
    if (accepted?.length === 0 || settings === false) continue;
    const { value, note } = addition.choose({ request: extended, chat, traits, settings, brief: shorten }, accepted) ?? {};
    if (note !== undefined) notes.push(note);
    if (value === undefined) continue;
    extended = addition.apply(extended, value);
    added.add(addition.name);
  }
  const sampled = withoutRefusedSampling(extended, traits, chat['logprobs'] === true, refused);
  return { request: sampled.request, added, notes: [...sampled.notes, ...notes] };
}
