import { isObject, stringOf } from '../json.ts';
import type { AnswerContext } from '../answer-context.ts';
import type { OutputItem } from '../wire/responses.ts';
import { remainder } from './remainder.ts';
import type { Writer } from './writer.ts';

/** One function or custom tool call as it arrives. */
export interface CallWriter {
  input(delta: string): void;
  /** The end of the input: the whole of it, where it is known. */
  inputDone(input: string): void;
  close(item: OutputItem | undefined): void;
}

/** Tool calls with dense indices from 0, one after the other. `id` is the `call_id`: the item's own id means nothing to a later request. */
export class Calls {
  readonly #context: AnswerContext;
  readonly #writer: Writer;
  readonly #notes: string[];
  /** How many have begun. */
  count = 0;

  constructor(context: AnswerContext, writer: Writer, notes: string[]) {
    this.#context = context;
    this.#writer = writer;
    this.#notes = notes;
  }

  open(item: OutputItem): CallWriter {
    const type = item.type === 'custom_tool_call' ? 'custom' : 'function';
    let told = '';
    let tell: ((input: string) => void) | undefined;

    const start = (from: OutputItem): void => {
      tell = this.#begin(type, from.call_id || from.id || `call_${this.count}`, stringOf(from.name));
      if (told !== '') tell(told);
    };

    // a call without a name, and one that may be the wrapper, must be known whole before it can be told
    if (item.name && item.call_id && !this.#mayWrap(item)) start(item);
    const call: CallWriter = {
      input(delta) {
        if (delta === '') return;
        told += delta;
        tell?.(delta);
      },
      inputDone: (input) => call.input(remainder(told, input)),
      close: (finished) => {
        if (finished) call.inputDone(stringOf(type === 'custom' ? finished.input : finished.arguments));
        if (tell) return;
        const known = finished ?? item;
        const wrapped = this.#mayWrap(known) ? unwrap(known, told, this.#context.tools) : undefined;
        if (!wrapped) start(known);
        for (const one of wrapped ?? []) this.#begin('function', one.id, one.name)(one.arguments);
      },
    };
    return call;
  }

  /** Tells the beginning of a call and returns how its input is told. */
  #begin(type: 'function' | 'custom', id: string, sentName: string): (input: string) => void {
    const writer = this.#writer;
    const name = this.#context.names.get(sentName) ?? sentName;
    const index = this.count;
    this.count += 1;
    if (this.#context.legacyFunctions) {
      if (index > 0) {
        this.#notes.push(`dropped a second call (${name}): function_call holds one`);
        return () => {};
      }
      writer.delta({ function_call: { name, arguments: '' } });
      return (input) => writer.delta({ function_call: { arguments: input } });
    }
    if (type === 'custom') {
      writer.delta({ tool_calls: [{ index, id, type, custom: { name, input: '' } }] });
      return (input) => writer.delta({ tool_calls: [{ index, custom: { input } }] });
    }
    writer.delta({ tool_calls: [{ index, id, type, function: { name, arguments: '' } }] });
    return (input) => writer.delta({ tool_calls: [{ index, function: { arguments: input } }] });
  }

  #mayWrap({ name }: OutputItem): boolean {
    return (name === 'parallel' || name === 'multi_tool_use.parallel') && !this.#context.tools.has(name);
  }
}

/**
 * Models sometimes call a tool `parallel` that nobody declared, with the real calls in its arguments:
 * `{"tool_uses": [{"recipient_name": "functions.NAME", "parameters": {…}}]}`. They are taken out when all of them are declared tools.
 */
function unwrap(
  item: OutputItem,
  input: string,
  tools: AnswerContext['tools'],
): { id: string; name: string; arguments: string }[] | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(input);
  } catch {
    return undefined;
  }
  const uses = isObject(parsed) && Array.isArray(parsed['tool_uses']) ? (parsed['tool_uses'] as unknown[]) : [];
  const calls = uses.map((use, at) => ({
    id: `${item.call_id}_${at}`,
    name: isObject(use) ? stringOf(use['recipient_name']).replace(/^functions\./, '') : '',
    arguments: JSON.stringify(isObject(use) ? (use['parameters'] ?? {}) : {}),
  }));
  return calls.length > 0 && calls.every(({ name }) => tools.has(name)) ? calls : undefined;
}
