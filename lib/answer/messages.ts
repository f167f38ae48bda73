import { traitsOf } from '../models/traits.ts';
import type { AnswerContext } from '../answer-context.ts';
import type { TokenLogprob, UrlCitation } from '../wire/chat.ts';
import type { Annotation, MessageEvent, MessageItem, OutputItem, ResponseLogprob } from '../wire/responses.ts';
import { citedFile, toChatCitation } from './citations.ts';
import { remainder, remainders } from './remainder.ts';
import type { Writer } from './writer.ts';

type Logprobs = readonly ResponseLogprob[] | null | undefined;

/** What came of a content part in events. */
interface Part {
  refusal: string;
  /** Where it begins in the text of the message; one part comes after the other. */
  offset: number;
}

/** An annotation, with where its part begins in the text of the message. */
interface Placed {
  annotation: Annotation;
  offset: number;
}

/**
 * Where a message goes: not yet known, into content, held back until that is known, into reasoning, or nowhere. `further`: beside a JSON
 * answer, held back as long as it could be the same answer.
 */
type Mode = 'undecided' | 'content' | 'held' | 'further' | 'reasoning' | 'dropped';

interface Piece {
  text: string;
  logprobs: TokenLogprob[];
}

/** How many of the last messages a new one is compared with. */
const compared = 100;

/**
 * Chat has one content, Responses several messages. Commentary is reasoning; the other messages are joined by a blank line,
 * those that repeat an earlier one word for word left out. A message that begins with all of the one before continues it. When a JSON format
 * was asked for, content is one message only: the first `final_answer`, else the first without a phase, since two JSON texts in a row are
 * not JSON.
 */
export class Messages {
  // What the messages know of each other.
  readonly context: AnswerContext;
  readonly answer: { readonly head: { readonly model: string }; readonly notes: string[] };
  readonly writer: Writer;
  /** Those that stand in the content, the latest last. */
  readonly emitted: Message[] = [];
  readonly commentary: Message[] = [];
  readonly citations: Map<string, UrlCitation> = new Map();
  readonly files: Set<string> = new Set();
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
    const { context, writer, commentary, files, answer } = this;
    this.candidate?.emitHeldAndSettle();
    if (calls === 0 && !this.refused && this.emitted.length === 0) {
      for (const message of context.json ? commentary.slice(0, 1) : commentary) message.emitHeldAndSettle();
    }
    writer.close();
    if (files.size > 0) answer.notes.push(`cited files: ${[...files].join(', ')}`);
    const citations = [...this.citations.values()];
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
  #annotations: Placed[] = [];
  #mode: Mode;
  #refusal = '';
  /** Log probabilities came with some of its text. */
  #logged = false;
  /** The texts that it could still be a repetition of. */
  #alike: string[] = [];
  /** All of its text. */
  whole = '';
  /** Where it begins in the content; undefined until some of it is emitted. */
  start: number | undefined;

  constructor(item: MessageItem, shared: Messages) {
    this.#item = item;
    this.#shared = shared;
    this.#mode = item.phase === 'commentary' ? 'reasoning' : 'undecided';
  }

  event(event: MessageEvent): void {
    const { content_index: index } = event;
    switch (event.type) {
      case 'response.output_text.delta':
        this.#partAt(index);
        this.#add(event.delta, event.logprobs);
        break;
      case 'response.output_text.done': {
        const before = this.whole.slice(this.#partAt(index).offset);
        this.#add(remainder(before, event.text), before === '' ? event.logprobs : undefined);
        break;
      }
      case 'response.refusal.delta':
        this.#refuse(this.#partAt(index), event.delta);
        break;
      case 'response.refusal.done': {
        const part = this.#partAt(index);
        this.#refuse(part, remainder(part.refusal, event.refusal));
        break;
      }
      case 'response.output_text.annotation.added':
        if (event.annotation) this.#annotations.push({ annotation: event.annotation, offset: this.#partAt(index).offset });
        break;
      default:
        event satisfies never;
    }
  }

  #partAt(index: number): Part {
    let part = this.#parts.get(index);
    if (!part) this.#parts.set(index, (part = { refusal: '', offset: this.whole.length }));
    return part;
  }

