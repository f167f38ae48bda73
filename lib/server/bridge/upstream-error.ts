import { ProxyError, UpstreamRefusal } from '../../error.ts';
import { arrayOf, isObject, stringOf, type JsonObject } from '../../json.ts';
import { forClient } from '../http/headers.ts';
import type { UpstreamAnswer } from '../upstream/upstream.ts';

/** Bytes of an error answer, at most. */
const maxError = 1024 * 1024;

/** The statuses of invalid requests. */
const refusals: ReadonlySet<number> = new Set([400, 404, 415, 422]);

/** Returns the error that the upstream answered with: its status, words and headers. An UpstreamRefusal if the request is invalid. */
export async function upstreamError(answer: UpstreamAnswer): Promise<ProxyError> {
  const { status, body } = answer;
  const text = (await body?.readAll(maxError))?.toString('utf8') ?? '';
  const { 'content-type': _, 'content-length': __, 'content-encoding': ___, ...headers } = forClient(answer.headers, answer.decoded);
  const error = parseError(text);
  const message =
    typeof error['message'] === 'string' ? error['message'] : `The upstream answered with status ${status} and no error message.`;
  const { type, param, code } = error;
  return new (refusals.has(status) ? UpstreamRefusal : ProxyError)(status, message, {
    ...(typeof type === 'string' && { type }),
    param: typeof param === 'string' ? param : null,
    code: typeof code === 'string' ? code : typeof code === 'number' ? String(code) : null,
    headers,
  });
}

function parseError(text: string): JsonObject {
  try {
    const body: unknown = JSON.parse(text);
    const error = isObject(body) ? body['error'] : undefined;
    if (isObject(error)) return error;
    if (typeof error === 'string') return { message: error };
    if (!isObject(body)) return {};
    const { message, detail } = body;
    return Array.isArray(detail) ? invalidFields(detail) : { message: message ?? detail };
  } catch {
    return {};
  }
}

/** The error of a server that lists the invalid fields, as FastAPI does: `{loc: ['body', 'tools', 0], msg}`. */
function invalidFields(list: readonly unknown[]): JsonObject {
  const fields = list.filter(isObject).map(({ loc, msg }) => ({ path: pathOf(arrayOf(loc)), said: stringOf(msg) }));
  const message = fields.slice(0, 5).map(({ path, said }) => (path ? `${path}: ${said}` : said));
  return fields.length > 0 ? { message: message.join('; '), param: fields[0]?.path || null } : {};
}

function pathOf(loc: readonly unknown[]): string {
  const [first, ...more] = loc[0] === 'body' ? loc.slice(1) : loc;
  return [first ?? '', ...more.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))].join('');
}
