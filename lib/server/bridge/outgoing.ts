import { ProxyError, UpstreamRefusal } from '../../error.ts';
import { isObject } from '../../json.ts';
import type { TranslatedRequest } from '../../request/to-responses-request.ts';
import type { AnswerContext } from '../../answer-context.ts';
import type { OutputItem } from '../../wire/responses.ts';
import type { Exchange } from '../types/exchange.ts';
import { describeFault } from '../fault.ts';
import { forClient } from '../http/headers.ts';
import { credentialsInBody } from '../secrets/credentials.ts';
import { redactQuoted } from '../secrets/redact.ts';
import { callUpstream, upstreamHeaders, type UpstreamAnswer } from '../upstream/upstream.ts';
import { Draft, type ClientRequest, type Scope } from './draft.ts';

/** Bytes of an error answer, at most. */
const maxError = 1024 * 1024;

/** What is still of use of a request when its answer has begun. */
interface Sent {
  /** Its JSON, without long data: late errors may quote keys from it. */
  json: string;
  chatParam: TranslatedRequest['chatParam'];
  store: boolean;
}

/** A Responses request on its way: sent, and sent again without what the upstream refused of the proxy's own additions. */
export class Outgoing {
  readonly #exchange: Exchange;
  readonly #scope: Scope;
  #draft: Draft | undefined;
  #sentBefore: boolean;
  #sent: Sent | undefined;

  constructor(exchange: Exchange, scope: Scope, client: ClientRequest) {
    this.#exchange = exchange;
    this.#scope = scope;
    this.#draft = new Draft(exchange.state, scope, client, exchange.report);
    this.#sentBefore = scope.sentBefore;
  }

  /** What the answer side needs to know of the request as it is now. */
  context(): AnswerContext {
    return this.#draft!.translated.context;
  }

  /**
   * Sends the request as it is now. The answer is a success or a redirect.
   * @throws ProxyError with the upstream's status and words for an error answer.
   */
  send(): Promise<UpstreamAnswer> {
    const draft = this.#draft!;
    const { request, chatParam } = draft.translated;
    const json = JSON.stringify(request);
    this.#sent = { json, chatParam, store: request.store };
    const headers = upstreamHeaders(this.#exchange);
    // a request that differs from the first must not pass for its repetition
    if (this.#sentBefore) delete headers['idempotency-key'];
    this.#sentBefore = true;
    headers['content-type'] = 'application/json';
    const path = `/responses${this.#exchange.search}`;
    return succeeded(callUpstream(this.#exchange, { method: 'POST', path, headers, body: draft.paste(json) }));
  }

  /** As `Draft.heal`; false where the answer has begun. */
  heal(error: ProxyError): boolean {
    return this.#draft?.heal(error) ?? false;
  }

  /** The answer has begun: the request is not sent again, and need not be kept as long as the answer lasts. */
  release(): void {
    this.#draft = undefined;
  }

  /** The error as the client may read it: its `param` names the client's own field. */
  forChat({ status, message, type, param, code, headers, cause }: ProxyError): ProxyError {
    const { secrets, report } = this.#exchange;
    if (cause !== undefined) report.notes.push(describeFault(cause));
    const { json = '', chatParam } = this.#sent ?? {};
    // servers quote the key that they refuse
    const quotable = [...secrets, ...credentialsInBody(json)];
    return new ProxyError(status, redactQuoted(message, quotable), { type, param: chatParam?.(param) ?? null, code, headers });
  }

  /** The answer is complete: its turn may be kept for the request that brings the results of its calls. */
  keep(output: readonly OutputItem[]): void {
    const calls = output.some(({ call_id: id }) => id);
    if (calls && this.#scope.remembers && !this.#sent?.store) this.#exchange.state.memory.keep(this.#scope.key(), output);
  }
}

async function succeeded(sent: Promise<UpstreamAnswer>): Promise<UpstreamAnswer> {
  const answer = await sent;
  if (answer.status < 400) return answer;
  throw await errorOf(answer);
}

/** The error that the upstream answered with. */
async function errorOf(answer: UpstreamAnswer): Promise<ProxyError> {
  const { status, body } = answer;
  const text = (await body?.readAll(maxError))?.toString('utf8') ?? '';
  const { 'content-type': _, 'content-length': __, 'content-encoding': ___, ...headers } = forClient(answer.headers, answer.decoded);
  const error = parseError(text);
  const message =
    typeof error['message'] === 'string' ? error['message'] : `The upstream answered with status ${status} and no error message.`;
  const { type, param, code } = error;
  return new (status === 400 ? UpstreamRefusal : ProxyError)(status, message, {
    ...(typeof type === 'string' && { type }),
    param: typeof param === 'string' ? param : null,
    code: typeof code === 'string' ? code : typeof code === 'number' ? String(code) : null,
    headers,
  });
}

function parseError(text: string): { readonly [key: string]: unknown } {
  try {
    const body: unknown = JSON.parse(text);
    const error = isObject(body) ? body['error'] : undefined;
    if (isObject(error)) return error;
    return { message: typeof error === 'string' ? error : isObject(body) ? (body['message'] ?? body['detail']) : undefined };
  } catch {
    return {};
  }
}
