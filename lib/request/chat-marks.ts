import type { ReasoningStyle } from '../answer-context.ts';
import { arrayOf, isObject, objectOf, stringOf, type JsonObject } from '../json.ts';
import { callMark, fingerprint, functionMark, textMark } from '../memory/marks.ts';
import { callText } from '../memory/turn.ts';
import { traitsOf } from '../models/traits.ts';
import { brief } from './brief.ts';
import { toAssistantParts, toInputContent } from './content.ts';
import { writtenInput } from './pairing.ts';
import { shortName } from './short-names.ts';

/** Returns what stands for a text in a hash: see `TranslationOptions.brief`. */
export type Brief = typeof brief;

/** In marks, and in characters of what they stand for. A longer conversation gets its latest turns back. */
const mostMarks = 5000;
const mostRead = 16_000_000;

/** In characters, of what a message says in several parts. */
const longestSent = 1_000_000;

/** In messages without one of the model's. Of more, the latest tell a turn from others. */
const mostSent = 1000;

/** By what the turns of a chat request are found, each worked out once. Reads the request when it is asked; nothing may change in it meanwhile. */
export class ChatMarks {
  readonly messages: readonly unknown[];
  /** The index of the first message whose turn may be put back. */
  readonly first: number;
  readonly #shorten: Brief;
  readonly #style: ReasoningStyle;
  readonly #said = new Map<number, string>();
  readonly #sent = new Map<number, string>();
  readonly #answers = new Map<number, string | undefined>();
  readonly #calls = new Map<number, string | undefined>();
  /** Characters that marks were made of. */
  #read = 0;

  /**
   * @param shorten Stands for `brief`, if the chat has short names in place of long data.
   * @param style   How reasoning is shown to the client.
   */
  constructor(chat: JsonObject, shorten: Brief = brief, style: ReasoningStyle = 'field') {
    this.messages = arrayOf(chat['messages']);
    this.first = firstRecalled(chat, this.messages);
    this.#shorten = shorten;
    this.#style = style;
  }

  /** The marks of all turns that the request may bring back, the latest first. */
  all(): string[] {
    const marks = new Set<string>();
    for (let at = this.messages.length - 1; at >= this.first && marks.size < mostMarks && this.#read < mostRead; at -= 1) {
      const message = this.messages[at];
      if (!isObject(message) || message['role'] !== 'assistant') continue;
      const ids = arrayOf(message['tool_calls']).map((call) => stringOf(objectOf(call)['id']));
      for (const id of ids.toReversed()) if (id !== '') marks.add(callMark(id));
      const own = ids.length > 0 ? this.mergedAnswer(at) : (this.functionCall(at) ?? this.answer(at));
      if (own !== undefined) marks.add(own);
    }
    return [...marks].slice(0, mostMarks);
  }

  /** What an assistant message says, without reasoning that the proxy wrote into it. */
  said(at: number): string {
    return once(this.#said, at, () => textOf(objectOf(this.messages[at]), this.#style));
  }

  /** The mark of an assistant message without calls; undefined if it says nothing. */
  answer(at: number): string | undefined {
    return once(this.#answers, at, () => this.#textMark(this.#lastMark(at), at));
  }

  /** The mark of a message with the deprecated `function_call`; undefined if it has none. */
  functionCall(at: number): string | undefined {
    return once(this.#calls, at, () => {
      const { function_call: call } = objectOf(this.messages[at]);
      if (!isObject(call) || this.#read >= mostRead) return undefined;
      const input = writtenInput(call['arguments']);
      this.#read += input.length;
      return functionMark(this.#lastMark(at), callText(shortName(stringOf(call['name'])), input));
    });
  }

  /** The mark of the turn that followed the calls of a message and may have been merged with them: a message of the user follows their results. */
  mergedAnswer(at: number): string | undefined {
    let end = at + 1;
    while (isOutput(objectOf(this.messages[end]))) end += 1;
    const isMerged = end > at + 1 && objectOf(this.messages[end])['role'] === 'user';
    return isMerged ? this.#textMark(this.#sentMark(end - 1), at) : undefined;
  }

  /** Fingerprints of what the client sent before a message, since the assistant's last. */
  sentBefore(end: number): string[] {
    const sent: string[] = [];
    for (let at = end - 1; at >= 0 && sent.length < mostSent; at -= 1) {
      const message = objectOf(this.messages[at]);
      if (message['role'] === 'assistant') break;
      if (isSent(message)) sent.push(this.#sentMark(at));
    }
    return sent.toReversed();
  }

  #textMark(last: string | undefined, at: number): string | undefined {
    if (this.#read >= mostRead) return undefined;
    const said = this.said(at);
    this.#read += said.length;
    return said === '' ? undefined : textMark(last, said);
  }

  /** The fingerprint of what the client sent last before a message, since the assistant's last; undefined if that is nothing. */
  #lastMark(end: number): string | undefined {
    for (let at = end - 1; at >= 0; at -= 1) {
      const message = objectOf(this.messages[at]);
      if (message['role'] === 'assistant') return undefined;
      if (isSent(message)) return this.#sentMark(at);
    }
    return undefined;
  }

  #sentMark(at: number): string {
    return once(this.#sent, at, () => sentMark(objectOf(this.messages[at]), this.#shorten));
  }
}

/** Returns the marks of all turns that a chat request may bring back, the latest first. */
export function marksIn(chat: JsonObject): string[] {
  return new ChatMarks(chat).all();
}

/** Returns fingerprints of what the client has sent since the model's last turn. */
export function sentLast(chat: JsonObject): string[] {
  const marks = new ChatMarks(chat);
  return marks.sentBefore(marks.messages.length);
}

/** Models before gpt-5.6 read the reasoning of the current turn only, which begins with the last message of the user. */
function firstRecalled(chat: JsonObject, messages: readonly unknown[]): number {
  const { context } = objectOf(chat['reasoning']);
  const isAll = context === 'all_turns' || (context !== 'current_turn' && traitsOf(stringOf(chat['model'])).allTurns);
  return isAll ? 0 : messages.findLastIndex((message) => isObject(message) && message['role'] === 'user') + 1;
}

function textOf(message: JsonObject, style: ReasoningStyle): string {
  const parts = toAssistantParts(message, style, () => {});
  const text = parts.map((part) => (part.type === 'output_text' ? part.text : '')).join('');
  return text || parts.map((part) => (part.type === 'refusal' ? part.refusal : '')).join('');
}

function isSent(message: JsonObject): boolean {
  return message['role'] === 'user' || isOutput(message);
}

function isOutput({ role }: JsonObject): boolean {
  return role === 'tool' || role === 'function';
}

function sentMark({ content }: JsonObject, shorten: Brief): string {
  const said = toInputContent(shortened(content, shorten));
  if (typeof said === 'string') return fingerprint(said);
  // breakpoints of the prompt cache move from message to message
  const texts = said.map((part) =>
    Object.entries(part).map(([name, value]) => (name !== 'type' && typeof value === 'string' ? value : '')),
  );
  const text = texts.flat().join('\n');
  return fingerprint(text.length > longestSent ? shorten(text) : text);
}

/** A copy with each text short: before the parts are read, since to put a long text together takes long. */
function shortened(value: unknown, shorten: Brief): unknown {
  if (typeof value === 'string') return shorten(value.trim());
  if (Array.isArray(value)) return value.map((element) => shortened(element, shorten));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shortened(member, shorten)]));
}

function once<Value>(known: Map<number, Value>, at: number, make: () => Value): Value {
  let value = known.get(at);
  if (value === undefined) known.set(at, (value = make()));
  return value;
}
