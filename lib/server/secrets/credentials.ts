import type { IncomingHttpHeaders } from 'node:http';
import { MemberRedactor } from './members.ts';
import { isCredentialName } from './names.ts';
import { decoded } from './redact-url.ts';

/** In characters. A shorter credential (`test`, `ollama`) is an ordinary word: it is hidden only where it stands as a credential. */
export const shortestSecret = 8;

/** Of a request's head, and of its body: a browser sends the cookies of every program on this host, and each one looked for costs time. */
const mostSecrets = 32;
const mostInBody = 64;

/** The scheme before a credential, as in `Bearer sk-…`. */
export const credentialScheme: RegExp = /^(bearer|basic|digest|negotiate|token|apikey)(?:[ \t]+|$)/i;

interface Head {
  headers: IncomingHttpHeaders;
  url?: string | undefined;
}

/**
 * Returns every credential of a request, wherever it stands: in `Authorization` with or without a scheme (of Basic also the password),
 * in other headers and query parameters that are named as credentials are, in front of the target's host, in cookies.
 * None shorter than 8 characters, at most 32.
 */
export function credentialsOf({ headers, url = '' }: Head): string[] {
  const found: string[] = [];
  for (const [name, value] of namedCredentials({ headers })) if (name !== 'cookie') found.push(...secretsOf(value));
  // Most requests have none of these.
  if (url.includes('@')) {
    const userinfo = /^(?:[a-z][a-z\d+.-]*:)?\/\/([^/?#]*)@/i.exec(url)?.[1] ?? '';
    found.push(...userAndPassword(userinfo), ...userAndPassword(decoded(userinfo)));
  }
  for (const [, value] of queryCredentials(url)) found.push(value, decoded(value));
  if (headers.cookie) {
    for (const one of headers.cookie.split(';')) {
      const value = pair(one)[1].trim().replaceAll('"', '');
      found.push(value, decoded(value));
    }
  }
  return distinct(found, mostSecrets);
}

/** Returns the headers of a request that carry credentials, by name and value. */
export function namedCredentials({ headers }: Head): [name: string, value: string][] {
  const found: [string, string][] = [];
  for (const name in headers) {
    const value = headers[name];
    if (!value || !isCredentialName(name)) continue;
    for (const one of typeof value === 'string' ? [value] : value) found.push([name, one]);
  }
  return found;
}

/** Returns the parameters of a target's query that carry credentials, as they are written. */
export function queryCredentials(url: string): [name: string, value: string][] {
  if (!url.includes('=')) return [];
  const parameters = url.slice(url.indexOf('?') + 1).split('&');
  return parameters.map(pair).filter(([name]) => isCredentialName(decoded(name)));
}

function pair(text: string): [name: string, value: string] {
  const equals = text.indexOf('=');
  return equals === -1 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1)];
}

/** Returns the credentials in the value of a header: without its scheme, of Basic also the password. */
export function secretsOf(value: string): string[] {
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
 * Finds the credentials in a request's JSON, which tools of the client have: members named as credentials are, headers, parts of URLs; also
 * where that JSON is itself in a string. Like `credentialsOf`, none shorter than 8 characters; at most 64.
 */
export class BodyCredentials {
  readonly #found = new Set<string>();
  readonly #members = new MemberRedactor((value) => {
    if (this.#found.size < mostInBody) for (const secret of secretsInMember(value)) this.#found.add(secret);
  });

  /** Takes the next piece of the text, wherever it was cut. */
  push(piece: string): void {
    this.#members.push(piece);
  }

  /** The end of the text: returns what was found. */
  end(): string[] {
    this.#members.end();
    return distinct([...this.#found], mostInBody);
  }
}

/** Returns the credentials in the value of a member, as JSON has it: it may be escaped several times. */
export function secretsInMember(json: string): string[] {
  const found = secretsOf(json);
  for (let value = json; value.includes('\\'); found.push(...secretsOf(value))) {
    try {
      value = JSON.parse(`"${value}"`) as string;
    } catch {
      break;
    }
  }
  // what is escaped is looked for in the forms that it may have
  return found.filter((one) => !one.includes('\\') || found.length === 1);
}

function distinct(found: readonly string[], most: number): string[] {
  return [...new Set(found)].filter((secret) => secret.length >= shortestSecret).slice(0, most);
}
