/** What stands in the place of a credential. */
export const hidden = '[key]';

/** Words that make a name a credential's wherever they stand in it: `x-auth-token`, `helicone-auth`, `cf-access-jwt-assertion`. */
const anywhere = new Set([
  'apikey',
  'auth',
  'authentication',
  'authorization',
  'bearer',
  'cookie',
  'credential',
  'credentials',
  'jwt',
  'passcode',
  'passphrase',
  'passwd',
  'password',
  'pat',
  'pwd',
  'secret',
  'secrets',
  'sig',
  'signature',
  'vk',
]);

/** Words that do so only at the end: `x-goog-api-key`, `x-session`, `client_token`; not `key-id`, `session_id` or `token_count`. */
const atTheEnd = new Set(['accesskey', 'assertion', 'bypass', 'key', 'keys', 'pass', 'session', 'token']);

/** What has none of them is not taken apart. */
const anyWord = new RegExp([...anywhere, ...atTheEnd].join('|'), 'i');

/** Names that end in one of those and are none. */
const harmless = new Set(['cache', 'foreign', 'hot', 'idempotency', 'partition', 'primary', 'public', 'shortcut', 'sort', 'websocket']);

/** Single words that, as members of JSON, are more often something else: a filter's `key`, a keyboard's `keys`, a test's `pass`. */
const commonMembers = new Set(['key', 'keys', 'pass', 'pat', 'session', 'bypass', 'assertion', 'sig', 'vk']);

/** The words of a name in lower case: `X-API-Key`, `apiKey` and `api_key` are `api` and `key`. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== '');
}

/** In characters; no credential's name is longer. */
const longestName = 80;

function judge(name: string): 'credential' | 'common' | undefined {
  if (name.length > longestName || !anyWord.test(name)) return undefined;
  const words = wordsOf(name);
  const last = words.at(-1) ?? '';
  const isOne = words.some((word) => anywhere.has(word)) || (atTheEnd.has(last) && !harmless.has(words.at(-2) ?? ''));
  if (!isOne) return undefined;
  return words.length === 1 && commonMembers.has(last) ? 'common' : 'credential';
}

/** Names of headers and parameters are the same in each request; a stranger may send any number of others. */
const judged = new Map<string, boolean>();
const mostJudged = 2000;

/** Whether the value of a header or a query parameter of this name is a credential. */
export function isCredentialName(name: string): boolean {
  const known = judged.get(name);
  if (known !== undefined) return known;
  if (judged.size >= mostJudged) judged.clear();
  const isOne = judge(name) !== undefined;
  judged.set(name, isOne);
  return isOne;
}

/** Whether the value of a member of JSON of this name is a credential. */
export function isCredentialMember(name: string): boolean {
  return judge(name) === 'credential';
}

/** Headers that a tool may have of which everybody may know, and what stands in the place of a header in a schema. */
const plainHeaders = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'connection',
  'content-length',
  'content-type',
  'host',
  'origin',
  'referer',
  'user-agent',
  'mcp-protocol-version',
  'type',
  'title',
  'description',
  'format',
  'pattern',
  '$ref',
]);

/** Whether a header of a client's own tool says nothing that must be hidden. */
export function isPlainHeader(name: string): boolean {
  return plainHeaders.has(name.toLowerCase());
}
