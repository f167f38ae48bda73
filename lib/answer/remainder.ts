/**
 * Returns what is still to be emitted of a finished text: all of it, or what the deltas left out. Nothing, if the deltas differ from it:
 * what a client has read cannot be taken back.
 */
export function remainder(emitted: string, finished: string): string {
  if (emitted === '') return finished;
  return finished.length > emitted.length && finished.startsWith(emitted) ? finished.slice(emitted.length) : '';
}

/** The same of a text in several parts, of which `emitted` is the beginning: what is still to be emitted of each. */
export function remainders(emitted: string, finished: readonly string[]): string[] {
  if (!finished.join('').startsWith(emitted)) return finished.map(() => '');
  let left = emitted.length;
  return finished.map((part) => {
    const known = Math.min(left, part.length);
    left -= known;
    return part.slice(known);
  });
}
