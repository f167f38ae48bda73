import { stringOf } from '../json.ts';
import { traitsOf } from '../models/traits.ts';
import type { AnswerContext } from '../answer-context.ts';
import type { TokenLogprob, UrlCitation } from '../wire/chat.ts';
import type { Annotation, MessageEvent, MessageItem, OutputItem, ResponseLogprob } from '../wire/responses.ts';
import { toChatCitation } from './citations.ts';
import { remainder } from './remainder.ts';
import type { Writer } from './writer.ts';

type Logprobs = readonly ResponseLogprob[] | null | undefined;

/** What came of a content part. */
interface Part {
  text: string;
  refusal: string;
  annotations: Annotation[];
  /** Logprobs came with its text. */
  logged: boolean;
  /** Where it begins in the content; undefined until some of it is emitted. */
  start?: number;
}

/** Where a message goes: not yet known, into content, held back until that is known, into reasoning, or nowhere. */
type Mode = 'undecided' | 'content' | 'held' | 'reasoning' | 'dropped';

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
  readonly emittedTexts: string[] = [];
  readonly commentary: Message[] = [];
  readonly citations: UrlCitation[] = [];
  refused = false;
  /** With a JSON format: the one message was found. */
  chosen = false;
  /** And this is it if no final answer follows. */
  candidate: Message | undefined;

  constructor(context: AnswerContext, answer: Messages['answer'], writer: Writer) {
    this.context = context;
    this.answer = answer;
    this.writer = writer;
  }

  open(item: MessageItem): Message {
    return new Message(item, this);
  }

  /** After the last item: emits what was held back; commentary becomes content if `calls` is 0 and there is no other text. Returns the citations. */
  finish(calls: number): UrlCitation[] {
    const { context, writer, commentary, citations } = this;
    this.candidate?.emitHeldAndSettle();
    if (calls === 0 && !this.refused && this.emittedTexts.length === 0) {
      for (const message of context.json ? commentary.slice(0, 1) : commentary) message.emitHeldAndSettle();
    }
    writer.close();
    return writer.stopped ? citations.filter(({ url_citation }) => url_citation.end_index <= writer.position) : citations;
  }
}

/** One message item as it arrives. `index` is that of a content part. */
class Message {
  readonly kind = 'message';
  readonly #item: MessageItem;
  readonly #shared: Messages;
  readonly #parts = new Map<number, Part>();
  readonly #pieces: Piece[] = [];
  #mode: Mode;
  #whole = '';
  #begun = false;

  constructor(item: MessageItem, shared: Messages) {
    this.#item = item;
    this.#shared = shared;
    this.#mode = item.phase === 'commentary' ? 'reasoning' : 'undecided';
  }

  event(event: MessageEvent): void {
    const { content_index: index = 0 } = event;
    switch (event.type) {
      case 'response.output_text.delta':
        this.#text(index, stringOf(event.delta), event.logprobs);
        break;
      case 'response.output_text.done':
        this.#textDone(index, stringOf(event.text), event.logprobs);
        break;
      case 'response.refusal.delta':
        this.#refusal(index, stringOf(event.delta));
        break;
      case 'response.refusal.done':
        this.#refusalDone(index, stringOf(event.refusal));
        break;
      case 'response.output_text.annotation.added':
        if (event.annotation) this.#partAt(index).annotations.push(event.annotation);
        break;
      default:
        event satisfies never;
    }
  }

  #text(index: number, text: string, logprobs?: Logprobs): void {
    if (text === '') return;
    const { context, emittedTexts, writer } = this.#shared;
    const part = this.#partAt(index);
    part.text += text;
    this.#whole += text;
    if (logprobs?.length) part.logged = true;
    const piece = { part, text, logprobs: context.logprobs ? (logprobs ?? []).map(toTokenLogprob) : [] };
    if (this.#mode === 'undecided') this.#mode = this.#decide(this.#item.phase);
    if (this.#mode === 'content') this.#emit(piece);
    else this.#pieces.push(piece);
    if (this.#mode === 'reasoning') writer.reasoning(this, text);
    // without a JSON format a later message waits only as long as it could still be a repetition
    else if (this.#mode === 'held' && !context.json && !emittedTexts.some((one) => one.startsWith(this.#whole))) this.#emitHeld();
  }

  /** The whole text, of which some may have been emitted; its logprobs count if nothing was. */
  #textDone(index: number, text: string, logprobs?: Logprobs): void {
    const before = this.#partAt(index).text;
    this.#text(index, remainder(before, text), before === '' ? logprobs : []);
  }

  #refusal(index: number, text: string): void {
    if (text === '') return;
    this.#partAt(index).refusal += text;
    if (this.#mode === 'reasoning') return;
    this.#shared.refused = true;
    this.#shared.writer.delta({ refusal: text });
  }

  #refusalDone(index: number, refusal: string): void {
    this.#refusal(index, remainder(this.#partAt(index).refusal, refusal));
  }

  close(finished: OutputItem | undefined): void {
    const { context, writer, emittedTexts, commentary } = this.#shared;
    const content = finished?.type === 'message' ? (finished.content ?? []) : [];
    for (const [index, finishedPart] of content.entries()) {
      if (finishedPart.type === 'refusal') this.#refusalDone(index, stringOf(finishedPart.refusal));
      if (finishedPart.type !== 'output_text') continue;
      const { text, annotations = [], logprobs } = finishedPart;
      this.#textDone(index, stringOf(text), logprobs);
      const part = this.#partAt(index);
      if (context.logprobs && this.#mode === 'content' && logprobs?.length && !part.logged) writer.text('', logprobs.map(toTokenLogprob));
      if (annotations.length > 0) part.annotations = annotations;
    }
    if (this.#mode === 'held' && !context.json) {
      if (emittedTexts.includes(this.#whole)) this.#mode = 'dropped';
      else this.#emitHeld();
    }
    if (this.#mode === 'content') this.#settle();
    if (this.#mode === 'reasoning' && this.#whole !== '') commentary.push(this);
  }

  emitHeldAndSettle(): void {
    this.#emitHeld();
    this.#settle();
  }

  #partAt(index: number): Part {
    let part = this.#parts.get(index);
    if (!part) this.#parts.set(index, (part = { text: '', refusal: '', annotations: [], logged: false }));
    return part;
  }

  #emit({ part, text, logprobs }: Piece): void {
    const { writer, emittedTexts } = this.#shared;
    if (!this.#begun && emittedTexts.length > 0) writer.separate();
    this.#begun = true;
    part.start ??= writer.position;
    writer.text(text, logprobs);
  }

  #emitHeld(): void {
    this.#mode = 'content';
    for (const piece of this.#pieces) this.#emit(piece);
  }

  #decide(phase: MessageItem['phase']): Mode {
    const shared = this.#shared;
    if (!shared.context.json) return shared.emittedTexts.length > 0 ? 'held' : 'content';
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

  #drop(): Mode {
    this.#shared.answer.notes.push('dropped a further message beside the JSON answer');
    return 'dropped';
  }

  /** What the message leaves behind once all of it is emitted. */
  #settle(): void {
    const { emittedTexts, citations, writer } = this.#shared;
    if (this.#whole !== '') emittedTexts.push(this.#whole);
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
