import { bytesOf } from '../byte-text.ts';
import { shortestSecret } from './credentials.ts';

/** What stands in the place of a credential. */
export const hidden = '[key]';

/** Puts `[key]` in the place of the given credentials and of anything like `sk-…`. */
export interface Redactor {
  redact(text: string): string;
  /** Hides these too from now on, also in streams that are open. */
  add(secrets: readonly string[]): void;
  /** For a text that comes in pieces. */
  stream(): RedactingStream;
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
  for (const secret of secrets) for (const form of formsOf(secret)) shown = shown.replaceAll(form, hidden);
  return shown;
}

/** Returns a redactor for the texts of one request. Credentials that are too short to differ from ordinary words are not looked for. */
export function redactorFor(secrets: readonly string[]): Redactor {
  const forms: string[] = [];
  const add = (more: readonly string[]): void => {
    for (const secret of more) {
      if (secret.length < shortestSecret) continue;
      for (const form of formsOf(secret)) {
        if (!forms.includes(form)) forms.push(form);
        // a text may also have one character for each byte
        if (/[^\0-\x7f]/.test(form)) forms.push(bytesOf(form));
      }
    }
  };
  add(secrets);
  return {
    add,
    redact: (text) => hide(text, 0, text.length, secretsIn(text, 0, forms)),
    stream: () => redactingStream(forms),
  };
}

/** Returns a credential in the forms in which it may be written: in JSON of several makers, in JSON within JSON, in a URL, in Base64. Most often all but the last are one. */
function formsOf(secret: string): string[] {
  const base64 = Buffer.from(secret).toString('base64url'); // never padded
  const coded = [base64, base64.replaceAll('-', '+').replaceAll('_', '/')];
  // Most keys need no escape in any of the others.
  if (/^[\w.-]*$/.test(secret)) return [secret, ...coded];
  const json = JSON.stringify(secret).slice(1, -1);
  return [
    secret,
    json,
    JSON.stringify(json).slice(1, -1),
    // PHP
    secret.replaceAll('/', '\\/'),
    // .NET
    secret.replace(/[^ -~]|["&'+<>`]/g, (char) => `\\u${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`),
    // through a Buffer, because encodeURIComponent throws on half a surrogate pair
    encodeURIComponent(Buffer.from(secret).toString()),
    ...coded,
  ];
}

/** At the start of a word (not in `task-management`), or right after an escape (`\n`, `\u000a`, `%20`); also masked, as OpenAI quotes keys. */
const KEY = /sk-(?<=(?:^|[^A-Za-z0-9]|\\[bfnrt]|\\u[\dA-Fa-f]{4}|%[\dA-Fa-f]{2})sk-)[\w*-]{8,}/g;
const BEGINNING_OF_KEY = /s(?:$|k(?:$|-[\w*-]{0,7}$))/;

/** In characters: the longest `BEGINNING_OF_KEY`, and the longest escape before a `KEY`. */
const LONGEST_BEGINNING = 10;
const LONGEST_ESCAPE = 6;

interface Span {
  start: number;
  end: number;
}

/** Returns where credentials stand, in order, none overlapping another. */
function secretsIn(text: string, from: number, forms: readonly string[]): Span[] {
  const found: Span[] = [];
  for (const form of forms) {
    for (let start = text.indexOf(form, from); start !== -1; start = text.indexOf(form, start + form.length)) {
      found.push({ start, end: start + form.length });
    }
  }
  // few texts have these two characters, and to look for them takes a fifth of the time
  if (text.includes('k-', from)) {
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
function beginningIn(text: string, from: number, forms: readonly string[]): number {
  let first = text.length;
  const tail = Math.max(from, text.length - LONGEST_BEGINNING);
  const found = text.slice(tail).search(BEGINNING_OF_KEY);
  if (found !== -1) first = tail + found;
  const last = text.charAt(text.length - 1);
  for (const form of forms) {
    if (!form.includes(last)) continue;
    let at = Math.max(from, text.length - form.length + 1) - 1;
    while ((at = text.indexOf(form.charAt(0), at + 1)) !== -1 && at < first) if (form.startsWith(text.slice(at))) first = at;
  }
  return first;
}

function redactingStream(forms: readonly string[]): RedactingStream {
  // What was returned last, which shows whether a word starts here, and what waits.
  let before = '';
  let waiting = '';
  return {
    push(piece) {
      // Most pieces need not be copied: nothing waits, and no word or escape may go on in them.
      const alone = waiting === '' && !piece.startsWith('s') && !before.includes('\\') && !before.includes('%');
      const from = alone ? 0 : before.length;
      const text = alone ? piece : before + waiting + piece;
      const spans = secretsIn(text, from, forms);
      let until = beginningIn(text, from, forms);
      for (const { start, end } of spans) if (end > until || end === text.length) until = Math.min(until, start);
      before = text.slice(Math.max(0, until - LONGEST_ESCAPE), until);
      waiting = text.slice(until);
      if (waiting.length > 512) {
        // Only an `sk-…` can be longer than the credentials, and it stays one when the rest of it is forgotten.
        waiting = waiting.slice(0, Math.max(512, ...forms.map((form) => form.length)));
      }
      return hide(text, from, until, spans);
    },
    end() {
      const text = before + waiting;
      const shown = hide(text, before.length, text.length, secretsIn(text, before.length, forms));
      before = waiting = '';
      return shown;
    },
  };
}
