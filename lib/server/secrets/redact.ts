import { bytesOf } from '../byte-text.ts';
import { secretsInMember, shortestSecret } from './credentials.ts';
import { MemberRedactor, type Side } from './members.ts';
import { hidden } from './names.ts';
import { Needles, type Span } from './needles.ts';

/** Puts `[key]` in the place of the given credentials and of anything like `sk-…`. */
export interface Redactor {
  redact(text: string): string;
  /** Also hides the values of JSON's members that are named as credentials are, and everything like them from then on. */
  redactBody(text: string, of?: Side): string;
  /** Hides these too from now on, also in streams that are open. */
  add(secrets: readonly string[]): void;
  /** As `redactBody`, for a text that comes in pieces. */
  stream(of?: Side): RedactingStream;
}

export interface RedactingStream {
  /** Returns what is safe to show by now; what may be the beginning of a credential waits for the next piece. */
  push(piece: string): string;
  /** Returns what still waited. */
  end(): string;
}

/** Puts `[key]` in the place of the given credentials and of anything like `sk-…`; in linear time. */
export function redact(text: string, secrets: readonly string[]): string {
  return redactorFor(secrets).redact(text);
}

/**
 * Returns the words of an upstream for the client whose request they are about, with its credentials and whole keys hidden. What OpenAI has
 * masked itself stays, and so does what is too short for a key: the user sees from it which of several keys is the wrong one.
 */
export function redactQuoted(text: string, secrets: readonly string[]): string {
  let shown = text.replace(KEY, (key) => (key.includes('*') || key.length < 15 ? key : hidden));
  for (const secret of secrets) for (const form of [secret, ...formsOf(secret)]) shown = shown.replaceAll(form, hidden);
  return shown;
}

/** Credentials that are looked for in the texts of one request, each in several forms. */
const mostSecrets = 128;

/** Returns a redactor for the texts of one request. Credentials that are too short to differ from ordinary words are not looked for. */
export function redactorFor(secrets: readonly string[]): Redactor {
  const needles = new Needles();
  let left = mostSecrets;
  const add = (more: readonly string[]): void => {
    for (const secret of more) {
      if (secret.length < shortestSecret || left === 0 || !needles.add(secret)) continue;
      left -= 1;
      for (const form of formsOf(secret)) {
        needles.add(form);
        // a text may also have one character for each byte
        if (/[^\0-\x7f]/.test(form)) needles.add(bytesOf(form));
      }
      needles.addEnd(secret);
    }
  };
  const found = (value: string): void => add(secretsInMember(value));
  const redactPlain = (text: string): string => hide(text, 0, text.length, secretsIn(text, 0, needles));
  add(secrets);
  return {
    add,
    redact: (text) => redactPlain(plain(text)),
    redactBody(text, of) {
      const members = new MemberRedactor(found, of);
      const shown = plain(members.push(text) + members.end());
      // what the client says of keys may come back in pieces
      add(keysIn(shown));
      return redactPlain(shown);
    },
    stream: (of) => redactingStream(needles, new MemberRedactor(found, of)),
  };
}

/** Returns JSON with the letters that are escaped without need as they are: `\u0041`. */
function plain(text: string): string {
  if (!text.includes('\\u00')) return text;
  return text.replace(/\\{1,7}u00([2-7][\da-f])/gi, (escape, hex: string) => {
    const char = String.fromCharCode(Number.parseInt(hex, 16));
    return char === '"' || char === '\\' || char === '\x7f' ? escape : char;
  });
}

function keysIn(text: string): string[] {
  return KEYS.some((mark) => text.includes(mark)) ? (text.match(KEY) ?? []).filter((key) => !key.includes('*')).slice(0, mostSecrets) : [];
}

/**
 * Returns the forms in which a credential may be written: in JSON of several makers, in JSON within JSON, in a URL, in Base64 behind any
 * other bytes, in lower case. Most often all but the last are one.
 */
