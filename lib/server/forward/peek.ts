import type { TokenUsage } from '../types/exchange.ts';

// What the terminal line shows of a request whose body and answer pass as bytes: found without parsing them, and left out if it is not found.

/** Returns the model that a JSON request names. Inside a string its quotes would be escaped, so this is a key. */
export function modelIn(body: Buffer): string | undefined {
  const at = body.indexOf('"model"');
  if (at === -1) return undefined;
  return /^"model"\s*:\s*"([^"\\]{1,100})"/.exec(body.toString('latin1', at, at + 200))?.[1];
}

/** Bytes at the end of an answer in which its usage stands, in either API. */
const tail = 2048;

/** Returns the tokens that an answer counts, from its last pieces. */
export function usageIn(pieces: readonly Uint8Array[]): TokenUsage | undefined {
  let end = '';
  for (const piece of pieces)
    end += Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString('latin1', Math.max(0, piece.length - tail));
  const text = end.slice(end.lastIndexOf('"usage"'));
  const count = (name: RegExp): number | undefined => {
    const digits = name.exec(text)?.[1];
    return digits === undefined ? undefined : Number(digits);
  };
  const input = count(/"(?:prompt|input)_tokens"\s*:\s*(\d+)/);
  const output = count(/"(?:completion|output)_tokens"\s*:\s*(\d+)/);
  if (input === undefined || output === undefined) return undefined;
  return { input, output, cached: count(/"cached_tokens"\s*:\s*(\d+)/) ?? 0, reasoning: count(/"reasoning_tokens"\s*:\s*(\d+)/) ?? 0 };
}
