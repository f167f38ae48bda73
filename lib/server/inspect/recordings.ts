import { quoteInto, mostQuoted } from '../log/quote.ts';
import type { LogLines } from '../types/log.ts';

/** Bounds of what is kept. */
export interface Bounds {
  /** How many exchanges. */
  exchanges: number;
  /** Bytes of all of them. */
  bytes: number;
}

const bounds: Bounds = { exchanges: 200, bytes: 32 * 1024 * 1024 };

/** In bytes: what an exchange gets at first; each further block is twice as long, up to the longest. */
const [FIRST_BLOCK, LONGEST_BLOCK] = [4 * 1024, 256 * 1024];

interface Block {
  bytes: Buffer;
  used: number;
}

/** The lines of one exchange. */
export interface Recording {
  readonly id: string;
  /** Bytes of its lines, each with its line feed. */
  readonly length: number;
  /** No line follows. */
  readonly ended: boolean;
  /** Returns the bytes from an offset on that are there now, in pieces. */
  from(offset: number): Buffer[];
}

export interface Recordings {
  /** Oldest first. */
  readonly all: ReadonlySet<Recording>;
  /** Opens the recording of an exchange. */
  open(id: string): LogLines;
  /** Resolves when something has changed after this call. */
  changed(): Promise<void>;
}

/** Keeps the lines of the last exchanges. The oldest go first; of an exchange that alone fills half of the room, the rest is left out. */
export function createRecordings({ exchanges, bytes: limit }: Bounds = bounds): Recordings {
  const all = new Set<OpenRecording>();
  let held = 0;
  let waiting: PromiseWithResolvers | undefined;

  function notify(): void {
    waiting?.resolve();
    waiting = undefined;
  }

  function makeRoom(): void {
    for (const oldest of all) {
      if (all.size <= exchanges && held <= limit) return;
      all.delete(oldest);
      held -= oldest.held;
    }
  }

  return {
    all,
    open(id) {
      const recording = new OpenRecording(id);
      all.add(recording);
      makeRoom();
      const add = (most: number, write: (into: Buffer, at: number) => number): void => {
        if (recording.isFull || !all.has(recording)) return;
        const before = recording.held;
        recording.add(most, write);
        if (recording.held > limit / 2) recording.fill();
        held += recording.held - before;
        makeRoom();
        notify();
      };
      return {
        append: (line) => add(line.length * 3 + 1, (into, at) => at + into.write(`${line}\n`, at)),
        appendQuoting: (before, text, after) =>
          add((before.length + after.length) * 3 + mostQuoted(text) + 1, (into, at) => {
            const end = quoteInto(text, into, at + into.write(before, at));
            return end + into.write(`${after}\n`, end);
          }),
        end() {
          recording.ended = true;
          notify();
        },
      };
    },
    changed() {
      waiting ??= withResolvers();
      return waiting.promise;
    },
  };
}

interface PromiseWithResolvers {
  promise: Promise<void>;
  resolve: () => void;
}

/** As `Promise.withResolvers`, which Node.js 20 does not have. */
function withResolvers(): PromiseWithResolvers {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

class OpenRecording implements Recording {
  readonly id: string;
  readonly #blocks: Block[] = [];
  length = 0;
  ended = false;
  isFull = false;
  /** Bytes of its blocks. */
  held = 0;

  constructor(id: string) {
    this.id = id;
  }

  /** Adds what `write` writes, at most `most` bytes. */
  add(most: number, write: (into: Buffer, at: number) => number): void {
    let block = this.#blocks.at(-1);
    if (!block || block.bytes.length - block.used < most) block = this.#open(most);
    const end = write(block.bytes, block.used);
    this.length += end - block.used;
    block.used = end;
    // what was reserved for a long line and not needed
    if (block.bytes.length > LONGEST_BLOCK) this.#trim(block);
  }

  #open(most: number): Block {
    const usual = Math.min(FIRST_BLOCK * 2 ** this.#blocks.length, LONGEST_BLOCK);
    const block = { bytes: Buffer.allocUnsafeSlow(Math.max(usual, most)), used: 0 };
    this.held += block.bytes.length;
    this.#blocks.push(block);
    return block;
  }

  #trim(block: Block): void {
    this.held -= block.bytes.length - block.used;
    block.bytes = Buffer.from(block.bytes.subarray(0, block.used));
  }

  fill(): void {
    this.isFull = true;
    const line = `{"time":"","port":0,"id":${JSON.stringify(this.id)},"direction":"note","path":"","body":"The rest is too long to be kept here."}\n`;
    const bytes = Buffer.from(line);
    this.#blocks.push({ bytes, used: bytes.length });
    this.length += bytes.length;
    this.held += bytes.length;
  }

  from(offset: number): Buffer[] {
    const pieces: Buffer[] = [];
    let start = 0;
    for (const { bytes, used } of this.#blocks) {
      if (start + used > offset) pieces.push(bytes.subarray(Math.max(0, offset - start), used));
      start += used;
    }
    return pieces;
  }
}
