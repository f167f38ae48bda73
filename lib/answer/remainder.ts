/**
 * Returns what is still to be emitted of a finished text: all of it, or what the deltas left out. Nothing, if the deltas differ from it:
 * what a client has read cannot be taken back.
 */
export function remainder(emitted: string, finished: string): string {
  if (emitted === '') return finished;
  return finished.length > emitted.length && finished.startsWith(emitted) ? finished.slice(emitted.length) : '';
}
