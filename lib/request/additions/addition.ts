import type { JsonObject } from '../../json.ts';
import type { Traits } from '../../models/traits.ts';
import type { ResponsesRequest } from '../../wire/responses.ts';

/** What the proxy adds to a request if the client leaves it open and the model takes it. */
export interface AdditionSettings {
  /** A reasoning effort, or the nearest level that the model has; `off` adds none. */
  effort: string;
  /** A summary of the reasoning; `off` adds none. */
  summary: 'auto' | 'concise' | 'detailed' | 'off';
  /** Add the hosted tool `web_search` to plain conversations. */
  webSearch: boolean;
  /** Ask for encrypted reasoning, which only serves those who keep it. */
  encryptedContent: boolean;
}

/** The request that something may be added to. */
export interface Candidate {
  /** With the additions before this one. */
  request: ResponsesRequest;
  /** What the client sent. */
  chat: JsonObject;
  traits: Traits;
  settings: AdditionSettings;
  /** Returns a text of the request, or of a long one its beginning, end and length. */
  brief(text: string): string;
}

/** What to add: a value, nothing, or nothing for a reason that the client should read. */
export interface Choice {
  value?: string | undefined;
  note?: string | undefined;
}

/** Something that the proxy adds to requests of its own accord, and takes out again if the upstream refuses it. */
export interface Addition {
  /** As on the terminal. */
  readonly name: string;
  /** What it is in a request, as in notes. */
  readonly field: string;
  /** Whether the terminal shows it. Encrypted reasoning and the cache's key change nothing that a user sees. */
  readonly isShown: boolean;
  /** All values of it, if a refusal may list those that the upstream takes. */
  readonly values?: readonly string[];
  /** The value to add. `accepted` are the values that the upstream takes, as an earlier refusal said. */
  choose(candidate: Candidate, accepted: readonly string[] | undefined): Choice | undefined;
  /** A new request with the value in it. */
  apply(request: ResponsesRequest, value: string): ResponsesRequest;
  /** Its value in a request. */
  valueIn(request: ResponsesRequest): string | undefined;
  /** Whether an error's `param` is about this addition. `added` are the names of all additions of the request. */
  isNamed(param: string, request: ResponsesRequest, added: ReadonlySet<string>): boolean;
  /** What OpenAI's servers say if they refuse it without a `param`. These words begin the message: what follows may quote the client. */
  readonly refusal: RegExp;
}

/** Whether `param` is all of `reasoning`, as servers without reasoning name it, and the client has no part in it. */
export function isOwnReasoning(param: string, { reasoning = {} }: ResponsesRequest, added: ReadonlySet<string>): boolean {
  return param === 'reasoning' && Object.keys(reasoning).every((key) => added.has(key));
}
