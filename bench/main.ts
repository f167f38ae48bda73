// `npm run bench`: measures the built proxy against the floors, prints a table, and writes bench/results.json and bench/results.svg.
// `-- --quick` takes less than a minute and only prints. A benchmark measures: it fails when answers do, never on a time.
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureIdle, measureJson, measurePaced, measureRequests, median, type Case, type Sample, type Times } from './measure.ts';
import { paths, type Kind } from './payloads.ts';
import { plot } from './plot.ts';
import { startFloor, startLoad, startProxy, startRedis, startTime, startUpstream, stopAll, type Load, type Subject } from './processes.ts';
import { caseTable, targetTable } from './report.ts';
import { keyOf, type Results, type SubjectName } from './results.ts';
import { judge } from './targets.ts';
import { keptTurns } from './turns.ts';

const quick = process.argv.includes('--quick');
/** How often processes are started for the idle streams, and the paced streams are opened. */
const rounds = quick ? 1 : 3;
/** Milliseconds that open streams are looked at. */
const watch = 1000;

/**
 * How often each subject is measured, and for how long. What has a target is measured more often, after turns that are not counted: what the
 * case needs may have been let go of since it ran last.
 */
function turnsOf({ kind, atOnce }: Case): { uncounted: number; turns: number; times: Times } {
  if (kind === 'image' || kind === 'agent') return { uncounted: 1, turns: quick ? 1 : 4, times: { warm: 40, run: 400 } };
  const times = { warm: 40, run: 200 };
  const hasTarget = atOnce === 32 || (kind === 'stream-10' && atOnce === 1);
  return hasTarget ? { uncounted: 1, turns: quick ? 1 : 7, times } : { uncounted: 0, turns: 1, times };
}

/** With a log, or the inspector. */
function isRecorded(name: SubjectName): boolean {
  return name.includes(' --');
}

/** Milliseconds before anything is measured: after them little that runs is still to be compiled. A log takes longest. */
function warmUp(name: SubjectName, kind: Kind): number {
  const whole = isRecorded(name) ? 21_000 : name.startsWith('proxy') ? 6500 : 4500;
  const share = kind === 'json' ? 0.35 : 0.65;
  return (quick ? whole / 7 : whole) * share;
}

const streams = (deltas: number, ...atOnce: number[]): Case[] => atOnce.map((one) => ({ kind: `stream-${deltas}`, atOnce: one }));
/** The ones with a log first: a process that waits for half a minute is cold again. */
const cases: Case[] = [
  ...streams(200, 32),
  { kind: 'json', atOnce: 32 },
  ...streams(10, 32, 1),
  ...streams(1000, 32),
  { kind: 'image', atOnce: 2 },
  { kind: 'agent', atOnce: 2 },
  ...(quick ? [] : [{ kind: 'json', atOnce: 1 } as const, ...streams(10, 256), ...streams(200, 1, 256), ...streams(1000, 1, 256)]),
];
const paced: Case = { kind: 'paced', atOnce: quick ? 300 : 1000 };
const idle: Case = { kind: 'idle', atOnce: quick ? 500 : 2000 };
/** Where the log and the inspector are measured, too. */
const recorded = new Set<Kind>(['json', 'stream-200']);
type Samples = Map<string, Sample[]>;

/** The medians of all samples of a kind. */
function summarise(samples: Samples): Results['samples'] {
  const middle = (all: Sample[], read: (sample: Sample) => number | undefined): number | undefined => {
    const values = all.map(read).filter((value) => value !== undefined);
    return values.length > 0 ? median(values) : undefined;
  };
  return Object.fromEntries(
    [...samples].map(([key, all]) => {
      const p50 = middle(all, ({ first }) => first?.p50);
      const sample = {
        cpuPerRequest: middle(all, (one) => one.cpuPerRequest),
        cpuPerEvent: middle(all, (one) => one.cpuPerEvent),
        bytesPerStream: middle(all, (one) => one.bytesPerStream),
        first: p50 === undefined ? undefined : { p50, p99: middle(all, ({ first }) => first?.p99) as number },
      };
      return [key, JSON.parse(JSON.stringify(sample)) as Sample];
    }),
  );
}

