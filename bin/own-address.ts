import type { AddressInfo } from 'node:net';

/**
 * Whether an upstream is one of the proxy's own listeners, so that each request would come back to it.
 *
 * @param local All addresses of this machine.
 */
export function leadsBack(upstream: string, listeners: readonly AddressInfo[], local: readonly string[]): boolean {
  const { protocol, hostname, port } = new URL(upstream);
  const number = Number(port || (protocol === 'https:' ? 443 : 80));
  const host = hostname.replace(/^\[|\]$/g, '');
  return listeners.some((listener) => listener.port === number && reaches(host, listener.address, local));
}

function reaches(host: string, address: string, local: readonly string[]): boolean {
  const any = address === '0.0.0.0' || address === '::';
  if (host === 'localhost' || host.endsWith('.localhost')) return any || address === '127.0.0.1' || address === '::1';
  // A connection to the address that stands for all goes to the loopback address.
  const meant = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return meant === address || (any && (local.includes(meant) || meant.startsWith('127.')));
}
