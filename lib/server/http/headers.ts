import type { IncomingHttpHeaders } from 'node:http';

export type Headers = Record<string, string>;

/** Of one connection, not of the message (RFC 9110, 7.6.1). */
const hopByHop = ['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'];

const notForUpstream = new Set([
  ...hopByHop,
  // they follow the URL, the body and the client towards the upstream
  'host',
  'content-length',
  'expect',
  'accept-encoding',
  'http2-settings',
  // the client's own: nothing of a browser or a proxy in front belongs upstream
  'cookie',
  'origin',
  'referer',
  'forwarded',
]);
const notForUpstreamBegin = ['proxy-', 'sec-', 'x-forwarded-', 'x-openwebui-'];

const notForClient = new Set([...hopByHop, 'set-cookie', 'alt-svc', 'strict-transport-security']);
const notForClientBegin = ['proxy-', 'access-control-'];

/**
 * Returns the headers that go to the upstream for those of a client.
 *
 * @param openai The upstream is OpenAI: the credential gets the form that it takes.
 * @param via    This proxy's own entry for `via`.
 */
export function forUpstream(received: IncomingHttpHeaders, openai: boolean, via: string): Headers {
  const listed = listedInConnection(received.connection);
  const sent: Headers = {};
  for (const name in received) {
    const value = received[name];
    if (typeof value !== 'string' || notForUpstream.has(name) || listed?.has(name) || beginsWithOne(name, notForUpstreamBegin)) continue;
    sent[name] = value;
  }
  // What is read is decoded anyway, and what is passed on must not change.
  sent['accept-encoding'] = 'identity';
  sent['via'] = sent['via'] === undefined ? via : `${sent['via']}, ${via}`;
  if (openai) credentialForOpenAI(sent);
  return sent;
}

/** Returns the names that a `Connection` header lists, which are hop-by-hop headers too. */
function listedInConnection(connection: string | undefined): Set<string> | undefined {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return undefined;
  return new Set(
    connection
      .toLowerCase()
      .split(',')
      .map((name) => name.trim()),
  );
}

function beginsWithOne(name: string, beginnings: readonly string[]): boolean {
  for (const beginning of beginnings) if (name.startsWith(beginning)) return true;
  return false;
}

/** Clients type a key without its scheme, or send it as other APIs want it. */
function credentialForOpenAI(sent: Headers): void {
  const { authorization } = sent;
  if (authorization) {
    if (!authorization.includes(' ')) sent['authorization'] = `Bearer ${authorization}`;
    return;
  }
  for (const name of ['x-api-key', 'api-key']) {
    const key = sent[name];
    if (!key) continue;
    delete sent['x-api-key'];
    delete sent['api-key'];
    sent['authorization'] = `Bearer ${key}`;
    return;
  }
}

/** Returns the headers that go to the client for those of the upstream. `decoded`: its body was compressed and no longer is. */
export function forClient(received: Headers, decoded: boolean): Headers {
  const listed = listedInConnection(received['connection']);
  const sent: Headers = {};
  for (const name in received) {
    if (notForClient.has(name) || listed?.has(name) || beginsWithOne(name, notForClientBegin)) continue;
    if (decoded && (name === 'content-encoding' || name === 'content-length')) continue;
    const value = received[name] as string;
    if (isWritable(value)) sent[name] = value;
  }
  return sent;
}

/** Whether node:http would write it; it throws on control characters and anything beyond Latin-1. */
function isWritable(value: string): boolean {
  for (let at = 0; at < value.length; at += 1) {
    const code = value.charCodeAt(at);
    if ((code < 32 && code !== 9) || code === 127 || code > 255) return false;
  }
  return true;
}

/** Returns the name of a header that a request has twice, if servers might differ in which of the two they read. */
export function repeatedHeader(rawHeaders: readonly string[]): string | undefined {
  let hosts = 0;
  let authorizations = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string;
    if (name.length === 4 && name.toLowerCase() === 'host' && ++hosts > 1) return 'Host';
    if (name.length === 13 && name.toLowerCase() === 'authorization' && ++authorizations > 1) return 'Authorization';
  }
  return undefined;
}
