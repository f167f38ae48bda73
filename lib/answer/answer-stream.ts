import type { AnswerContext } from '../answer-context.ts';
import type { OutputItem, Response } from '../wire/responses.ts';
import { Answer, type AnswerSink, type AnswerState, type Head } from './answer.ts';

/** The base of both streams: takes the deltas of an answer, and shows how far it has come. */
export abstract class AnswerStream implements AnswerState, AnswerSink {
  protected readonly answer: Answer;

  constructor(context: AnswerContext, fallback: Head) {
    this.answer = new Answer(context, fallback, this);
  }

  get begun(): boolean {
    return this.answer.begun;
  }

  get finished(): boolean {
    return this.answer.finished;
  }

  get notes(): readonly string[] {
    return this.answer.notes;
  }

  get output(): readonly OutputItem[] {
    return this.answer.output;
  }

  wants(type: string): boolean {
    return this.answer.wants(type);
  }

  get response(): Response | undefined {
    return this.answer.response;
  }

  end(): void {
    this.answer.end();
  }

  abstract delta(...delta: Parameters<AnswerSink['delta']>): void;
  abstract finish(...finish: Parameters<AnswerSink['finish']>): void;
  abstract usage(...usage: Parameters<AnswerSink['usage']>): void;
}
