import { hash } from '../hash.ts';

/** The longest `call_id` and tool name that the API takes, in characters. */
export const longest = 64;

/**
 * A name of at most 64 characters: the name itself, or its beginning with a hash of all of it. The same name always gives the same result, so
 * that a call and its output, or a request and the next one, agree without anything being kept.
 */
export function shortName(name: string): string {
  if (name.length <= longest) return name;
  return `${name.slice(0, longest - 17)}_${hash(name)}`;
}
