export interface Span {
  start: number;
  end: number;
}

/** In characters. What begins as a credential does for so long is hidden as far as it does; a text of a shorter one is compared whole. */
const telling = 12;
/** In characters: what is looked up in the table. */
const key = 8;
/** A power of two, so large that few pairs share a place. */
const pairs = 2048;
/** How many texts may begin with the same key. */
const mostAlike = 8;
/** In characters, of a text that is also looked for within what is hidden. */
const overlapping = 32;

interface Needle {
  text: string;
  /** Only the first part is compared of one that is longer. */
  isCut: boolean;
}

/**
 * Texts that are looked for in others, all of them in one pass: also where only the beginning of one stands, or only its end, since a model
 * writes a key in pieces. The time is linear, whatever they are: each place costs one look-up at most, and each comparison is of a bounded length.
 */
export class Needles {
  /** In characters, of a text that is compared. */
  static readonly longest = 64;
  readonly #byStart = new Map<string, Needle[]>();
  readonly #byEnd = new Map<string, string[]>();
  readonly #all = new Set<string>();
  /** How far the last such pair of any key stands from its key's end, by a small hash of the pair; one more than it can for a pair of none. */
  readonly #shifts = new Uint8Array(pairs).fill(key - 1);
  /** All beginnings that are too short to be told. */
  #beginnings: Set<string> | undefined;

  /** Returns false for a text that is known already, or too short to be looked for. */
  add(text: string): boolean {
    const compared = text.slice(0, Needles.longest);
    if (text.length < key || this.#all.has(compared)) return false;
    this.#all.add(compared);
    const start = text.slice(0, key);
    const there = this.#byStart.get(start) ?? [];
    // of many that begin alike each word that begins so is hidden: they would all be compared at each place
    if (there.length >= mostAlike) this.#byStart.set(start, [{ text: start, isCut: true }]);
    else if (!there.some(({ text: one, isCut }) => isCut && one === start))
      this.#byStart.set(start, [...there, { text: compared, isCut: text.length > Needles.longest }]);
    this.#see(text);
    return true;
  }

  /** Looks for the end of this text, too. Of one that is short, nothing but the whole is telling. */
  addEnd(text: string): void {
    if (text.length < telling + key) return;
    const end = text.slice(-telling);
    const there = this.#byEnd.get(end.slice(0, key)) ?? [];
    if (there.length >= mostAlike) return;
    this.#byEnd.set(end.slice(0, key), [...there, text.slice(-Needles.longest)]);
    this.#see(end);
  }

  #see(text: string): void {
    for (let at = 0; at < key - 1; at += 1) {
      const pair = pairAt(text, at);
      this.#shifts[pair] = Math.min(this.#shifts[pair]!, key - 2 - at);
    }
    this.#beginnings = undefined;
  }

  /** Returns where they stand; in order of their starts, but they may overlap. */
  in(text: string, from: number): Span[] {
    const found: Span[] = [];
    if (this.#all.size === 0) return found;
    let end = from;
    for (let at = from, shift = 0; at <= text.length - key; at += shift || 1) {
      // the method of Wu and Manber: the pair at the end of a key's place tells how far away the next key can be
      shift = this.#shifts[pairAt(text, at + key - 2)]!;
      if (shift > 0) continue;
      const start = text.slice(at, at + key);
      // where several begin the longest counts: what one of them has hidden hides nothing of the others
      const before = end;
      for (const needle of this.#byStart.get(start) ?? []) {
        const matched = matchedFrom(text, at, needle, before);
        if (matched > 0 && at + matched > end) found.push({ start: at, end: (end = at + matched) });
      }
      for (const whole of this.#byEnd.get(start) ?? []) {
        if (!text.startsWith(whole.slice(-telling), at)) continue;
        found.push({ start: startOf(text, at, whole, Math.max(end, at - Needles.longest)), end: at + telling });
        end = Math.max(end, at + telling);
      }
    }
    return found;
  }

  /** Returns where the first beginning starts that reaches the end of the text; the text's length if there is none. */
  beginningIn(text: string, from: number): number {
    if (this.#all.size === 0) return text.length;
    this.#beginnings ??= this.#findBeginnings();
    for (let at = Math.max(from, text.length - telling + 1); at < text.length; at += 1) {
      if (this.#beginnings.has(text.slice(at))) return at;
    }
    return text.length;
  }

  #findBeginnings(): Set<string> {
    const ends = [...this.#byEnd.values()].flat().map((whole) => whole.slice(-telling));
    const found = new Set<string>();
    for (const one of [...this.#all, ...ends]) {
      for (let length = 1; length < Math.min(telling, one.length); length += 1) found.add(one.slice(0, length));
    }
    return found;
  }
}

function pairAt(text: string, at: number): number {
  return (text.charCodeAt(at) * 31 + text.charCodeAt(at + 1)) & (pairs - 1);
}

/** How much of a needle stands there, 0 if it is too little. `hidden`: up to there the text is hidden already. */
function matchedFrom(text: string, at: number, { text: needle, isCut }: Needle, hidden: number): number {
  // what begins within something hidden matters only where credentials overlap
  if (at < hidden && !isCut && needle.length > overlapping) return 0;
  if (text.startsWith(needle, at)) return isCut ? endOfWord(text, Math.max(at + needle.length, hidden)) - at : needle.length;
  if (at < hidden) return 0;
  let matched = key;
  while (matched < needle.length && text.charCodeAt(at + matched) === needle.charCodeAt(matched)) matched += 1;
  return matched >= telling ? matched : 0;
}

/** Where a key ends that goes on from there: what is beyond the part that is compared. */
function endOfWord(text: string, from: number): number {
  let end = from;
  while (end < text.length && isOfKey(text.charCodeAt(end))) end += 1;
  return end;
}

/** Letters, digits and `+-./=_~`: of what tokens are made (RFC 6750), and their escapes. */
function isOfKey(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 45 && code <= 57) ||
    code === 43 ||
    code === 61 ||
    code === 95 ||
    code === 126
  );
}

/** Where a text begins of which the end stands at `at`, as far as it is there. */
function startOf(text: string, at: number, whole: string, from: number): number {
  let start = at;
  for (let left = whole.length - telling; left > 0 && start > from && text.charCodeAt(start - 1) === whole.charCodeAt(left - 1); left -= 1)
    start -= 1;
  return start;
}
