import type { OutputItem, ResponseEvent } from '../wire/responses.ts';

/** Tells one output item: the events of it in their order, then its end, with the finished item where it is known. */
export interface ItemWriter {
  event(event: ResponseEvent): void;
  /** The finished item brings what no event did. */
  close(finished: OutputItem | undefined): void;
}
