/** A line group of an event stream. */
export interface Frame {
  /** The text of its `data:` lines; of a comment, the comment. */
  data: string;
  isComment: boolean;
}

/** Reads the events of a stream from a text that comes in pieces. */
export class FrameReader {
  #rest = '';

  push(text: string): Frame[] {
    const frames: Frame[] = [];
    const all = this.#rest + text;
    let start = 0;
    const ends = /\r?\n\r?\n/g;
    ends.lastIndex = Math.max(0, this.#rest.length - 3);
    for (let end = ends.exec(all); end; end = ends.exec(all)) {
      frames.push(...frameOf(all.slice(start, end.index)));
      start = ends.lastIndex;
    }
    this.#rest = all.slice(start);
    return frames;
  }

  /** Returns what was never ended by an empty line. */
  end(): Frame[] {
    const rest = this.#rest;
    this.#rest = '';
    return frameOf(rest);
  }
}

function frameOf(text: string): Frame[] {
  const data: string[] = [];
  const comments: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('data:')) data.push(line.slice(line.startsWith('data: ') ? 6 : 5));
    else if (line.startsWith(':')) comments.push(line.slice(1).trim());
  }
  if (data.length > 0) return [{ data: data.join('\n'), isComment: false }];
  return comments.length > 0 ? [{ data: comments.join('\n'), isComment: true }] : [];
}
