import type { ErrorBody } from '../../error.ts';
import { isObject, type JsonObject } from '../../json.ts';
import { jsonPieces } from '../../json-pieces.ts';
import type { ResponsesRequest } from '../../wire/responses.ts';
import { additions, type ExtendedRequest } from './additions.ts';

/**
 * What a refusal is about: `client` if it names something that the client sent, `additions` if it may be any of the proxy's, and `unclear` if
 * it names an addition that stands in the client's own text, too, and may only quote that.
 */
export type Cause = 'client' | 'additions' | 'unclear';

/** Codes and types of errors that no addition causes. */
const clientsCode =
  /context|length|too_(?:large|long)|policy|filter|moderation|safety|image|file|invalid_prompt|api_key|auth|permission|quota|credit|billing|balance|rate_limit|model|residency/i;

/** What servers say of the same that give no code. */
const clientsWords =
  /context (?:length|window|size)|too (?:long|many tokens)|content (?:management )?policy|api[ _-]key|\bquota\b|billing|credit balance|verified to stream|\bmodel\b[^,:]{0,100}(?:not found|not exist)|no such|with id\b|no tool (?:call|output) found|(?:invalid|download|process|parse) (?:the )?(?:image|file)/i;

/** In characters: a server may quote a whole request. */
const longestMessage = 2000;

/** In characters. */
const longestSettings = 1_000_000;

/**
 * Returns what a refusal is about that names no addition as OpenAI's servers do. Other servers refuse additions in words of their own, with paths
 * and names in any notation (`tools.0.type`, `/tools/0`, `unknown field "reasoning"`): the first of them that the request has decides, since
 * lists of what the server takes follow it.
 *
 * @param sent The request without additions.
 * @param chat What the client sent.
 * @param says Whether the client's request has a piece of JSON anywhere; looked up in `chat` if not given.
 */
export function causeOf(
  { message = '', param, code, type }: Partial<ErrorBody>,
  { request: extended, added }: ExtendedRequest,
  sent: ResponsesRequest,
  chat: JsonObject,
  says: (json: string) => boolean = (json) => JSON.stringify(chat).includes(json),
): Cause {
  const text = message.slice(0, longestMessage);
  if (clientsCode.test(`${code} ${type}`) || clientsWords.test(text)) return 'client';
  if (additions.some(({ name, refusal }) => !added.has(name) && refusal.test(text))) return 'client';

  const own = settingsOf(sent);
  const all = settingsOf(extended);
  for (const quote of [...(param ? [param] : []), ...quotesIn(text)]) {
    const name = quote.replace(/^\W|\W$/g, '');
    if (quote !== param && (name === 'model' || name === sent.model)) continue;
    const path = pathOf(name);
    const value = JSON.stringify(name);
    const [inSent, inAll] = [depthOf(sent, path), depthOf(extended, path)];
    const isClients = inSent > 0 || depthOf(chat, path) > 0 || own.includes(value);
    if (inAll <= inSent && isClients) return 'client';
    if (inAll > inSent || all.includes(value)) return quote !== param && says(JSON.stringify(quote).slice(1, -1)) ? 'unclear' : 'additions';
  }
  return 'additions';
}

/** The first word, quoted words, and words that only programs use (`max_tokens`, `tools[0].type`), with their quotes, in the order of the text. */
function quotesIn(text: string): string[] {
  return (
    text.match(/^\w+|(?<!\w)'[^']{1,80}'(?!\w)|"[^"]{1,80}"|`[^`]{1,80}`|\/?[A-Za-z]\w*(?:[.[/]\w+\]?)+|[A-Za-z]+_\w+/g)?.slice(0, 20) ?? []
  );
}

/** The keys to what a name stands for; none for a text. */
function pathOf(name: string): readonly string[] {
  if (!/^[\w.[\]/$#-]+$/.test(name)) return [];
  const [root = '', ...keys] = name.split(/[^\w-]+/).filter((key) => key !== '');
  return root === 'body' && keys.length > 0 ? keys : [root, ...keys];
}

/** How many of the keys a request has, one inside the other. */
function depthOf(request: object, path: readonly string[]): number {
  let value: unknown = request;
  for (const [at, key] of path.entries()) {
    value = (isObject(value) || Array.isArray(value)) && Object.hasOwn(value, key) ? (value as JsonObject)[key] : undefined;
    if (value == null) return at;
  }
  return path.length;
}

/** A request without its conversation, as text, as far as that is of any real length. */
function settingsOf({ input: _, instructions: __, ...settings }: ResponsesRequest): string {
  let text = '';
  for (const piece of jsonPieces(settings)) if ((text += piece).length > longestSettings) break;
  return text;
}
