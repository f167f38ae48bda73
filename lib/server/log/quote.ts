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
  const json = into.subarray(at, end);
  return hasUnseen(json) ? writeEscaped(Buffer.from(json), into, at) : end;
}

const hexDigits = Buffer.from('0123456789abcdef');

/** Byte by byte: by character it would take a tenth of a second for a megabyte of them. */
function writeEscaped(json: Buffer, into: Buffer, at: number): number {
  let end = at;
  for (let from = 0; from < json.length; from += 1) {
    const code = unseenAt(json, from);
    if (code === 0) into[end++] = json[from]!;
    else {
      into[end] = 0x5c;
      into[end + 1] = 0x75;
      for (let digit = 5, left = code; digit >= 2; digit -= 1, left >>= 4) into[end + digit] = hexDigits[left & 15]!;
      end += LONGEST_ESCAPE;
      from += code < 0x80 ? 0 : code < 0x800 ? 1 : 2;
    }
  }
  return end;
}

const isUnseen = new Uint8Array(0x3000);
for (const [from, to] of unseen) isUnseen.fill(1, from, to + 1);

/** Whether the UTF-8 of a JSON text has a character that is not seen. */
function hasUnseen(bytes: Buffer): boolean {
  for (const lead of [0x7f, 0xc2, 0xd8, 0xe2]) {
    for (let at = bytes.indexOf(lead); at !== -1; at = bytes.indexOf(lead, at + 1)) if (unseenAt(bytes, at) !== 0) return true;
  }
  return false;
}

/** The code of the character that is not seen and begins at a byte; 0 for any other byte. */
function unseenAt(bytes: Buffer, at: number): number {
  const lead = bytes[at]!;
  if (lead < 0x7f) return 0;
  const rest = (place: number): number => bytes[place]! & 0x3f;
  let code = 0;
  if (lead === 0x7f) code = lead;
  else if (lead === 0xc2 || lead === 0xd8) code = ((lead & 0x1f) << 6) | rest(at + 1);
  else if (lead === 0xe2) code = 0x2000 | (rest(at + 1) << 6) | rest(at + 2);
  return isUnseen[code] ? code : 0;
}
