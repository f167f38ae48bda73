import { longestSlice as longest, textSlices } from './text-slices.ts';

/** In characters: what a value takes beside its text. */
const perValue = 16;

/**
 * Returns the JSON of a value, as `JSON.stringify` writes it, in pieces of about a million characters: to write 64 MiB at once keeps others
 * waiting for a quarter of a second. The value must be one of JSON; members that are undefined are left out.
 */
export function* jsonPieces(value: unknown): Generator<string> {
  if (!isLongerThan(value, longest)) yield JSON.stringify(value);
  else if (typeof value === 'string') yield* textPieces(value);
  else if (Array.isArray(value)) yield* listPieces(value);
  else yield* objectPieces(value as object);
}

/** Whether the texts and names in a value have more characters than that, each value counted as 16. Takes no longer than to read so many. */
export function isLongerThan(value: unknown, characters: number): boolean {
  return roomLeft(value, characters) < 0;
}

/** Negative if the value takes more room than there is. */
function roomLeft(value: unknown, room: number): number {
  let left = room - perValue;
  if (typeof value === 'string') return left - value.length;
  if (typeof value !== 'object' || value === null) return left;
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length && left >= 0; at += 1) left = roomLeft(value[at], left);
    return left;
  }
  for (const name in value) {
    left = roomLeft(value[name as never], left - name.length);
    if (left < 0) break;
  }
  return left;
}

function* textPieces(text: string): Generator<string> {
  yield '"';
  for (const slice of textSlices(text)) yield JSON.stringify(slice).slice(1, -1);
  yield '"';
}

function* listPieces(list: readonly unknown[]): Generator<string> {
  let before = '[';
  let short: unknown[] = [];
  let room = longest;
  for (const element of list) {
    room = roomLeft(element, room);
    if (room < 0 && short.length > 0) {
      yield before + JSON.stringify(short).slice(1, -1);
      before = ',';
      short = [];
      room = roomLeft(element, longest);
    }
    if (room >= 0) {
      short.push(element);
      continue;
    }
    yield before;
    yield* jsonPieces(element);
    before = ',';
    room = longest;
  }
  if (short.length > 0) yield before + JSON.stringify(short).slice(1, -1);
  yield ']';
}

function* objectPieces(value: object): Generator<string> {
  let before = '{';
  for (const [name, member] of Object.entries(value) as [string, unknown][]) {
    if (member === undefined) continue;
    yield `${before}${JSON.stringify(name)}:`;
    yield* jsonPieces(member);
    before = ',';
  }
  yield '}';
}
