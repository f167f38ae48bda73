import type { Case, Sample } from './measure.ts';

/** What is measured: the proxy, and beside it the floor of the same kind. */
export const subjects = {
  relay: { mode: 'chat', shown: 'fetch relay' },
  'proxy chat': { mode: 'chat', shown: 'proxy, chat' },
  translator: { mode: 'responses', shown: 'fetch translator' },
  'proxy responses': { mode: 'responses', shown: 'proxy, responses' },
  'proxy responses --log': { mode: 'responses', shown: 'proxy, responses, --log' },
  'proxy responses --inspect': { mode: 'responses', shown: 'proxy, responses, --inspect' },
} as const;

export type SubjectName = keyof typeof subjects;

/** All that a run has found; of each sample the median of its turns. */
export interface Results {
  date: string;
  node: string;
  machine: string;
  cases: readonly Case[];
  /** By `keyOf`. */
  samples: { [key: string]: Sample };
  /** Microseconds of CPU. */
  json: { parseEvent: number; copyImage: number; copyAgent: number };
  /** A request with ten turns to restore: nothing kept, in this process, in Redis if that is installed. */
  turns: { [where in 'none' | 'memory' | 'redis']?: Sample };
  /** Milliseconds. */
  start: { node: number; proxy: number };
}

export function keyOf(name: SubjectName | 'direct chat' | 'direct responses', kind: string, atOnce: number): string {
  return `${name}, ${kind}, ${atOnce} at once`;
}

export function sampleOf({ samples }: Results, ...key: Parameters<typeof keyOf>): Sample {
  return samples[keyOf(...key)] ?? {};
}

/** Microseconds that each event of a burst adds: a stream of 1,000 against one of 10, so that the request itself does not count. */
export function burstEvent(results: Results, name: SubjectName): number {
  const of = (kind: string): number => sampleOf(results, name, kind, 32).cpuPerRequest ?? NaN;
  return (of('stream-1000') - of('stream-10')) / 990;
}
