import type { IncomingHttpHeaders } from 'node:http';

/** In characters. A shorter credential (`test`, `ollama`) is an ordinary word: it is hidden only where it stands as a credential. */
export const shortestSecret = 8;

/** A browser sends the cookies of every program on this host; each one looked for costs time in every chunk. */
const mostSecrets = 32;

/** The name of a header or a query parameter whose value is a credential. `idempotency-key` is not one. */
export const credentialName: RegExp =
  /^(?:key|sig)$|(?:authorization|cookie|password|secret|signature|token|(?:api|access|auth|subscription)[-_]?key)$/i;

/** The scheme before a credential, as in `Bearer sk-…`. */
export const credentialScheme: RegExp = /^(bearer|basic|digest|negotiate|token|apikey)(?:[ \t]+|$)/i;

/**
 * Returns every credential of a request, wherever it stands: in `Authorization` with or without a scheme (of Basic also the password),
 * in other headers and query parameters that are named as credentials are, in front of the target's host, in cookies.
 * None shorter than 8 characters, at most 32.
 */
export function credentialsOf(request: { headers: IncomingHttpHeaders; url?: string | undefined }): string[] {
  const { headers, url = '' } = request;
  const found: string[] = [];
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined || name === 'cookie' || !credentialName.test(name)) continue;
    for (const one of typeof value === 'string' ? [value] : value) found.push(...secretsOf(one));
  }
  // Most requests have none of these.
  if (url.includes('@')) {
    const userinfo = /^(?:[a-z][a-z\d+.-]*:)?\/\/([^/?#]*)@/i.exec(url)?.[1] ?? '';
    found.push(...userAndPassword(userinfo), ...userAndPassword(decoded(userinfo)));
  }
  if (url.includes('=')) {
    for (const parameter of url.slice(url.indexOf('?') + 1).split('&')) {
      const [name, value] = pair(parameter);
      if (credentialName.test(decoded(name))) found.push(value, decoded(value));
    }
  }
  if (headers.cookie) {
    for (const one of headers.cookie.split(';')) {
      const value = pair(one)[1].trim().replaceAll('"', '');
      found.push(value, decoded(value));
    }
  }
  return distinct(found);
}

function pair(text: string): [name: string, value: string] {
  const equals = text.indexOf('=');
  return equals === -1 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1)];
}

/** Undoes percent-escapes; a text with an invalid one comes back as it is. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function secretsOf(value: string): string[] {
  const scheme = credentialScheme.exec(value);
  if (!scheme) return [value, ...value.split(/[\s,]+/)];
  const rest = value.slice(scheme[0].length);
  // `Bearer test`: too short to be looked for alone, and safe to be looked for together.
  if (rest.length < shortestSecret) return [value];
  if (scheme[1]?.toLowerCase() === 'basic') return [rest, ...userAndPassword(Buffer.from(rest, 'base64').toString())];
  return secretsOf(rest);
}

/** If there is no password, the user is the key. */
function userAndPassword(text: string): string[] {
  const colon = text.indexOf(':');
  return [text, text.slice(colon + 1) || text.slice(0, colon)];
}

/**
 * Returns the credentials in a request's JSON: members named `authorization`, `api_key` or `access_token`, which MCP tools have; also where that
 * JSON is itself in a string. Like `credentialsOf`, none shorter than 8 characters, at most 32.
 */
export function credentialsInBody(text: string): string[] {
  const members = /(?:[Aa]uthorization|[Aa]pi[-_]?[Kk]ey|access_token)\\{0,3}"[ \t]{0,4}:[ \t]{0,4}\\{0,3}"([^"\\\r\n]+)/g;
  const found: string[] = [];
  for (let match = members.exec(text); match && found.length < mostSecrets; match = members.exec(text)) {
    found.push(...secretsOf(match[1] ?? ''));
  }
  return distinct(found);
}

function distinct(found: readonly string[]): string[] {
  return [...new Set(found)].filter((secret) => secret.length >= shortestSecret).slice(0, mostSecrets);
}
