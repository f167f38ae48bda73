import { budgets } from '../../budgets.ts';
import { proxyError } from '../../errors.ts';
import { deepest } from '../depth.ts';
import { request, type CutKind, type Place } from './places.ts';

/** A part of a JSON text; `text` and `data` are pieces of a string, the others whole values. */
export interface Cut {
  readonly kind: CutKind;
  /** In bytes. */
  readonly start: number;
  readonly end: number;
}

/** In bytes. Shorter text is parsed and written in less time than it is cut out and put back. */
const longText = 512;

/** In bytes. Data is cut out wherever it stands, so that it must be worth it. */
const longData = 64 * 1024;

/** In bytes: the beginning of data, which shows what it is, stays. */
const head = 256;

/** In bytes. After so many without an escape many more are likely to follow. */
const longRun = 64;

/** In bytes, of a name that may come again. */
const longestName = 64;

/** How many are compared with the next one. */
const recentNames = 64;

/** Far more than a request has tools and results: each cut takes more memory than the shortest schema. */
const mostCuts = 10_000;

/**
 * Returns what need not be parsed of the JSON text of a request, in order; undefined if that is not JSON, which is then for `JSON.parse` to
 * say. `bytes` must be UTF-8. Everything is looked at once, and what is cut out has been found to be valid.
 *
 * @throws ProxyError 400 for more values than the budget, or nested too deep, before any of it is parsed: that would take twenty times the memory.
 */
export function findCuts(bytes: Uint8Array): Cut[] | undefined {
  const scanner = new Scanner(bytes);
  const end = scanner.value(scanner.blank(0), 0, request);
  return end !== invalid && scanner.blank(end) === bytes.length ? scanner.cuts : undefined;
}

/** In place of the index at which something ends. */
const invalid = -1;

const quote = 0x22;
const comma = 0x2c;
const minus = 0x2d;
const point = 0x2e;
const zero = 0x30;
const colon = 0x3a;
const openList = 0x5b;
const backslash = 0x5c;
const closeList = 0x5d;
const letterU = 0x75;
const openObject = 0x7b;
const closeObject = 0x7d;

function bytesOf(text: string): readonly number[] {
  return Array.from(text, (char) => char.charCodeAt(0));
}

function tableOf(members: readonly number[]): Uint8Array {
  const table = new Uint8Array(256);
  for (const byte of members) table[byte] = 1;
  return table;
}

const literals = new Map(['true', 'false', 'null'].map((word) => [word.charCodeAt(0), bytesOf(word)]));
const blanks = tableOf(bytesOf(' \t\n\r'));
const digits = tableOf(bytesOf('0123456789'));
const hexDigits = tableOf(bytesOf('0123456789abcdefABCDEF'));
/** What may follow a backslash, beside `u`. */
const escapes = tableOf(bytesOf('"\\/bfnrt'));
/** What a string cannot have as it is: its end, escapes, control characters. */
const notInString = tableOf([quote, backslash, ...Array(32).keys()]);
/** What no Base64 has, and what would mean something to a reader of text: blanks, tags. Escapes begin with a backslash. */
const notInData = bytesOf(' \\<>');
const dataUrl = bytesOf('data:');

/** Every method takes the index at which something begins, and returns the one at which it ends, or `invalid`. */
class Scanner {
  readonly cuts: Cut[] = [];
  readonly #bytes: Uint8Array;
  readonly #words: DataView;
  #values = 0;
  #members = 0;
  /** A long one counts as another each time: it stands for where it is. */
  readonly #names = new Set<string | number>();
  /** Where some of them begin. */
  #recent: Uint32Array | undefined;
  /** The value that was looked at last is not an object of which its place's `only` is true. */
  #isOther = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#words = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  blank(at: number): number {
    let end = at;
    while (end < this.#bytes.length && blanks[this.#bytes[end]!] === 1) end += 1;
    return end;
  }

