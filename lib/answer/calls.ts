import type { AnswerContext } from '../answer-context.ts';
import type { CallEvent, CallItem, OutputItem } from '../wire/responses.ts';
import type { ItemWriter } from './item-writer.ts';
import { mayWrap, wrappedCalls } from './parallel.ts';
import { remainder } from './remainder.ts';
import type { Writer } from './writer.ts';

/** Emits tool calls with dense indices from 0, one after the other. Their `id` is the `call_id`: later requests know no other. */
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

  open(item: CallItem): ItemWriter & { kind: 'call' } {
    let input = '';
    let emit: ((input: string) => void) | undefined;

    const start = ({ type, call_id, id, name }: CallItem): void => {
      emit = this.#begin(type === 'custom_tool_call' ? 'custom' : 'function', call_id || id || `call_${this.count}`, name);
      if (input !== '') emit(input);
    };
    const add = (delta: string): void => {
      if (delta === '') return;
      input += delta;
      emit?.(delta);
    };
    const complete = (whole: string): void => add(remainder(input, whole));

    // a call without a name, and one that may be the wrapper, must be known whole before it can be emitted
    if (item.name && item.call_id && !mayWrap(item, this.#context.tools)) start(item);
    return {
      kind: 'call',
      event(event: CallEvent) {
        switch (event.type) {
          case 'response.function_call_arguments.delta':
          case 'response.custom_tool_call_input.delta':
            add(event.delta);
            break;
          case 'response.function_call_arguments.done':
            complete(event.arguments);
            break;
          case 'response.custom_tool_call_input.done':
            complete(event.input);
            break;
          default:
            event satisfies never;
        }
      },
      close: (finished: OutputItem | undefined) => {
        let known = item;
        if (finished?.type === 'function_call') complete((known = finished).arguments);
        else if (finished?.type === 'custom_tool_call') complete((known = finished).input);
        if (emit) return;
        const wrapped = known.type === 'function_call' ? wrappedCalls({ ...known, arguments: input }, this.#context.tools) : undefined;
        if (!wrapped) start(known);
        for (const one of wrapped ?? []) this.#begin('function', one.call_id!, one.name)(one.arguments);
      },
    };
  }

  /** Emits the beginning of a call and returns the function that emits its input. */
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
}

/** Whether a call is the client's own: of a tool that it declared, or around such calls. Tools in a namespace stand in no list here. */
export function isClients(call: CallItem, tools: AnswerContext['tools']): boolean {
  if (tools.has(call.name) || 'namespace' in call) return true;
  return wrappedCalls(call, tools) !== undefined;
}
