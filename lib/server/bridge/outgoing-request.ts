import { setImmediate as nextTurnOfLoop } from 'node:timers/promises';
import { ProxyError, UpstreamRefusal } from '../../error.ts';
import type { JsonObject } from '../../json.ts';
import { jsonPieces } from '../../json-pieces.ts';
import { createMemory, type Memory, type Turns } from '../../memory/memory.ts';
import { readRefusals, shareRefusals, type Learned } from '../../memory/shared-refusals.ts';
import type { Store } from '../../memory/store.ts';
import type { KeptTurn } from '../../memory/turn.ts';
import { traitsOf } from '../../models/traits.ts';
import type { AdditionSettings } from '../../request/additions/addition.ts';
import { additions, extendRequest, type ExtendedRequest } from '../../request/additions/additions.ts';
import { causeOf } from '../../request/additions/cause.ts';
import { noteOnRetry, refusedAddition } from '../../request/additions/refused.ts';
import { ChatMarks, type Brief } from '../../request/chat-marks.ts';
import { refusedSampling } from '../../request/sampling.ts';
import { translate, type Translation } from '../../request/translate.ts';
import type { AnswerContext, ReasoningStyle } from '../../answer-context.ts';
import type { OutputItem } from '../../wire/responses.ts';
import type { Exchange } from '../types/exchange.ts';
import { describeFault } from '../fault.ts';
import type { CutBody } from '../http/cut-data.ts';
import { jsonBytes } from '../http/json-bytes.ts';
import { large, othersFirst } from '../http/others-first.ts';
import { isOpenAI } from '../settings.ts';
import { redactQuoted } from '../secrets/redact.ts';
import { callUpstream, upstreamHeaders, type UpstreamAnswer } from '../upstream/upstream.ts';
import { briefOf } from './brief-data.ts';
import { credentialsIn } from './sent-credentials.ts';
import { upstreamError } from './upstream-error.ts';

export interface OutgoingOptions {
  /** The model's name as the upstream knows it. */
  model: string;
  /** What to add; false for nothing. */
  additions: Omit<AdditionSettings, 'encryptedContent'> | false;
  reasoning: ReasoningStyle;
  /** Puts the client's own bytes into a JSON text. */
  paste: CutBody['paste'];
  /** The length of the client's request. */
  bytes: number;
  /** The bytes that count for it among those of all, until the answer begins. */
  held: number;
  /** The client's request was sent to Chat Completions before. */
  isResent: boolean;
}

/** What was kept of earlier requests, and where. */
interface Kept {
  memory: Memory;
  /** Shared with other proxies. */
  store: Store | undefined;
  turns: Turns | undefined;
  learned: Learned | undefined;
  /** undefined if nothing is kept of this client. */
  marks: ChatMarks | undefined;
  /** For the texts of this request. */
  brief: Brief;
}

/** A request as long as it may be sent again: until its answer begins. */
interface Draft {
  chat: JsonObject;
  marks: ChatMarks | undefined;
  options: OutgoingOptions;
  settings: AdditionSettings | false;
  translation: Translation;
  extended: ExtendedRequest;
  /** The additions and sampling parameters that the upstream refuses, with the values that it takes instead. */
  refused: Map<string, readonly string[]>;
  retryNotes: string[];
}

/** What the upstream refused in this exchange. It counts only when the request was answered without it: a refusal may be about something else. */
interface Lessons {
  refused: Map<string, readonly string[]>;
  turns: KeptTurn[];
}

/** A chat completion on its way to `/v1/responses`: sent, and sent again without what the upstream refuses of the proxy's own additions. */
export class OutgoingRequest {
  readonly #exchange: Exchange;
  readonly #model: string;
  readonly #kept: Pick<Kept, 'memory' | 'store'> & { remembers: boolean; isLegacy: boolean };
  readonly #fullMessages: boolean;
  #draft: Draft | undefined;
  readonly #lessons: Lessons = { refused: new Map(), turns: [] };
  #isResent: boolean;
  /** What went out, without what was cut out of the client's request. */
  #json: readonly Buffer[] = [];
  /** The credentials in it, once it is no longer kept: late errors may quote them. */
  #credentials: Promise<string[]> | undefined;
  #chatParam: Translation['chatParam'];
  /** Fingerprints of what the client sent last, by which the answer is found again. */
  #sent: readonly string[] = [];

