import type { Exchange } from './exchange.ts';

/** A file to save. */
export interface SavedFile {
  name: string;
  text: string;
}

/** Returns the two halves of a fixture of this project, in one file that `npm run fixtures` takes apart; undefined without a Response. */
export function fixtureOf({ id, asked, response }: Exchange): SavedFile | undefined {
  if (!asked.json || !response) return undefined;
  return {
    name: `exchange-${fileName(id)}.fixture.json`,
    text: `${JSON.stringify({ 'chat-request': asked.json, response }, undefined, 2)}\n`,
  };
}

/** Returns the log of one exchange, which the page can show again. Its credentials were hidden when it was written. */
export function reportOf({ id, port }: Exchange, lines: readonly string[], made: { version: string; agent: string }): SavedFile {
  const about = {
    time: new Date().toISOString(),
    port,
    id,
    direction: 'note',
    path: '',
    body: `openai-proxy ${made.version}; seen with ${made.agent}`,
  };
  return { name: `exchange-${fileName(id)}.log`, text: `${[...lines, JSON.stringify(about)].join('\n')}\n` };
}

function fileName(id: string): string {
  return id.replaceAll(/[^\w-]/g, '_').slice(0, 40);
}
