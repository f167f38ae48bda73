/** In characters, of a slice: a few milliseconds' work. */
export const longestSlice = 1_048_576;

/** Returns a text in slices of about a million characters. A character of two code units is not cut: apart they are none. */
export function* textSlices(text: string): Generator<string> {
  for (let start = 0; start < text.length;) {
    let end = Math.min(start + longestSlice, text.length);
    if (end < text.length && isFirstOfTwo(text.charCodeAt(end - 1))) end -= 1;
    yield text.slice(start, end);
    start = end;
  }
}

function isFirstOfTwo(code: number): boolean {
  return code >= 0xd800 && code < 0xdc00;
}
