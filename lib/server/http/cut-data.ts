import { isAscii } from 'node:buffer';
import { randomUUID } from 'node:crypto';

/** A request body without the data of its long `data:` URLs, which is most of a body with images and does not change on the way. */
export interface CutBody {
  /** The body with short names in place of the data. */
  json: Buffer;
  /** Returns a JSON text with the data in place of these names, in pieces. */
  paste(json: string): Buffer[];
}

/** In bytes. Below this, parsing and writing it costs less than looking for it. */
const shortest = 64 * 1024;

const opening = '"data:';
const marker = ';base64,';
/** In bytes, from the opening to the data. */
const longestType = 256;

/** Of ASCII, what no base64 has, and what would mean something to JSON or in a text: blanks, a backslash, a bracket of a tag. */
const never = [...'\t\n\r \\<>'].map((char) => char.charCodeAt(0));

/**
 * Cuts the data out of a JSON text. Parsing and writing 8 MiB of it takes 50 ms; to find its end takes less than one.
 *
 * A quotation mark before `data:` opens a string, unless it is escaped: one that closes a string has no letter behind it. So what is between
 * it and the next quotation mark is that string, whatever the rest of the body is, and stands for itself in any JSON text.
 */
export function cutData(body: Buffer): CutBody {
  if (body.length < shortest) return { json: body, paste: asItIs };
  const name = randomUUID();
  const kept: Buffer[] = [];
  const data: Buffer[] = [];
  let from = 0;
  for (let at = body.indexOf(opening); at !== -1; at = body.indexOf(opening, at + 1)) {
    const found = dataAt(body, at);
    if (!found) continue;
    kept.push(body.subarray(from, found.start), Buffer.from(`${name}.${data.length}.`));
    data.push(body.subarray(found.start, found.end));
    from = at = found.end;
  }
  if (data.length === 0) return { json: body, paste: asItIs };
  return {
    json: Buffer.concat([...kept, body.subarray(from)]),
    paste(json) {
      const pieces = json.split(new RegExp(`${name}\\.(\\d+)\\.`));
      return pieces.map((piece, at) => (at % 2 === 0 ? Buffer.from(piece) : data[Number(piece)]!));
    },
  };
}

function asItIs(json: string): Buffer[] {
  return [Buffer.from(json)];
}

/** The data of the string that opens there, if it is long. */
function dataAt(body: Buffer, at: number): { start: number; end: number } | undefined {
  if (body[at - 1] === 92) return undefined;
  const comma = body.subarray(at, at + longestType).indexOf(marker);
  const start = at + comma + marker.length;
  const end = body.indexOf(34, at + 1);
  if (comma === -1 || end - start < shortest) return undefined;
  const data = body.subarray(start, end);
  return isAscii(data) && !never.some((byte) => data.includes(byte)) ? { start, end } : undefined;
}
