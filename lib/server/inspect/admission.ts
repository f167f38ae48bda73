import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { ProxyError } from '../../error.ts';
import { proxyError } from '../../errors.ts';
import { repeatedHeader } from '../http/headers.ts';
import { isOwnHost } from '../http/host.ts';
import type { Target } from '../http/target.ts';

const reading = ['GET', 'HEAD'];
/** What a browser says of a request that the address bar or the page itself made. */
const ownSites = new Set<unknown>(['none', 'same-origin']);
/** What a page loads to show it inside itself. */
const framing = new Set<unknown>(['embed', 'fencedframe', 'frame', 'iframe', 'object']);

export interface Admission {
  token: string;
  /** Origins whose hosts the operator vouches for. */
  named?: readonly string[] | undefined;
}

/** Returns why a request for the inspector is refused, undefined if it is not: only the page itself, opened with its token, gets anything. */
export function refusalOf(
  { method = '', headers, rawHeaders }: IncomingMessage,
  target: Target,
  { token, named }: Admission,
): ProxyError | undefined {
  const { host, origin, 'sec-fetch-site': site, 'sec-fetch-dest': dest } = headers;
  if (target.fault !== undefined) return proxyError(target.fault);
  const header = repeatedHeader(rawHeaders);
  if (header) return proxyError('headerRepeated', { header });
  if (!reading.includes(method)) return proxyError('methodNotSupported', {}, { headers: { allow: reading.join(', ') } });
  // every host stands for no host: a page that every name leads to could be anyone's
  const hosts = named?.filter((one) => one !== '*');
  if (host === undefined || !isOwnHost(host, hosts)) return proxyError('inspectorForeign');
  if (origin !== undefined && !isOwn(origin, host)) return proxyError('inspectorForeign');
  if (site !== undefined && !ownSites.has(site)) return proxyError('inspectorForeign');
  if (framing.has(dest)) return proxyError('inspectorForeign');
  const given = new URLSearchParams(target.search).getAll('token');
  return given.length === 1 && isEqual(given[0] as string, token) ? undefined : proxyError('inspectorToken');
}

/** Behind a server with TLS the page's origin is https. */
function isOwn(origin: string, host: string | undefined): boolean {
  const own = origin.toLowerCase();
  return own === `http://${host?.toLowerCase()}` || own === `https://${host?.toLowerCase()}`;
}

/** In a time that shows nothing of either: hashes have the same length. */
function isEqual(given: string, token: string): boolean {
  const [one, other] = [given, token].map((text) => createHash('sha256').update(text).digest()) as [Buffer, Buffer];
  return timingSafeEqual(one, other);
}
