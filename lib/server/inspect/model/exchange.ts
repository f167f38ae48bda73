import { isObject, objectOf, stringOf, type JsonObject } from '../../../json.ts';
import { addToAnswer, emptyAnswer, tokensOf, type Answer, type Tokens } from './answer.ts';
import { compareRequests, differences, type Comparison } from './compare.ts';
import { cutMark, parseJson, type Entry } from './entry.ts';
import { FrameReader } from './frames.ts';
import { gistOf } from './kinds.ts';
import { Pairing, type Step } from './pairing.ts';
import { readable } from './pointer.ts';

type Headers = Readonly<Record<string, unknown>>;

/** A body as far as the log has it. */
export interface Body {
  text: string;
  /** undefined if it is not a JSON object, or was cut. */
  json: JsonObject | undefined;
  isCut: boolean;
}

/** One request to the upstream; there are more if it refused something that the proxy had added. */
export interface Attempt {
  method: string;
  path: string;
  headers: Headers;
  sent: Body;
  /** When it was sent, and when the head of its answer came, in milliseconds since the exchange began. */
  at: number;
  answeredAt: number | undefined;
  status: number | undefined;
  responseHeaders: Headers;
  /** What came back, if it is not a stream. */
  received: string;
  /** What was taken out or set before it was sent again, in words. */
  without: string[];
}

/** How an exchange stands: `left` if the client closed the connection before the end. */
export type State = 'running' | 'done' | 'failed' | 'left';

const nothing: Body = { text: '', json: undefined, isCut: false };

/** Everything that the page shows of one exchange, built from its entries as they come. */
export class Exchange {
  readonly id: string;
  port = 0;
  path = '';
  /** Milliseconds since 1970. */
  started: number = NaN;
  /** Milliseconds since it began. */
  last = 0;
  firstOutput: number | undefined;
  headers: Headers = {};
  asked: Body = nothing;
  readonly attempts: Attempt[] = [];
  status: number | undefined;
  answerHeaders: Headers = {};
  /** What the client got, if it is not a stream. */
  answered = '';
  readonly answer: Answer = emptyAnswer();
  tokens: Tokens | undefined;
  readonly notes: string[] = [];
  readonly errors: string[] = [];
  state: State = 'running';
  /** Grows with each change. */
  version = 0;
  /** The Response, if the upstream has sent one. */
  response: JsonObject | undefined;
  readonly #pairing = new Pairing();
  #method: string | undefined;
  #received: FrameReader | undefined;
  #sent: FrameReader | undefined;
  #comparison: { of: Attempt; is: Comparison } | undefined;

  constructor(id: string) {
    this.id = id;
  }

  /** Logs of old have no method. */
  get method(): string {
    return this.#method ?? (this.asked.text === '' ? 'GET' : 'POST');
  }

  get model(): string {
    const model = this.attempts.at(-1)?.sent.json?.['model'] ?? this.asked.json?.['model'] ?? this.response?.['model'];
    return stringOf(model);
  }

  /** `chat`, `responses`, or empty where neither was asked. */
  get route(): string {
    return stringOf(this.answerHeaders['x-openai-proxy-route']);
  }

  /** The events of the answer, each with the chunks that the client got for it. */
  get steps(): readonly Step[] {
    return this.#pairing.steps;
  }

