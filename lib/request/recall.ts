import { isObject, objectOf, type JsonObject } from '../json.ts';
import { callMark, endsAlike, plainId, trimmed } from '../memory/marks.ts';
import type { Turns } from '../memory/memory.ts';
import { clientCalls, isSameCall, isTextOf, textsOf, withoutCalls, type KeptTurn } from '../memory/turn.ts';
import type { CallItem, OutputItem, ReasoningItem } from '../wire/responses.ts';
import type { ChatMarks } from './chat-marks.ts';
import type { Call } from './pairing.ts';
import { toReasoningItems } from './reasoning-details.ts';
import { longest, shortName } from './short-names.ts';

/** A kept turn in a request. */
export interface RecalledTurn {
  readonly turn: KeptTurn;
  /** Its items as they are put back. */
  readonly items: readonly OutputItem[];
}

/** A part of what takes the place of an assistant message. */
export interface Step {
  /** The items of a kept turn; undefined for calls that stand as the client sent them. */
  readonly items: readonly OutputItem[] | undefined;
  /** The client's calls in it. Their outputs stand before the next step. */
  readonly calls: readonly Call[];
}

/** Where kept turns go in a conversation. */
export interface Placement {
  /** What takes the place of an assistant message, by the message's index. */
  readonly steps: ReadonlyMap<number, readonly Step[]>;
  /** The model's own call for each of the client's that came back with its turn. */
  readonly calls: ReadonlyMap<Call, CallItem>;
  readonly recalled: readonly RecalledTurn[];
}

/**
 * Finds the place of each kept turn. A turn comes back if the client returns all that it got of it: the calls with the same names and arguments, and
 * the text or none. Calls that it left out are left out; several turns in one message are told apart.
 */
