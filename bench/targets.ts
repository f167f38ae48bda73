import { burstEvent, sampleOf, type Results, type SubjectName } from './results.ts';

export interface Target {
  what: string;
  /** The measured value may be at most this. */
  limit: number;
  unit: string;
  value: number;
}

/**
 * The project's own targets. Most are ratios to the floor of the same kind, since absolute figures change from machine to machine and
 * from run to run.
 */
export function judge(results: Results): Target[] {
  const ratio = (what: string, limit: number, floor: string, value: number, base: number): Target => ({
    what,
    limit,
    unit: `× ${floor}`,
    value: value / base,
  });
  const request = (name: SubjectName, kind: string, atOnce = 32): number => sampleOf(results, name, kind, atOnce).cpuPerRequest ?? NaN;
  const open = (kind: string): number => results.cases.find((one) => one.kind === kind)?.atOnce ?? 0;
  const pacedEvent = (name: SubjectName): number => sampleOf(results, name, 'paced', open('paced')).cpuPerEvent ?? NaN;
  const idle = (name: SubjectName): number => sampleOf(results, name, 'idle', open('idle')).bytesPerStream ?? NaN;
  const p50 = (name: Parameters<typeof sampleOf>[1]): number => sampleOf(results, name, 'stream-10', 1).first?.p50 ?? NaN;
  /** No ratio: beside it stands what the floor adds on the same machine. */
  const first = (mode: 'chat' | 'responses', floor: 'relay' | 'translator'): Target => {
    const added = (name: SubjectName): number => p50(name) - p50(`direct ${mode}`);
    const unit = `ms more than direct (${floor}: ${added(floor).toFixed(2)})`;
    return { what: `first content for one client, ${mode} mode`, limit: 0.75, unit, value: added(`proxy ${mode}`) };
  };
  const logged = (kind: string): [number, number] => [request('proxy responses --log', kind), request('proxy responses', kind)];
  const inspected = (kind: string): [number, number] => [
    request('proxy responses --inspect', kind),
    request('proxy responses --log', kind),
  ];
  return [
    ratio('JSON request, responses mode', 1.25, 'translator', request('proxy responses', 'json'), request('translator', 'json')),
    ratio('JSON request, chat mode', 1.15, 'relay', request('proxy chat', 'json'), request('relay', 'json')),
    ratio('stream of 10 events', 1.25, 'translator', request('proxy responses', 'stream-10'), request('translator', 'stream-10')),
    ratio('event in a burst', 0.8, 'translator', burstEvent(results, 'proxy responses'), burstEvent(results, 'translator')),
    ratio('event of paced streams', 1.15, 'translator', pacedEvent('proxy responses'), pacedEvent('translator')),
    ratio('memory of an idle stream, responses mode', 1.15, 'relay', idle('proxy responses'), idle('relay')),
    ratio('memory of an idle stream, chat mode', 1.15, 'relay', idle('proxy chat'), idle('relay')),
    first('responses', 'translator'),
    first('chat', 'relay'),
    ratio(
      '8 MiB image, responses mode',
      1.2,
      'JSON.parse + JSON.stringify',
      request('proxy responses', 'image', 2),
      results.json.copyImage,
    ),
    ratio(
      '1 MB of an agent, responses mode',
      0.5,
      'JSON.parse + JSON.stringify',
      request('proxy responses', 'agent', 2),
      results.json.copyAgent,
    ),
    ratio('JSON request with --log', 1.5, 'without', ...logged('json')),
    ratio('stream of 200 events with --log', 1.5, 'without', ...logged('stream-200')),
    ratio('JSON request with --inspect', 1.1, '--log', ...inspected('json')),
    ratio('stream of 200 events with --inspect', 1.1, '--log', ...inspected('stream-200')),
    { what: 'start until it listens', limit: 150, unit: 'ms more than node -e 0', value: results.start.proxy - results.start.node },
  ];
}
