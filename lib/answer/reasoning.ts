import { stringOf } from '../json.ts';
import type { OutputItem, ReasoningEvent } from '../wire/responses.ts';
import type { ItemWriter } from './item-writer.ts';
import { remainder } from './remainder.ts';
import type { Writer } from './writer.ts';

interface Part {
  text: string;
}

/** Emits a reasoning item: its summaries and, from open models, the reasoning itself. A blank line separates the parts. */
export function reasoningWriter(writer: Writer): ItemWriter & { kind: 'reasoning' } {
  const summaries = new Map<number, Part>();
  const texts = new Map<number, Part>();

  function partAt(parts: Map<number, Part>, index = 0): Part {
    let part = parts.get(index);
    if (!part) parts.set(index, (part = { text: '' }));
    return part;
  }

  function add(part: Part, text: string): void {
    part.text += text;
    writer.reasoning(part, text);
  }

  function complete(part: Part, text: string): void {
    add(part, remainder(part.text, text));
  }

  return {
    kind: 'reasoning',
    event(event: ReasoningEvent) {
      switch (event.type) {
        case 'response.reasoning_summary_text.delta':
          add(partAt(summaries, event.summary_index), stringOf(event.delta));
          break;
        case 'response.reasoning_summary_text.done':
          complete(partAt(summaries, event.summary_index), stringOf(event.text));
          break;
        case 'response.reasoning_text.delta':
          add(partAt(texts, event.content_index), stringOf(event.delta));
          break;
        case 'response.reasoning_text.done':
          complete(partAt(texts, event.content_index), stringOf(event.text));
          break;
        default:
          event satisfies never;
      }
    },
    close(finished: OutputItem | undefined) {
      if (finished?.type !== 'reasoning') return;
      for (const [at, { text }] of (finished.summary ?? []).entries()) complete(partAt(summaries, at), stringOf(text));
      for (const [at, { type, text }] of (finished.content ?? []).entries())
        if (type === 'reasoning_text') complete(partAt(texts, at), stringOf(text));
    },
  };
}