  value(at: number, depth: number, place: Place | undefined): number {
    if ((this.#values += 1) > budgets.values) throw proxyError('bodyTooManyValues', { limit: budgets.values });
    const byte = this.#bytes[at];
    this.#isOther = true;
    if (byte === quote) return this.#string(at, place);
    if (byte === openObject || byte === openList) return this.#nested(at, depth + 1, place);
    return byte === undefined ? invalid : literals.has(byte) ? this.#literal(at, literals.get(byte)!) : this.#number(at);
  }

  #nested(at: number, depth: number, place: Place | undefined): number {
    if (depth > deepest) throw proxyError('bodyTooDeep', { levels: deepest });
    const before = this.cuts.length;
    const end = this.#bytes[at] === openObject ? this.#object(at, depth, place) : this.#list(at, depth, place);
    if (end === invalid || place?.cut !== 'value') return end;
    // what was found in it goes with it
    this.cuts.length = before;
    this.#cut('value', at, end);
    return end;
  }

  #object(at: number, depth: number, place: Place | undefined): number {
    const bytes = this.#bytes;
    const before = this.cuts.length;
    // in bytes, of text that is cut out
    let shortest = place?.only ? Infinity : 0;
    let end = this.blank(at + 1);
    if (bytes[end] !== closeObject) {
      for (; ; end = this.blank(end + 1)) {
        const key = end;
        if (bytes[key] !== quote || (end = this.#stringEnd(key + 1)) === invalid) return invalid;
        const keyEnd = end;
        this.#named(key + 1, keyEnd - 1);
        end = this.blank(end);
        if (bytes[end] !== colon) return invalid;
        const start = this.blank(end + 1);
        end = this.value(start, depth, place?.members?.find(([name]) => this.#says(key, keyEnd, name))?.[1]);
        if (end === invalid) return invalid;
        if (place?.only && this.#says(key, keyEnd, place.only.member)) shortest = this.#shortestText(start, end, place.only);
        end = this.blank(end);
        if (bytes[end] !== comma) break;
      }
    }
    if (bytes[end] !== closeObject) return invalid;
    if (shortest > 0) this.#keepText(before, shortest);
    this.#isOther = shortest === Infinity;
    return end + 1;
  }

  /** Counts different names, as far as there are very many members: JSON.parse takes ten times as long for each of them as for one that it knows. */
  #named(start: number, end: number): void {
    if ((this.#members += 1) <= budgets.names || this.#isRecent(start, end)) return;
    this.#names.add(end - start > longestName ? start : String.fromCharCode(...this.#bytes.subarray(start, end)));
    if (this.#names.size > budgets.names) throw proxyError('bodyTooManyNames', { limit: budgets.names });
  }

  /** Whether a name is one of those that were looked at last: most come again and again, and to compare them takes less time than to look them up. */
  #isRecent(start: number, end: number): boolean {
    const bytes = this.#bytes;
    const slot = (bytes[start]! + 31 * bytes[end - 1]! + 7 * (end - start)) % recentNames;
    const recent = (this.#recent ??= new Uint32Array(recentNames));
    let known = recent[slot]!;
    recent[slot] = start;
    if (known === 0 || end - start > longestName) return false;
    for (let at = start; at < end; at += 1, known += 1) if (bytes[at] !== bytes[known]) return false;
    return bytes[known] === quote;
  }

  #list(at: number, depth: number, place: Place | undefined): number {
    const bytes = this.#bytes;
    const before = this.cuts.length;
    let hasOther = false;
    let end = this.blank(at + 1);
    if (bytes[end] !== closeList) {
      for (; ; end = this.blank(end + 1)) {
        end = this.value(end, depth, place?.items);
        if (end === invalid) return invalid;
        hasOther ||= this.#isOther;
        end = this.blank(end);
        if (bytes[end] !== comma) break;
      }
    }
    if (bytes[end] !== closeList) return invalid;
    if (hasOther && place?.isUniform) this.#keepText(before, Infinity);
    this.#isOther = true;
    return end + 1;
  }

  #string(at: number, place: Place | undefined): number {
    const end = this.#stringEnd(at + 1);
    if (end === invalid) return invalid;
    const length = end - at - 2;
    if (place?.cut === 'string' && length > 0) this.#cut('string', at, end);
    else if (length >= longData && this.#isData(at + 1, end - 1, place)) this.#cut('data', at + 1 + head, end - 1);
    else if (place?.cut === 'text' && length >= longText) this.#cut('text', at + 1, end - 1);
    return end;
  }

  /** The end of a string of which `at` is behind the opening quote. */
  #stringEnd(at: number): number {
    const bytes = this.#bytes;
    for (let end = this.#plainEnd(at); ; end = this.#plainEnd(end)) {
      if (bytes[end] === quote) return end + 1;
      if (bytes[end] !== backslash) return invalid;
      // one seldom comes alone
      do {
        if (escapes[bytes[end + 1]!] === 1) end += 2;
        else if (this.#isUnicodeEscape(end)) end += 6;
        else return invalid;
      } while (bytes[end] === backslash);
    }
  }

  /** Where the next byte is that a string cannot have as it is, or the bytes end. Looks at eight bytes at once, as long as there are so many. */
  #plainEnd(at: number): number {
    const bytes = this.#bytes;
    const words = this.#words;
    let end = at;
    for (const last = Math.min(bytes.length - 8, at + longRun); end <= last; end += 8) {
      const one = special(words.getInt32(end, true));
      const other = special(words.getInt32(end + 4, true));
      if ((one | other) !== 0) return one === 0 ? end + 4 + firstOf(other) : end + firstOf(one);
    }
    if (end <= bytes.length - 16) return this.#plainEnd(this.#plainBlocksEnd(end));
    while (end < bytes.length && notInString[bytes[end]!] === 0) end += 1;
    return end;
  }

  /** As far as there is nothing special, in blocks of sixteen bytes. */
  #plainBlocksEnd(at: number): number {
    const words = this.#words;
    let end = at;
    for (const last = this.#bytes.length - 16; end <= last; end += 16) {
      const one = special(words.getInt32(end, true)) | special(words.getInt32(end + 4, true));
      if ((one | special(words.getInt32(end + 8, true)) | special(words.getInt32(end + 12, true))) !== 0) break;
    }
    return end;
  }

  #isUnicodeEscape(at: number): boolean {
    const bytes = this.#bytes;
    if (at + 6 > bytes.length || bytes[at + 1] !== letterU) return false;
    for (let digit = at + 2; digit < at + 6; digit += 1) if (hexDigits[bytes[digit]!] === 0) return false;
    return true;
  }

  #isData(start: number, end: number, place: Place | undefined): boolean {
    const text = this.#bytes.subarray(start, end);
    // the place where it is cut must not be within a character
    const begins = place?.cut === 'data' || dataUrl.every((byte, at) => text[at] === byte);
    return begins && text[head]! < 0x80 && !notInData.some((byte) => text.includes(byte));
  }

  #number(at: number): number {
    const bytes = this.#bytes;
    const start = bytes[at] === minus ? at + 1 : at;
    let end = this.#digits(start);
    if (end === start || (bytes[start] === zero && end > start + 1)) return invalid;
    if (bytes[end] === point) {
      const fraction = end + 1;
      end = this.#digits(fraction);
      if (end === fraction) return invalid;
    }
    // E or e
    if (bytes[end] === 0x45 || bytes[end] === 0x65) {
      const sign = bytes[end + 1];
      const exponent = sign === 0x2b || sign === minus ? end + 2 : end + 1;
      end = this.#digits(exponent);
      if (end === exponent) return invalid;
    }
    return end;
  }

  #digits(at: number): number {
    let end = at;
    while (end < this.#bytes.length && digits[this.#bytes[end]!] === 1) end += 1;
    return end;
  }

  #literal(at: number, word: readonly number[]): number {
    return word.every((byte, index) => this.#bytes[at + index] === byte) ? at + word.length : invalid;
  }

  /** Whether the string between two quotes says `name`, maybe with escapes such as `\u0061`. */
  #says(start: number, end: number, name: string): boolean {
    const bytes = this.#bytes;
    let at = start + 1;
    for (let index = 0; index < name.length; index += 1) {
      const isEscape = bytes[at] === backslash && bytes[at + 1] === letterU;
      if ((isEscape ? this.#escaped(at + 2) : bytes[at]) !== name.charCodeAt(index)) return false;
      at += isEscape ? 6 : 1;
    }
    return at === end - 1;
  }

  /** The character of four hexadecimal digits. */
  #escaped(at: number): number {
    let value = 0;
    for (let place = at; place < at + 4; place += 1) {
      const digit = this.#bytes[place]!;
      value = value * 16 + (digit < 0x40 ? digit & 15 : (digit & 7) + 9);
    }
    return value;
  }

  #cut(kind: CutKind, start: number, end: number): void {
    if (this.cuts.length < mostCuts) this.cuts.push({ kind, start, end });
  }

