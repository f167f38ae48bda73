import { setTimeout as delay } from 'node:timers/promises';
import type { Loaded } from './load.ts';
import { requestBody, streamedAnswer, type Kind } from './payloads.ts';
import type { Load, Subject } from './processes.ts';

export interface Case {
  kind: Kind;
  /** Connections, each with one request at a time. */
  atOnce: number;
}

/** Milliseconds of one measurement, and of what comes before it so that it starts warm. */
export interface Times {
  warm: number;
  run: number;
}

/** One measurement. CPU in microseconds of the process, memory in bytes. */
export interface Sample {
  cpuPerRequest?: number;
  cpuPerEvent?: number;
  bytesPerStream?: number;
  /** Milliseconds. */
  first?: Loaded['first'];
}

/** Sends requests for a while and returns what each took. */
export async function measureRequests(load: Load, subject: Subject, { kind, atOnce }: Case, times: Times): Promise<Sample> {
  await load({ do: 'open', port: subject.port, path: subject.path, kind, connections: atOnce });
  // with many connections even a short run is a long one
  if (atOnce <= 32) await load({ do: 'run', ms: times.warm });
  const before = await subject.usage();
  const loaded = checked(await load({ do: 'run', ms: times.run }));
  const after = await subject.usage();
  await load({ do: 'close' });
  const cpuPerRequest = (after.cpu - before.cpu) / loaded.requests;
  const deltas = Number(/^stream-(\d+)$/.exec(kind)?.[1] ?? NaN);
  return { cpuPerRequest, first: loaded.first, ...(deltas && { cpuPerEvent: cpuPerRequest / deltas }) };
}

/** Opens streams on which events come at their pace, and returns what each event takes, looking at them for some milliseconds. */
export async function measurePaced(load: Load, subject: Subject, { kind, atOnce }: Case, watch: number): Promise<Sample> {
  await load({ do: 'open', port: subject.port, path: subject.path, kind, connections: atOnce });
  checked(await load({ do: 'hold' }));
  await delay(watch / 4);
  const before = await subject.usage();
  await load({ do: 'count' });
  await delay(watch);
  const { events } = checked(await load({ do: 'count' }));
  const after = await subject.usage();
  await load({ do: 'close' });
  await delay(watch / 4);
  return { cpuPerEvent: (after.cpu - before.cpu) / events };
}

/** Opens streams on which nothing comes after the beginning, in a process that has none yet, and returns what each keeps in memory. */
export async function measureIdle(load: Load, subject: Subject, { kind, atOnce }: Case, watch: number): Promise<Sample> {
  await load({ do: 'open', port: subject.port, path: subject.path, kind: 'stream-10', connections: 32 });
  checked(await load({ do: 'run', ms: watch / 4 }));
  await load({ do: 'close' });
  const before = await subject.usage(true);
  await load({ do: 'open', port: subject.port, path: subject.path, kind, connections: atOnce });
  checked(await load({ do: 'hold' }));
  await delay(watch / 4);
  const after = await subject.usage(true);
  await load({ do: 'close' });
  return { bytesPerStream: (after.resident - before.resident) / atOnce };
}

/** Microseconds of `JSON.parse` for one event, and of `JSON.parse` with `JSON.stringify` for the requests with an image and of an agent, in this process. */
export function measureJson(): { parseEvent: number; copyImage: number; copyAgent: number } {
  const events = streamedAnswer('responses', 1000).deltas.map((text) => text.slice(text.indexOf('{')));
  const image = requestBody('image');
  const agent = requestBody('agent');
  let kept: unknown; // so that nothing is left out
  const cpuOf = (work: () => void): number => {
    const end = performance.now() + 100;
    const before = process.cpuUsage();
    let turns = 0;
    for (; turns < 3 || performance.now() < end; turns += 1) work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / turns;
  };
  const parseAll = (): void => {
    for (const event of events) kept = JSON.parse(event);
  };
  cpuOf(parseAll);
  const result = {
    parseEvent: cpuOf(parseAll) / events.length,
    copyImage: cpuOf(() => (kept = JSON.stringify(JSON.parse(image)))),
    copyAgent: cpuOf(() => (kept = JSON.stringify(JSON.parse(agent)))),
  };
  if (kept === undefined) throw new Error('nothing was parsed');
  return result;
}

/** A measurement of answers that failed would be one of something else. */
function checked(loaded: Loaded): Loaded {
  if (loaded.failures > 0) throw new Error(`${loaded.failures} answers failed: ${loaded.failure}`);
  return loaded;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}
