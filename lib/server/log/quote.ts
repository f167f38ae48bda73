/**
 * What JSON leaves as it is and a viewer takes for a line end or an order to the terminal: DEL and the upper control characters, line
 * and paragraph separators, changes of direction.
 */
const UNSEEN = /[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** JSON with such characters escaped. They can stand in strings only. */
export function escapeUnseen(json: string): string {
  return json.replace(UNSEEN, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Room for the texts that `quoteInto` takes: above what a read of a socket gives. */
const copy = Buffer.allocUnsafeSlow(128 * 1024);

/** What follows the backslash, of every byte of ASCII that is escaped. */
const escapes = new Uint8Array(128);
const U = 117;
escapes.fill(U, 0, 32);
escapes[127] = U;
for (const [char, escape] of ['""', '\\\\', '\bb', '\ff', '\nn', '\rr', '\tt']) escapes[char!.charCodeAt(0)] = escape!.charCodeAt(0);

/** In bytes, of one byte of a text: `\u001b`. */
const LONGEST_ESCAPE = 6;

/** How many bytes `quoteInto` may need, with the two quotation marks. */
export function mostQuoted(text: string): number {
  return text.length * LONGEST_ESCAPE + 2;
}

/**
 * Writes `escapeUnseen(JSON.stringify(text))` to `into` from `at` on, in half the time. Returns where it ends; undefined, and nothing is
 * written, where the text is not plain ASCII or longer than 128 KiB.
 */
export function quoteInto(text: string, into: Uint8Array, at: number): number | undefined {
  if (text.length > copy.length) return undefined;
  const length = copy.write(text, 0);
  // every other character takes more bytes
  if (length !== text.length) return undefined;
  let end = at;
  into[end++] = 34;
  for (let index = 0; index < length; index += 1) {
    const byte = copy[index] as number;
    const escape = escapes[byte] as number;
    if (escape === 0) {
      into[end++] = byte;
      continue;
    }
    into[end++] = 92;
    into[end++] = escape;
    if (escape === U) {
      const hex = byte.toString(16).padStart(4, '0');
      for (let digit = 0; digit < 4; digit += 1) into[end++] = hex.charCodeAt(digit);
    }
  }
  into[end++] = 34;
  return end;
}
