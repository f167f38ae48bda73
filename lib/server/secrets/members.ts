import { hidden, isCredentialMember, isPlainHeader } from './names.ts';
import { redactToolUrl } from './redact-url.ts';

/** In characters, of a member's name; of a value that is handed to `found`, or looked through as a URL. */
const [longestName, longestValue] = [80, 4096];

const quoteCode = 34;

/** Whose JSON it is: in an answer, a `token` is a piece of text. */
export type Side = 'request' | 'answer';

/** How a value, or what it holds, is treated. */
type Kind = 'credential' | 'headers' | 'url';

/** What the text is in the middle of. */
type State =
  | { in: 'text' }
  /** Between the tokens of a value that counts. `name` is that of a header. */
  | { in: 'gap'; kind: Kind; level: number; inside: '' | '[' | '{'; name: string | undefined; afterColon: boolean }
  | { in: 'string'; back: Extract<State, { in: 'gap' }>; treatment: 'hide' | 'url' | 'keep' | 'name'; value: string; shown: boolean };

const text: State = { in: 'text' };

/**
 * Hides credentials of JSON by the names of their members, wherever the text is cut into pieces: `authorization`, `api_key`, …, all headers of
 * a client's own tools, what its URLs carry. Also where that JSON stands in a string of another. In linear time; nothing waits but backslashes.
 */
export class MemberRedactor {
  readonly #found: (secret: string) => void;
  readonly #of: Side;
  #state: State = text;
  /** The end of what came before, to look for a name in. */
  #before = '';
  /** Backslashes at the end of a piece. */
  #waiting = '';

  /** @param found Called with each credential, as JSON has it. */
  constructor(found: (secret: string) => void, of: Side = 'request') {
    this.#found = found;
    this.#of = of;
  }

  push(piece: string): string {
    if (this.#state === text && this.#waiting === '' && !this.#hasMember(piece)) {
      this.#before = (piece.length < 2 * longestName ? this.#before + piece : piece).slice(-2 * longestName);
      return piece;
    }
    let all = this.#before + this.#waiting + piece;
    let at = this.#before.length;
    const end = all.length - slashesBefore(all, all.length, at);
    this.#waiting = all.slice(end);
    all = all.slice(0, end);
    let out = '';
    while (at < end) {
      const from = at;
      at = this.#state.in === 'text' ? this.#scan(all, at) : this.#state.in === 'gap' ? this.#gap(all, at) : this.#string(all, at);
      out += this.#take(all, from, at);
    }
    this.#before = all.slice(-2 * longestName);
    return out;
  }

  /** Whether the piece has the colon of a member that counts. Most have none, and to join them with what came before would take longer. */
  #hasMember(piece: string): boolean {
    let border = '';
    for (let colon = piece.indexOf(':'); colon !== -1; colon = piece.indexOf(':', colon + 1)) {
      // blanks, escapes and name may reach back so far
      const isWithin = colon >= 3 * longestName;
      if (!isWithin) border ||= this.#before + piece.slice(0, 3 * longestName);
      if (isWithin ? memberBefore(piece, colon, this.#of) : memberBefore(border, this.#before.length + colon, this.#of)) return true;
    }
    return false;
  }

  /** Returns what still waited. */
  end(): string {
    const state = this.#state;
    const rest = state.in === 'string' && state.treatment === 'url' ? redactToolUrl(state.value, this.#found) : '';
    if (state.in === 'string' && state.treatment === 'hide') this.#found(state.value);
    const waiting = this.#waiting;
    this.#state = text;
    this.#waiting = '';
    return rest + waiting;
  }

  /** What is shown in place of the text that was just read. */
  #out: string | undefined;
  #take(all: string, from: number, to: number): string {
    const shown = this.#out ?? all.slice(from, to);
    this.#out = undefined;
    return shown;
  }

  /** Looks for the next member that counts. */
  #scan(all: string, from: number): number {
    for (let colon = all.indexOf(':', from); colon !== -1; colon = all.indexOf(':', colon + 1)) {
      const member = memberBefore(all, colon, this.#of);
      if (!member) continue;
      this.#state = { in: 'gap', ...member, inside: '', name: undefined, afterColon: true };
      return colon + 1;
    }
    return all.length;
  }

  /** Between two tokens: goes to the next one, and behind it. */
  #gap(all: string, from: number): number {
    const state = this.#state as Extract<State, { in: 'gap' }>;
    let at = from;
    while (at < all.length && isBlank(all.charCodeAt(at))) at += 1;
    if (at === all.length) return at;
    const char = all[at];
    const slashes = slashesFrom(all, at);
    const isQuote = all[at + slashes] === '"' && slashes === 2 ** state.level - 1;
    if (isQuote && (state.inside !== '{' || state.afterColon)) {
      const treatment = state.kind === 'url' ? 'url' : state.name !== undefined && isPlainHeader(state.name) ? 'keep' : 'hide';
      this.#state = { in: 'string', back: state, treatment, value: '', shown: false };
      return at + slashes + 1;
    }
    if (isQuote) {
      this.#state = { in: 'string', back: state, treatment: 'name', value: '', shown: false };
      return at + slashes + 1;
    }
    if (char === ',' && state.inside !== '') state.afterColon = false;
    else if (char === ':' && state.inside === '{') state.afterColon = true;
    else if (char === '[' && state.inside === '' && state.kind === 'credential') state.inside = '[';
    else if (char === '{' && state.inside === '' && state.kind === 'headers') {
      state.inside = '{';
      state.afterColon = false;
    } else {
      this.#state = text;
      return at;
    }
    return at + 1;
  }

