import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Recording, Recordings } from './recordings.ts';

/** Milliseconds in which lines gather for one write. */
const GATHERED = 20;
/** Milliseconds of silence after which a sign of life is sent, so that a page that is gone is noticed. */
const SILENCE = 15_000;

/** Something that the page is told beside the lines of the log. */
export function pageLine(line: { inspector: 'hello' | 'ended' | 'complete'; [key: string]: unknown }): string {
  return `${JSON.stringify(line)}\n`;
}

/**
 * Sends all recordings, then what comes to them, until the page is closed. It remembers how much the page has of each and never holds a
 * copy, so that a slow page costs nothing.
 */
export async function sendRecordings({ all, changed, read }: Recordings, response: ServerResponse): Promise<void> {
  response.on('close', read());
  const sent = new Map<Recording, { bytes: number; ended: boolean }>();
  let complete = false;
  // one listener for all waits, else each would leave something behind for as long as the page is open
  let wake = (): void => {};
  response.on('drain', () => wake());
  response.on('close', () => wake());
  const write = async (piece: Buffer | string): Promise<void> => {
    if (!response.write(piece) && !response.closed) await new Promise<void>((resolve) => (wake = resolve));
  };
  while (!response.closed) {
    const change = changed();
    for (const recording of all) {
      const position = sent.get(recording) ?? { bytes: 0, ended: false };
      sent.set(recording, position);
      for (const piece of recording.from(position.bytes)) {
        position.bytes += piece.length;
        await write(piece);
      }
      if (recording.ended && !position.ended && position.bytes === recording.length) {
        position.ended = true;
        await write(pageLine({ inspector: 'ended', id: recording.id }));
      }
      if (response.closed) return;
    }
    for (const [recording, { ended }] of sent) {
      if (all.has(recording)) continue;
      sent.delete(recording);
      // of one that is gone while it runs the page hears no more
      if (!ended) await write(pageLine({ inspector: 'ended', id: recording.id }));
    }
    if (!complete) await write(pageLine({ inspector: 'complete' }));
    complete = true;
    if (await isSilent(change)) await write('\n');
    else await delay(GATHERED);
  }

  /** Resolves when something has changed or the page was closed, with false; with true if nothing of that came in time. */
  function isSilent(change: Promise<void>): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, SILENCE, true).unref();
      wake = () => {
        clearTimeout(timer);
        resolve(false);
      };
      void change.then(wake);
    });
  }
}
