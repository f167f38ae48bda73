/**
 * What JSON leaves as it is and a viewer takes for a line end or an order to the terminal: DEL and the upper control characters, line
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

/** JSON with such characters escaped. They can stand in strings only. */
export function escapeUnseen(json: string): string {
  return json.replace(UNSEEN, (char) => escaped(char.charCodeAt(0)));
}

function escaped(code: number): string {
  return `\\u${code.toString(16).padStart(4, '0')}`;
}

/**
 * What each byte becomes: itself; a backslash, and above it the byte that follows; or itself with all bits set above it, where it must be
 * written as a number or may begin a character that is not seen.
 */
const forms = Uint16Array.from({ length: 256 }, (_, byte) => byte);
const LOOK = 0xff00;
for (const byte of [...Array(32).keys(), 0x7f, 0xc2, 0xd8, 0xe2]) forms[byte] = LOOK | byte;
for (const [char, escape] of ['""', '\\\\', '\bb', '\ff', '\nn', '\rr', '\tt'])
  forms[char!.charCodeAt(0)] = 92 | (escape!.charCodeAt(0) << 8);

/** In bytes, of one byte of a text: `\u001b`. */
const LONGEST_ESCAPE = 6;

/** How many bytes `quoteInto` may need, with the two quotation marks. */
export function mostQuoted(text: string): number {
  return text.length * LONGEST_ESCAPE + 2;
}

/** Room for the bytes of a text, used again and again. */
let room = Buffer.allocUnsafeSlow(64 * 1024);

/**
 * Writes `escapeUnseen(JSON.stringify(text))` to `into` from `at` on, faster. Returns where it ends.
 *
 * @param text One character for each byte of its UTF-8 (see `bytesOf`).
 */
export function quoteInto(text: string, into: Buffer, at: number): number {
  if (text.length > room.length) room = Buffer.allocUnsafeSlow(text.length);
  const length = room.write(text, 'latin1');
  // bytes of a Buffer are read and written more slowly
  const from = new Uint8Array(room.buffer);
  const to = new Uint8Array(into.buffer, into.byteOffset, into.length);
  let end = at;
  to[end++] = 34;
  for (let index = 0; index < length; index += 1) {
    const form = forms[from[index] as number] as number;
    to[end] = form;
    if (form < 256) end += 1;
    else if (form < LOOK) {
      to[end + 1] = form >> 8;
      end += 2;
    } else {
      const code = unseenAt(from, index);
      if (code === undefined) end += 1;
      else {
        for (const char of escaped(code)) to[end++] = char.charCodeAt(0);
        index += code < 0x80 ? 0 : code < 0x800 ? 1 : 2; // the rest of its bytes
      }
    }
  }
  to[end++] = 34;
  return end;
}

const isUnseen = new Uint8Array(0x3000);
for (const [from, to] of unseen) isUnseen.fill(1, from, to + 1);

/** The number of a control character, or of another that is not seen; undefined where another begins. */
function unseenAt(bytes: Uint8Array, at: number): number | undefined {
  const first = bytes[at] as number;
  if (first < 0x80) return first;
  let code = ((first & (first === 0xe2 ? 0x0f : 0x1f)) << 6) | ((bytes[at + 1] as number) & 0x3f);
  if (first === 0xe2) code = (code << 6) | ((bytes[at + 2] as number) & 0x3f);
  return isUnseen[code] ? code : undefined;
}
