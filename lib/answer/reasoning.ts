import type { OutputItem, ReasoningEvent } from '../wire/responses.ts';
import type { ItemWriter } from './item-writer.ts';
import { remainder, remainders } from './remainder.ts';
import type { Writer } from './writer.ts';

interface Part {
  text: string;
}

/**
 * Emits a reasoning item: its summaries or, from open models, the reasoning itself. A blank line separates the parts. If there are both,
 * the second waits for the end, and is dropped if it says the same.
 */
export function reasoningWriter(writer: Writer): ItemWriter & { kind: 'reasoning' } {
  const summaries: Part[] = [];
  const texts: Part[] = [];
  let first: Part[] | undefined;

  function partAt(parts: Part[], index: number): Part {
    while (parts.length <= index) parts.push({ text: '' });
    return parts[index]!;
  }

  function add(parts: Part[], part: Part, text: string): void {
    if (text === '') return;
    part.text += text;
    first ??= parts;
    if (first === parts) writer.reasoning(part, text);
  }

  function complete(parts: Part[], index: number, whole: string): void {
    const part = partAt(parts, index);
    add(parts, part, remainder(part.text, whole));
  }

  /** Adds what is missing of the finished parts, however the events have divided them. */
  function finish(parts: Part[], finished: readonly Part[]): void {
    const begun = parts.filter(({ text }) => text !== '');
    let emitted = begun.map(({ text }) => text).join('');
    const last = begun.at(-1);
    for (const [at, rest] of remainders(
      emitted,
      finished.map(({ text }) => text),
    ).entries()) {
      if (rest === '') continue;
      const goesOn = last !== undefined && emitted !== '' && rest !== finished[at]!.text;
      const part = goesOn ? last : { text: '' };
      if (!goesOn) parts.push(part);
      add(parts, part, rest);
      emitted = '';
    }
  }

  return {
    kind: 'reasoning',
    event(event: ReasoningEvent) {
      switch (event.type) {
        case 'response.reasoning_summary_text.delta':
          add(summaries, partAt(summaries, event.summary_index), event.delta);
          break;
        case 'response.reasoning_summary_text.done':
          complete(summaries, event.summary_index, event.text);
          break;
        case 'response.reasoning_text.delta':
          add(texts, partAt(texts, event.content_index), event.delta);
          break;
        case 'response.reasoning_text.done':
          complete(texts, event.content_index, event.text);
          break;
        default:
          event satisfies never;
      }
    },
    close(finished: OutputItem | undefined) {
      if (finished?.type === 'reasoning') {
        finish(summaries, finished.summary ?? []);
        finish(texts, finished.content ?? []);
      }
      const second = first === summaries ? texts : summaries;
      if (!first || squeezed(second) === squeezed(first)) return;
      for (const part of second) writer.reasoning(part, part.text);
    },
  };
}

function squeezed(parts: readonly Part[]): string {
  return parts
    .map(({ text }) => text)
    .join('')
    .replace(/\s+/g, '');
}
