import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { namedCredentials, queryCredentials } from './credentials.ts';

/** What a request's credentials are found in. */
export interface CredentialSource {
  readonly headers: IncomingHttpHeaders;
  readonly url?: string | undefined;
}

const scopes = ['openai-organization', 'openai-project'];

/** The credentials that go upstream: cookies and what is meant for a proxy do not. */
function sentCredentials({ headers, url = '' }: CredentialSource): [name: string, value: string][] {
  const ofHeaders = namedCredentials({ headers }).filter(([name]) => !name.includes('cookie') && !name.startsWith('proxy-'));
  return [...ofHeaders, ...queryCredentials(url).filter(([, value]) => value !== '')];
}

/** Whether a request brings a credential, by which its client can be told from others. */
export function hasCredential(source: CredentialSource): boolean {
  return sentCredentials(source).length > 0;
}

/**
 * Returns all credentials of a request as one text: every header and query parameter that carries one, and the organization and project that
 * it is used for. Empty for a request without a credential. The same credentials always give the same text.
 */
export function credentialText(source: CredentialSource): string {
  const sent = sentCredentials(source);
  if (sent.length === 0) return '';
  const all = [...sent, ...scopes.map((name) => [name, source.headers[name] ?? ''])].toSorted(([a], [b]) => (a! < b! ? -1 : 1));
  // As JSON, so that no two lists of values join to the same text.
  return JSON.stringify(all);
}

/** Returns a hash that tells clients apart without keeping a key; empty for a request without a credential. */
export function credentialHash(source: CredentialSource): string {
  const text = credentialText(source);
  return text === '' ? '' : createHash('sha256').update(text).digest('base64url');
}
