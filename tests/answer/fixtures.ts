import { readFileSync, readdirSync } from 'node:fs';
import type { ChatCompletion, ChatRequest, Response, TranslatedRequest } from '../../lib/index.ts';
import { toResponsesRequest } from '../../lib/index.ts';
import { eventsOf, written } from './events.ts';
import { textOf, wholeOf } from './support.ts';

/** A case: what a client sends and what the upstream answers, both written by hand. */
export interface Fixture {
  name: string;
  chat: ChatRequest;
  response: Response;
  translated: TranslatedRequest;
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
const read = (file: string): unknown => JSON.parse(readFileSync(`fixtures/${file}`, 'utf8'));

export const fixtures: readonly Fixture[] = readdirSync('fixtures')
  .filter((file) => file.endsWith('.chat-request.json'))
  .toSorted()
  .map((file) => {
    const name = file.slice(0, -'.chat-request.json'.length);
    const chat = read(file) as ChatRequest;
    return { name, chat, response: read(`${name}.response.json`) as Response, translated: toResponsesRequest(chat) };
  });

/** The files that follow from a case: their names and texts. `npm run fixtures` writes them; a person looks at what has changed. */
export function derivedFiles({ name, response, translated: { request, context } }: Fixture): Map<string, string> {
  const events = eventsOf(response);
  const completion: ChatCompletion = wholeOf(response.output ?? [], context, response);
  return new Map([
    [`${name}.responses-request.json`, json(request)],
    [`${name}.response.sse`, written(events)],
    [`${name}.completion.json`, json(completion)],
    [`${name}.chunks.sse`, textOf(events, context)],
  ]);
}
