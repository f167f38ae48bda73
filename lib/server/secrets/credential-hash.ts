import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

const keys = ['authorization', 'x-api-key', 'api-key'];
const scopes = ['openai-organization', 'openai-project'];

/** Whether a request brings a credential, by which its client can be told from others. */
export function hasCredential(headers: IncomingHttpHeaders): boolean {
  return keys.some((name) => headers[name]);
}

/**
 * Returns a hash that tells clients apart without keeping a key: of every header that may carry a credential, and of the organization and
 * project that it is used for. Empty for a request without a credential.
 */
export function credentialHash(headers: IncomingHttpHeaders): string {
  if (!hasCredential(headers)) return '';
  // As JSON, so that no two lists of values join to the same text.
  return createHash('sha256')
    .update(JSON.stringify([...keys, ...scopes].map((name) => headers[name] ?? null)))
    .digest('base64url');
}
