import { UpstreamRefusal, type ProxyError } from '../../error.ts';
import type { Recall } from '../../memory/memory.ts';
import type { Addition, Corrections } from '../../request/defaults.ts';
import { correctionFor } from '../../request/healing.ts';
import type { TranslatedRequest } from '../../request/to-responses-request.ts';
import type { Report } from '../types/exchange.ts';
import type { CutBody } from '../http/cut-data.ts';
import type { ProxyState } from '../types/exchange.ts';

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

/** The Responses request as it is to be sent now, and what can be mended of it after a refusal. */
export class Draft {
  readonly #state: ProxyState;
  readonly #scope: Scope;
  readonly #client: ClientRequest;
  readonly #report: Report;
  readonly #corrections: Map<Addition, readonly string[]>;
  readonly #healed: Addition[] = [];
  readonly #mended: string[] = [];
  #recall: Recall | undefined;
  /** As it is now. */
  translated: TranslatedRequest;

  constructor(state: ProxyState, scope: Scope, client: ClientRequest, report: Report) {
    this.#state = state;
    this.#scope = scope;
    this.#client = client;
    this.#report = report;
    this.#corrections = state.lessons.of(scope.key);
    if (scope.remembers) {
      let ownTurns: Recall | undefined;
      this.#recall = (call, text) => (ownTurns ??= state.memory.recall(scope.key()))(call, text);
    }
    this.translated = this.#write();
  }

  /**
   * After a refusal that came as an error answer, or as the first event of a stream: true when something of the proxy's own was taken out or
   * set to what the upstream takes, so that the request can be sent again. Each addition is corrected once at most, so this ends.
   */
  heal(error: ProxyError): boolean {
    if (refusesRecalled(error, this.translated)) {
      for (const turn of this.translated.recalled) this.#state.memory.forget(turn);
      // finds nothing from here on; that it is there still asks for sealed reasoning
      this.#recall = () => undefined;
      this.#mended.push('removed kept reasoning (refused upstream)');
    } else {
      const { request, additions } = this.translated;
      const correction = error instanceof UpstreamRefusal ? correctionFor(error, request, additions) : undefined;
      if (!correction || this.#healed.includes(correction.addition)) return false;
      const { addition, values, note } = correction;
      this.#healed.push(addition);
      this.#corrections.set(addition, values);
      this.#state.lessons.learn(this.#scope.key(), addition, values);
      this.#mended.push(note);
    }
    this.translated = this.#write();
    return true;
  }

  /** What goes out for the JSON of `translated.request`. */
  paste(json: string): ReturnType<CutBody['paste']> {
    return this.#client.paste(json);
  }

  #write(): TranslatedRequest {
    const translated = this.#client.translate(this.#corrections, this.#recall);
    this.#report.notes = [...translated.notes, ...this.#mended];
    this.#report.added = [...translated.additions].filter((addition) => shown.has(addition));
    return translated;
  }
}

function refusesRecalled(error: ProxyError, { recalled, request }: TranslatedRequest): boolean {
  if (recalled.length === 0) return false;
  const { code, message, status } = error;
  const param = error.param ?? '';
  if (status === 404) return message.startsWith('Item with id');
  if (!(error instanceof UpstreamRefusal) || param.startsWith('include')) return false;
  if (code === 'invalid_encrypted_content' || recalledTexts.test(message)) return true;
  const at = /^input\[(\d+)\]/.exec(param)?.[1];
  return at !== undefined && recalled.some(({ items }) => items.includes((request.input as object[])[Number(at)]!));
}

/** The servers' words for sealed reasoning that they cannot read, and for items that do not belong together. */
const recalledTexts = /encrypted[_ ]content|required following item|Duplicate item|No tool (?:call|output) found|Item with id/;