async function measureAll(load: Load, folder: string): Promise<Results> {
  const upstream = await startUpstream();
  const direct = { port: upstream.port, usage: async () => ({ cpu: 0, resident: 0 }), stop: async () => {} };
  const logFile = join(folder, 'bench.log');
  const start: Record<SubjectName, () => Promise<Subject>> = {
    relay: () => startFloor('relay', upstream.url),
    'proxy chat': () => startProxy(upstream.url, '--mode', 'chat'),
    translator: () => startFloor('translator', upstream.url),
    'proxy responses': () => startProxy(upstream.url, '--mode', 'responses'),
    'proxy responses --log': () => startProxy(upstream.url, '--mode', 'responses', '--log', logFile),
    'proxy responses --inspect': () => startProxy(upstream.url, '--mode', 'responses', '--inspect'),
  };
  const samples: Samples = new Map();
  const json: ReturnType<typeof measureJson>[] = [];
  const add = (name: Parameters<typeof keyOf>[0], one: Case, sample: Sample): void => {
    const key = keyOf(name, one.kind, one.atOnce);
    samples.set(key, [...(samples.get(key) ?? []), sample]);
  };

  /** Empties the log before, else it would grow to gigabytes, and new pages for a file can cost more than what writes to it. */
  function measure(name: SubjectName, subject: Subject, one: Case, times: Times): Promise<Sample> {
    if (name.includes('--log')) truncateSync(logFile);
    return measureRequests(load, subject, one, times);
  }

  /**
   * Measures each subject, and the upstream itself, again and again in short turns: what changes on the machine with time then changes for
   * all of them alike, and none gets cold. Each turn has an order of its own, since what one leaves behind is felt by the next.
   */
  async function takeTurns(one: Case, running: ReadonlyMap<SubjectName, Subject>): Promise<void> {
    const { uncounted, turns, times } = turnsOf(one);
    for (let turn = 0; turn < uncounted + turns; turn += 1) {
      const count = turn < uncounted ? () => {} : add;
      for (const mode of ['chat', 'responses'] as const) {
        const { first } = await measureRequests(load, { ...direct, path: paths[mode] }, one, { ...times, run: times.run / 3 });
        count(`direct ${mode}`, one, first ? { first } : {});
      }
      for (const [name, subject] of shuffled(running)) {
        if (isRecorded(name) && !(recorded.has(one.kind) && one.atOnce === 32)) continue;
        count(name, one, await measure(name, subject, one, times));
      }
      if (one.kind === 'image' || one.kind === 'agent') json.push(measureJson());
    }
  }

  say('starting');
  const starts = { node: [] as number[], proxy: [] as number[] };
  for (let run = 0; run < (quick ? 3 : 9); run += 1) {
    for (const what of ['node', 'proxy'] as const) starts[what].push(await startTime(what));
  }

  const names = Object.keys(start) as SubjectName[];
  const unrecorded = names.filter((name) => !isRecorded(name));
  for (let round = 0; round < rounds; round += 1) {
    say(`round ${round + 1} of ${rounds}: ${idle.atOnce} idle streams`);
    for (const name of unrecorded) {
      const subject = await start[name]();
      add(name, idle, await measureIdle(load, subject, idle, watch));
      await subject.stop();
    }
  }

  say('warming up');
  const running = new Map<SubjectName, Subject>();
  for (const name of names) running.set(name, await start[name]());
  const warmUps = quick ? 2 : 6;
  for (let round = 0; round < warmUps; round += 1) {
    for (const [name, subject] of running) {
      for (const kind of ['json', 'stream-200'] as const) {
        await measure(name, subject, { kind, atOnce: 32 }, { warm: 0, run: warmUp(name, kind) / warmUps });
      }
    }
  }

  for (const one of cases) {
    say(`${one.kind}, ${one.atOnce} at once`);
    await takeTurns(one, running);
  }
  for (let round = 0; round < rounds; round += 1) {
    say(`round ${round + 1} of ${rounds}: ${paced.atOnce} paced streams`);
    for (const name of unrecorded) add(name, paced, await measurePaced(load, running.get(name) as Subject, paced, watch));
  }

  say('ten turns');
  const turns = await measureTurns(load, upstream.url);

  return {
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
    cases: [...cases, paced, idle],
    samples: summarise(samples),
    json: {
      parseEvent: median(json.map((one) => one.parseEvent)),
      copyImage: median(json.map((one) => one.copyImage)),
      copyAgent: median(json.map((one) => one.copyAgent)),
    },
    turns,
    start: { node: median(starts.node), proxy: median(starts.proxy) },
  };
}

