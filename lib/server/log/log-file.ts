import { closeSync, constants, fchmodSync, fstatSync, ftruncateSync, openSync, write } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { codeOf } from '../fault.ts';
import { mostQuoted, quoteInto } from './quote.ts';

/** Lines on their way to a file; none is ever waited for. */
export interface LogFile {
  /** Appends a line, given without its line feed. After `close` it is ignored. */
  append(line: string): void;
  /** Appends a line of one JSON string between two pieces of JSON; `text` is the string's value, one character for each byte of its UTF-8. */
  appendQuoting(before: string, text: string, after: string): void;
  /** Writes what waits, and closes the file. Gives up when nothing could be written for two seconds. */
  close(): Promise<void>;
}

export interface LogFileOptions {
  /** In bytes: what may wait to be written. Further lines are dropped until half of that is free. */
  limit: number;
  /** Called once, when the file can't be written, with one line without its line feed. */
  warn(text: string): void;
  /** Returns the line that reports how many lines were dropped before it. */
  dropped(count: number): string;
}

/** Milliseconds in which lines gather for one write. */
const GATHERED = 20;
/** In bytes: what is written at once; a longer line is written alone. */
const BATCH = 1024 * 1024;
/** Milliseconds after which a full pipe is tried again; doubled from time to time. */
const [SHORTEST_PAUSE, LONGEST_PAUSE] = [1, 50];
/** Milliseconds. */
const GIVE_UP = 2000;

interface Batch {
  bytes: Buffer;
  used: number;
  lines: number;
}

const writeTo = promisify(write);

/**
 * Opens a file for lines of JSON: empty, readable by its owner only, and not through a symbolic link, which someone else may have put
 * there. A pipe or a device is fine, and what the process was given as `/dev/stdout` or `/dev/fd/N`.
 *
 * @throws Error with one line that says why the file is unusable.
 */
export function openLogFile(file: string, options: LogFileOptions): LogFile {
  const { limit, warn, dropped } = options;
  const fd = open(file);
  const waiting: Batch[] = [];
  let spare: Buffer | undefined;
  let bytesWaiting = 0;
  let linesDropped = 0;
  let bytesWritten = 0;
  let writing: Promise<void> | undefined;
  let cutOff = false;
  let warned = false;
  let closed = false;
  let abandoned = false;

  /** Whether a line of that many bytes may be added; else it counts as dropped. */
  function admits(bytes: number): boolean {
    if (closed) return false;
    reportDropped();
    if (linesDropped === 0 && bytesWaiting + bytes <= limit) return true;
    linesDropped += 1;
    return false;
  }

  function reportDropped(): void {
    if (linesDropped === 0 || bytesWaiting > limit / 2) return;
    add(dropped(linesDropped), linesDropped);
    linesDropped = 0;
  }

  function add(line: string, lines: number): void {
    const batch = batchFor(Buffer.byteLength(line) + 1);
    grow(batch, batch.bytes.write(`${line}\n`, batch.used), lines);
  }

  /** The batch that takes the next line, which has at most that many bytes. */
  function batchFor(bytes: number): Batch {
    const last = waiting.at(-1);
    if (last && last.bytes.length - last.used >= bytes) return last;
    const batch = { bytes: bytes <= BATCH && spare ? spare : Buffer.allocUnsafeSlow(Math.max(bytes, BATCH)), used: 0, lines: 0 };
    if (batch.bytes === spare) spare = undefined;
    waiting.push(batch);
    return batch;
  }

  function grow(batch: Batch, bytes: number, lines: number): void {
    batch.used += bytes;
    batch.lines += lines;
    bytesWaiting += bytes;
    writing ??= delay(GATHERED).then(writeAll);
  }

  async function writeAll(): Promise<void> {
    for (let batch = waiting.shift(); batch; batch = waiting.shift()) {
      try {
        await writeBatch(batch);
        bytesWaiting -= batch.used;
        reportDropped();
      } catch (error) {
        bytesWaiting -= batch.used;
        linesDropped += batch.lines;
        if (!warned) warn(`${describe(file, error)}; the proxy goes on`);
        warned = true;
      }
      if (batch.bytes.length === BATCH) spare = batch.bytes;
    }
    writing = undefined;
  }

  async function writeBatch({ bytes, used }: Batch): Promise<void> {
    // What failed in the middle of a line must not spoil the next one.
    if (cutOff) await writeTo(fd, '\n');
    let pause = SHORTEST_PAUSE;
    for (let at = 0; at < used;) {
      try {
        const written = (await writeTo(fd, bytes, at, used - at, null)).bytesWritten;
        at += written;
        bytesWritten += written;
        cutOff = bytes[at - 1] !== 10;
        pause = SHORTEST_PAUSE;
      } catch (error) {
        if (codeOf(error) !== 'EAGAIN' || abandoned) throw error;
        await delay(pause);
        pause = Math.min(pause * 2, LONGEST_PAUSE);
      }
    }
  }

  async function finish(): Promise<void> {
    await writing;
    if (fd > 2) closeSync(fd);
  }

  return {
    append(line) {
      if (admits(line.length)) add(line, 1);
    },
    appendQuoting(before, text, after) {
      if (!admits(text.length)) return;
      const batch = batchFor((before.length + after.length) * 3 + mostQuoted(text) + 1);
      const { bytes, used } = batch;
      const end = quoteInto(text, bytes, used + bytes.write(before, used));
      grow(batch, end + bytes.write(`${after}\n`, end) - used, 1);
    },
    async close() {
      if (closed) return;
      reportDropped();
      closed = true;
      let before = bytesWritten;
      let watch: NodeJS.Timeout | undefined;
      const stuck = new Promise<void>((resolve) => {
        watch = setInterval(() => {
          if (bytesWritten === before) {
            abandoned = true;
            waiting.length = 0;
            resolve();
          }
          before = bytesWritten;
        }, GIVE_UP);
      });
      await Promise.race([finish(), stuck]);
      clearInterval(watch);
    },
  };
}

