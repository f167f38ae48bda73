import { ProxyError } from '../../error.ts';
import { proxyError, type ErrorName } from '../../errors.ts';

type UpstreamError = Extract<ErrorName, `upstream${string}`>;

/** What Node's codes mean. The message names the host and the kind only: an error's own text may hold a URL, and with it a key. */
const kinds = new Map<string, UpstreamError>([
  ['ECONNREFUSED', 'upstreamRefused'],
  ['ENOTFOUND', 'upstreamUnknown'],
  ['EAI_AGAIN', 'upstreamUnresolved'],
  ['EHOSTUNREACH', 'upstreamUnreachable'],
  ['ENETUNREACH', 'upstreamUnreachable'],
  ['EADDRNOTAVAIL', 'upstreamUnreachable'],
  ['ETIMEDOUT', 'upstreamTimeout'],
  ['UND_ERR_CONNECT_TIMEOUT', 'upstreamConnectTimeout'],
  ['UND_ERR_HEADERS_TIMEOUT', 'upstreamTimeout'],
  ['UND_ERR_BODY_TIMEOUT', 'upstreamTimeout'],
  ['ECONNRESET', 'upstreamReset'],
  ['ECONNABORTED', 'upstreamReset'],
  ['EPIPE', 'upstreamReset'],
  ['UND_ERR_SOCKET', 'upstreamReset'],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'upstreamReset'],
  ['UND_ERR_HEADERS_OVERFLOW', 'upstreamNotHttp'],
  ['HTTPParserError', 'upstreamNotHttp'],
  ['EPROTO', 'upstreamTls'],
]);

const kindsThatBegin: readonly (readonly [string, UpstreamError])[] = [
  ['HPE_', 'upstreamNotHttp'],
  ['Z_', 'upstreamCompression'],
  ['ERR_SSL_', 'upstreamTls'],
  ['ERR_TLS_', 'upstreamTls'],
  ['CERT_', 'upstreamTls'],
  ['UNABLE_TO_', 'upstreamTls'],
  ['SELF_SIGNED_', 'upstreamTls'],
  ['DEPTH_ZERO_', 'upstreamTls'],
];

/**
 * Returns the ProxyError for an exception of `fetch`, or of reading its answer.
 *
 * @param host  The upstream's, for the message.
 * @param phase `head`: nothing of the answer had arrived. A connection that closes then may have been a stale one, so the answer tells the
 *              client (`x-should-retry`, which OpenAI's own clients read) that it may send the request again.
 */
export function upstreamFailure(error: unknown, host: string, phase: 'head' | 'body'): ProxyError {
  const { code, own } = innermost(error);
  if (own) return own;
  const kind =
    kinds.get(code) ??
    kindsThatBegin.find(([beginning]) => code.startsWith(beginning))?.[1] ??
    (phase === 'body' ? 'upstreamReset' : 'upstreamNotAsked');
  const headers: Record<string, string> = phase === 'head' && kind === 'upstreamReset' ? { 'x-should-retry': 'true' } : {};
  return proxyError(kind, { host, reason: code === '' ? '' : ` (${code})` }, { headers });
}

/** Returns Node's code for why there is no answer; empty if there is none. */
export function nodeCodeOf(error: unknown): string {
  return innermost(error).code;
}

/** Returns what lies in the causes: `fetch` wraps what happened, and several addresses of a host lead to several errors. */
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
