import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { namedCredentials, queryCredentials } from './credentials.ts';

interface Head {
  headers: IncomingHttpHeaders;
  url?: string | undefined;
}

const scopes = ['openai-organization', 'openai-project'];

/** The credentials that go upstream: cookies and what is meant for a proxy do not. */
function sentCredentials({ headers, url = '' }: Head): [name: string, value: string][] {
  const ofHeaders = namedCredentials({ headers }).filter(([name]) => !name.includes('cookie') && !name.startsWith('proxy-'));
  return [...ofHeaders, ...queryCredentials(url).filter(([, value]) => value !== '')];
}

/** Whether a request brings a credential, by which its client can be told from others. */
export function hasCredential(request: Head): boolean {
  return sentCredentials(request).length > 0;
}

/**
 * Returns a hash that tells clients apart without keeping a key: of every header and query parameter that carries a credential, and of the
 * organization and project that it is used for. Empty for a request without a credential.
 */
export function credentialHash(request: Head): string {
  const sent = sentCredentials(request);
  if (sent.length === 0) return '';
  const all = [...sent, ...scopes.map((name) => [name, request.headers[name] ?? ''])].toSorted(([a], [b]) => (a! < b! ? -1 : 1));
  // As JSON, so that no two lists of values join to the same text.
  return createHash('sha256').update(JSON.stringify(all)).digest('base64url');
}