  #isOneOf(start: number, end: number, values: readonly string[]): boolean {
    return this.#bytes[start] === quote && values.some((value) => this.#says(start, end, value));
  }

  #shortestText(start: number, end: number, { values, long = [] }: NonNullable<Place['only']>): number {
    if (this.#isOneOf(start, end, values)) return 0;
    return this.#isOneOf(start, end, long) ? longData : Infinity;
  }

  /** Takes back what was cut of shorter text since there were so many cuts. */
  #keepText(before: number, shortest: number): void {
    if (this.cuts.length === before) return;
    const since = this.cuts.splice(before);
    for (const cut of since) if (cut.kind !== 'text' || cut.end - cut.start >= shortest) this.cuts.push(cut);
  }
}

/**
 * Has the highest bit set of the first of four bytes that is a quote, a backslash or a control character, and of none before it. With its second
 * bit turned, a quote comes before all other characters that a string may have.
 */
function special(word: number): number {
  return (((word ^ 0x02020202) - 0x21212121) | ((word ^ 0x5c5c5c5c) - 0x01010101)) & ~word & 0x80808080;
}

/** Which of four bytes is the first that has its highest bit set, in a word whose first byte is the lowest. */
function firstOf(word: number): number {
  return (31 - Math.clz32(word & -word)) >> 3;
}
