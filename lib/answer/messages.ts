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

/** What the messages of an answer know of each other. */
interface Shared {
  readonly context: AnswerContext;
  readonly model: () => string;
  readonly writer: Writer;
  readonly notes: string[];
  readonly toldTexts: string[];
  readonly commentary: Message[];
  readonly citations: UrlCitation[];
  refused: boolean;
  /** With a JSON format: the one message is found. */
  chosen: boolean;
  /** And this is it if no final answer follows. */
  candidate: Message | undefined;
}

/**
 * Chat has one content, Responses several messages. Commentary is reasoning; the other messages are joined by a blank line,
 * those that repeat an earlier one word for word left out. When a JSON format was asked for, content is one message only:
 * the first `final_answer`, else the first without a phase, since two JSON texts in a row are none.
 */
export function createMessages(context: AnswerContext, model: () => string, writer: Writer, notes: string[]): Messages {
  const toldTexts: string[] = [];
  const commentary: Message[] = [];
  const citations: UrlCitation[] = [];
  const shared: Shared = {
    context,
    model,
    writer,
    notes,
    toldTexts,
    commentary,
    citations,
    refused: false,
    chosen: false,
    candidate: undefined,
  };

  return {
    open: (item) => new Message(item, shared),
    finish(calls) {
      shared.candidate?.tellHeldAndSettle();
      if (calls === 0 && !shared.refused && toldTexts.length === 0) {
        for (const message of context.json ? commentary.slice(0, 1) : commentary) message.tellHeldAndSettle();
      }
      writer.close();
      return writer.stopped ? citations.filter(({ url_citation }) => url_citation.end_index <= writer.position) : citations;
    },
  };
}

class Message implements MessageWriter {
  readonly #item: OutputItem;
  readonly #shared: Shared;
  readonly #parts = new Map<number, Part>();
  readonly #pieces: Piece[] = [];
  #manner: Manner;
  #whole = '';
  #told = false;

  constructor(item: OutputItem, shared: Shared) {
    this.#item = item;
    this.#shared = shared;
    this.#manner = item.phase === 'commentary' ? 'reasoning' : 'undecided';
  }

  text(index: number, text: string, logprobs?: Logprobs): void {
    if (text === '') return;
    const { context, toldTexts, writer } = this.#shared;
    const part = this.#partAt(index);
    part.text += text;
    this.#whole += text;
    if (logprobs?.length) part.logged = true;
    const piece = { part, text, logprobs: context.logprobs ? (logprobs ?? []).map(toTokenLogprob) : [] };
    if (this.#manner === 'undecided') this.#manner = this.#decide(this.#item.phase);
    if (this.#manner === 'content') this.#tell(piece);
    else this.#pieces.push(piece);
    if (this.#manner === 'reasoning') writer.thought(this, text);
    // without a JSON format a later message waits only as long as it could still be a repetition
    else if (this.#manner === 'held' && !context.json && !toldTexts.some((one) => one.startsWith(this.#whole))) this.#tellHeld();
  }

  textDone(index: number, text: string, logprobs?: Logprobs): void {
    const before = this.#partAt(index).text;
    this.text(index, remainder(before, text), before === '' ? logprobs : []);
  }

  refusal(index: number, text: string): void {
    if (text === '') return;
    this.#partAt(index).refusal += text;
    if (this.#manner === 'reasoning') return;
    this.#shared.refused = true;
    this.#shared.writer.delta({ refusal: text });
  }

  refusalDone(index: number, refusal: string): void {
    this.refusal(index, remainder(this.#partAt(index).refusal, refusal));
  }

  annotation(index: number, annotation: { type: string }): void {
    this.#partAt(index).annotations.push(annotation);
  }

  close(finished: OutputItem | undefined): void {
    const { context, writer, toldTexts, commentary } = this.#shared;
    for (const [index, { type, text = '', refusal = '', annotations = [], logprobs }] of (finished?.content ?? []).entries()) {
      if (type === 'refusal') this.refusalDone(index, refusal);
      if (type !== 'output_text') continue;
      this.textDone(index, text, logprobs);
      const part = this.#partAt(index);
      if (context.logprobs && this.#manner === 'content' && logprobs?.length && !part.logged) writer.text('', logprobs.map(toTokenLogprob));
      if (annotations.length > 0) part.annotations = annotations;
    }
    if (this.#manner === 'held' && !context.json) {
      if (toldTexts.includes(this.#whole)) this.#manner = 'dropped';
      else this.#tellHeld();
    }
    if (this.#manner === 'content') this.#settle();
    if (this.#manner === 'reasoning' && this.#whole !== '') commentary.push(this);
  }

  tellHeldAndSettle(): void {
    this.#tellHeld();
    this.#settle();
  }

  #partAt(index: number): Part {
    let part = this.#parts.get(index);
    if (!part) this.#parts.set(index, (part = { text: '', refusal: '', annotations: [], logged: false }));
    return part;
  }

  #tell({ part, text, logprobs }: Piece): void {
    const { writer, toldTexts } = this.#shared;
    if (!this.#told && toldTexts.length > 0) writer.separate();
    this.#told = true;
    part.start ??= writer.position;
    writer.text(text, logprobs);
  }

  #tellHeld(): void {
    this.#manner = 'content';
    for (const piece of this.#pieces) this.#tell(piece);
  }

  #decide(phase: OutputItem['phase']): Manner {
    const shared = this.#shared;
    if (!shared.context.json) return shared.toldTexts.length > 0 ? 'held' : 'content';
    if (shared.chosen || (shared.candidate && phase !== 'final_answer')) return this.#drop();
    if (phase === 'final_answer' || !traitsOf(shared.model()).phases) {
      if (shared.candidate) this.#drop();
      shared.candidate = undefined;
      shared.chosen = true;
      return 'content';
    }
    shared.candidate = this;
    return 'held';
  }

  #drop(): Manner {
    this.#shared.notes.push('dropped a further message beside the JSON answer');
    return 'dropped';
  }

  /** What the message leaves behind once all of it is told. */
  #settle(): void {
    const { toldTexts, citations, writer } = this.#shared;
    if (this.#whole !== '') toldTexts.push(this.#whole);
    for (const { annotations, start = writer.position } of this.#parts.values()) {
      for (const annotation of annotations) {
        const citation = toChatCitation(annotation, start);
        if (citation) citations.push(citation);
      }
    }
  }
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
