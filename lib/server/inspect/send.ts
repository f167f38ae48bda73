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
export async function sendRecordings({ all, changed }: Recordings, response: ServerResponse): Promise<void> {
  const sent = new WeakMap<Recording, { bytes: number; ended: boolean }>();
  let complete = false;
  const closed = new Promise<void>((resolve) => response.on('close', resolve));
  const write = async (piece: Buffer | string): Promise<void> => {
    if (!response.write(piece) && !response.closed) await Promise.race([new Promise((resolve) => response.once('drain', resolve)), closed]);
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
    if (!complete) await write(pageLine({ inspector: 'complete' }));
    complete = true;
    const silence = new AbortController();
    const quiet = await Promise.race([
      change.then(() => false),
      closed.then(() => false),
      delay(SILENCE, true, { ref: false, signal: silence.signal }).catch(() => false),
    ]);
    silence.abort();
    if (quiet) await write('\n');
    else await delay(GATHERED);
  }
}
