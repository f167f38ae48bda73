import { ProxyError, UpstreamRefusal } from '../../error.ts';
import { isObject } from '../../json.ts';
import type { Recall } from '../../memory/memory.ts';
import type { Addition, Corrections } from '../../request/defaults.ts';
import { correctionFor } from '../../request/healing.ts';
import type { TranslatedRequest } from '../../request/to-responses-request.ts';
import type { AnswerContext } from '../../wire/bridge.ts';
import type { OutputItem } from '../../wire/responses.ts';
import type { Exchange } from '../exchange.ts';
import { describeFault } from '../fault.ts';
import type { CutBody } from '../http/cut-data.ts';
import { forClient } from '../http/headers.ts';
import { credentialsInBody, credentialsOf, redactQuoted } from '../log/redact.ts';
import type { ProxyState } from '../state.ts';
import { callUpstream, upstreamHeaders, type UpstreamAnswer } from '../upstream/upstream.ts';

/** A Responses request on its way: sent, and sent again without what the upstream refused of the proxy's own additions. */
export interface Outgoing {
  /** What the answer side needs to know of the request as it is now. */
  context(): AnswerContext;
  /**
   * Sends the request as it is now. The answer is a success or a redirect.
   * @throws ProxyError with the upstream's status and words for an error answer.
   */
  send(): Promise<UpstreamAnswer>;
  /**
   * After a refusal that came as an error answer, or as the first event of a stream: true when something of the proxy's own was taken out or
   * set to what the upstream takes, so that the request can be sent again. Each addition is corrected once at most, so this ends.
   */
  heal(error: ProxyError): boolean;
  /** The error as the client may read it: its `param` names the client's own field. */
  forChat(error: ProxyError): ProxyError;
  /** The answer is complete: its turn may be kept for the request that brings the results of its calls. */
  keep(output: readonly OutputItem[]): void;
}

/** The client's request, to be sent in one form or another. */
export interface ClientRequest {
  translate(corrections: Corrections, recall: Recall | undefined): TranslatedRequest;
  /** Puts the long data back into a JSON text. */
  paste: CutBody['paste'];
}

export interface Scope {
  /** What must be the same for a kept turn, or a lesson, to count: upstream, credential and model. Few requests need it. */
  key(): string;
  /** Turns may be kept and put back. */
  remembers: boolean;
  /** The client's request has been sent in another form before. */
  sentBefore: boolean;
}

/** Sealed reasoning is asked for by the proxy and for the proxy: nobody need be told. */
const shown: ReadonlySet<Addition> = new Set(['effort', 'summary', 'web_search']);

/** Bytes of an error answer, at most. */
const maxError = 1024 * 1024;

export function createOutgoing(exchange: Exchange, state: ProxyState, scope: Scope, { translate, paste }: ClientRequest): Outgoing {
  const { told } = exchange;
  const { memory, lessons } = state;
  const corrections = lessons.of(scope.key);
  const healed: Addition[] = [];
  const mended: string[] = [];
  let ownTurns: Recall | undefined;
  let recall: Recall | undefined = scope.remembers ? (call, text) => (ownTurns ??= memory.recall(scope.key()))(call, text) : undefined;
  let { sentBefore } = scope;
  let translated = translate(corrections, recall);

  function tell(): void {
    told.notes = [...translated.notes, ...mended];
    told.added = [...translated.additions].filter((addition) => shown.has(addition));
  }

  tell();
  return {
    context: () => translated.context,

    async send() {
      const headers = upstreamHeaders(exchange, state);
      // a request that differs from the first must not pass for its repetition
      if (sentBefore) delete headers['idempotency-key'];
      sentBefore = true;
      headers['content-type'] = 'application/json';
      const answer = await callUpstream(exchange, state, {
        method: 'POST',
        path: `/responses${exchange.search}`,
        headers,
        body: paste(JSON.stringify(translated.request)),
      });
      if (answer.status < 400) return answer;
      throw await errorOf(answer);
    },

    heal(error) {
      if (refusesRecalled(error)) {
        for (const turn of translated.recalled) memory.forget(turn);
        // finds nothing from here on; that it is there still asks for sealed reasoning
        recall = () => undefined;
        mended.push('removed kept reasoning (refused upstream)');
      } else {
        const { request, additions } = translated;
        const correction = error instanceof UpstreamRefusal ? correctionFor(error, request, additions) : undefined;
        if (!correction || healed.includes(correction.addition)) return false;
        const { addition, values, note } = correction;
        healed.push(addition);
        corrections.set(addition, values);
        lessons.learn(scope.key(), addition, values);
        mended.push(note);
      }
      translated = translate(corrections, recall);
      tell();
      return true;
    },

    forChat({ status, message, type, param, code, headers, cause }) {
      if (cause !== undefined) told.notes.push(describeFault(cause));
      // servers quote the key that they refuse
      const secrets = [...credentialsOf(exchange.request), ...credentialsInBody(JSON.stringify(translated.request))];
      return new ProxyError(status, redactQuoted(message, secrets), { type, param: translated.chatParam(param), code, headers });
    },

    keep(output) {
      const calls = output.some(({ call_id: id }) => id);
      if (calls && scope.remembers && !translated.request.store) memory.keep(scope.key(), output);
    },
  };

  function refusesRecalled(error: ProxyError): boolean {
    const { recalled, request } = translated;
    if (recalled.length === 0) return false;
    const { code, message, status } = error;
    const param = error.param ?? '';
    if (status === 404) return message.startsWith('Item with id');
    if (!(error instanceof UpstreamRefusal) || param.startsWith('include')) return false;
    if (code === 'invalid_encrypted_content' || recalledTexts.test(message)) return true;
    const at = /^input\[(\d+)\]/.exec(param)?.[1];
    return at !== undefined && recalled.some(({ items }) => items.includes((request.input as object[])[Number(at)]!));
  }
}

/** The servers' words for sealed reasoning that they cannot read, and for items that do not belong together. */
const recalledTexts = /encrypted[_ ]content|required following item|Duplicate item|No tool (?:call|output) found|Item with id/;

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
