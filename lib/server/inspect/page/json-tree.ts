import { below } from '../model/pointer.ts';
import type { Mark, Marks } from '../model/compare.ts';
import { visible } from '../model/units.ts';
import { button, el } from './dom.ts';

/** Characters of a string, and members of a list, that are shown at first; and those that one press adds. */
const [STRING, MORE_STRING, MEMBERS] = [240, 20_000, 100];
/** Levels that are open at first. */
const OPEN_LEVELS = 2;
/** Levels of a request above what was added; marks below are found when their object is opened. */
const MARKED_LEVELS = 2;

export const symbols: Record<Mark['kind'], string> = { added: '+', changed: '~', dropped: '−', mapped: '→', restored: '↺', served: '✓' };

/** The mark of a value, as a small label with its reason. */
function badge({ kind, why }: Mark): HTMLElement {
  const text = kind === 'mapped' || kind === 'served' ? why : why ? `${kind}: ${why}` : kind;
  return el('span', { class: `mark ${kind}` }, `${symbols[kind]} ${text}`);
}

/** Shows a value of JSON as a tree that opens on demand; only what is open is in the page. */
export function jsonTree(value: unknown, marks: Marks = new Map(), openLevels: number = OPEN_LEVELS): HTMLElement {
  // the way to each mark is open, and what is marked as a whole is closed
  const ways = new Set<string>();
  for (const [pointer, { kind }] of marks) {
    if (kind === 'added' && pointer.split('/').length - 1 > MARKED_LEVELS) continue;
    for (let at = pointer.lastIndexOf('/'); at > 0; at = pointer.lastIndexOf('/', at - 1)) ways.add(pointer.slice(0, at));
  }
  return el('div', { class: 'json' }, node('', value, '', 0));

  function node(key: string, one: unknown, pointer: string, level: number): HTMLElement {
    const mark = marks.get(pointer);
    const label = key === '' ? undefined : el('span', { class: 'key' }, `${visible(key)}: `);
    if (typeof one !== 'object' || one === null) {
      return el('div', { class: mark ? `line is-${mark.kind}` : 'line' }, label, scalar(one), ' ', mark && badge(mark));
    }
    const members = Object.entries(one);
    const [open, close] = Array.isArray(one) ? '[]' : '{}';
    if (members.length === 0) return el('div', { class: 'line' }, label, `${open}${close}`, mark && badge(mark));
    const inside = el('div', { class: 'inside' });
    const isOpen = ways.has(pointer) || (level < openLevels && members.length <= 30 && (!mark || mark.kind === 'mapped'));
    const details = el(
      'details',
      { class: mark ? `is-${mark.kind}` : '', open: isOpen },
      el('summary', {}, label, el('span', { class: 'dim' }, `${open} ${preview(one)} ${close}`), mark && badge(mark)),
      inside,
    );
    const fill = (): void => {
      if (inside.childElementCount === 0) addMembers(inside, members, Array.isArray(one), pointer, level);
    };
    if (isOpen) fill();
    else details.addEventListener('toggle', fill, { once: true });
    return details;
  }

  function addMembers(into: HTMLElement, members: [string, unknown][], isList: boolean, pointer: string, level: number, from = 0): void {
    const until = from + MEMBERS;
    for (const [key, one] of members.slice(from, until)) {
      into.append(node(isList ? `${key}` : key, one, below(pointer, key), level + 1));
    }
    if (members.length <= until) return;
    const more = button(`${members.length - until} more`, () => {
      more.remove();
      addMembers(into, members, isList, pointer, level, until);
    });
    into.append(more);
  }
}

/** What stands in a folded object or list. */
function preview(value: object): string {
  if (Array.isArray(value)) return value.length === 1 ? '1 element' : `${value.length} elements`;
  const { type, role, name, content, text } = value as Record<string, unknown>;
  const said = [type, role, name, content ?? text].filter((one) => typeof one === 'string').map((one) => beginning(one as string));
  if (said.length > 0) return said.join(' · ').replaceAll(/\s+/g, ' ');
  const keys = Object.keys(value);
  return keys.length > 3 ? `${keys.length} members` : visible(keys.join(', ')).slice(0, 60);
}

function beginning(text: string): string {
  return visible(text.length > 48 ? `${text.slice(0, 47)}…` : text);
}

function scalar(value: unknown): HTMLElement {
  if (typeof value === 'string') return longText(value, '"');
  return el('span', { class: 'literal' }, String(value));
}

/** Shows a text; of a long one the beginning, with a button for the rest. */
export function longText(text: string, quote = '', most: number = STRING): HTMLElement {
  // a button for a few words would take more room than they do
  let shown = text.length <= most * 1.25 ? text.length : most;
  const made = el('span', { class: 'text' }, quote + visible(text.slice(0, shown)));
  if (text.length === shown) {
    made.append(quote);
    return made;
  }
  const more = button('', () => {
    const next = Math.min(text.length, shown + MORE_STRING);
    more.before(visible(text.slice(shown, next)));
    shown = next;
    say();
  });
  const say = (): void => {
    if (shown >= text.length) more.replaceWith(quote);
    else more.textContent = `… ${(text.length - shown).toLocaleString('en')} more characters`;
  };
  made.append(more);
  say();
  return made;
}
