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
  const states = statesOf(stops);
  let segments: Segment[] = [];
  let held = 0; // characters
  let state = states[0]!;
  /** Characters of the text, from where the first stop sequence that was found begins. */
  let found: number | undefined;
  let matched = false;

  function scan(text: string): Segment[] {
    for (let at = 0; at < text.length; at += 1) {
      const char = text.charCodeAt(at);
      while (state.fallback && !state.next.has(char)) state = state.fallback;
      state = state.next.get(char) ?? states[0]!;
      held += 1;
      if (found !== undefined) found += 1;
      if (state.ends > 0) found = Math.max(found ?? 0, state.ends);
      // one that began before may still be completed
      if (found !== undefined && state.length <= found) return stopAt(found);
    }
    return take(held - Math.max(state.length, found ?? 0));
  }

  function stopAt(length: number): Segment[] {
    matched = true;
    return take(held - length);
  }

  function take(length: number): Segment[] {
    held -= length;
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
      return scan(segment.text);
    },
    flush() {
      if (matched) return [];
      state = states[0]!;
      return found === undefined ? take(held) : stopAt(found);
    },
    matched: () => matched,
  };
}

/** What the end of a text is: the longest beginning of any stop sequence (a state of the automaton of Aho and Corasick). */
interface State {
  readonly next: Map<number, State>;
  /** Of that beginning, in characters. */
  readonly length: number;
  /** The next shorter one. */
  fallback: State | undefined;
  /** Characters of the longest stop sequence that ends here, 0 if there is none. */
  ends: number;
}

/** Returns the states that some stop sequences lead to, the first one first: each character of a text is then looked at once. */
function statesOf(stops: readonly string[]): State[] {
  const start: State = { next: new Map(), length: 0, fallback: undefined, ends: 0 };
  const states = [start];
  for (const stop of stops) {
    let state = start;
    for (let at = 0; at < stop.length; at += 1) {
      const char = stop.charCodeAt(at);
      const next: State = state.next.get(char) ?? { next: new Map(), length: at + 1, fallback: start, ends: 0 };
      state.next.set(char, next);
      state = next;
    }
    state.ends = stop.length;
  }
  // shorter ones first, since the longer ones fall back to them
  for (let at = 0; at < states.length; at += 1) {
    const state = states[at]!;
    for (const [char, next] of state.next) {
      let fallback = state.fallback;
      while (fallback && !fallback.next.has(char)) fallback = fallback.fallback;
      next.fallback = fallback?.next.get(char) ?? start;
      next.ends ||= next.fallback.ends;
      states.push(next);
    }
  }
  return states;
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