function formsOf(secret: string): string[] {
  const coded = [0, 1, 2].flatMap((before) => {
    // without the characters that also depend on the bytes around
    const base64 = Buffer.from(`${'x'.repeat(before)}${secret}`)
      .toString('base64')
      .replaceAll('=', '');
    const inner = base64.slice([0, 2, 3][before], (Buffer.byteLength(secret) + before) % 3 === 0 ? undefined : -1);
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
  });
  // never padded
  const whole = Buffer.from(secret).toString('base64url');
  const always = [whole, whole.replaceAll('-', '+').replaceAll('_', '/'), ...coded, secret.toLowerCase()];
  // Most keys need no escape in any of the others.
  if (/^[\w.-]*$/.test(secret)) return always;
  const json = JSON.stringify(secret).slice(1, -1);
  const escapes = [
    json,
    JSON.stringify(json).slice(1, -1),
    // PHP
    secret.replaceAll('/', '\\/'),
    // .NET
    secret.replace(/[^ -~]|["&'+<>`]/g, (char) => `\\u${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`),
    // through a Buffer, because encodeURIComponent throws on half a surrogate pair
    encodeURIComponent(Buffer.from(secret).toString()),
  ];
  return [...always, ...escapes, ...escapes.map(plain)];
}

/** What keys begin with: OpenAI's own, and those that it makes for browsers. */
const KEYS = ['sk-', 'ek_'];
/** At the start of a word (not in `task-management`), or right after an escape (`\n`, `\u000a`, `%20`); also masked, as OpenAI quotes keys. */
const KEY = /(?:sk-|ek_)(?<=(?:^|[^A-Za-z0-9]|\\[bfnrt]|\\u[\dA-Fa-f]{4}|%[\dA-Fa-f]{2})(?:sk-|ek_))[\w*-]{8,}/g;
const BEGINNING_OF_KEY =
  /(?<=^|[^A-Za-z0-9]|\\[bfnrt]|\\u[\dA-Fa-f]{4}|%[\dA-Fa-f]{2})(?:s(?:$|k(?:$|-[\w*-]{0,7}$))|e(?:$|k(?:$|_[\w*-]{0,7}$)))/;

/** In characters: the longest `BEGINNING_OF_KEY`, and the longest escape before a `KEY`. */
const LONGEST_BEGINNING = 10;
const LONGEST_ESCAPE = 6;

/** Returns where credentials stand, in order, none overlapping another. */
function secretsIn(text: string, from: number, needles: Needles): Span[] {
  const found = needles.in(text, from);
  // few texts have these characters, and to look for them takes a fifth of the time
  if (text.includes('k-', from) || text.includes('k_', from)) {
    KEY.lastIndex = from;
    for (let match = KEY.exec(text); match; match = KEY.exec(text)) found.push({ start: match.index, end: KEY.lastIndex });
  }
  if (found.length < 2) return found;
  found.sort((a, b) => a.start - b.start);
  const apart: Span[] = [];
  for (const span of found) {
    const last = apart.at(-1);
    if (last && span.start < last.end) last.end = Math.max(last.end, span.end);
    else apart.push(span);
  }
  return apart;
}

/** Returns the text from `from` to `until` with the spans before `until` hidden. */
function hide(text: string, from: number, until: number, spans: readonly Span[]): string {
  let shown = '';
  let at = from;
  for (const { start, end } of spans) {
    if (start >= until) break;
    shown += text.slice(at, start) + hidden;
    at = end;
  }
  return shown + text.slice(at, until);
}

/** Returns where the first beginning of a credential starts that reaches the end of the text; the text's length if there is none. */
function beginningIn(text: string, from: number, needles: Needles): number {
  const tail = Math.max(0, text.length - LONGEST_BEGINNING - LONGEST_ESCAPE);
  const key = text.slice(tail).search(BEGINNING_OF_KEY);
  return Math.min(key === -1 ? text.length : Math.max(from, tail + key), needles.beginningIn(text, from), escapeAtEnd(text, from));
}

/** Where an escape begins that reaches the end of the text: `\u00`. */
function escapeAtEnd(text: string, from: number): number {
  const at = text.slice(Math.max(from, text.length - 5)).search(/\\(?:u[\da-f]{0,3})?$/i);
  return at === -1 ? text.length : Math.max(from, text.length - 5) + at;
}

function redactingStream(needles: Needles, members: MemberRedactor): RedactingStream {
  // What was returned last, which shows whether a word starts here, and what waits.
  let before = '';
  let waiting = '';
  const show = (piece: string): string => {
    // Most pieces need not be copied: nothing waits, and no word or escape may go on in them.
    const alone = waiting === '' && !/^[se]/.test(piece) && !before.includes('\\') && !before.includes('%');
    const from = alone ? 0 : before.length;
    const text = alone ? plain(piece) : before + plain(waiting + piece);
    const spans = secretsIn(text, from, needles);
    let until = beginningIn(text, from, needles);
    for (const { start, end } of spans) if (end > until || end === text.length) until = Math.min(until, start);
    before = text.slice(Math.max(0, until - LONGEST_ESCAPE), until);
    waiting = text.slice(until);
    // Only what goes on without an end can be longer than this, and it does so when the rest of it is forgotten.
    if (waiting.length > 2 * Needles.longest) waiting = waiting.slice(0, 2 * Needles.longest);
    return hide(text, from, until, spans);
  };
  return {
    push: (piece) => show(members.push(piece)),
    end() {
      const text = before + plain(waiting + members.end());
      const shown = hide(text, before.length, text.length, secretsIn(text, before.length, needles));
      before = waiting = '';
      return shown;
    },
  };
}
