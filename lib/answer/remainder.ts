/**
 * What is still to be told of a finished text: all of it, or what the deltas left out. Nothing, when the deltas said something else:
 * what a client has read cannot be taken back.
 */
export function remainder(told: string, finished: string): string {
  if (told === '') return finished;
  return finished.length > told.length && finished.startsWith(told) ? finished.slice(told.length) : '';
}
