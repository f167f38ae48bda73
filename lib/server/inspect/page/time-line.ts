import type { Kind } from '../model/kinds.ts';
import type { Attempt } from '../model/exchange.ts';
import type { Step } from '../model/pairing.ts';
import { duration } from '../model/units.ts';
import { el } from './dom.ts';

/** The lanes, from top to bottom, with the custom property of their colour. */
const lanes: readonly (readonly [kind: Kind, name: string, colour: string])[] = [
  ['reasoning', 'reasoning', '--b'],
  ['tool', 'searches', '--dim'],
  ['call', 'calls', '--a'],
  ['text', 'text', '--a'],
];
/** CSS pixels. */
const [LANE, AXIS, LABEL] = [18, 20, 72];

/** What is drawn. */
export interface Times {
  steps: readonly Step[];
  attempts: readonly Attempt[];
  /** Milliseconds to the first output and to the end. */
  first: number | undefined;
  total: number;
}

export interface TimeLine {
  element: HTMLElement;
  update(times: Times): void;
}

/** Draws the events of an answer over the time: what came when, and where nothing came. */
export function timeLine(chooseStep: (at: number) => void): TimeLine {
  const canvas = el('canvas', { class: 'time-line', role: 'img' });
  let drawn: Times | undefined;

  function draw(): void {
    if (!drawn || canvas.clientWidth === 0) return;
    const { steps, attempts, first, total } = drawn;
    const used = lanes.filter(([kind]) => steps.some((step) => step.kind === kind));
    const [width, height] = [canvas.clientWidth, (used.length + 1) * LANE + AXIS];
    const scale = devicePixelRatio;
    canvas.style.height = `${height}px`;
    canvas.width = width * scale;
    canvas.height = height * scale;
    const context = canvas.getContext('2d');
    if (!context) return;
    context.scale(scale, scale);
    const style = getComputedStyle(canvas);
    const colour = (name: string): string => style.getPropertyValue(name);
    context.font = `${style.fontSize} ${style.fontFamily}`;
    context.textBaseline = 'middle';
    const x = (ms: number): number => LABEL + (ms / Math.max(1, total)) * (width - LABEL - 1);

    const apart = roundStep(total / (width > 480 ? 8 : 3));
    for (let ms = 0; ms <= total; ms += apart) {
      context.fillStyle = colour('--line');
      context.fillRect(x(ms), 0, 1, height - AXIS + 4);
      context.fillStyle = colour('--dim');
      context.textAlign = ms === 0 ? 'left' : x(ms) > width - 24 ? 'right' : 'center';
      context.fillText(duration(ms), x(ms), height - AXIS / 2 + 1);
    }
    context.textAlign = 'left';
    // each request to the upstream, until the head of its answer; one that was refused has a frame only
    context.fillStyle = colour('--dim');
    context.fillText('waiting', 0, LANE / 2);
    for (const { at, answeredAt = total, status = 0 } of attempts) {
      context.fillStyle = context.strokeStyle = colour(status >= 400 ? '--b' : '--dim');
      const bar = [x(at) + 0.5, 4.5, Math.max(2, x(answeredAt) - x(at) - 2), LANE - 9] as const;
      if (status >= 400) context.strokeRect(...bar);
      else context.fillRect(...bar);
    }
    for (const [row, [kind, name, property]] of used.entries()) {
      const top = (row + 1) * LANE;
      context.fillStyle = colour('--dim');
      context.fillText(name, 0, top + LANE / 2);
      context.fillStyle = colour(property);
      // the whole stretch lightly, then each event
      const of = steps.filter((step) => step.kind === kind);
      context.globalAlpha = 0.18;
      for (const [from, until] of stretches(of, total)) context.fillRect(x(from), top + 4, Math.max(2, x(until) - x(from)), LANE - 8);
      context.globalAlpha = 1;
      let last = -1;
      for (const step of of) {
        const at = Math.round(x(step.at));
        if (at === last) continue;
        last = at;
        context.fillRect(at, top + 4, 1.5, LANE - 8);
      }
    }
    if (first !== undefined) {
      context.fillStyle = colour('--ink');
      context.fillRect(x(first), 0, 1, height - AXIS + 4);
      context.beginPath();
      context.moveTo(x(first) - 4, 0);
      context.lineTo(x(first) + 5, 0);
      context.lineTo(x(first) + 0.5, 5);
      context.fill();
    }
  }

  canvas.addEventListener('click', ({ offsetX }) => {
    if (!drawn) return;
    const { steps, total } = drawn;
    const at = ((offsetX - LABEL) / (canvas.clientWidth - LABEL - 1)) * total;
    const found = steps.findIndex((step) => step.at >= at);
    if (steps.length > 0) chooseStep(found === -1 ? steps.length - 1 : found);
  });
  new ResizeObserver(draw).observe(canvas);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);

  return {
    element: canvas,
    update(times) {
      drawn = times;
      const { steps, first, total } = times;
      const label = `${steps.length} events in ${duration(total)}` + (first === undefined ? '' : `, first output after ${duration(first)}`);
      canvas.setAttribute('aria-label', label);
      draw();
    },
  };
}

/** Returns the next 1, 2 or 5 with zeros. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  return power * ([1, 2, 5].find((digit) => digit * power >= least) ?? 10);
}

/** Returns the stretches in which events follow one another without a gap of a twentieth of the whole. */
function stretches(steps: readonly Step[], total: number): [from: number, until: number][] {
  const found: [number, number][] = [];
  for (const { at } of steps) {
    const last = found.at(-1);
    if (last && at - last[1] < total / 20) last[1] = at;
    else found.push([at, at]);
  }
  return found;
}