  /** What became of the request in the last attempt, or in a given one; undefined if one of the two sides is not known. */
  comparison(attempt: Attempt | undefined = this.attempts.at(-1)): Comparison | undefined {
    if (!attempt?.sent.json || !this.asked.json) return undefined;
    if (this.#comparison?.of !== attempt) this.#comparison = { of: attempt, is: compareRequests(this.asked.json, attempt.sent.json) };
    return this.#comparison.is;
  }

  add(entry: Entry): void {
    const { time, port, direction, path } = entry;
    this.version += 1;
    if (Number.isNaN(this.started)) this.started = time;
    const at = time - this.started;
    if (at > this.last) this.last = at;
    this.port ||= port;
    if (this.path === '' || direction === 'downstream-request') this.path = path || this.path;
    takers.get(direction)?.(this, entry, Number.isNaN(at) ? this.last : at);
  }

  /** No entry follows. */
  end(): void {
    this.version += 1;
    for (const { data, isComment } of this.#received?.end() ?? []) if (!isComment) this.#receive(data, this.last);
    this.#received = undefined;
    const isFailed = this.errors.length > 0 || (this.status ?? 500) >= 400;
    if (this.state === 'running') this.state = isFailed ? 'failed' : 'done';
  }

  takeRequest({ method, headers, body }: Entry): void {
    this.#method ??= method;
    this.headers = headers ?? this.headers;
    if (body !== undefined) this.asked = bodyOf(this.asked.text + shown(body));
  }

  takeAttempt({ method, path, headers, body }: Entry, at: number): void {
    const sent = bodyOf(shown(body));
    const before = this.attempts.at(-1)?.sent.json;
    const without = before && sent.json ? differences(before, sent.json).map(({ pointer, kind }) => `${kind} ${readable(pointer)}`) : [];
    this.attempts.push({
      method: method ?? (sent.text === '' ? 'GET' : 'POST'),
      path,
      headers: headers ?? {},
      sent,
      at,
      answeredAt: undefined,
      status: undefined,
      responseHeaders: {},
      received: '',
      without,
    });
    this.#received = undefined;
  }

  takeStatus({ status, headers }: Entry, at: number): void {
    const attempt = this.attempts.at(-1);
    if (!attempt) return;
    attempt.status = status;
    attempt.answeredAt = at;
    attempt.responseHeaders = headers ?? {};
  }

  takeReceived({ body }: Entry, at: number): void {
    const text = shown(body);
    const attempt = this.attempts.at(-1);
    // the first bytes tell a stream from a document, whatever the headers say
    if (!this.#received && !attempt?.received) {
      if (/^\s*(?:data:|event:|:|id:|retry:)/.test(text)) this.#received = new FrameReader();
    }
    if (this.#received) {
      for (const { data, isComment } of this.#received.push(text)) if (!isComment) this.#receive(data, at);
    } else if (attempt) {
      attempt.received += text;
      const json = whole(attempt.received);
      if (isObject(json)) this.#document(json);
    }
  }

  #receive(data: string, at: number): void {
    const value = parseJson(data);
    this.#pairing.received({ ...gistOf(data, value), at, data });
    if (isObject(value)) this.#document(value);
  }

  #document(value: JsonObject): void {
    this.tokens = tokensOf(value) ?? this.tokens;
    const response = value['response'] ?? value;
    if (isObject(response) && response['object'] === 'response' && Array.isArray(response['output'])) this.response = response;
  }

  takeAnswerHead({ status, headers }: Entry): void {
    this.status = status;
    this.answerHeaders = headers ?? {};
    if (stringOf(this.answerHeaders['content-type']).includes('event-stream')) this.#sent = new FrameReader();
  }

  takeAnswered({ body }: Entry, at: number): void {
    const text = shown(body);
    if (!this.#sent) {
      this.answered += text;
      this.firstOutput ??= at;
      const json = whole(this.answered);
      if (!isObject(json)) return;
      addToAnswer(this.answer, json);
      this.tokens ??= tokensOf(json);
      return;
    }
    for (const { data, isComment } of this.#sent.push(text)) {
      const value = isComment ? undefined : parseJson(data);
      const gist = isComment ? ({ kind: 'idle', name: 'comment', text: data } as const) : gistOf(data, value);
      this.#pairing.answered({ ...gist, at, data });
      if (isComment) continue;
      this.firstOutput ??= at;
      if (!isObject(value)) continue;
      addToAnswer(this.answer, value);
      this.tokens ??= tokensOf(value);
      if (isObject(value['error'])) this.takeError({ body: stringOf(value['error']['message']) });
    }
  }

  takeNote({ body }: Entry): void {
    const note = shown(body);
    if (note.startsWith('the connection closed before')) this.state = 'left';
    else this.notes.push(note);
  }

  takeError({ body }: Pick<Entry, 'body'>): void {
    const error = shown(body);
    if (!this.errors.includes(error)) this.errors.push(error);
  }
}

const takers = new Map<string, (exchange: Exchange, entry: Entry, at: number) => void>([
  ['downstream-request', (exchange, entry) => exchange.takeRequest(entry)],
  ['upstream-request', (exchange, entry, at) => exchange.takeAttempt(entry, at)],
  ['upstream-response', (exchange, entry, at) => exchange.takeStatus(entry, at)],
  ['upstream-response-chunk', (exchange, entry, at) => exchange.takeReceived(entry, at)],
  ['downstream-response', (exchange, entry) => exchange.takeAnswerHead(entry)],
  ['downstream-response-chunk', (exchange, entry, at) => exchange.takeAnswered(entry, at)],
  ['note', (exchange, entry) => exchange.takeNote(entry)],
  ['error', (exchange, entry) => exchange.takeError(entry)],
]);

/** Parses a document that comes in pieces, as soon as it can be whole. */
function whole(text: string): unknown {
  return text.trimEnd().endsWith('}') ? parseJson(text) : undefined;
}

function shown(body: Entry['body']): string {
  if (body === undefined || typeof body === 'string') return body ?? '';
  return `[${body.type || 'no type'}, ${body.length} bytes]`;
}

function bodyOf(text: string): Body {
  const json = parseJson(text);
  return { text, json: isObject(json) ? objectOf(json) : undefined, isCut: text.endsWith(cutMark) };
}