/** What it costs to bring ten turns back, beside the same request to a proxy that keeps none. */
async function measureTurns(load: Load, upstream: string): Promise<Results['turns']> {
  const redis = await startRedis();
  const ways: [where: keyof Results['turns'], args: string[]][] = [
    ['none', ['--no-memory']],
    ['memory', []],
    ...(redis === undefined ? [] : [['redis', ['--store', redis]] as ['redis', string[]]]),
  ];
  const running: { where: keyof Results['turns']; subject: Subject; samples: Sample[] }[] = [];
  for (const [where, args] of ways) {
    const subject = await startProxy(upstream, '--mode', 'responses', ...args);
    for (let turn = 0; turn < keptTurns; turn += 1) {
      await load({ do: 'open', port: subject.port, path: subject.path, kind: `turn-${turn}`, connections: 1 });
      await load({ do: 'run', ms: 0 });
      await load({ do: 'close' });
    }
    await measureRequests(load, subject, { kind: 'turns', atOnce: 1 }, { warm: 0, run: quick ? 500 : 4000 });
    running.push({ where, subject, samples: [] });
  }
  for (let turn = 0; turn < (quick ? 1 : 7); turn += 1) {
    for (const { subject, samples } of shuffled(running))
      samples.push(await measureRequests(load, subject, { kind: 'turns', atOnce: 1 }, { warm: 40, run: 400 }));
  }
  for (const { subject } of running) await subject.stop();
  return Object.fromEntries(
    running.map(({ where, samples }) => {
      const p50 = median(samples.map(({ first }) => first?.p50 ?? NaN));
      const p99 = median(samples.map(({ first }) => first?.p99 ?? NaN));
      return [where, { cpuPerRequest: median(samples.map(({ cpuPerRequest }) => cpuPerRequest ?? NaN)), first: { p50, p99 } }];
    }),
  );
}

function shuffled<Item>(items: Iterable<Item>): Item[] {
  const drawn = Array.from(items, (item) => ({ item, at: Math.random() }));
  return drawn.toSorted((a, b) => a.at - b.at).map(({ item }) => item);
}

function say(what: string): void {
  process.stderr.write(`${Math.round(performance.now() / 1000)} s  ${what}\n`);
}

const folder = mkdtempSync(join(tmpdir(), 'openai-proxy-bench-'));
process.on('exit', stopAll);
// A run that hangs must not stay for ever.
setTimeout(() => {
  process.stderr.write('the benchmark was given up after ten minutes\n');
  process.exit(1);
}, 600_000).unref();
try {
  const results = await measureAll(startLoad(), folder);
  const targets = judge(results);
  console.log(`${caseTable(results)}\n\n${targetTable(targets)}`);
  if (!quick) {
    const here = new URL('../../bench/', import.meta.url);
    writeFileSync(new URL('results.json', here), `${JSON.stringify({ ...results, targets }, null, 2)}\n`);
    writeFileSync(new URL('results.svg', here), plot(results));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
  stopAll();
}
process.exit();
