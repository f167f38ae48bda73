import { traitsOf } from '../models/traits.ts';
import type { AnswerContext } from '../wire/bridge.ts';
import type { TokenLogprob, UrlCitation } from '../wire/chat.ts';
import type { OutputItem, ResponseLogprob } from '../wire/responses.ts';
import { toChatCitation } from './citations.ts';
import { remainder } from './remainder.ts';
import type { Writer } from './writer.ts';

/** One message item as it arrives. `part` is the index of a content part. */
export interface MessageWriter {
  text(part: number, text: string, logprobs?: readonly ResponseLogprob[] | null): void;
  refusal(part: number, text: string): void;
  annotation(part: number, annotation: { type: string }): void;
  /** The end of the message; the finished item, where it is known, brings what no delta did. */
  close(item: OutputItem | undefined): void;
}

export interface Messages {
  open(item: OutputItem): MessageWriter;
  /** After the last item: tells what was held back; commentary becomes content if `calls` is 0 and nothing else was said. */
  finish(calls: number): UrlCitation[];
}

/** How a message is told: not yet known, as content, held back until it is known, as reasoning, or not at all. */
type Manner = 'undecided' | 'content' | 'held' | 'reasoning' | 'dropped';

interface Piece {
  part: number;
  text: string;
  logprobs: TokenLogprob[];
}

/**
 * Chat has one content, Responses several messages. Commentary is reasoning; the other messages are joined by a blank line,
 * those that repeat an earlier one word for word left out. When a JSON format was asked for, content is one message only:
 * the first `final_answer`, else the first without a phase, since two JSON texts in a row are none.
 */
export function createMessages(context: AnswerContext, model: () => string, writer: Writer, notes: string[]): Messages {
  const toldTexts: string[] = [];
  const commentary: (() => void)[] = [];
  const citations: UrlCitation[] = [];
  let refused = false;
  let chosen = false; // with a JSON format: the one message is found
  let candidate: (() => void) | undefined; // and this is it if no final answer follows

  function open(item: OutputItem): MessageWriter {
    let manner: Manner = item.phase === 'commentary' ? 'reasoning' : 'undecided';
    let whole = '';
    const texts = new Map<number, string>();
    const refusals = new Map<number, string>();
    const starts = new Map<number, number>();
    const annotations = new Map<number, { type: string }[]>();
    const pieces: Piece[] = [];
    const logged = new Set<number>();
    const self = {};

    function tell({ part, text, logprobs }: Piece): void {
      if (starts.size === 0 && toldTexts.length > 0) writer.separate();
      if (!starts.has(part)) starts.set(part, writer.position());
      writer.text(text, logprobs);
    }

    function tellHeld(): void {
      manner = 'content';
      for (const piece of pieces) tell(piece);
    }

    function decide(phase: OutputItem['phase']): Manner {
      if (!context.json) return toldTexts.length > 0 ? 'held' : 'content';
      if (chosen || (candidate && phase !== 'final_answer')) return drop();
      if (phase === 'final_answer' || !traitsOf(model()).phases) {
        if (candidate) drop();
        candidate = undefined;
        chosen = true;
        return 'content';
      }
      candidate = finishHeld;
      return 'held';
    }

    function drop(): Manner {
      notes.push('dropped a further message beside the JSON answer');
      return 'dropped';
    }

    function finishHeld(): void {
      tellHeld();
      settle();
    }

    /** What the message leaves behind once all of it is told. */
    function settle(): void {
      if (whole !== '') toldTexts.push(whole);
      for (const [part, list] of annotations) {
        for (const annotation of list) {
          const citation = toChatCitation(annotation, starts.get(part) ?? writer.position());
          if (citation) citations.push(citation);
        }
      }
    }

    const message: MessageWriter = {
      text(part, text, logprobs) {
        if (text === '') return;
        texts.set(part, (texts.get(part) ?? '') + text);
        whole += text;
        if (logprobs?.length) logged.add(part);
        const piece = { part, text, logprobs: context.logprobs ? (logprobs ?? []).map(toTokenLogprob) : [] };
        if (manner === 'undecided') manner = decide(item.phase);
        if (manner === 'content') tell(piece);
        else pieces.push(piece);
        if (manner === 'reasoning') writer.thought(self, text);
        // without a JSON format a later message waits only as long as it could still be a repetition
        else if (manner === 'held' && !context.json && !toldTexts.some((told) => told.startsWith(whole))) tellHeld();
      },
      refusal(part, text) {
        if (text === '') return;
        refusals.set(part, (refusals.get(part) ?? '') + text);
        if (manner === 'reasoning') return;
        refused = true;
        writer.delta({ refusal: text });
      },
      annotation(part, annotation) {
        const list = annotations.get(part);
        if (list) list.push(annotation);
        else annotations.set(part, [annotation]);
      },
      close(finished) {
        for (const [part, { type, text = '', refusal = '', annotations: all = [], logprobs }] of (finished?.content ?? []).entries()) {
          if (type === 'refusal') message.refusal(part, remainder(refusals.get(part), refusal));
          if (type !== 'output_text') continue;
          const before = texts.get(part);
          message.text(part, remainder(before, text), before === undefined ? logprobs : []);
          if (context.logprobs && manner === 'content' && logprobs?.length && !logged.has(part))
            writer.text('', logprobs.map(toTokenLogprob));
          if (all.length > 0) annotations.set(part, all);
        }
        if (manner === 'held' && !context.json) {
          if (toldTexts.includes(whole)) manner = 'dropped';
          else tellHeld();
        }
        if (manner === 'content') settle();
        if (manner === 'reasoning' && whole !== '') commentary.push(finishHeld);
      },
    };
    return message;
  }

  return {
    open,
    finish(calls) {
      candidate?.();
      if (calls === 0 && !refused && toldTexts.length === 0) for (const tell of context.json ? commentary.slice(0, 1) : commentary) tell();
      writer.close();
      return writer.stopped() ? citations.filter(({ url_citation }) => url_citation.end_index <= writer.position()) : citations;
    },
  };
}

/** Servers leave `bytes` and the list of alternatives out in some places; Chat always has them. */
function toTokenLogprob({ token, logprob, bytes, top_logprobs }: ResponseLogprob): TokenLogprob {
  return {
    token,
    logprob,
    bytes: bytes ?? null,
    top_logprobs: (top_logprobs ?? []).map((one) => ({ token: one.token ?? '', logprob: one.logprob ?? 0, bytes: one.bytes ?? null })),
  };
}
