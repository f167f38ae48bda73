import { isObject } from '../../../json.ts';
import { parseEntry, parseJson } from './entry.ts';
import { Exchange } from './exchange.ts';

/** Bounds of what the page keeps, the same as those of the proxy. */
const [MOST_EXCHANGES, MOST_CHARACTERS] = [200, 32 * 1024 * 1024];

interface Kept {
  exchange: Exchange;
  lines: string[];
  characters: number;
}

/** The exchanges that the page shows, from the lines of a log; the oldest go first. */
export class Exchanges {
  /** The name of the file that is shown. */
  file: string | undefined;
  /** The version of the proxy. */
  version = '';
  /** The proxy answers by itself, so that examples may be sent to it. */
  demo = false;
  /** All that there was at the beginning has come. */
  isComplete = false;
  /** How many are gone, and how many lines were not understood. */
  forgotten = 0;
  strange = 0;
  readonly #kept = new Map<string, Kept>();
  readonly #gone = new Set<string>();
  #characters = 0;
  readonly #bounds: { exchanges: number; characters: number };

  constructor(bounds: { exchanges: number; characters: number } = { exchanges: MOST_EXCHANGES, characters: MOST_CHARACTERS }) {
    this.#bounds = bounds;
  }

  /** Oldest first. */
  get all(): Exchange[] {
    return [...this.#kept.values()].map(({ exchange }) => exchange);
  }

  get(id: string): Exchange | undefined {
    return this.#kept.get(id)?.exchange;
  }

  /** The lines of one exchange, as they came. */
  linesOf(id: string): readonly string[] {
    return this.#kept.get(id)?.lines ?? [];
  }

  add(line: string): void {
    if (line === '') return;
    const entry = parseEntry(line);
    if (!entry) return this.#control(line);
    // an entry of no exchange: lines that the disk did not take in time
    if (entry.id === '') return;
    if (this.#gone.has(entry.id)) return;
    let kept = this.#kept.get(entry.id);
    if (!kept) this.#kept.set(entry.id, (kept = { exchange: new Exchange(entry.id), lines: [], characters: 0 }));
    kept.lines.push(line);
    kept.characters += line.length;
    this.#characters += line.length;
    kept.exchange.add(entry);
    this.#makeRoom();
  }

  /** No line follows: what is not finished never will be. */
  end(): void {
    this.isComplete = true;
    for (const { exchange } of this.#kept.values()) exchange.end();
  }

  #control(line: string): void {
    const value = parseJson(line);
    const what = isObject(value) ? value['inspector'] : undefined;
    if (!isObject(value) || what === undefined) this.strange += 1;
    else if (what === 'ended') this.#kept.get(String(value['id']))?.exchange.end();
    else if (what === 'complete') {
      if (this.file === undefined) this.isComplete = true;
      else this.end();
    } else {
      this.version = String(value['version'] ?? '');
      this.demo = value['demo'] === true;
      if (typeof value['file'] === 'string') this.file = value['file'];
    }
  }

  #makeRoom(): void {
    for (const [id, { characters }] of this.#kept) {
      const fits = this.#kept.size <= this.#bounds.exchanges && this.#characters <= this.#bounds.characters;
      if (fits || this.#kept.size === 1) return;
      this.#kept.delete(id);
      this.#gone.add(id);
      this.#characters -= characters;
      this.forgotten += 1;
    }
  }
}
