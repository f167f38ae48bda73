import type { Exchange } from '../model/exchange.ts';
import { Exchanges } from '../model/exchanges.ts';
import type { LiveView } from './answer-view.ts';
import { exchangeView } from './detail.ts';
import { button, el, oncePerFrame } from './dom.ts';
import { follow, readLines, type Connection } from './feed.ts';
import { sendExamples } from './examples.ts';
import { exchangeList } from './list.ts';

const connections: Record<Connection, string> = {
  connecting: 'connecting',
  live: 'live',
  file: 'file',
  lost: 'not connected, trying again',
  refused: 'the proxy has another token now: open the address that it printed',
};

/** Milliseconds between two looks at the clock while a request runs. */
const TICK = 250;

let live = new Exchanges();
/** A log that was dropped on the page is shown in place of what is live. */
let dropped: Exchanges | undefined;
let chosen: string | undefined = idInAddress();
let opened: { exchange: Exchange; view: LiveView } | undefined;
let connection: Connection = 'connecting';

const exchanges = (): Exchanges => dropped ?? live;

const filter = el('input', {
  type: 'search',
  placeholder: 'Filter',
  'aria-label': 'Filter by text',
  'aria-keyshortcuts': '/',
  input: () => draw(),
});
const models = el('select', { 'aria-label': 'Model', change: () => draw() }, new Option('all models', ''));
const states = el('select', { 'aria-label': 'Status', change: () => draw() });
for (const [value, label] of [
  ['', 'any status'],
  ['running', 'running'],
  ['done', 'successful'],
  ['failed', 'failed'],
  ['left', 'client left'],
] as const) {
  states.append(new Option(label, value));
}
const state = el('span', { class: 'connection', role: 'status' });
const files = el('input', {
  type: 'file',
  accept: '.log,.jsonl,.ndjson,.txt',
  hidden: true,
  'aria-label': 'A log file',
  change: () => void openFile(files.files?.[0]),
});
const back = button('Back to live', () => showFile(undefined), { hidden: true });
const examples = button('Send examples', () => void sendExamples(), { hidden: true });
const list = exchangeList({ choose });
const detail = el('div', { class: 'detail-space' });
const hint = el('p', { class: 'dim empty' });
const columns = ['status', 'model', 'time, port, request', 'duration', 'tokens', 'what the proxy changed'].map((title) =>
  el('span', {}, title),
);
const main = el('main', {}, el('div', { class: 'list-space' }, el('div', { class: 'columns' }, ...columns), list.element, hint), detail);

document.body.append(
  el(
    'header',
    {},
    el('h1', {}, 'openai-proxy ', el('span', {}, 'inspector')),
    el('div', { class: 'filters' }, filter, models, states),
    el(
      'div',
      { class: 'tools' },
      state,
      back,
      examples,
      button('Open a log', () => files.click()),
      files,
    ),
  ),
  main,
  el(
    'footer',
    { class: 'dim' },
    el('span', {}, el('i', { class: 'key-wait' }), 'to the first output'),
    el('span', {}, el('i', { class: 'key-flow' }), 'to the end'),
    ...['cached', 'fresh', 'reasoning', 'answer'].map((kind) => el('span', {}, el('i', { class: `key-${kind}` }), `${kind} tokens`)),
    el('span', { class: 'keys' }, 'j k move · / filter · Esc close'),
  ),
);

function idInAddress(): string | undefined {
  try {
    return decodeURIComponent(location.hash.slice(1)) || undefined;
  } catch {
    return undefined; // typed by hand
  }
}

function choose(id: string | undefined): void {
  chosen = id;
  // without an entry in the history for each key press
  history.replaceState(null, '', id === undefined ? location.pathname + location.search : `#${encodeURIComponent(id)}`);
  drawNow();
  document.getElementById(`row-${id}`)?.scrollIntoView({ block: 'nearest' });
}

function isShown(exchange: Exchange): boolean {
  if (states.value !== '' && exchange.state !== states.value) return false;
  if (models.value !== '' && exchange.model !== models.value) return false;
  const words = filter.value.trim().toLowerCase();
  if (words === '') return true;
  const { id, path, method, model, status, port, notes, errors, asked, answer } = exchange;
  const short = [
    `#${id}`,
    method,
    path,
    model,
    status,
    port,
    ...notes,
    ...errors,
    ...(exchange.comparison()?.labels.map(({ text }) => text) ?? []),
  ];
  return [short.join(' '), asked.text, answer.content, answer.reasoning].some((text) => text.toLowerCase().includes(words));
}

