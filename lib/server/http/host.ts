import { isIP } from 'node:net';

/**
 * Whether a request's `Host` is a name that no web page can take on: a page of `evil.example` may let that name lead to this machine, and is
 * then of the same origin as the proxy. `named` are the origins that the operator named, whose hosts are fine, too.
 */
export function isOwnHost(host: string, named: readonly string[] | undefined): boolean {
  if (named?.includes('*')) return true;
  const name = withoutPort(host.toLowerCase());
  if (name === undefined) return false;
  if (name.startsWith('[')) return isIP(name.slice(1, -1)) === 6;
  if (isIP(name) === 4 || !name.includes('.') || name === 'host.docker.internal' || ownNames.some((own) => name.endsWith(own))) return true;
  return named?.some((origin) => URL.canParse(origin) && new URL(origin).hostname === name) ?? false;
}

const ownNames = ['.localhost', '.local'];

/** undefined for what is not a host with or without a port. */
function withoutPort(host: string): string | undefined {
  return /^([\w-][\w.-]*|\[[\da-f:.]+\])(?::\d{1,5})?$/.exec(host)?.[1];
}
