import { isLongerThan, jsonPieces } from '../../json-pieces.ts';
import { large, othersFirst } from './others-first.ts';

/** In characters: shorter pieces are put together. */
const shortest = 65_536;

/**
 * Returns the JSON of a value as bytes, in pieces. Others go first between the pieces of a long one.
 *
 * @throws the signal's reason if the client left meanwhile.
 */
export function jsonBytes(value: unknown, signal: AbortSignal): Buffer[] | Promise<Buffer[]> {
  return isLongerThan(value, large) ? longBytes(value, signal) : [Buffer.from(JSON.stringify(value))];
}

async function longBytes(value: unknown, signal: AbortSignal): Promise<Buffer[]> {
  const bytes: Buffer[] = [];
  let text = '';
  for (const piece of jsonPieces(value)) {
    text += piece;
    if (text.length < shortest) continue;
    bytes.push(Buffer.from(text));
    text = '';
    await othersFirst(signal, large);
  }
  return text === '' ? bytes : [...bytes, Buffer.from(text)];
}
