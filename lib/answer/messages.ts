import { traitsOf } from '../models/traits.ts';
import type { AnswerContext } from '../wire/bridge.ts';
import type { TokenLogprob, UrlCitation } from '../wire/chat.ts';
import type { OutputItem, ResponseLogprob } from '../wire/responses.ts';
import { toChatCitation } from './citations.ts';
import { remainder } from './remainder.ts';
import type { Writer } from './writer.ts';

/** One message item as it arrives. `part` is the index of a content part. */
export interface MessageWriter {
  text(part: number, delta: string, logprobs?: Logprobs): void;
  /** The whole text, of which some may have been told; its logprobs count where nothing was. */
  textDone(part: number, text: string, logprobs?: Logprobs): void;
  refusal(part: number, delta: string): void;
  refusalDone(part: number, refusal: string): void;
  annotation(part: number, annotation: { type: string }): void;
  /** The end of the message; the finished item, where it is known, brings what no delta did. */
  close(item: OutputItem | undefined): void;
}

export interface Messages {
  open(item: OutputItem): MessageWriter;
  /** After the last item: tells what was held back; commentary becomes content if `calls` is 0 and nothing else was said. */
  finish(calls: number): UrlCitation[];
}

type Logprobs = readonly ResponseLogprob[] | null | undefined;

/** What came of a content part. */
interface Part {
  text: string;
  refusal: string;
  annotations: { type: string }[];
  /** Logprobs came with its text. */
  logged: boolean;
  /** Where it begins in the content; undefined as long as none of it is told. */
  start?: number;
}

/** How a message is told: not yet known, as content, held back until it is known, as reasoning, or not at all. */
type Manner = 'undecided' | 'content' | 'held' | 'reasoning' | 'dropped';

interface Piece {
  part: Part;
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
    let told = false;
    const parts = new Map<number, Part>();
    const pieces: Piece[] = [];
    const self = {};

    function partAt(index: number): Part {
      let part = parts.get(index);
      if (!part) parts.set(index, (part = { text: '', refusal: '', annotations: [], logged: false }));
      return part;
    }

    function tell({ part, text, logprobs }: Piece): void {
      if (!told && toldTexts.length > 0) writer.separate();
      told = true;
      part.start ??= writer.position;
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
      for (const { annotations, start = writer.position } of parts.values()) {
        for (const annotation of annotations) {
          const citation = toChatCitation(annotation, start);
          if (citation) citations.push(citation);
        }
      }
    }

    const message: MessageWriter = {
      text(index, text, logprobs) {
        if (text === '') return;
        const part = partAt(index);
        part.text += text;
        whole += text;
        if (logprobs?.length) part.logged = true;
        const piece = { part, text, logprobs: context.logprobs ? (logprobs ?? []).map(toTokenLogprob) : [] };
        if (manner === 'undecided') manner = decide(item.phase);
        if (manner === 'content') tell(piece);
        else pieces.push(piece);
        if (manner === 'reasoning') writer.thought(self, text);
        // without a JSON format a later message waits only as long as it could still be a repetition
        else if (manner === 'held' && !context.json && !toldTexts.some((one) => one.startsWith(whole))) tellHeld();
      },
      textDone(index, text, logprobs) {
        const before = partAt(index).text;
        message.text(index, remainder(before, text), before === '' ? logprobs : []);
      },
      refusal(index, text) {
        if (text === '') return;
        partAt(index).refusal += text;
        if (manner === 'reasoning') return;
        refused = true;
        writer.delta({ refusal: text });
      },
      refusalDone: (index, refusal) => message.refusal(index, remainder(partAt(index).refusal, refusal)),
      annotation: (index, annotation) => void partAt(index).annotations.push(annotation),
      close(finished) {
        for (const [index, { type, text = '', refusal = '', annotations = [], logprobs }] of (finished?.content ?? []).entries()) {
          if (type === 'refusal') message.refusalDone(index, refusal);
          if (type !== 'output_text') continue;
          message.textDone(index, text, logprobs);
          const part = partAt(index);
          if (context.logprobs && manner === 'content' && logprobs?.length && !part.logged) writer.text('', logprobs.map(toTokenLogprob));
          if (annotations.length > 0) part.annotations = annotations;
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
      return writer.stopped ? citations.filter(({ url_citation }) => url_citation.end_index <= writer.position) : citations;
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
