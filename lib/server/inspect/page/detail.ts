import { curlOf } from '../model/curl.ts';
import type { Exchange } from '../model/exchange.ts';
import type { Exchanges } from '../model/exchanges.ts';
import { fixtureOf, reportOf } from '../model/save.ts';
import { amount, clock, duration, visible } from '../model/units.ts';
import { receivedView, shownAnswer, type LiveView } from './answer-view.ts';
import { tokenBar, tokenParts } from './bars.ts';
import { button, copyButton, el, save } from './dom.ts';
import { jsonTree } from './json-tree.ts';
import { labelsOf, statusText, totalOf } from './list.ts';
import { requestView } from './request-view.ts';

/** Shows one exchange; `update` draws what has come since. */
export function exchangeView(exchange: Exchange, exchanges: Exchanges, close: () => void): LiveView {
  const head = el('div', { class: 'detail-head' });
  const request = el('div', {});
  const received = receivedView(exchange);
  const shown = el('div', {});
  const headers = el('div', {});
  const element = el(
    'article',
    { class: 'detail', 'aria-label': `Exchange ${exchange.id}` },
    head,
    request,
    received.element,
    shown,
    headers,
  );
  const actions = actionButtons(exchange, exchanges, close);
  let version = -1;
  let requestKey = '';
  let answerKey = '';

  const update = (): void => {
    received.update();
    if (version === exchange.version && exchange.state !== 'running') return;
    version = exchange.version;
    head.replaceChildren(...headOf(exchange, actions));
    const { attempts, asked, answer, errors, state } = exchange;
    const sentKey = `${attempts.length} ${attempts.map((one) => one.status).join()} ${asked.text.length} ${state === 'running'}`;
    if (sentKey !== requestKey) {
      requestKey = sentKey;
      request.replaceChildren(requestView(exchange));
      headers.replaceChildren(headersOf(exchange));
    }
    const key = `${answer.content.length} ${answer.reasoning.length} ${JSON.stringify(answer.calls).length} ${answer.finish} ${errors.length}`;
    if (key !== answerKey) {
      answerKey = key;
      shown.replaceChildren(shownAnswer(exchange));
    }
  };
  update();
  return { element, update };
}

function actionButtons(exchange: Exchange, exchanges: Exchanges, close: () => void): HTMLElement {
  const origin = (): string | undefined => (exchanges.file === undefined ? location.origin : undefined);
  const made = exchanges.version;
  const fixture = button('Save as fixture', () => {
    const file = fixtureOf(exchange);
    if (file) save(file);
    else fixture.textContent = 'No whole Response to save';
  });
  return el(
    'div',
    { class: 'actions' },
    copyButton('Copy as curl', () => curlOf(exchange, origin())),
    fixture,
    button('Save bug report', () =>
      save(reportOf(exchange, exchanges.linesOf(exchange.id), { version: made, agent: navigator.userAgent })),
    ),
    copyButton('Copy link', () => location.href),
    button('Close', close, { class: 'close', 'aria-keyshortcuts': 'Escape' }),
  );
}

function headOf(exchange: Exchange, actions: HTMLElement): HTMLElement[] {
  const { id, port, method, path, model, route, started, firstOutput, tokens, notes, errors, state, answer } = exchange;
  const fact = (name: string, value: string): HTMLElement => el('div', {}, el('dt', {}, name), el('dd', {}, value));
  const facts = el(
    'dl',
    { class: 'facts' },
    fact('first output', firstOutput === undefined ? '–' : duration(firstOutput)),
    fact('in all', duration(totalOf(exchange))),
    fact('route', route || '–'),
    fact('finish', visible(answer.finish) || '–'),
    ...(tokens
      ? tokenParts.map(([kind, of]) =>
          el('div', {}, el('dt', {}, el('i', { class: `key-${kind}` }), kind), el('dd', {}, amount(of(tokens)))),
        )
      : []),
  );
  return [
    el(
      'div',
      { class: 'title' },
      el('h2', {}, el('span', { class: `status is-${state}` }, statusText(exchange)), visible(model) || `${method} ${visible(path)}`),
      actions,
    ),
    el('p', { class: 'dim' }, `${method} ${visible(path)} · port ${port} · ${clock(started)} · #${id}`),
    facts,
    ...(tokens ? [tokenBar(tokens)] : []),
    labelsOf(exchange),
    ...(notes.length > 0 ? [el('p', { class: 'notes' }, el('b', {}, 'Notes '), notes.map(visible).join(' · '))] : []),
    ...(errors.length > 0 ? [el('p', { class: 'errors' }, el('b', {}, 'Error '), errors.map(visible).join(' · '))] : []),
  ];
}

function headersOf({ headers, attempts, answerHeaders }: Exchange): HTMLElement {
  const all: [string, object][] = [
    ['Asked', headers],
    ['Sent', attempts.at(-1)?.headers ?? {}],
    ['Received', attempts.at(-1)?.responseHeaders ?? {}],
    ['Answered', answerHeaders],
  ];
  return el(
    'details',
    { class: 'headers' },
    el('summary', {}, el('h3', {}, 'Headers')),
    el(
      'div',
      { class: 'pair' },
      ...all.map(([title, of]) =>
        el(
          'div',
          { class: 'panel' },
          el('div', { class: 'panel-head' }, el('h4', {}, title)),
          el('div', { class: 'panel-body' }, jsonTree(of)),
        ),
      ),
    ),
  );
}
