/** In characters: of a longer text the beginning, the end and the length tell it from others. */
export const longestBrief = 8192;

/** Returns a text, or of a long one its beginning, its end and its length: for a hash, which then costs nothing. */
export function brief(text: string): string {
  return text.length <= longestBrief ? text : joinBrief(text, text, text.length);
}

/** As `brief`, of a text of which only the beginning and the end are at hand. */
export function joinBrief(beginning: string, end: string, length: number): string {
  return `${beginning.slice(0, longestBrief / 2)}${end.slice(-longestBrief / 2)}${length}`;
}
