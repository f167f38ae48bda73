import type { Exchange } from '../model/exchange.ts';
import { amount, clock, duration, visible } from '../model/units.ts';
import { durationBar, tokenBar } from './bars.ts';
import { el } from './dom.ts';
import { symbols } from './json-tree.ts';

/** Labels that a row has room for. */
const MOST_LABELS = 6;

/** Milliseconds from the beginning to the end, or until now. */
export function totalOf({ state, started, last }: Exchange): number {
  return state === 'running' ? Math.max(last, Date.now() - started) : last;
}

export function statusText({ state, status }: Exchange): string {
  if (state === 'left') return 'left';
  if (status !== undefined) return String(status);
  return state === 'running' ? '···' : 'fail';
}

export function labelsOf(exchange: Exchange, most = Infinity): HTMLElement {
  const labels = exchange.comparison()?.labels ?? [];
  const retries = exchange.attempts.length - 1;
  const made = el('span', { class: 'labels' });
  if (retries > 0) made.append(el('span', { class: 'mark changed' }, retries === 1 ? 'sent again' : `sent again ${retries} times`));
  for (const { kind, text } of labels.slice(0, most))
    made.append(el('span', { class: `mark ${kind}` }, `${symbols[kind]}${kind === 'restored' ? ' ' : ''}${visible(text)}`));
  const [error] = exchange.errors;
  if (error !== undefined && most < Infinity) made.append(el('span', { class: 'error' }, visible(error)));
  if (labels.length > most) made.append(el('span', { class: 'dim' }, `${labels.length - most} more`));
  return made;
}

/** What the list needs from the page. */
interface Options {
  choose(id: string): void;
}

export interface List {
  element: HTMLElement;
  update(shown: readonly Exchange[], chosen: string | undefined): void;
}

export function exchangeList({ choose }: Options): List {
  const element = el('div', { class: 'list', role: 'listbox', tabindex: 0, 'aria-label': 'Exchanges' });
  const rows = new Map<Exchange, { element: HTMLElement; version: number; longest: number }>();

  function fill(row: HTMLElement, exchange: Exchange, longest: number): void {
    const { id, port, method, path, model, tokens, started, state } = exchange;
    const total = totalOf(exchange);
    row.className = `exchange is-${state}`;
    row.replaceChildren(
      el('span', { class: 'status' }, statusText(exchange)),
      el('span', { class: 'model' }, visible(model) || '–'),
      el(
        'span',
        { class: 'where' },
        el('span', {}, clock(started)),
        ' ',
        el('span', {}, `${port}`),
        ' ',
        el('span', {}, `${method} ${visible(path)}`),
      ),
      el('span', { class: 'took' }, durationBar(exchange, total, longest), el('span', { class: 'number' }, duration(total))),
      el(
        'span',
        { class: 'used' },
        tokens && tokenBar(tokens),
        el('span', { class: 'number' }, tokens ? `${amount(tokens.input)} → ${amount(tokens.output)}` : ''),
      ),
      labelsOf(exchange, MOST_LABELS),
    );
    row.id = `row-${id}`;
  }

  element.addEventListener('click', ({ target }) => {
    const row = (target as Element).closest<HTMLElement>('.exchange');
    if (row) choose(row.id.slice('row-'.length));
  });

  return {
    element,
    update(shown, chosen) {
      const longest = Math.max(1000, ...shown.map(totalOf));
      const wanted = shown.map((exchange) => {
        let row = rows.get(exchange);
        if (!row) rows.set(exchange, (row = { element: el('div', { role: 'option' }), version: -1, longest: 0 }));
        if (row.version !== exchange.version || row.longest !== longest || exchange.state === 'running') {
          fill(row.element, exchange, longest);
          Object.assign(row, { version: exchange.version, longest });
        }
        row.element.setAttribute('aria-selected', String(exchange.id === chosen));
        return row.element;
      });
      const kept = new Set(shown);
      for (const exchange of rows.keys()) if (!kept.has(exchange)) rows.delete(exchange);
      if (wanted.length !== element.childElementCount || wanted.some((row, at) => element.children[at] !== row))
        element.replaceChildren(...wanted);
      if (chosen !== undefined && kept.size > 0) element.setAttribute('aria-activedescendant', `row-${chosen}`);
      else element.removeAttribute('aria-activedescendant');
    },
  };
}
