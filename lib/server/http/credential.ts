import { createHash } from 'node:crypto';
import type { Exchange } from '../exchange.ts';

const keys = ['authorization', 'x-api-key', 'api-key'];
const scopes = ['openai-organization', 'openai-project'];

/** Whether a client can be told from others. */
export function hasCredential({ request }: Exchange): boolean {
  return keys.some((name) => request.headers[name]);
}

/**
 * Tells clients apart without keeping a key: a hash of every header that may carry a credential, and of the organization and project
 * that it is used for. Empty where there is no credential.
 */
export function credential(exchange: Exchange): string {
  if (!hasCredential(exchange)) return '';
  const { headers } = exchange.request;
  // As JSON, so that no two lists of values join to the same text.
  return createHash('sha256')
    .update(JSON.stringify([...keys, ...scopes].map((name) => headers[name] ?? null)))
    .digest('base64url');
}
