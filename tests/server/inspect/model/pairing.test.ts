import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Kind } from '../../../../lib/server/inspect/model/kinds.ts';
import { Pairing, type Piece } from '../../../../lib/server/inspect/model/pairing.ts';

const piece = (kind: Kind, text = ''): Piece => ({ kind, name: kind, text, at: 0, data: '' });
const pairsOf = ({ steps }: Pairing): string[] =>
  steps.map(({ kind, text, chunks }) => `${kind} ${text}: ${chunks.map((chunk) => chunk.text).join()}`);

test('events and chunks that come by turns are pairs', () => {
  const pairing = new Pairing();
  for (const text of ['a', 'b', 'b']) {
    pairing.received(piece('text', text));
    pairing.answered(piece('text', text));
  }
  assert.deepEqual(pairsOf(pairing), ['text a: a', 'text b: b', 'text b: b']);
});

test('of events that came together each chunk finds its own', () => {
  const pairing = new Pairing();
  for (const [kind, text] of [
    ['begin', ''],
    ['reasoning', 'a'],
    ['reasoning', 'b'],
    ['reasoning', ''],
    ['text', 'c'],
    ['end', ''],
  ] as const)
    pairing.received(piece(kind, text));
  pairing.answered(piece('begin', 'assistant'));
  pairing.answered(piece('reasoning', 'a'));
  pairing.answered(piece('reasoning', '\n\nb'));
  pairing.answered(piece('text', 'c'));
  pairing.answered(piece('end', 'stop'));
  pairing.answered(piece('end', ''));
  assert.deepEqual(pairsOf(pairing), [
    'begin : assistant',
    'reasoning a: a',
    'reasoning b: \n\nb',
    'reasoning : ',
    'text c: c',
    'end : stop,',
  ]);
});

test('a chunk never goes back before the ones that were answered before', () => {
  const pairing = new Pairing();
  pairing.received(piece('text', 'a'));
  pairing.answered(piece('text', 'a'));
  pairing.received(piece('tool'));
  pairing.received(piece('other'));
  pairing.answered(piece('text', 'a'));
  assert.deepEqual(pairsOf(pairing), ['text a: a', 'tool : ', 'other : a']);
});

test('the line that reports a search stands beside the search', () => {
  const pairing = new Pairing();
  for (const kind of ['reasoning', 'tool', 'tool'] as const) pairing.received(piece(kind));
  pairing.answered(piece('reasoning', 'Searched the web'));
  assert.deepEqual(pairsOf(pairing), ['reasoning : ', 'tool : ', 'tool : Searched the web']);
});

test('a sign of life before the first event has a line of its own', () => {
  const pairing = new Pairing();
  pairing.answered(piece('idle', 'keep-alive'));
  assert.deepEqual(pairsOf(pairing), ['idle : keep-alive']);
});

test('ten thousand chunks that fit nothing take no longer than others', () => {
  const pairing = new Pairing();
  for (let at = 0; at < 100_000; at += 1) pairing.received(piece('text', String(at)));
  const started = performance.now();
  for (let at = 0; at < 100_000; at += 1) pairing.answered(piece('call', 'x'));
  assert.ok(performance.now() - started < 3000);
});
