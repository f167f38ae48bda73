// `npm run bench`: measures the built proxy against the floors, prints a table, and writes bench/results.json and bench/results.svg.
// `-- --quick` takes less than a minute and only prints. A benchmark measures: it fails when answers do, never on a time.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureIdle, measureJson, measurePaced, measureRequests, median, type Case, type Sample, type Times } from './measure.ts';
import { paths, type Kind } from './payloads.ts';
import { plot } from './plot.ts';
import { startFloor, startLoad, startProxy, startTime, startUpstream, stopAll, type Load, type Subject } from './processes.ts';
import { caseTable, targetTable } from './report.ts';
import { keyOf, type Results, type SubjectName } from './results.ts';
import { judge } from './targets.ts';

const quick = process.argv.includes('--quick');
const rounds = quick ? 1 : 3;
const times: Times = quick ? { warm: 50, run: 200, watch: 1500 } : { warm: 50, run: 230, watch: 2400 };

const streams = (deltas: number, ...atOnce: number[]): Case[] => atOnce.map((one) => ({ kind: `stream-${deltas}`, atOnce: one }));
const cases: Case[] = [
  ...(quick ? [] : [{ kind: 'json', atOnce: 1 } as const]),
  { kind: 'json', atOnce: 32 },
  ...(quick
    ? [...streams(10, 1, 32), ...streams(200, 32), ...streams(1000, 32)]
    : [...streams(10, 1, 32, 256), ...streams(200, 1, 32, 256), ...streams(1000, 1, 32, 256)]),
  { kind: 'image', atOnce: 2 },
];
const paced: Case = { kind: 'paced', atOnce: quick ? 300 : 1000 };
const idle: Case = { kind: 'idle', atOnce: quick ? 500 : 2000 };
/** Where the log is measured, too. */
const logged = new Set<Kind>(['json', 'stream-200']);
/** A round takes turns more than once where that is short, as other programs disturb a single one. */
const turns = ({ atOnce }: Case): number => (quick || atOnce > 32 ? 1 : 2);

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
  const start: Record<SubjectName, () => Promise<Subject>> = {
    relay: () => startFloor('relay', upstream.url),
    'proxy chat': () => startProxy(upstream.url, '--mode', 'chat'),
    translator: () => startFloor('translator', upstream.url),
    'proxy responses': () => startProxy(upstream.url, '--mode', 'responses'),
    'proxy responses --log': () => startProxy(upstream.url, '--mode', 'responses', '--log', join(folder, 'bench.log')),
  };
  const samples: Samples = new Map();
  const add = (name: Parameters<typeof keyOf>[0], one: Case, sample: Sample): void => {
    const key = keyOf(name, one.kind, one.atOnce);
    samples.set(key, [...(samples.get(key) ?? []), sample]);
  };

  /** One measurement of each subject, and of the upstream itself. */
  async function takeTurns(one: Case, running: ReadonlyMap<SubjectName, Subject>): Promise<void> {
    for (const mode of ['chat', 'responses'] as const) {
      const { first } = await measureRequests(load, { ...direct, path: paths[mode] }, one, { ...times, run: times.run / 3 });
      add(`direct ${mode}`, one, first ? { first } : {});
    }
    for (const [name, subject] of running) {
      if (name.includes('--log') && !(logged.has(one.kind) && one.atOnce === 32)) continue;
      add(name, one, await measureRequests(load, subject, one, times));
    }
  }

  const names = Object.keys(start) as SubjectName[];
  const withoutLog = names.filter((name) => !name.includes('--log'));
  for (let round = 0; round < rounds; round += 1) {
    say(`round ${round + 1} of ${rounds}: ${idle.atOnce} idle streams`);
    for (const name of withoutLog) {
      const subject = await start[name]();
      add(name, idle, await measureIdle(load, subject, idle, times));
      await subject.stop();
    }
  }

  say('warming up');
  const running = new Map<SubjectName, Subject>();
  for (const name of names) {
    const subject = await start[name]();
    for (const kind of ['json', 'stream-10', 'stream-1000'] as const) {
      await measureRequests(load, subject, { kind, atOnce: 32 }, { ...times, run: quick ? 300 : 1000 });
    }
    running.set(name, subject);
  }

  for (let round = 0; round < rounds; round += 1) {
    for (const one of cases) {
      say(`round ${round + 1} of ${rounds}: ${one.kind}, ${one.atOnce} at once`);
      for (let turn = 0; turn < turns(one); turn += 1) await takeTurns(one, running);
    }
    say(`round ${round + 1} of ${rounds}: ${paced.atOnce} paced streams`);
    for (const name of withoutLog) add(name, paced, await measurePaced(load, running.get(name) as Subject, paced, times));
  }

  say('starting');
  const starts = { node: [] as number[], proxy: [] as number[] };
  for (let run = 0; run < (quick ? 3 : 7); run += 1) {
    for (const what of ['node', 'proxy'] as const) starts[what].push(await startTime(what));
  }

  return {
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
    rounds,
    cases: [...cases, paced, idle],
    samples: summarise(samples),
    json: measureJson(times),
    start: { node: median(starts.node), proxy: median(starts.proxy) },
  };
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
