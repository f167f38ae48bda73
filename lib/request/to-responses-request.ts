import type { JsonObject } from '../json.ts';
import type { ChatRequest } from '../wire/chat.ts';
import type { AdditionSettings } from './additions/addition.ts';
import { defaultAdditions, extendRequest, type ExtendedRequest, type RefusedAdditions } from './additions/additions.ts';
import { translate, type Translation, type TranslationOptions } from './translate.ts';

export interface RequestOptions extends TranslationOptions {
  /** What to add if the client leaves it open; false for nothing at all. Medium effort, summaries and web search if not given. */
  additions?: Omit<AdditionSettings, 'encryptedContent'> | false;
  /** What earlier refusals of the upstream taught: see `refusedAddition`. */
  refused?: RefusedAdditions;
}

/** A request as it goes out, with its additions. */
export interface TranslatedRequest extends Translation, ExtendedRequest {
  notes: string[];
}

/**
 * Returns the Responses request for the body of a chat completion, with what the client left open added: `translate` and `extendRequest` in
 * one. With `turns` given, if only an empty map, encrypted reasoning is asked for, so that there is something to keep.
 *
 * @throws ProxyError 400 that names the field, for what no request can carry.
 */
export function toResponsesRequest(body: ChatRequest, options: RequestOptions = {}): TranslatedRequest {
  const { additions = defaultAdditions, refused, turns } = options;
  const translation = translate(body, options);
  const encryptedContent = translation.context.reasoningDetails === true || (turns !== undefined && !translation.request.store);
  const extended = extendRequest(translation.request, body as JsonObject, additions && { ...additions, encryptedContent }, refused);
  return { ...translation, ...extended, notes: [...translation.notes, ...extended.notes] };
}