export function placeTurns(marks: ChatMarks, calls: ReadonlyMap<number, readonly Call[]>, turns: Turns): Placement | undefined {
  if (turns.size === 0) return undefined;
  const { messages, first } = marks;
  const { claims, changed } = claimTurns();
  const ends = new Map<number, KeptTurn>();
  for (const [at, made] of calls) {
    const own = [...new Set(made.flatMap((call) => claims.get(call)?.turn ?? []))].filter((turn) => !changed.has(turn));
    if (own.length === 0) continue;
    const message = objectOf(messages[at]);
    const said = marks.said(at);
    // the client may have merged the answer after the calls into their message
    const end = isTextOf(own, said) ? undefined : mergedAt(at);
    if (end) ends.set(at, end);
    if ((!end && !isTextOf(own, said)) || !bringsReasoningOf(message, end ? [...own, end] : own)) for (const turn of own) changed.add(turn);
  }
  return place();

  /** Finds the call of a kept turn that each of the client's calls is, and the turns of which a call was changed. */
  function claimTurns(): { claims: Map<Call, { turn: KeptTurn; item: CallItem }>; changed: Set<KeptTurn> } {
    const claimed = new Map<Call, { turn: KeptTurn; item: CallItem }>();
    const wrong = new Set<KeptTurn>();
    const open = new Map<KeptTurn, Map<string, CallItem>>();
    const sentIds = new Map([...calls.values()].flat().map((call) => [call.callId, call]));
    for (const [at, made] of calls) {
      if (at < first) continue;
      for (const call of made) {
        const turn = call.id === undefined ? legacyTurn(at) : turns.get(callMark(call.id));
        if (!turn) continue;
        let left = open.get(turn);
        if (!left) open.set(turn, (left = new Map(clientCalls(turn.items).map((item) => [plainId(item.call_id ?? ''), item]))));
        const id = call.id === undefined ? left.keys().next().value : plainId(call.id);
        const item = id === undefined ? undefined : left.get(id);
        if (id === undefined || !item) continue; // an id that is used again is another call
        left.delete(id);
        const callId = item.call_id ?? '';
        const namesake = sentIds.get(callId);
        const isFree = callId.length <= longest && (namesake === undefined || namesake === call);
        if (isFree && isSameCall(item, { name: shortName(call.name), input: call.input })) claimed.set(call, { turn, item });
        else wrong.add(turn);
      }
    }
    return { claims: claimed, changed: wrong };
  }

  function place(): Placement {
    const steps = new Map<number, Step[]>();
    const ownCalls = new Map<Call, CallItem>();
    const recalled = new Map<KeptTurn, RecalledTurn>();
    const returned = new Set([...claims.values()].map(({ item }) => item));

    const recall = (turn: KeptTurn): readonly OutputItem[] => {
      if (recalled.has(turn)) return []; // its first message brings all of it
      const left = new Set<OutputItem>(clientCalls(turn.items).filter((item) => !returned.has(item)));
      const items = left.size > 0 ? withoutCalls(turn.items, left) : turn.items;
      recalled.set(turn, { turn, items });
      return items;
    };

    for (let at = first; at < messages.length; at += 1) {
      const message = messages[at];
      if (!isObject(message) || message['role'] !== 'assistant') continue;
      const made = calls.get(at);
      if (!made) {
        const turn = turnAt(at);
        if (turn && !recalled.has(turn) && bringsReasoningOf(message, [turn])) steps.set(at, [{ items: recall(turn), calls: [] }]);
        continue;
      }
      const groups = groupsOf(made);
      if (groups.every(({ turn }) => !turn)) continue;
      for (const { own } of groups) for (const call of own) if (isPlaced(call)) ownCalls.set(call, claims.get(call)!.item);
      const all: Step[] = groups.map(({ turn, own }) => ({ items: turn && recall(turn), calls: own }));
      const end = ends.get(at);
      if (end && !recalled.has(end)) all.push({ items: recall(end), calls: [] });
      steps.set(at, all);
    }
    return { steps, calls: ownCalls, recalled: [...recalled.values()] };
  }

  function isPlaced(call: Call): boolean {
    const claim = claims.get(call);
    return claim !== undefined && !changed.has(claim.turn);
  }

  /** The calls of a message in runs that belong to one turn. */
  function groupsOf(made: readonly Call[]): { turn: KeptTurn | undefined; own: Call[] }[] {
    const groups: { turn: KeptTurn | undefined; own: Call[] }[] = [];
    for (const call of made) {
      const turn = isPlaced(call) ? claims.get(call)!.turn : undefined;
      const last = groups.at(-1);
      if (last && last.turn === turn) last.own.push(call);
      else groups.push({ turn, own: [call] });
    }
    return groups;
  }

  /** The kept turn without calls that this message is. */
  function turnAt(at: number): KeptTurn | undefined {
    const turn = textTurn(marks.answer(at), marks.said(at));
    return turn && endsAlike(turn.sent, marks.sentBefore(at)) ? turn : undefined;
  }

  /** The kept turn whose call this message brings back without its id. */
  function legacyTurn(at: number): KeptTurn | undefined {
    const turn = turns.get(marks.functionCall(at) ?? '');
    return turn && endsAlike(turn.sent, marks.sentBefore(at)) ? turn : undefined;
  }

  /** The kept turn that followed the calls of this message, and whose text stands in it. */
  function mergedAt(at: number): KeptTurn | undefined {
    return textTurn(marks.mergedAnswer(at), marks.said(at));
  }

  function textTurn(mark: string | undefined, said: string): KeptTurn | undefined {
    const turn = mark === undefined ? undefined : turns.get(mark);
    return turn && textsOf(turn).includes(trimmed(said)) ? turn : undefined;
  }
}

/** Whether encrypted reasoning that the client carries itself, if it does, is that of these turns. Else the client's own counts. */
function bringsReasoningOf(message: JsonObject, turns: readonly KeptTurn[]): boolean {
  const brought = toReasoningItems(message);
  if (brought.length === 0) return true;
  const kept = turns.flatMap(({ items }) => items.filter((item) => item.type === 'reasoning' && item.encrypted_content)) as ReasoningItem[];
  return brought.length === kept.length && brought.every(({ encrypted_content }, at) => encrypted_content === kept[at]?.encrypted_content);
}
