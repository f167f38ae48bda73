import { isAscii, isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../json.ts';
import { budgets } from '../../budgets.ts';
import { proxyError } from '../../errors.ts';
import { findCuts, type Cut } from '../../request/cuts/find-cuts.ts';
import { parseObject } from './body.ts';
import type { Exchange } from '../types/exchange.ts';
import { large, othersFirst } from './others-first.ts';

/** A request body without what goes out as it came: the schemas of tools and formats, and long text that nothing needs to look into. */
export interface CutBody {
  /** The body with short names in place of what was cut out. Not JSON if the body is not. */
  json: Buffer;
  /** Returns a piece of JSON with the client's own bytes in place of these names, in pieces. No name may be cut. */
  paste(json: Buffer): Buffer[];
}

/** In bytes. A longer piece is sent as it is; shorter ones are joined, since each is sent by itself. */
const longPiece = 64 * 1024;

const dot = 46;

/** What stands in the place of a cut: a random UUID, and the cut's number. */
export const shortNames: RegExp = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\.\d+\./;

/**
 * Cuts out of the JSON text of a request what the API must get byte for byte, and most of what is long: to parse and to write it takes much
 * longer than to find its end. What is put in its place has a random name, so that no client can have it in its texts.
 */
export function cutData(body: Buffer): CutBody {
  return cutOut(body, cutsIn(body));
}

/** Throws a ProxyError 400 for what is not JSON, unless `JSON.parse` can tell as quickly. */
function cutsIn(body: Buffer): Cut[] {
  const cuts = isUtf8(body) ? findCuts(body) : undefined;
  if (!cuts && body.length > budgets.parsed) throw proxyError('bodyNotJson');
  return cuts ?? [];
}

/** Holds nothing of the body, which a retry then does not keep. */
function asItIs(json: Buffer): Buffer[] {
  return [json];
}

export interface ParsedBody {
  /** What is left of the body. */
  parsed: JsonObject;
  paste: CutBody['paste'];
  /** Bytes that count beside the body: the text of a long one, of two bytes for each character as soon as one of them is not ASCII. */
  work: number;
}

/**
 * Parses a request body without what is cut out of it.
 *
 * @throws as `parseObject`, and ProxyError 400 for more than any real request has.
 */
export async function parseCut(body: Buffer, { signal, held }: Pick<Exchange, 'signal' | 'held'>): Promise<ParsedBody> {
  const cuts = cutsIn(body);
  await othersFirst(signal, body.length);
  const { json, paste } = cutOut(body, cuts);
  if (json.length > budgets.parsed) throw proxyError('bodyNotPassed', { mebibytes: budgets.parsed / 1024 / 1024 });
  await othersFirst(signal, body.length);
  const work = json.length < large ? 0 : json.length * (isAscii(json) ? 1 : 3);
  await held.take(work);
  const parsed = await parseObject(json, signal);
  await othersFirst(signal, json.length);
  return { parsed, paste, work };
}

function cutOut(body: Buffer, cuts: readonly Cut[]): CutBody {
  if (cuts.length === 0) return { json: body, paste: asItIs };
  const name = randomUUID();
  const kept: Buffer[] = [];
  let from = 0;
  for (const [at, cut] of cuts.entries()) {
    const short = `${name}.${at}.`;
    kept.push(body.subarray(from, cut.start), Buffer.from(isValue(cut) ? `"${short}"` : short));
    from = cut.end;
  }
  kept.push(body.subarray(from));
  return { json: Buffer.concat(kept), paste: (json) => joined(pasted(json)) };

  function pasted(json: Buffer): Buffer[] {
    const pieces: Buffer[] = [];
    let after = 0;
    for (let at = json.indexOf(name); at !== -1; at = json.indexOf(name, after)) {
      const number = at + name.length + 1;
      const end = json.indexOf(dot, number);
      const cut = cuts[Number(json.toString('latin1', number, end))]!;
      const quotes = isValue(cut) ? 1 : 0;
      pieces.push(json.subarray(after, at - quotes), body.subarray(cut.start, cut.end));
      after = end + 1 + quotes;
    }
    pieces.push(json.subarray(after));
    return pieces;
  }
}

/** A value has its own quotes or brackets. */
function isValue({ kind }: Cut): boolean {
  return kind === 'value' || kind === 'string';
}

function joined(pieces: readonly Buffer[]): Buffer[] {
  const all: Buffer[] = [];
  let short: Buffer[] = [];
  for (const piece of pieces) {
    if (piece.length < longPiece) short.push(piece);
    else {
      all.push(Buffer.concat(short), piece);
      short = [];
    }
  }
  return [...all, Buffer.concat(short)].filter(({ length }) => length > 0);
}
