import type { TokenLogprob } from '../wire/chat.ts';

/** Answer text with the log probabilities of its tokens, if they were asked for. */
export interface Segment {
  text: string;
  logprobs: TokenLogprob[];
}

export interface StopFilter {
  /** Takes text and returns what may be emitted; what could be the beginning of a stop sequence is held back. */
  push(segment: Segment): Segment[];
  /** Returns what was held back: no more text follows that could complete a stop sequence. */
  flush(): Segment[];
  /** Whether a stop sequence was found; then nothing comes out any more. */
  matched(): boolean;
}

/**
 * Cuts text before the first place at which one of the stop sequences stands, wherever the text was cut into pieces.
 * Of several sequences the one that begins first counts. Emulates Chat's `stop`, which Responses does not have.
 */
export function createStopFilter(stops: readonly string[]): StopFilter {
  const firsts = new Set(stops.map((stop) => stop[0]));
  let segments: Segment[] = [];
  let held = '';
  let matched = false;

  function scan(final: boolean): Segment[] {
    for (let at = 0; at < held.length; at += 1) {
      if (!firsts.has(held[at])) continue;
      if (stops.some((stop) => held.startsWith(stop, at))) {
        matched = true;
        return take(at);
      }
      if (!final && stops.some((stop) => stop.length > held.length - at && stop.startsWith(held.slice(at)))) return take(at);
    }
    return take(held.length);
  }

  function take(length: number): Segment[] {
    held = held.slice(length);
    const taken: Segment[] = [];
    let left = length;
    while (segments.length > 0 && (left > 0 || segments[0]!.text === '')) {
      const [head, tail] = split(segments[0]!, left);
      taken.push(head);
      left -= head.text.length;
      if (tail) {
        segments[0] = tail;
        break;
      }
      segments.shift();
    }
    return taken;
  }

  return {
    push(segment) {
      if (matched) return [];
      segments.push(segment);
      held += segment.text;
      return scan(false);
    },
    flush: () => (matched ? [] : scan(true)),
    matched: () => matched,
  };
}

/** A segment cut in two; a token belongs to the piece in which it ends. */
function split({ text, logprobs }: Segment, at: number): [Segment, Segment?] {
  if (text.length <= at) return [{ text, logprobs }];
  let end = 0;
  let tokens = 0;
  for (const { token } of logprobs) {
    end += token.length;
    if (end > at) break;
    tokens += 1;
  }
  return [
    { text: text.slice(0, at), logprobs: logprobs.slice(0, tokens) },
    { text: text.slice(at), logprobs: logprobs.slice(tokens) },
  ];
}
