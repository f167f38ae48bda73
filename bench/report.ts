import type { Case } from './measure.ts';
import { burstEvent, sampleOf, subjects, type Results, type SubjectName } from './results.ts';
import type { Target } from './targets.ts';

type Row = readonly string[];

/** A Markdown table; numbers to the right. */
function table(head: Row, rows: readonly Row[]): string {
  const widths = head.map((cell, at) => Math.max(cell.length, ...rows.map((row) => row[at]!.length)));
  const line = (row: Row): string =>
    `| ${row.map((cell, at) => (at ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!))).join(' | ')} |`;
  const rule = `|${widths.map((width, at) => (at ? `${'-'.repeat(width + 1)}:` : '-'.repeat(width + 2))).join('|')}|`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

/** Three digits, without a power of ten. */
export function digits(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '';
  const places = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toFixed(places);
}

const pairs: readonly (readonly [SubjectName, SubjectName])[] = [
  ['relay', 'proxy chat'],
  ['translator', 'proxy responses'],
];

/** What each case took: CPU, memory, and the time to the first content beyond that of the upstream itself. */
export function caseTable(results: Results): string {
  const head = [
    'case',
    'at once',
    'unit',
    ...pairs.flatMap(([floor, proxy]) => [subjects[floor].shown, subjects[proxy].shown, '×']),
    '--log',
  ];
  const row = (name: string, atOnce: string, unit: string, read: (subject: SubjectName) => number | undefined): Row => [
    name,
    atOnce,
    unit,
    ...pairs.flatMap(([floor, proxy]) => [digits(read(floor)), digits(read(proxy)), digits((read(proxy) ?? NaN) / (read(floor) ?? NaN))]),
    digits(read('proxy responses --log')),
  ];
  const rows = results.cases.flatMap(({ kind, atOnce }: Case) => {
    const of = (name: SubjectName) => sampleOf(results, name, kind, atOnce);
    const added = (name: SubjectName, at: 'p50' | 'p99'): number | undefined => {
      const direct = sampleOf(results, `direct ${subjects[name].mode}`, kind, atOnce).first;
      const first = of(name).first;
      return direct && first && first[at] - direct[at];
    };
    const units: [string, (name: SubjectName) => number | undefined][] = [
      ['µs CPU / request', (name) => of(name).cpuPerRequest],
      ['µs CPU / event', (name) => of(name).cpuPerEvent],
      ['KB / stream', (name) => (of(name).bytesPerStream ?? NaN) / 1000],
      ['ms added, p50', (name) => added(name, 'p50')],
      ['ms added, p99', (name) => added(name, 'p99')],
    ];
    return units
      .filter(([, read]) => !Number.isNaN(read('relay') ?? NaN))
      .map(([unit, read], at) => row(at ? '' : kind, at ? '' : String(atOnce), unit, read));
  });
  const burst = row('event in a burst', '32', 'µs CPU / event', (name) => burstEvent(results, name));
  const { json, start, turns, node, machine, date } = results;
  const restored = (where: keyof Results['turns']): string =>
    `${digits(turns[where]?.cpuPerRequest) || '–'} µs CPU, ${digits(turns[where]?.first?.p50) || '–'} ms`;
  return [
    `${date}, Node ${node}, ${machine}; medians of interleaved turns`,
    '',
    table(head, [...rows, burst]),
    '',
    `In this process: JSON.parse of an event ${digits(json.parseEvent)} µs, JSON.parse and JSON.stringify of the image's request ` +
      `${digits(json.copyImage / 1000)} ms, of the agent's ${digits(json.copyAgent / 1000)} ms. Start: node -e 0 ${digits(start.node)} ms, until the proxy listens ${digits(start.proxy)} ms.`,
    `A request with ten turns: not kept ${restored('none')}; restored from memory ${restored('memory')}; from Redis ${restored('redis')}.`,
  ].join('\n');
}

export function targetTable(targets: readonly Target[]): string {
  return table(
    ['target', 'at most', 'measured', '', ''],
    targets.map(({ what, limit, unit, value }) => [what, String(limit), digits(value), unit, value <= limit ? 'met' : 'MISSED']),
  );
}
