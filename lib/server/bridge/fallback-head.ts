import { randomUUID } from 'node:crypto';
import type { Head } from '../../answer/answer.ts';

/** Names for an answer, as long as the upstream has given none. */
export function fallbackHead(model: string): Head {
  return { id: `chatcmpl-${randomUUID()}`, created: Math.floor(Date.now() / 1000), model };
}
