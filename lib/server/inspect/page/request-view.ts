import type { Attempt, Body, Exchange } from '../model/exchange.ts';
import type { Marks } from '../model/compare.ts';
import { visible } from '../model/units.ts';
import { button, copyButton, el } from './dom.ts';
import { jsonTree, longText, symbols } from './json-tree.ts';

const meanings = {
  added: 'added by the proxy',
  dropped: 'left out',
  changed: 'changed',
  mapped: 'stands elsewhere',
  restored: 'put back',
  served: 'done by the proxy',
} as const;

/** A panel with a title, a line below it and a body. */
export function panel(title: string, about: string, body: HTMLElement, textOf: () => string): HTMLElement {
  const head = el(
    'div',
    { class: 'panel-head' },
    el('h4', {}, title),
    el('span', { class: 'dim about' }, about),
    copyButton('Copy', textOf),
  );
  body.classList.add('panel-body');
  body.tabIndex = 0;
  body.setAttribute('role', 'group');
  body.setAttribute('aria-label', title);
  return el('div', { class: 'panel' }, head, body);
}

function bodyPanel(title: string, about: string, { text, json, isCut }: Body, marks: Marks | undefined): HTMLElement {
  const body = json
    ? el('div', {}, jsonTree(json, marks))
    : el('div', { class: 'plain' }, text === '' ? 'no body, or not in the log' : longText(text));
  return panel(title, isCut ? `${about}, cut at 1 MiB` : about, body, () => (json ? JSON.stringify(json, undefined, 2) : text));
}

/** What the client asked beside what the upstream was sent. */
export function requestView(exchange: Exchange): HTMLElement {
  const element = el('section', {});
  const { attempts } = exchange;
  let shown = attempts.length - 1;

  function draw(): void {
    const attempt = attempts[shown];
    const comparison = exchange.comparison(attempt);
    const kinds = new Set([...(comparison?.asked.values() ?? []), ...(comparison?.sent.values() ?? [])].map(({ kind }) => kind));
    const legend = Object.entries(meanings)
      .filter(([kind]) => kinds.has(kind as keyof typeof meanings))
      .map(([kind, text]) => el('span', { class: `mark ${kind}` }, `${symbols[kind as keyof typeof meanings]} ${text}`));
    element.replaceChildren(
      el('div', { class: 'section-head' }, el('h3', {}, 'Request'), el('span', { class: 'labels' }, ...legend)),
      attempts.length > 1 ? steps() : '',
      el(
        'div',
        { class: 'pair' },
        bodyPanel('Asked', `${exchange.method} ${visible(exchange.path)}`, exchange.asked, comparison?.asked),
        attempt
          ? bodyPanel('Sent', `${attempt.method} ${visible(attempt.path)}`, attempt.sent, comparison?.sent)
          : el(
              'p',
              { class: 'dim nothing' },
              exchange.state === 'running' ? 'Nothing was sent yet.' : 'Nothing was sent: the proxy answered by itself.',
            ),
      ),
    );
  }

  /** One button for each time that it was sent. */
  function steps(): HTMLElement {
    const list = el('ol', { class: 'steps' });
    for (const [at, attempt] of attempts.entries()) {
      const choose = button(
        stepText(attempt, at),
        () => {
          shown = at;
          draw();
        },
        { 'aria-pressed': String(at === shown) },
      );
      list.append(el('li', {}, choose));
    }
    return list;
  }

  draw();
  return element;
}

function stepText({ status, received, without }: Attempt, at: number): string {
  const sent = at === 0 ? 'sent' : `sent again: ${without.map(visible).join(', ') || 'unchanged'}`;
  const words = status !== undefined && status >= 400 ? ` — ${visible(errorIn(received)).slice(0, 160)}` : '';
  return `${at + 1}  ${sent} → ${status ?? 'no answer'}${words}`;
}

function errorIn(received: string): string {
  try {
    const { error } = JSON.parse(received) as { error?: { message?: unknown } };
    return String(error?.message ?? '');
  } catch {
    return received;
  }
}
