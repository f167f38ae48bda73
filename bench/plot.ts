import { digits } from './report.ts';
import { burstEvent, sampleOf, type Results, type SubjectName } from './results.ts';

interface Bar {
  label: string;
  value: number;
  own: boolean;
}

const width = 720;
const labelWidth = 190;
const barHeight = 22;
const longest = width - labelWidth - 80;

/** CPU per event against the floors, in two panels, each with its own scale. Readable on a light and on a dark page. */
export function plot(results: Results): string {
  const open = results.cases.find(({ kind }) => kind === 'paced')?.atOnce ?? 0;
  const bars = (read: (name: SubjectName) => number): Bar[] => [
    { label: 'bare fetch relay', value: read('relay'), own: false },
    { label: 'this proxy, chat mode', value: read('proxy chat'), own: true },
    { label: 'bare fetch translator', value: read('translator'), own: false },
    { label: 'this proxy, responses mode', value: read('proxy responses'), own: true },
  ];
  const panels = [
    {
      title: 'µs of CPU for one event of a burst',
      bars: [...bars((name) => burstEvent(results, name)), { label: 'JSON.parse alone', value: results.json.parseEvent, own: false }],
    },
    {
      title: `µs of CPU for one event of ${open.toLocaleString('en')} live streams`,
      bars: bars((name) => sampleOf(results, name, 'paced', open).cpuPerEvent ?? 0),
    },
  ];
  let y = 0;
  const parts = panels.flatMap((panel) => {
    const scale = longest / Math.max(...panel.bars.map(({ value }) => value));
    y += 28;
    const title = `<text class="title" x="0" y="${y}">${panel.title}</text>`;
    y += 12;
    const rows = panel.bars.map(({ label, value, own }) => {
      const length = Math.max(1, value * scale).toFixed(1);
      const row =
        `<text x="${labelWidth - 10}" y="${y + 15}" text-anchor="end">${label}</text>` +
        `<rect class="${own ? 'own' : 'floor'}" x="${labelWidth}" y="${y}" width="${length}" height="${barHeight - 4}" rx="2"/>` +
        `<text x="${labelWidth + Number(length) + 8}" y="${y + 15}">${digits(value)}</text>`;
      y += barHeight;
      return row;
    });
    return [title, ...rows];
  });
  const foot = `Node ${results.node}, ${results.date}, medians of interleaved turns; shorter is better`;
  y += 24;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y + 12}" width="${width}" height="${y + 12}" role="img" aria-label="CPU per event against the floors">`,
    '<style>text{font:13px system-ui,sans-serif;fill:#333}.title{font-weight:600}.foot{font-size:11px;fill:#777}.own{fill:#0a7d62}.floor{fill:#b5bcc4}' +
      '@media(prefers-color-scheme:dark){text{fill:#ddd}.foot{fill:#999}.own{fill:#2fbf9b}.floor{fill:#59626c}}</style>',
    ...parts,
    `<text class="foot" x="0" y="${y}">${foot}</text>`,
    '</svg>',
    '',
  ].join('\n');
}
