import { stringOf } from '../json.ts';
import { traitsOf } from '../models/traits.ts';
import type { AnswerContext } from '../answer-context.ts';
import type { TokenLogprob, UrlCitation } from '../wire/chat.ts';
import type { OutputItem, ResponseEvent, ResponseLogprob } from '../wire/responses.ts';
import { toChatCitation } from './citations.ts';
import type { ItemWriter } from './item-writer.ts';
import { remainder } from './remainder.ts';
import type { Writer } from './writer.ts';

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
export class Messages {
  // What the messages know of each other.
  readonly context: AnswerContext;
  readonly answer: { readonly head: { readonly model: string }; readonly notes: string[] };
  readonly writer: Writer;
  readonly toldTexts: string[] = [];
  readonly commentary: Message[] = [];
  readonly citations: UrlCitation[] = [];
  refused = false;
  /** With a JSON format: the one message is found. */
  chosen = false;
  /** And this is it if no final answer follows. */
  candidate: Message | undefined;

  constructor(context: AnswerContext, answer: Messages['answer'], writer: Writer) {
    this.context = context;
    this.answer = answer;
    this.writer = writer;
  }

  open(item: OutputItem): ItemWriter {
    return new Message(item, this);
  }

  /** After the last item: tells what was held back; commentary becomes content if `calls` is 0 and nothing else was said. */
  finish(calls: number): UrlCitation[] {
    const { context, writer, commentary, citations } = this;
    this.candidate?.tellHeldAndSettle();
    if (calls === 0 && !this.refused && this.toldTexts.length === 0) {
      for (const message of context.json ? commentary.slice(0, 1) : commentary) message.tellHeldAndSettle();
    }
    writer.close();
    return writer.stopped ? citations.filter(({ url_citation }) => url_citation.end_index <= writer.position) : citations;
  }
}

/** One message item as it arrives. `index` is that of a content part. */
class Message implements ItemWriter {
  readonly #item: OutputItem;
  readonly #shared: Messages;
  readonly #parts = new Map<number, Part>();
  readonly #pieces: Piece[] = [];
  #manner: Manner;
  #whole = '';
  #told = false;

  constructor(item: OutputItem, shared: Messages) {
    this.#item = item;
    this.#shared = shared;
    this.#manner = item.phase === 'commentary' ? 'reasoning' : 'undecided';
  }

  event({ type, content_index = 0, delta, text = '', refusal = '', logprobs, annotation }: ResponseEvent): void {
    switch (type) {
      case 'response.output_text.delta':
        this.#text(content_index, stringOf(delta), logprobs);
        break;
      case 'response.output_text.done':
        this.#textDone(content_index, text, logprobs);
        break;
      case 'response.refusal.delta':
        this.#refusal(content_index, stringOf(delta));
        break;
      case 'response.refusal.done':
        this.#refusalDone(content_index, refusal);
        break;
      case 'response.output_text.annotation.added':
        if (annotation) this.#partAt(content_index).annotations.push(annotation);
    }
  }

  #text(index: number, text: string, logprobs?: Logprobs): void {
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

  /** The whole text, of which some may have been told; its logprobs count where nothing was. */
  #textDone(index: number, text: string, logprobs?: Logprobs): void {
    const before = this.#partAt(index).text;
    this.#text(index, remainder(before, text), before === '' ? logprobs : []);
  }

  #refusal(index: number, text: string): void {
    if (text === '') return;
    this.#partAt(index).refusal += text;
    if (this.#manner === 'reasoning') return;
    this.#shared.refused = true;
    this.#shared.writer.delta({ refusal: text });
  }

  #refusalDone(index: number, refusal: string): void {
    this.#refusal(index, remainder(this.#partAt(index).refusal, refusal));
  }

  close(finished: OutputItem | undefined): void {
    const { context, writer, toldTexts, commentary } = this.#shared;
    for (const [index, { type, text = '', refusal = '', annotations = [], logprobs }] of (finished?.content ?? []).entries()) {
      if (type === 'refusal') this.#refusalDone(index, refusal);
      if (type !== 'output_text') continue;
      this.#textDone(index, text, logprobs);
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
    if (phase === 'final_answer' || !traitsOf(shared.answer.head.model).phases) {
      if (shared.candidate) this.#drop();
      shared.candidate = undefined;
      shared.chosen = true;
      return 'content';
    }
    shared.candidate = this;
    return 'held';
  }

  #drop(): Manner {
    this.#shared.answer.notes.push('dropped a further message beside the JSON answer');
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
