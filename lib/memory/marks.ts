import { hash } from '../hash.ts';

// By these a turn is found again. They must be the same for what a model answered and for what a client makes of it.

/** Returns the mark of the turn that made this call. Some clients leave only the letters and digits of an id. */
export function callMark(id: string): string {
  return `call ${plainId(id)}`;
}

/** Returns the letters and digits of an id. */
export function plainId(id: string): string {
  return id.replace(/[^A-Za-z\d]/g, '') || id;
}

/**
 * Returns the mark of a turn without calls.
 *
 * @param last What the client had sent last, as `fingerprint` gives it; undefined for nothing.
 * @param text What it was answered.
 */
export function textMark(last: string | undefined, text: string): string {
  return `text ${last ?? ''} ${hash(trimmed(text))}`;
}

/**
 * Returns the mark of a turn whose call came back without an id, as the deprecated `function_call` does.
 *
 * @param last As of `textMark`.
 * @param call Its name and arguments, in a form that clients that write them anew do not change.
 */
export function functionMark(last: string | undefined, call: string): string {
  return `function ${last ?? ''} ${hash(call)}`;
}

/** Returns a short stand-in for what a client sent. */
export function fingerprint(text: string): string {
  return hash(trimmed(text));
}

/** Whether one list of fingerprints ends with all of the other: a client that merges turns has sent more between its assistant messages. */
export function endsAlike(one: readonly string[], other: readonly string[]): boolean {
  const length = Math.min(one.length, other.length);
  const end = one.slice(one.length - length);
  return (length > 0 || one.length === other.length) && end.every((each, at) => each === other[other.length - length + at]);
}

/** In characters. No model says more in a turn; a longer text counts as it is. */
const longestTrimmed = 4_000_000;

/** Returns a text in the form that counts: clients trim it, and the number of blank lines between two messages depends on the style of reasoning. */
export function trimmed(text: string): string {
  if (text.length > longestTrimmed) return text;
  const lines = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  return (lines.includes('\n\n\n') ? lines.replace(/\n{3,}/g, '\n\n') : lines).trim();
}
