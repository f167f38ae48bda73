import { mostQuoted, quoteInto } from '../log/quote.ts';
import type { LogLines } from '../types/log.ts';

/** Bounds of what is kept. */
export interface Bounds {
  /** How many exchanges. */
  exchanges: number;
  /** Bytes of all of them. */
  bytes: number;
}

const bounds: Bounds = { exchanges: 200, bytes: 32 * 1024 * 1024 };

/** In bytes: what an exchange gets at first, and again when that is full. A longer line has a block of its own. */
const BLOCK = 64 * 1024;
/** Blocks. */
const MOST_SPARE = 32;

/** Where lines are written before their length is known; one that may need more has its own. */
const scratch = Buffer.allocUnsafeSlow(256 * 1024);

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
  /** Says that pieces of recordings are on their way somewhere; returns what says that they are not any more. */
  read(): () => void;
}

/** Keeps the lines of the last exchanges. The oldest go first; of an exchange that alone fills half of the room, the rest is left out. */
export function createRecordings({ exchanges, bytes: limit }: Bounds = bounds): Recordings {
  const all = new Set<OpenRecording>();
  /** Blocks of recordings that are gone: new ones would cost more than what is written to them. */
  const spare: Buffer[] = [];
  let held = 0;
  let readers = 0;
  let change: { promise: Promise<void>; resolve(): void } | undefined;

  function notify(): void {
    change?.resolve();
    change = undefined;
  }

  function makeRoom(): void {
    for (const oldest of all) {
      if (all.size <= exchanges && held <= limit) return;
      all.delete(oldest);
      held -= oldest.held;
      // what a reader has taken of it must not change
      if (readers > 0) continue;
      for (const { bytes } of oldest.blocks) if (bytes.length === BLOCK && spare.length < MOST_SPARE) spare.push(bytes);
    }
  }

  /** Adds a line of at most `most` bytes. `write` writes it and returns where it ends. */
  function add(recording: OpenRecording, most: number, write: (into: Buffer, at: number) => number): void {
    if (recording.isFull || !all.has(recording)) return;
    const block = recording.blocks.at(-1);
    if (block && block.bytes.length - block.used >= most) recording.grow(block, write(block.bytes, block.used));
    else {
      const into = most <= scratch.length ? scratch : Buffer.allocUnsafeSlow(most);
      append(recording, into.subarray(0, write(into, 0)));
    }
    notify();
  }

  function append(recording: OpenRecording, line: Buffer): void {
    const last = recording.blocks.at(-1);
    const fits = last !== undefined && last.bytes.length - last.used >= line.length;
    const block = fits
      ? last
      : recording.open((line.length <= BLOCK && spare.pop()) || Buffer.allocUnsafeSlow(Math.max(BLOCK, line.length)));
    line.copy(block.bytes, block.used);
    recording.grow(block, block.used + line.length);
    if (fits) return;
    held += block.bytes.length;
    if (recording.held > limit / 2 && !recording.isFull) {
      recording.isFull = true;
      append(recording, Buffer.from(tooLong(recording.id)));
    }
    makeRoom();
  }

  return {
    all,
    open(id) {
      const recording = new OpenRecording(id);
      all.add(recording);
      makeRoom();
      return {
        append: (line) => add(recording, line.length * 3 + 1, (into, at) => at + into.write(`${line}\n`, at)),
        appendQuoting(before, text, after) {
          add(recording, (before.length + after.length) * 3 + mostQuoted(text) + 1, (into, at) => {
            const end = quoteInto(text, into, at + into.write(before, at));
            return end + into.write(`${after}\n`, end);
          });
        },
        end() {
          recording.ended = true;
          notify();
        },
      };
    },
    changed() {
      if (!change) {
        let resolve = (): void => {};
        const promise = new Promise<void>((done) => (resolve = done));
        change = { promise, resolve };
      }
      return change.promise;
    },
    read() {
      readers += 1;
      return () => (readers -= 1);
    },
  };
}

function tooLong(id: string): string {
  const body = 'The rest is too long to be kept here.';
  return `${JSON.stringify({ time: '', port: 0, id, direction: 'note', path: '', body })}\n`;
}

interface Block {
  bytes: Buffer;
  used: number;
}

class OpenRecording implements Recording {
  readonly id: string;
  readonly blocks: Block[] = [];
  length = 0;
  ended = false;
  isFull = false;
  /** Bytes of its blocks. */
  held = 0;

  constructor(id: string) {
    this.id = id;
  }

  open(bytes: Buffer): Block {
    const block = { bytes, used: 0 };
    this.held += bytes.length;
    this.blocks.push(block);
    return block;
  }

  grow(block: Block, used: number): void {
    this.length += used - block.used;
    block.used = used;
  }

  from(offset: number): Buffer[] {
    const pieces: Buffer[] = [];
    let start = 0;
    for (const { bytes, used } of this.blocks) {
      if (start + used > offset) pieces.push(bytes.subarray(Math.max(0, offset - start), used));
      start += used;
    }
    return pieces;
  }
}
