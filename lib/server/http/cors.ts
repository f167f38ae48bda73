import { isLoopback } from './loopback.ts';

/** The headers of this proxy and of the upstream that a page may read beside the few that it always may. */
const exposed = 'x-request-id, retry-after, x-openai-proxy-route, x-openai-proxy-notes';

/**
 * Whether a page of this origin may call. No key and no cookie is held here, so any page may reach OpenAI with a key of its own;
 * another upstream may need no key at all, so only pages of this machine and named ones reach it.
 *
 * @param named The origins that the operator named; then only they may call. `*` stands for all.
 */
export function mayCall(origin: string, openai: boolean, named: string[] | undefined): boolean {
  if (named !== undefined) return named.includes(origin) || named.includes('*');
  return openai || isLoopbackOrigin(origin);
}

function isLoopbackOrigin(origin: string): boolean {
  // By the parsed host: `http://localhost.example` begins like a loopback origin.
  return URL.canParse(origin) && isLoopback(new URL(origin).hostname);
}

/** Returns the headers of each answer to an origin that may call; undefined for one that may not. */
export function corsHeaders(origin: string, openai: boolean, named: string[] | undefined): Record<string, string> | undefined {
  if (!mayCall(origin, openai, named)) return undefined;
  return { 'access-control-allow-origin': origin, 'access-control-expose-headers': exposed, vary: 'Origin' };
}

/** Returns the headers that only the answer to a preflight has. */
export function preflightHeaders(requested: { headers: string | undefined; privateNetwork: boolean }): Record<string, string> {
  const answer: Record<string, string> = {
    'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
    'access-control-max-age': '7200', // seconds; browsers take no more
    vary: 'Access-Control-Request-Headers',
  };
  if (requested.headers) answer['access-control-allow-headers'] = requested.headers;
  if (requested.privateNetwork) answer['access-control-allow-private-network'] = 'true';
  return answer;
}