/** Undefined on Windows, where they count as 0. */
const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY } = constants;

function open(file: string): number {
  try {
    const given = givenDescriptor(file);
    if (given !== undefined) return openGiven(given);
    // Without O_NONBLOCK a pipe that no one reads would stop the whole process, now and at its exit.
    const fd = openSync(file, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0o600);
    // The mode above counts for a new file only.
    if (fstatSync(fd).isFile()) {
      fchmodSync(fd, 0o600);
      ftruncateSync(fd);
    }
    return fd;
  } catch (error) {
    throw new Error(describe(file, error), { cause: error });
  }
}

/** The number of the open file that a name stands for. */
function givenDescriptor(file: string): number | undefined {
  if (file === '/dev/stdout') return 1;
  if (file === '/dev/stderr') return 2;
  const number = /^\/(?:dev|proc\/self)\/fd\/(\d{1,9})$/.exec(file)?.[1];
  return number === undefined ? undefined : Number(number);
}

/**
 * A file that a shell opened is used as it is, so that what else is printed there stays. A pipe or a terminal is opened again, because
 * others may depend on its writes being waited for; if that is not allowed (a container's output), it is used as it is too.
 */
function openGiven(fd: number): number {
  const stats = fstatSync(fd);
  if (stats.isDirectory()) throw Object.assign(new Error('a directory'), { code: 'EISDIR' });
  if (stats.isFIFO() || stats.isCharacterDevice()) {
    try {
      return openSync(`/dev/fd/${fd}`, O_WRONLY | O_APPEND | O_NONBLOCK | O_NOCTTY);
    } catch {
      return fd;
    }
  }
  return fd;
}

const reasons = new Map([
  ['EACCES', 'permission denied'],
  ['EBADF', 'it is not open for writing'],
  ['EISDIR', 'it is a directory'],
  ['ELOOP', 'it is a symbolic link'],
  ['ENOENT', 'its folder does not exist'],
  ['ENOSPC', 'no space is left'],
  ['ENXIO', 'nothing reads from it'],
  ['EPERM', 'it belongs to someone else'],
  ['EPIPE', 'nothing reads from it any more'],
  ['EROFS', 'its file system is read-only'],
]);

function describe(file: string, error: unknown): string {
  const code = codeOf(error);
  return `the log can't be written to ${JSON.stringify(file)}: ${reasons.get(code) ?? code}`;
}
