import type { Exchange } from '../model/exchange.ts';
import type { Piece, Step } from '../model/pairing.ts';
import { parseJson } from '../model/entry.ts';
import { duration, visible } from '../model/units.ts';
import { el } from './dom.ts';
import { jsonTree, longText } from './json-tree.ts';
import { totalOf } from './list.ts';
import { panel } from './request-view.ts';
import { timeLine } from './time-line.ts';
import { virtualList } from './virtual-list.ts';

/** Milliseconds without an event that are worth a look. */
const LONG_GAP = 500;
/** Characters of an answer that are shown at first. */
const LONG = 4000;
/** Levels of an event that are open at once; it is small. */
const EVENT_LEVELS = 5;

export interface LiveView {
  element: HTMLElement;
  update(): void;
}

/** The events of a streamed answer on a time line and in a list, or the two documents of one that came whole. */
export function receivedView(exchange: Exchange): LiveView {
  const element = el('section', {});
  const head = el('div', { class: 'section-head' }, el('h3', {}, 'Answer'));
  let view: LiveView | undefined;
  let isStream: boolean | undefined;
  const update = (): void => {
    const streams = exchange.steps.length > 0;
    if (streams !== isStream) {
      isStream = streams;
      view = streams ? streamView(exchange) : wholeView(exchange);
      element.replaceChildren(head, view.element);
    }
    view?.update();
  };
  update();
  return { element, update };
}

function wholeView(exchange: Exchange): LiveView {
  const element = el('div', { class: 'pair' });
  let version = -1;
  const document = (text: string): HTMLElement => {
    const value = parseJson(text);
    return el(
      'div',
      {},
      value === undefined ? el('div', { class: 'plain' }, text === '' ? 'nothing yet' : longText(text)) : jsonTree(value),
    );
  };
  return {
    element,
    update() {
      if (version === exchange.version) return;
      version = exchange.version;
      const { attempts, answered, status } = exchange;
      const attempt = attempts.at(-1);
      const received = attempt?.received ?? '';
      element.replaceChildren(
        attempt ? panel('Received', String(attempt.status ?? ''), document(received), () => received) : '',
        panel('Answered', String(status ?? ''), document(answered), () => answered),
      );
    },
  };
}

function streamView(exchange: Exchange): LiveView {
  const { steps } = exchange;
  const list = virtualList({
    label: 'Events, each with the chunks that it became',
    rowHeight: 26,
    openHeight: 264,
    row: (at) => eventRow(steps[at] as Step, steps[at - 1]),
    open: (at) => openedEvent(steps[at] as Step),
  });
  const line = timeLine((at) => list.reveal(at));
  const counts = el('p', { class: 'dim counts' });
  let version = -1;
  return {
    element: el(
      'div',
      {},
      line.element,
      counts,
      el(
        'div',
        { class: 'events' },
        el(
          'div',
          { class: 'row head', 'aria-hidden': 'true' },
          cell('at', 'at'),
          cell('gap', 'gap'),
          cell('in', 'received'),
          cell('out', 'answered'),
        ),
        list.element,
      ),
    ),
    update() {
      if (version === exchange.version && exchange.state !== 'running') return;
      version = exchange.version;
      const { attempts, firstOutput: first, last, state } = exchange;
      line.update({ steps, attempts, first, total: state === 'running' ? totalOf(exchange) : last });
      const chunks = steps.reduce((sum, step) => sum + step.chunks.length, 0);
      counts.textContent = `${steps.length.toLocaleString('en')} events became ${chunks.toLocaleString('en')} chunks. Press one to open it.`;
      list.update(steps.length);
    },
  };
}

function cell(name: string, ...content: (Node | string)[]): HTMLElement {
  return el('span', { class: `cell ${name}` }, ...content);
}

function eventRow(step: Step, before: Step | undefined): HTMLElement {
  const gap = step.at - (before?.at ?? 0);
  return el(
    'div',
    { class: `row is-${step.kind}` },
    cell('at', duration(step.at)),
    el('span', { class: gap >= LONG_GAP ? 'cell gap is-long' : 'cell gap' }, gap < 1 ? '' : `+${duration(gap)}`),
    cell('in', el('span', { class: 'dot' }), gist(step)),
    cell('out', ...step.chunks.slice(0, 3).map(gist), step.chunks.length > 3 ? ` and ${step.chunks.length - 3} more` : ''),
  );
}

function gist({ name, text }: Piece): HTMLElement {
  const shown = visible(text.slice(0, 120)).replaceAll('\n', '⏎');
  return el('span', { class: 'gist' }, el('span', { class: 'name' }, visible(name.slice(0, 80))), shown === '' ? '' : ` ${shown}`);
}

function openedEvent({ data, chunks }: Step): HTMLElement {
  const show = (one: string): HTMLElement => {
    const value = parseJson(one);
    return value === undefined ? el('div', { class: 'plain' }, longText(one)) : jsonTree(value, undefined, EVENT_LEVELS);
  };
  return el(
    'div',
    {},
    el(
      'div',
      { class: 'half', tabindex: 0, role: 'group', 'aria-label': 'Event' },
      data === '' ? el('p', { class: 'dim' }, 'Nothing was received.') : show(data),
    ),
    el(
      'div',
      { class: 'half', tabindex: 0, role: 'group', 'aria-label': 'Chunks' },
      ...(chunks.length > 0 ? chunks.map((chunk) => show(chunk.data)) : [el('p', { class: 'dim' }, 'The client got nothing for it.')]),
    ),
  );
}

/** The answer as a client shows it. */
export function shownAnswer({ answer, errors }: Exchange): HTMLElement {
  const { reasoning, content, refusal, calls, citations, images, finish } = answer;
  const part = (title: string, ...body: (Node | string)[]): HTMLElement =>
    el('div', { class: `said ${title}` }, el('h4', {}, title), ...body);
  const parts = [
    reasoning && part('reasoning', longText(reasoning, '', LONG)),
    content && part('text', longText(content, '', LONG)),
    refusal && part('refusal', longText(refusal, '', LONG)),
    calls.length > 0 &&
      part('calls', ...calls.map((call) => el('div', { class: 'call' }, el('b', {}, visible(call.name)), longText(call.arguments)))),
    citations.length > 0 &&
      part('sources', ...citations.map(({ title, url }) => el('div', {}, visible(title), ' ', el('span', { class: 'dim' }, visible(url))))),
    images > 0 && part('images', String(images)),
    finish && part('finish', visible(finish)),
    ...errors.map((error) => part('error', longText(error))),
  ].filter((one) => typeof one === 'object');
  return el(
    'section',
    {},
    el('div', { class: 'section-head' }, el('h3', {}, 'As the client shows it')),
    el('div', { class: 'shown' }, ...(parts.length > 0 ? parts : [el('p', { class: 'dim' }, 'Nothing that a chat client shows.')])),
  );
}
