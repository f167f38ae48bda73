import { errorIn, type ErrorWords } from '../../answer/failures.ts';
import { budgets } from '../../budgets.ts';
import { ProxyError, UpstreamRefusal } from '../../error.ts';
import { isBeyond } from '../../json-extent.ts';
import { arrayOf, isObject, stringOf } from '../../json.ts';
import { forClient, type Headers } from '../http/headers.ts';
import type { UpstreamAnswer } from '../upstream/upstream.ts';

/** The statuses of invalid requests. */
const refusals: ReadonlySet<number> = new Set([400, 404, 415, 422]);

/** Returns the error that the upstream answered with: its status, words and headers. An UpstreamRefusal if the request is invalid. */
export async function upstreamError(answer: UpstreamAnswer): Promise<ProxyError> {
  const { status, body } = answer;
  const text = (await body?.readFirst(budgets.errorAnswer))?.toString('utf8') ?? '';
  const { message = `The upstream answered with status ${status} and no error message.`, ...words } = wordsIn(text);
  return new (refusals.has(status) ? UpstreamRefusal : ProxyError)(status, message, { ...words, headers: errorHeaders(answer) });
}

/** Returns the headers of an answer that go with an error in its place. */
export function errorHeaders(answer: UpstreamAnswer): Headers {
  const { 'content-type': _, 'content-length': __, 'content-encoding': ___, ...headers } = forClient(answer.headers, answer.decoded);
  return headers;
}

function wordsIn(text: string): ErrorWords {
  if (isBeyond(text, budgets.values, budgets.depth)) return {};
  try {
    const body: unknown = JSON.parse(text);
    const detail = isObject(body) && arrayOf(body['detail']).filter(isObject);
    return detail && detail.length > 0 ? invalidFields(detail) : errorIn(body);
  } catch {
    return {};
  }
}

/** The error of a server that lists the invalid fields, as FastAPI does: `{loc: ['body', 'tools', 0], msg}`. */
function invalidFields(list: readonly { readonly [key: string]: unknown }[]): ErrorWords {
  const fields = list.map(({ loc, msg }) => ({ path: pathOf(arrayOf(loc)), said: stringOf(msg) }));
  const message = fields.slice(0, 5).map(({ path, said }) => (path ? `${path}: ${said}` : said));
  const param = fields[0]?.path;
  return { message: message.join('; '), ...(param && { param }) };
}

function pathOf(loc: readonly unknown[]): string {
  const [first, ...more] = loc[0] === 'body' ? loc.slice(1) : loc;
  return [first ?? '', ...more.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))].join('');
}
