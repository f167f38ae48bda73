import { ProxyError, UpstreamRefusal } from '../error.ts';
import { isObject } from '../json.ts';
import type { Recall } from '../memory/memory.ts';
import type { Addition, Corrections } from '../request/defaults.ts';
import { corrected, correctionFor } from '../request/healing.ts';
import type { TranslatedRequest } from '../request/to-responses-request.ts';
import type { AnswerContext } from '../wire/bridge.ts';
import type { OutputItem, ResponsesRequest } from '../wire/responses.ts';
import type { Exchange } from './exchange.ts';
import { forClient } from './headers.ts';
import type { ProxyState } from './state.ts';
import { callUpstream, upstreamHeaders, type UpstreamAnswer } from './upstream.ts';

/** A Responses request on its way: sent, and sent again without what the upstream refused of the proxy's own additions. */
export interface Outgoing {
  readonly context: AnswerContext;
  readonly recall: Recall | undefined;
  /**
   * Sends the request as it is now. The answer is a success or a redirect.
   * @throws ProxyError with the upstream's status and words for an error answer.
   */
  send(): Promise<UpstreamAnswer>;
  /**
   * After a refusal that came as an error answer, or as the first event of a stream: true when something of the proxy's own was taken out, so that
   * the request can be sent again. Each addition is corrected once at most, so this ends.
   */
  heal(error: ProxyError): boolean;
  /** The error as the client may read it: its `param` names the client's own field. */
  forChat(error: ProxyError): ProxyError;
  /** The answer is complete: its turn may be kept for the request that brings the results of its calls. */
  keep(output: readonly OutputItem[]): void;
}

type Translate = (corrections: Corrections, recall: Recall | undefined) => TranslatedRequest;

/** Sealed reasoning is asked for by the proxy and for the proxy: nobody need be told. */
const shown: ReadonlySet<Addition> = new Set(['effort', 'summary', 'web_search']);

/** Bytes of an error answer, at most. */
const maxError = 1024 * 1024;

export function createOutgoing(
  exchange: Exchange,
  state: ProxyState,
  scope: { lessons: string; memory: string | undefined },
  translate: Translate,
): Outgoing {
  const { told } = exchange;
  const { memory, lessons } = state;
  let recall = scope.memory === undefined ? undefined : memory.recall(scope.memory);
  let translated = translate(lessons.of(scope.lessons), recall);
  let request: ResponsesRequest = translated.request;
  const corrections: string[] = [];
  const healed = new Set<Addition>();
  const removed = new Set<Addition>();
  let sent = 0;

  function tell(): void {
    told.notes = [...translated.notes, ...corrections];
    told.added = [...translated.additions].filter((addition) => shown.has(addition) && !removed.has(addition));
  }

  tell();
  return {
    get context() {
      return translated.context;
    },
    get recall() {
      return recall;
    },

    async send() {
      const headers = upstreamHeaders(exchange, state);
      // a request that differs from the first must not pass for its repetition
      if (sent > 0) delete headers['idempotency-key'];
      sent += 1;
      headers['content-type'] = 'application/json';
      const answer = await callUpstream(exchange, state, {
        method: 'POST',
        path: `/responses${exchange.search}`,
        headers,
        body: JSON.stringify(request),
      });
      if (answer.status < 400) return answer;
      throw await errorOf(answer);
    },

    heal(error) {
      if (!(error instanceof UpstreamRefusal)) return false;
      if (refusesRecalled(error)) {
        for (const turn of translated.recalled) memory.forget(turn);
        corrections.push('removed kept reasoning (refused upstream)');
        recall = undefined;
        translated = translate(lessons.of(scope.lessons), undefined);
        request = translated.request;
        tell();
        return true;
      }
      const correction = correctionFor(error, request, translated.additions);
      if (!correction || healed.has(correction.addition)) return false;
      healed.add(correction.addition);
      if (correction.value === null) removed.add(correction.addition);
      lessons.learn(scope.lessons, correction.addition, correction.value);
      request = corrected(request, correction);
      corrections.push(correction.note);
      tell();
      return true;
    },

    forChat({ status, message, type, param, code, headers }) {
      return new ProxyError(status, message, { type, param: translated.chatParam(param), code, headers });
    },

    keep(output) {
      if (scope.memory !== undefined && !request.store) memory.keep(scope.memory, output);
    },
  };

  /** The servers' words for sealed reasoning that they cannot read and for items that do not belong together, and errors about an item that was put back. */
  function refusesRecalled({ code, message, param }: ProxyError): boolean {
    if (translated.recalled.length === 0) return false;
    if (code === 'invalid_encrypted_content') return true;
    if (/encrypted[_ ]content|required following item|Duplicate item|No tool (call|output) found|Item with id/.test(message)) return true;
    const item = /^input\[(\d+)\]/.exec(param ?? '');
    return item !== null && translated.recalled.some(({ items }) => items.includes((request.input as object[])[Number(item[1])] as object));
  }
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
