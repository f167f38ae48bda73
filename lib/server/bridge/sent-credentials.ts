import { StringDecoder } from 'node:string_decoder';
import { large, othersFirst } from '../http/others-first.ts';
import { BodyCredentials } from '../secrets/credentials.ts';

/** In bytes: what is looked through at once. Where every member is a credential that takes 20 ms. */
const step = 262_144;

/**
 * Returns the credentials in the JSON of a request, see `BodyCredentials`. Others go first between the pieces of a long one.
 *
 * @throws the signal's reason if the client left meanwhile.
 */
export async function credentialsIn(json: readonly Uint8Array[], signal: AbortSignal): Promise<string[]> {
  const credentials = new BodyCredentials();
  const decoder = new StringDecoder('utf8');
  for (const piece of json) {
    for (let at = 0; at < piece.length; at += step) {
      credentials.push(decoder.write(piece.subarray(at, at + step)));
      if (piece.length > step) await othersFirst(signal, large);
    }
  }
  return credentials.end();
}