  #add(text: string, given: Logprobs): void {
    const { context, writer } = this.#shared;
    const logprobs = context.logprobs && given?.length ? given.map(toTokenLogprob) : [];
    if (text === '' && logprobs.length === 0) return;
    if (given?.length) this.#logged = true;
    if (this.#mode === 'undecided') this.#mode = this.#decide(this.#item.phase);
    const before = this.whole.length;
    this.whole += text;
    switch (this.#mode) {
      case 'content':
        this.#emit({ text, logprobs });
        return;
      case 'reasoning':
        writer.reasoning(this, text);
        break;
      case 'held':
      case 'further':
        this.#alike = this.#alike.filter((one) => one.startsWith(text, before));
    }
    this.#pieces.push({ text, logprobs });
    if (this.#alike.length > 0) return;
    // without a JSON format a later message waits only as long as it could still be a repetition
    if (this.#mode === 'held' && !context.json) this.#emitHeld();
    else if (this.#mode === 'further') this.#joinOrDrop();
  }

  #refuse(part: Part, text: string): void {
    if (text === '') return;
    part.refusal += text;
    this.#refusal += text;
    if (this.#mode === 'reasoning') return;
    this.#shared.refused = true;
    this.#shared.writer.delta({ refusal: text });
  }

  close(finished: OutputItem | undefined): void {
    const { context, commentary } = this.#shared;
    if (finished?.type === 'message' && finished.content?.length) this.#complete(finished.content);
    if (this.#mode === 'held' && !context.json) {
      if (this.#repeats()) this.#leaveOut();
      else this.#emitHeld();
    }
    if (this.#mode === 'further') {
      if (this.#repeats()) this.#leaveOut();
      else this.#drop();
    }
    if (this.#mode === 'content') this.#settle();
    if (this.#mode === 'reasoning' && this.whole !== '') commentary.push(this);
  }

  /** Adds what the finished parts have beyond their events, however these have divided it. */
  #complete(content: NonNullable<MessageItem['content']>): void {
    const texts = content.map((part) => (part.type === 'output_text' ? part.text : ''));
    const rests = remainders(this.whole, texts);
    const refusals = content.map((part) => (part.type === 'refusal' ? part.refusal : ''));
    const missing = remainders(this.#refusal, refusals);
    const annotations: Placed[] = [];
    const logged = this.#logged;
    let offset = 0;
    for (const [at, part] of content.entries()) {
      if (part.type === 'refusal') this.#refuse(this.#partAt(at), missing[at]!);
      else {
        const rest = rests[at]!;
        const isNew = rest === part.text;
        this.#add(rest, isNew ? part.logprobs : undefined);
        // log probabilities of text that came without
        if (!isNew && !logged) this.#add('', part.logprobs);
        for (const annotation of part.annotations ?? []) annotations.push({ annotation, offset });
        offset += part.text.length;
      }
    }
    if (annotations.length > 0) this.#annotations = annotations;
  }

  emitHeldAndSettle(): void {
    this.#emitHeld();
    this.#settle();
  }

  #emit({ text, logprobs }: Piece): void {
    const { writer, emitted } = this.#shared;
    if (this.start === undefined) {
      if (emitted.length > 0) writer.separate();
      this.start = writer.begin();
    }
    writer.text(text, logprobs);
  }

  #emitHeld(): void {
    const before = this.#mode === 'held' ? this.#shared.emitted.at(-1) : undefined;
    this.#mode = 'content';
    if (before && this.whole.startsWith(before.whole)) this.#join(before);
    else for (const piece of this.#pieces) this.#emit(piece);
  }

  /** Goes on where the message before has ended. */
  #join(before: Message): void {
    this.#mode = 'content';
    this.start = before.start;
    let known = before.whole.length;
    for (const { text, logprobs } of this.#pieces) {
      if (text.length > known) this.#emit({ text: text.slice(known), logprobs: known === 0 ? logprobs : [] });
      known = Math.max(0, known - text.length);
    }
  }

  /** Beside a JSON answer there is no other, unless it is the same and more. */
  #joinOrDrop(): void {
    const { candidate, emitted } = this.#shared;
    const before = candidate ?? emitted.at(-1);
    if (!before || !this.whole.startsWith(before.whole)) this.#drop();
    else if (candidate) {
      this.#mode = 'held';
      this.#shared.candidate = this;
    } else this.#join(before);
  }

  #repeats(): boolean {
    return this.#alike.some(({ length }) => length === this.whole.length);
  }

  /** It stands in the content already; what it cites may be new, if the stream broke off before that had come. */
  #leaveOut(): void {
    this.#mode = 'dropped';
    const same = this.#shared.emitted.findLast(({ whole }) => whole === this.whole);
    if (same) this.#cite(same.start!);
  }

  #decide(phase: MessageItem['phase']): Mode {
    const shared = this.#shared;
    if (!shared.context.json) {
      if (shared.emitted.length === 0) return 'content';
      this.#alike = shared.emitted.slice(-compared).map(({ whole }) => whole);
      return 'held';
    }
    const before = shared.chosen ? shared.emitted.at(-1) : phase === 'final_answer' ? undefined : shared.candidate;
    if (before) {
      this.#alike = [before.whole];
      return 'further';
    }
    if (shared.chosen) {
      this.#drop();
      return 'dropped';
    }
    if (phase === 'final_answer' || !traitsOf(shared.answer.head.model).phases) {
      if (shared.candidate) this.#drop();
      shared.candidate = undefined;
      shared.chosen = true;
      return 'content';
    }
    shared.candidate = this;
    return 'held';
  }

  #drop(): void {
    this.#mode = 'dropped';
    this.#shared.answer.notes.push('dropped a further message beside the JSON answer');
  }

  /** What the message leaves behind once all of it is emitted. */
  #settle(): void {
    const { emitted, writer } = this.#shared;
    if (this.whole !== '') emitted.push(this);
    this.#cite(this.start ?? writer.position);
  }

  /** Keeps its citations, for the text that begins there. */
  #cite(start: number): void {
    const { citations, files } = this.#shared;
    for (const { annotation, offset } of this.#annotations) {
      const citation = toChatCitation(annotation, start + offset, { start, end: start + this.whole.length });
      if (citation) citations.set(JSON.stringify(citation), citation);
      const file = citedFile(annotation);
      if (file !== undefined) files.add(file);
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
