import { budgets } from './budgets.ts';

const quote = 34;
const comma = 44;
const colon = 58;
const openList = 91;
const backslash = 92;
const closeList = 93;
const openObject = 123;
const closeObject = 125;

/**
 * Whether a JSON text has more values (members and elements) than that, is nested deeper, or has more different names, behind as many members. Found
 * without parsing, which for hostile JSON takes twenty times its size, and microseconds for each new name; in linear time.
 */
export function isBeyond(json: string, values: number, depth: number, names: number = budgets.names): boolean {
  // each takes a character at least
  if (json.length <= depth && json.length <= values) return false;
  let count = 0;
  let level = 0;
  let members = 0;
  let start = 0;
  const different = new Set<string>();
  for (let at = 0; at < json.length; at += 1) {
    switch (json.charCodeAt(at)) {
      case quote:
        start = at;
        at = endOfString(json, at + 1);
        break;
      case colon:
        // the string before it
        if ((members += 1) > names && different.add(json.slice(start, at)).size > names) return true;
        break;
      case openList:
      case openObject:
        if ((level += 1) > depth) return true;
        if ((count += 1) > values) return true;
        break;
      case closeList:
      case closeObject:
        level -= 1;
        break;
      case comma:
        if ((count += 1) > values) return true;
    }
  }
  return false;
}

/** In characters. Quotes that are nearer to each other are found one by one, as many as there may be in so many more. */
const near = 6;
const nearby = 1024;

/** Where the string ends whose first character, after its quote, is at `from`: most have few escaped quotes, and their end is found at once. */
export function endOfString(json: string, from: number): number {
  for (let at = from; ;) {
    const next = json.indexOf('"', at);
    if (next === -1) return json.length;
    if (!isEscaped(json, next, at)) return next;
    const isNear = next - at < near;
    at = next + 1;
    if (!isNear) continue;
    for (const end = Math.min(at + nearby, json.length); at < end;) {
      const code = json.charCodeAt(at);
      if (code === quote) return at;
      at += code === backslash ? 2 : 1;
    }
  }
}

/** Whether there is an odd number of backslashes before a character, not looking before `from`. */
function isEscaped(json: string, at: number, from: number): boolean {
  let start = at;
  while (start > from && json.charCodeAt(start - 1) === backslash) start -= 1;
  return (at - start) % 2 === 1;
}
