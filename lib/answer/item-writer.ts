import type { CallEvent, MessageEvent, OutputItem, ReasoningEvent } from '../wire/responses.ts';

interface Writing<Event> {
  event(event: Event): void;
  /** The finished item brings what no event did. */
  close(finished: OutputItem | undefined): void;
}

/** Emits one output item: its events in their order, then its end, with the finished item if it is known. */
export type ItemWriter =
  | ({ readonly kind: 'message' } & Writing<MessageEvent>)
  | ({ readonly kind: 'reasoning' } & Writing<ReasoningEvent>)
  | ({ readonly kind: 'call' } & Writing<CallEvent>)
  | ({ readonly kind: 'hosted' } & Writing<never>);
