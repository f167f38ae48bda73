import { printable } from './terminal.ts';

/** How a request ended, for the mistakes that this can show. */
export interface Ending {
  /** The target as the client sent it. */
  path: string;
  status: number | undefined;
  /** The request brought a key, in whatever form. */
  hasCredential: boolean;
  upstream: string;
  /** The code of the error with which the upstream could not be reached: `ECONNREFUSED`. */
  unreachable?: string | undefined;
}

const unreachable = new Map([
  ['ENOTFOUND', 'its name is not known; check --upstream and the network'],
  ['EAI_AGAIN', 'its name cannot be looked up now; check the network'],
  ['ECONNREFUSED', 'nothing listens there; check --upstream'],
  ['ENETUNREACH', 'no network leads there; check the network'],
  ['EHOSTUNREACH', 'no network leads there; check the network'],
  ['ETIMEDOUT', 'it does not answer; check the network, and behind a company proxy set NODE_USE_ENV_PROXY=1 and HTTPS_PROXY'],
  ['UND_ERR_CONNECT_TIMEOUT', 'it does not answer; check the network, and behind a company proxy set NODE_USE_ENV_PROXY=1 and HTTPS_PROXY'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'its certificate is not trusted; name the issuer with NODE_EXTRA_CA_CERTS'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'its certificate is not trusted; name it with NODE_EXTRA_CA_CERTS'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'its certificate is not trusted; name the issuer with NODE_EXTRA_CA_CERTS'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'its certificate is not trusted; name the issuer with NODE_EXTRA_CA_CERTS'],
  ['CERT_HAS_EXPIRED', "its certificate has expired; check this machine's clock"],
]);

/** Returns one sentence for the mistakes that people make most, undefined for everything else. */
export function hintFor({ path, status, hasCredential, upstream, unreachable: code }: Ending): string | undefined {
  if (code !== undefined) return `${printable(upstream)} can't be reached: ${unreachable.get(code) ?? printable(code)}.`;
  if (status === 401 && !hasCredential) return 'The key belongs in the client: the request came without one, and the proxy has none.';
  if (status === 401)
    return `${printable(upstream)} refused the key that the client sent: check that it is whole, valid, and for this upstream.`;
  return status === 404 ? hintForPath(path) : undefined;
}

/** What a path that does not exist shows of a client's settings; the first that fits counts. */
const wrongPaths: readonly (readonly [path: RegExp, hint: string | undefined])[] = [
  [/^\/+v1\/+v1(?:\/|$)/, 'The base URL in the client has /v1 twice, and one is enough.'],
  [/\/chat\/completions\/./, 'The base URL in the client must end in /v1, without /chat/completions.'],
  [/^\/+v1\/messages/, "This is Anthropic's API; choose an OpenAI-compatible provider in the client."],
  [/^\/+v1(?:\/|$)/, undefined],
  [/^\/api\//, "This looks like Ollama's or LM Studio's own API; choose an OpenAI-compatible provider in the client."],
  // what browsers ask for by themselves
  [/^\/(?:favicon\.ico|robots\.txt|apple-touch-icon)/, undefined],
  [/^/, 'The base URL in the client must end in /v1, right after the port, as in http://127.0.0.1:5101/v1.'],
];

function hintForPath(target: string): string | undefined {
  const path = target.split('?', 1)[0] as string;
  return wrongPaths.find(([wrong]) => wrong.test(path))?.[1];
}