/** Newest first. */
function shownExchanges(): Exchange[] {
  return exchanges().all.filter(isShown).toReversed();
}

function drawNow(): void {
  const all = exchanges();
  updateModels(all.all);
  const shown = shownExchanges();
  const found = chosen === undefined ? undefined : all.get(chosen);
  list.update(shown, found && chosen);
  if (opened?.exchange === found) opened?.view.update();
  else {
    opened = found && { exchange: found, view: exchangeView(found, all, () => choose(undefined)) };
    detail.replaceChildren(...(opened ? [opened.view.element] : []));
    detail.scrollTop = 0;
  }
  main.classList.toggle('has-detail', found !== undefined);
  const count = all.all.length;
  state.textContent = `${all.file ?? connections[connection]} · ${shown.length === count ? count : `${shown.length} of ${count}`}`;
  state.className = `connection is-${dropped ? 'file' : connection}`;
  back.hidden = dropped === undefined;
  examples.hidden = !all.demo;
  hint.hidden = shown.length > 0;
  hint.textContent =
    count > 0
      ? 'No exchange fits the filter.'
      : all.strange > 0
        ? 'This file is not a log of openai-proxy.'
        : all.demo
          ? 'Nothing was asked yet. “Send examples” asks the demo a few things.'
          : 'Requests show up here as they come. You can also drop a log file on this page.';
}
const draw = oncePerFrame(drawNow);

function updateModels(all: readonly Exchange[]): void {
  const names = [...new Set(all.map(({ model }) => model))].filter((name) => name !== '').toSorted();
  if (
    names.join('\n') ===
    [...models.options]
      .slice(1)
      .map(({ value }) => value)
      .join('\n')
  )
    return;
  const { value } = models;
  models.replaceChildren(new Option('all models', ''), ...names.map((name) => new Option(name, name)));
  models.value = names.includes(value) ? value : '';
}

function showFile(file: Exchanges | undefined): void {
  dropped = file;
  choose(undefined);
}

async function openFile(file: File | undefined): Promise<void> {
  if (!file) return;
  const read = new Exchanges();
  read.file = file.name;
  await readLines(file.stream(), (lines) => {
    for (const line of lines) read.add(line.trimEnd());
  });
  read.end();
  files.value = '';
  showFile(read);
}

function move(step: number): void {
  const shown = shownExchanges();
  const at = shown.findIndex(({ id }) => id === chosen);
  const next = shown[at === -1 ? 0 : Math.max(0, Math.min(shown.length - 1, at + step))];
  if (next) choose(next.id);
}

const keys = new Map<string, () => void>([
  ['j', () => move(1)],
  ['k', () => move(-1)],
  ['/', () => filter.focus()],
  ['Escape', () => choose(undefined)],
]);
const listKeys = new Map<string, () => void>([
  ['ArrowDown', () => move(1)],
  ['ArrowUp', () => move(-1)],
]);

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target === filter) {
    if (event.key !== 'Escape') return;
    filter.value = '';
    filter.blur();
    return draw();
  }
  if (event.target instanceof HTMLSelectElement) return;
  const work = keys.get(event.key) ?? (event.target === list.element ? listKeys.get(event.key) : undefined);
  if (!work) return;
  event.preventDefault();
  work();
});
addEventListener('hashchange', () => {
  chosen = idInAddress();
  draw();
});

document.addEventListener('dragover', (event) => {
  event.preventDefault();
  document.body.classList.add('is-target');
});
document.addEventListener('dragleave', ({ relatedTarget }) => {
  if (relatedTarget === null) document.body.classList.remove('is-target');
});
document.addEventListener('drop', (event) => {
  event.preventDefault();
  document.body.classList.remove('is-target');
  void openFile(event.dataTransfer?.files[0]);
});

setInterval(() => {
  if (exchanges().all.some((exchange) => exchange.state === 'running')) draw();
}, TICK);

drawNow();
void follow({
  begin() {
    live = new Exchanges();
  },
  take(lines) {
    for (const line of lines) live.add(line);
    draw();
  },
  isFile: () => live.file !== undefined,
  report(now) {
    connection = now;
    draw();
  },
});
