import { ProxyError } from '../../error.ts';

type Kind = readonly [status: 502 | 504, code: string, what: string];

const unreachable = 'upstream_unreachable';
const timeout: Kind = [504, 'upstream_timeout', 'did not answer in time'];
const reset: Kind = [502, 'upstream_reset', 'closed the connection before its answer was complete'];
const invalid: Kind = [502, 'upstream_invalid_answer', 'sent an answer that is not HTTP'];
const tls: Kind = [502, 'upstream_tls', 'has no valid certificate, or speaks no TLS'];

/** What Node's codes mean. The message names the host and the kind only: an error's own text may hold a URL, and with it a key. */
const kinds = new Map<string, Kind>([
  ['ECONNREFUSED', [502, unreachable, 'refused the connection']],
  ['ENOTFOUND', [502, unreachable, 'has a name that cannot be resolved']],
  ['EAI_AGAIN', [502, unreachable, 'has a name that cannot be resolved now']],
  ['EHOSTUNREACH', [502, unreachable, 'cannot be reached over the network']],
  ['ENETUNREACH', [502, unreachable, 'cannot be reached over the network']],
  ['EADDRNOTAVAIL', [502, unreachable, 'cannot be reached over the network']],
  ['ETIMEDOUT', timeout],
  ['UND_ERR_CONNECT_TIMEOUT', [504, 'upstream_timeout', 'did not accept a connection in time']],
  ['UND_ERR_HEADERS_TIMEOUT', timeout],
  ['UND_ERR_BODY_TIMEOUT', timeout],
  ['ECONNRESET', reset],
  ['ECONNABORTED', reset],
  ['EPIPE', reset],
  ['UND_ERR_SOCKET', reset],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', reset],
  ['UND_ERR_HEADERS_OVERFLOW', invalid],
  ['HTTPParserError', invalid],
  ['EPROTO', tls],
]);

const kindsThatBegin: readonly (readonly [string, Kind])[] = [
  ['HPE_', invalid],
  ['Z_', [502, 'upstream_invalid_answer', 'sent a compressed body that cannot be read']],
  ['ERR_SSL_', tls],
  ['ERR_TLS_', tls],
  ['CERT_', tls],
  ['UNABLE_TO_', tls],
  ['SELF_SIGNED_', tls],
  ['DEPTH_ZERO_', tls],
];

/**
 * The ProxyError for an exception of `fetch`, or of reading what it gave.
 *
 * @param host  The upstream's, for the message.
 * @param phase `head`: nothing of the answer had arrived. A connection that closes then may have been a stale one, so the client is told
 *              (`x-should-retry`, which OpenAI's own clients read) that it may send the request again.
 */
export function upstreamFailure(error: unknown, host: string, phase: 'head' | 'body'): ProxyError {
  const { code: nodeCode, own } = innermost(error);
  if (own) return own;
  const kind = kinds.get(nodeCode) ?? kindsThatBegin.find(([beginning]) => nodeCode.startsWith(beginning))?.[1];
  const [status, code, what] = kind ?? (phase === 'body' ? reset : [502, unreachable, 'could not be asked']);
  const headers: Record<string, string> = phase === 'head' && code === 'upstream_reset' ? { 'x-should-retry': 'true' } : {};
  return new ProxyError(status, `The upstream ${host} ${what}${nodeCode === '' ? '' : ` (${nodeCode})`}.`, { code, headers });
}

/** Node's code for why there is no answer, empty where there is none. */
export function nodeCodeOf(error: unknown): string {
  return innermost(error).code;
}

/** What lies in the causes: `fetch` wraps what happened, and several addresses of a host give several errors. */
function innermost(error: unknown): { code: string; own?: ProxyError } {
  let found = '';
  for (let depth = 0; depth < 5 && typeof error === 'object' && error !== null; depth += 1) {
    // One of ours: the request's body was given up while it was sent.
    if (error instanceof ProxyError) return { code: found, own: error };
    const { code, name, cause, errors } = error as { code?: unknown; name?: unknown; cause?: unknown; errors?: unknown };
    if (typeof code === 'string') found = code;
    // Its code is missing on some versions of Node.
    else if (name === 'HTTPParserError') found = name;
    error = cause ?? (Array.isArray(errors) ? errors[0] : undefined);
  }
  return { code: found };
}