  /**
   * Reads the kept turns that the request brings back, and translates it.
   *
   * @throws ProxyError 400 if the request cannot be translated.
   */
  static async prepare(exchange: Exchange, chat: JsonObject, options: OutgoingOptions): Promise<OutgoingRequest> {
    const { sharedStore, memory: own, now } = exchange.state;
    const remembers = remembersTurns(exchange, chat);
    const brief = briefOf(options.paste);
    const scope = scopeOf(exchange, options.model);
    const store = remembers ? sharedStore?.(exchange.request) : undefined;
    const memory = store ? createMemory(store) : own;
    const marks = remembers ? new ChatMarks(chat, brief, options.reasoning) : undefined;
    const wanted = marks?.all() ?? [];
    const [turns, learned] = await Promise.all([
      wanted.length > 0 ? memory.read(scope, wanted) : undefined,
      store && options.additions ? readRefusals(store, scope, now()) : undefined,
    ]);
    await othersFirst(exchange.signal, options.bytes);
    return new OutgoingRequest(exchange, chat, options, { memory, store, turns, learned, marks, brief });
  }

  private constructor(exchange: Exchange, chat: JsonObject, options: OutgoingOptions, kept: Kept) {
    const { settings, refusals } = exchange.state;
    const { memory, store, turns, learned, marks, brief } = kept;
    const remembers = marks !== undefined;
    this.#exchange = exchange;
    this.#model = options.model;
    this.#isResent = options.isResent;
    this.#fullMessages = !isOpenAI(settings.upstream);
    const translation = translate(chat, { reasoning: options.reasoning, fullMessages: this.#fullMessages, turns, marks });
    this.#chatParam = translation.chatParam;
    this.#kept = { remembers, memory, store, isLegacy: translation.context.legacyFunctions };
    const encryptedContent = remembers || translation.context.reasoningDetails === true;
    const own = options.additions && { ...options.additions, encryptedContent };
    const refused = new Map([...(learned ?? []), ...refusals.of(() => this.#scope)]);
    const extended = extendRequest(translation.request, chat, own, refused, brief);
    this.#draft = { chat, marks, options, settings: own, translation, extended, refused, retryNotes: [] };
    this.#report(this.#draft);
  }

  /** What the answer side needs to know. */
  get context(): AnswerContext {
    return this.#unsent.translation.context;
  }

  /**
   * Sends the request as it is now. The answer is a success or a redirect.
   * @throws ProxyError with the upstream's status and words for an error answer.
   */
  async send(): Promise<UpstreamAnswer> {
    const { extended, marks, options } = this.#unsent;
    const { signal } = this.#exchange;
    await othersFirst(signal, options.bytes);
    this.#json = await jsonBytes(extended.request, signal);
    const headers = upstreamHeaders(this.#exchange);
    // a request that differs from the first must not pass for its repetition
    if (this.#isResent) delete headers['idempotency-key'];
    this.#isResent = true;
    headers['content-type'] = 'application/json';
    const path = `/responses${this.#exchange.search}`;
    const sent = callUpstream(this.#exchange, { method: 'POST', path, headers, body: this.#json.flatMap(options.paste) });
    // while the upstream works on it
    if (marks) this.#sent = marks.sentBefore(marks.messages.length);
    const answer = await sent;
    if (answer.status < 400) return answer;
    throw await upstreamError(answer);
  }

  /**
   * After a refusal that came as an error answer, or as the first event of a stream: true if something of the proxy's own was taken out or set
   * to what the upstream takes, so that the request can be sent again. That happens once for each addition and once for all of them, so this ends.
   */
  retryWithout(error: ProxyError): boolean {
    const draft = this.#draft;
    if (!draft) return false;
    if (this.#withoutRecalled(draft, error)) return true;
    if (!(error instanceof UpstreamRefusal)) return false;
    return this.#withoutAddition(draft, error) || this.#withoutSampling(draft, error) || this.#withoutAdditions(draft, error);
  }

  #withoutRecalled(draft: Draft, error: ProxyError): boolean {
    if (!refusesRecalled(error, draft)) return false;
    for (const { turn } of draft.translation.recalled) this.#forget(turn);
    this.#translateAnew(draft);
    this.#extend(draft);
    draft.retryNotes.push('removed kept reasoning (refused upstream)');
    this.#report(draft);
    return true;
  }

  #withoutAddition(draft: Draft, error: UpstreamRefusal): boolean {
    const found = isUnspecific(error) ? undefined : refusedAddition(error, draft.extended);
    if (!found || !this.#refuse(draft, found.addition.name, found.accepted)) return false;
    draft.retryNotes.push(noteOnRetry(found, draft.extended.request));
    this.#report(draft);
    return true;
  }

  #withoutSampling(draft: Draft, error: UpstreamRefusal): boolean {
    const name = isUnspecific(error) ? undefined : refusedSampling(error, draft.extended.request, traitsOf(this.#model));
    if (name === undefined || !this.#refuse(draft, name, [])) return false;
    this.#report(draft);
    return true;
  }

  /** One more try without anything of the proxy's own, since other servers refuse it in words of their own. */
  #withoutAdditions(draft: Draft, error: UpstreamRefusal): boolean {
    const { translation, extended, chat, options } = draft;
    const { recalled } = translation;
    if (error.status >= 500 || (extended.added.size === 0 && recalled.length === 0)) return false;
    const cause = causeOf(error, extended, translation.request, chat, (json) => says(chat, json, options.paste));
    if (cause === 'client') return false;
    if (cause === 'additions') {
      for (const name of extended.added) this.#lessons.refused.set(name, []);
      this.#lessons.turns.push(...recalled.map(({ turn }) => turn));
    }
    draft.settings = false;
    const removed = additions.filter(({ name }) => extended.added.has(name)).map(({ field }) => field);
    if (recalled.length > 0) {
      this.#translateAnew(draft);
      removed.push('kept reasoning');
    }
    this.#extend(draft);
    draft.retryNotes.push(`removed ${removed.join(', ')} (refused upstream)`);
    this.#report(draft);
    return true;
  }

  /** Notes a refusal and makes the request anew. False if that was done before in this exchange. */
  #refuse(draft: Draft, name: string, accepted: readonly string[]): boolean {
    if (this.#lessons.refused.has(name)) return false;
    this.#lessons.refused.set(name, accepted);
    draft.refused.set(name, accepted);
    this.#extend(draft);
    return true;
  }

  /** Without the turns that were kept. */
  #translateAnew(draft: Draft): void {
    draft.translation = translate(draft.chat, { reasoning: draft.options.reasoning, fullMessages: this.#fullMessages });
    this.#chatParam = draft.translation.chatParam;
  }

  #extend(draft: Draft): void {
    const { translation, chat, settings, refused, options } = draft;
    draft.extended = extendRequest(translation.request, chat, settings, refused, briefOf(options.paste));
  }

  #report({ translation, extended, retryNotes }: Draft): void {
    const { report } = this.#exchange;
    report.notes = [...translation.notes, ...extended.notes, ...retryNotes];
    report.added = additions.filter(({ name, isShown }) => isShown && extended.added.has(name)).map(({ name }) => name);
  }

  /** The answer has begun: the request, which is not sent again, need not be kept as long as the answer lasts. */
  begun(): void {
    if (!this.#draft) return;
    this.#exchange.held.give(this.#draft.options.held);
    this.#draft = undefined;
    if (lengthOf(this.#json) < large) return;
    this.#credentials = credentialsIn(this.#json, this.#exchange.signal).catch(() => []);
    this.#json = [];
  }

  /** The answer is complete: what was refused before it is left out for a while. */
  succeeded(): void {
    const { refusals, now } = this.#exchange.state;
    const { refused, turns } = this.#lessons;
    const { store } = this.#kept;
    for (const [name, accepted] of refused) refusals.learn(this.#scope, name, accepted);
    if (store && refused.size > 0)
      void shareRefusals(
        store,
        this.#scope,
        refusals.of(() => this.#scope),
        now(),
      );
    for (const turn of turns) this.#forget(turn);
  }

  /** The error as the client may read it: its `param` names the client's own field. */
  async forChat({ status, message, type, param, code, misalignment, headers, cause }: ProxyError): Promise<ProxyError> {
    const { state, secrets, id, signal } = this.#exchange;
    if (cause !== undefined) state.warn(`request ${id}: ${describeFault(cause)}`);
    // servers quote the key that they refuse
    const sent = this.#draft ? this.#json.flatMap(this.#draft.options.paste) : this.#json;
    const own = await (this.#credentials ?? credentialsIn(sent, signal));
    const quoted = redactQuoted(message, [...secrets, ...own]);
    return new ProxyError(status, quoted, { type, param: this.#chatParam(param), code, misalignment, headers });
  }

  /**
   * The answer is complete: its turn is kept for the requests that go on with it. Settles when it is on its way to the store, which may be later
   * than the call, and is not when it is written there; undefined if it is kept at once.
   */
  keep(output: readonly OutputItem[]): Promise<void> | undefined {
    const { remembers, memory, store, isLegacy } = this.#kept;
    if (!remembers) return undefined;
    const { state, id } = this.#exchange;
    memory.keep(this.#scope, output, this.#sent, isLegacy).catch((error: unknown) => state.warn(`request ${id}: ${describeFault(error)}`));
    return store && nextTurnOfLoop();
  }

  #forget(turn: KeptTurn): void {
    void this.#kept.memory.forget(this.#scope, turn);
  }

  get #scope(): string {
    return scopeOf(this.#exchange, this.#model);
  }

  get #unsent(): Draft {
    if (!this.#draft) throw new Error('the answer has begun');
    return this.#draft;
  }
}

/** Whether a request has a piece of JSON, also in what was cut out of it. */
function says(chat: JsonObject, json: string, paste: CutBody['paste']): boolean {
  for (const piece of jsonPieces(chat)) if (paste(Buffer.from(piece)).some((bytes) => bytes.includes(json))) return true;
  return false;
}

function lengthOf(pieces: readonly Buffer[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}

/** Servers answer so for more than one reason, so that no single addition is blamed. */
function isUnspecific({ status }: UpstreamRefusal): boolean {
  return status === 404 || status === 415 || status === 422;
}

/** What must be the same for a kept turn, or a refused addition, to count. */
function scopeOf({ state, credential }: Exchange, model: string): string {
  return `${state.settings.upstream}\n${credential}\n${model}`;
}

/** Nothing is kept of a client that cannot be told from others, and of answers that the server keeps. */
function remembersTurns({ settings, credential }: Exchange, chat: JsonObject): boolean {
  return settings.memory && credential !== '' && chat['store'] !== true;
}

function refusesRecalled(error: ProxyError, { translation }: Draft): boolean {
  const { recalled, recalledItems } = translation;
  if (recalled.length === 0) return false;
  const { code, message, status } = error;
  const param = error.param ?? '';
  if (status === 404) return message.startsWith('Item with id');
  if (!(error instanceof UpstreamRefusal) || param.startsWith('include')) return false;
  if (code === 'invalid_encrypted_content' || recalledTexts.test(message)) return true;
  const at = /^input\[(\d+)\]/.exec(param)?.[1];
  return at !== undefined && recalledItems.has(Number(at));
}

/** The servers' words for encrypted reasoning that they cannot read, and for items that do not belong together. */
const recalledTexts = /encrypted[_ ]content|required following item|Duplicate item|No tool (?:call|output) found|Item with id/;
