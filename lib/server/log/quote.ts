import { textOfBytes } from '../byte-text.ts';

/**
 * What JSON leaves as it is, but a viewer takes for a line end or a command to the terminal: DEL and the upper control characters, line
 * and paragraph separators, changes of direction.
 */
const unseen = [
  [0x7f, 0x9f],
  [0x61c, 0x61c],
  [0x200e, 0x200f],
  [0x2028, 0x202e],
  [0x2066, 0x2069],
] as const;
const UNSEEN = new RegExp(`[${unseen.map(([from, to]) => `${escaped(from)}-${escaped(to)}`).join('')}]`, 'g');

/** Returns JSON with such characters escaped. They can stand in strings only. */
export function escapeUnseen(json: string): string {
  return json.replace(UNSEEN, (char) => escaped(char.charCodeAt(0)));
}

function escaped(code: number): string {
  return `\\u${code.toString(16).padStart(4, '0')}`;
}

/** In bytes, of one byte of a text: `\u001b`. */
const LONGEST_ESCAPE = 6;

/** Returns how many bytes `quoteInto` may need, with the two quotation marks. */
export function mostQuoted(text: string): number {
  return text.length * LONGEST_ESCAPE + 2;
}

/**
 * Writes `escapeUnseen(JSON.stringify(text))` to `into` from `at` on, faster. Returns where it ends.
 *
 * @param text One character for each byte of its UTF-8 (see `bytesOf`).
 */
export function quoteInto(text: string, into: Buffer, at: number): number {
  const end = at + into.write(JSON.stringify(text), at, 'latin1');
  return hasUnseen(into.subarray(at, end)) ? at + into.write(escapeUnseen(JSON.stringify(textOfBytes(text))), at) : end;
}

const isUnseen = new Uint8Array(0x3000);
for (const [from, to] of unseen) isUnseen.fill(1, from, to + 1);

/** Whether the UTF-8 of a JSON text has a character that is not seen. */
function hasUnseen(bytes: Buffer): boolean {
  if (bytes.includes(0x7f)) return true;
  const rest = (at: number): number => (bytes[at] as number) & 0x3f;
  for (const lead of [0xc2, 0xd8]) {
    for (let at = bytes.indexOf(lead); at !== -1; at = bytes.indexOf(lead, at + 1)) {
      if (isUnseen[((lead & 0x1f) << 6) | rest(at + 1)]) return true;
    }
  }
  for (let at = bytes.indexOf(0xe2); at !== -1; at = bytes.indexOf(0xe2, at + 1)) {
    if (isUnseen[0x2000 | (rest(at + 1) << 6) | rest(at + 2)]) return true;
  }
  return false;
}
