import { setTimeout as delay } from 'node:timers/promises';
import { collectGarbage } from './collect-garbage.ts';

/** In bytes or characters: what takes milliseconds to look through. */
export const large: number = 1024 * 1024;

/** How much more it takes to look for credentials in a text, for the log. */
export const logWork = 8;

/** In bytes: what takes so long to look through that others may have waited twice, if they had not the time to send what they have to say. */
const veryLarge = 16 * 1024 * 1024;

/** One long step at a time: those of several requests would keep the others waiting together. */
let line = Promise.resolve();

/**
 * Lets the other requests go first, between two steps that each work through a body: nothing else happens during a step.
 *
 * @param bytes How long the body is; for a short one there is no wait, and nothing to wait for.
 * @throws the signal's reason if the client left meanwhile.
 */
export function othersFirst(signal: AbortSignal, bytes: number): Promise<void> | undefined {
  return bytes < large ? undefined : inLine(bytes >= veryLarge).then(() => signal.throwIfAborted());
}

/** The same, whatever became of the request. With `isLong` the others have a moment longer. */
export function inLine(isLong = false): Promise<void> {
  return (line = line.then(isLong ? severalTurnsAndAMoment : severalTurns));
}

/** Runs what takes several long steps, and lets the other requests go first before each of them. */
export async function inSteps<Result>(steps: Generator<void, Result>, signal: AbortSignal, bytes: number): Promise<Result> {
  for (;;) {
    await othersFirst(signal, bytes);
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Of the event loop: to accept a connection, to read its request and to answer it takes one each. */
async function severalTurns(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) await new Promise(setImmediate);
}

/** A client that was waiting for its connection sends its request then. */
async function severalTurnsAndAMoment(): Promise<void> {
  await severalTurns();
  await delay(1);
  collectGarbage();
  await severalTurns();
}