  /** Within a string: goes behind its end, or to the end of the piece. */
  #string(all: string, from: number): number {
    const state = this.#state as Extract<State, { in: 'string' }>;
    const { back, treatment } = state;
    const unit = 2 ** back.level;
    for (let quote = all.indexOf('"', from); ; quote = all.indexOf('"', quote + 1)) {
      const slashes = quote === -1 ? 0 : slashesBefore(all, quote, from);
      // an odd multiple ends the string; what is none ends the one around it
      const isEnd = quote !== -1 && ((slashes + 1) % unit !== 0 || ((slashes + 1) / unit) % 2 === 1);
      if (quote !== -1 && !isEnd) continue;
      const ownSlashes = isEnd ? Math.min(slashes, unit - 1) : 0;
      const end = isEnd ? quote - ownSlashes : all.length;
      const value = state.value + all.slice(from, end);
      state.value = value.slice(0, longestValue);
      if (treatment === 'hide') {
        this.#out = state.shown || end === from ? '' : hidden;
        state.shown ||= end > from;
      } else if (treatment === 'url' && (value.length > longestValue || value.startsWith('data:'))) {
        this.#out = redactToolUrl(state.value, this.#found) + value.slice(longestValue);
        state.treatment = 'keep';
      } else if (treatment === 'url') {
        this.#out = isEnd ? redactToolUrl(value, this.#found) : '';
      }
      if (!isEnd) return end;
      if (treatment === 'hide') this.#found(state.value);
      if (treatment === 'name') back.name = state.value;
      if (this.#out !== undefined) this.#out += all.slice(end, quote + 1);
      this.#state = back.inside === '' || (slashes + 1) % unit !== 0 ? text : back;
      return quote + 1;
    }
  }
}

/** What a member whose colon stands there is, by its name; undefined for one that does not count. */
function memberBefore(all: string, colon: number, of: Side): { kind: Kind; level: number } | undefined {
  let end = colon;
  while (end > 0 && colon - end < longestName && isBlank(all.charCodeAt(end - 1))) end -= 1;
  if (all.charCodeAt(end - 1) !== quoteCode) return undefined;
  const slashes = slashesBefore(all, end - 1, 0);
  const level = Math.log2(slashes + 1);
  if (!Number.isInteger(level)) return undefined;
  end -= 1 + slashes;
  let start = end;
  let hash = 0;
  for (let code = all.charCodeAt(start - 1); start > 0 && code !== quoteCode; code = all.charCodeAt(start - 1)) {
    if (end - start === longestName) return undefined;
    hash = (hash * 31 + code) | 0;
    start -= 1;
  }
  if (start === 0 || start === end) return undefined;
  const { name, kind } = judgedName(all, start, end, hash);
  return kind && !(of === 'answer' && name === 'token') ? { kind, level } : undefined;
}

interface JudgedName {
  name: string;
  kind: Kind | undefined;
}

/** The names that were judged last, each at a place of its own, since there is one before each colon; a stranger may send any number of them. */
const judged: (JudgedName | undefined)[] = Array.from({ length: 1024 });

function judgedName(all: string, start: number, end: number, hash: number): JudgedName {
  const at = hash & (judged.length - 1);
  const known = judged[at];
  if (known?.name.length === end - start && all.startsWith(known.name, start)) return known;
  // a copy, since a part of a string keeps all of it
  const name = Buffer.from(all.slice(start, end), 'utf16le').toString('utf16le');
  return (judged[at] = { name, kind: kindOf(name) });
}

function kindOf(name: string): Kind | undefined {
  const plain = unescaped(name);
  if (plain === 'headers') return 'headers';
  if (/(?:url|uri|endpoint)$/i.test(plain)) return 'url';
  return isCredentialMember(plain) ? 'credential' : undefined;
}

/** A name with its `\u0061` read. */
function unescaped(name: string): string {
  if (!name.includes('\\')) return name;
  return name.replace(/\\{1,7}u([\da-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function slashesBefore(all: string, at: number, from: number): number {
  let start = at;
  while (start > from && all.charCodeAt(start - 1) === 92) start -= 1;
  return at - start;
}

function slashesFrom(all: string, at: number): number {
  let end = at;
  while (all.charCodeAt(end) === 92) end += 1;
  return end - at;
}

function isBlank(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9;
}
