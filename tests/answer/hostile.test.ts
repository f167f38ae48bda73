import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { ProxyError } from '../../lib/error.ts';
import type { Response, SentEvent } from '../../lib/index.ts';
import { createChunkStream, createChunkText, createEventReader, toChatCompletion } from '../../lib/index.ts';
import { eventsOf } from './events.ts';
import { anyContext, anyResponse } from './generated.ts';
import { head } from './support.ts';

/** What a broken or hostile upstream puts in place of a value. */
const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    undefined,
    true,
    0,
    -1,
    1e308,
    '',
    'constructor',
    '__proto__',
    [],
    [null],
    {},
    [[]],
    { type: null },
    { type: 'message' },
  ),
  fc.jsonValue({ maxDepth: 2 }),
);

/** A copy with one value, at any depth, replaced or taken away. */
function broken(value: unknown, choose: () => number, replacement: unknown): unknown {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return replacement;
  const names = Object.keys(value);
  const name = names[choose() % names.length]!;
  const copy: Record<string, unknown> = Array.isArray(value) ? ([...value] as never) : { ...value };
  const inner = copy[name];
  copy[name] = choose() % 3 === 0 ? replacement : broken(inner, choose, replacement);
  return copy;
}

const anyBreak = fc.record({ at: fc.infiniteStream(fc.nat(100)), replacement: odd });
const prototype = Object.getOwnPropertyNames(Object.prototype).join();

/** Runs it: whatever comes, the only error is the library's own. */
function onlyOwnErrors(run: () => void): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof ProxyError)) throw error;
    assert.ok(error.status >= 400 && error.status < 600);
  }
  assert.equal(Object.getOwnPropertyNames(Object.prototype).join(), prototype);
}

test('a Response of any form gives an answer or an error of the library', () => {
  fc.assert(
    fc.property(anyResponse, anyContext, anyBreak, (response, context, { at, replacement }) => {
      const changed = broken(response, () => at.next().value!, replacement) as Response;
      onlyOwnErrors(() => toChatCompletion(changed, context, head));
    }),
    { seed: 5105, numRuns: 5000 },
  );
});

test('events of any form give chunks or an error of the library', () => {
  fc.assert(
    fc.property(anyResponse, anyContext, fc.array(anyBreak, { minLength: 1, maxLength: 4 }), (response, context, breaks) => {
      const events = eventsOf(response);
      for (const { at, replacement } of breaks) {
        const index = at.next().value! % events.length;
        events[index] = broken(events[index], () => at.next().value!, replacement) as SentEvent;
      }
      for (const create of [createChunkStream, createChunkText]) {
        const stream = create(context, head);
        onlyOwnErrors(() => {
          for (const event of events) stream.push(event);
          stream.end();
        });
      }
    }),
    { seed: 5106, numRuns: 3000 },
  );
});

test('anything at all is an answer or an error of the library', () => {
  fc.assert(
    fc.property(fc.anything(), fc.array(fc.anything(), { maxLength: 4 }), anyContext, (response, events, context) => {
      onlyOwnErrors(() => toChatCompletion(response as Response, context, head));
      onlyOwnErrors(() => {
        const stream = createChunkStream(context, head);
        for (const event of events) stream.push(event as SentEvent);
        stream.end();
      });
    }),
    { seed: 5107, numRuns: 2000 },
  );
});

test('any bytes are events or an error of the library', () => {
  const line = fc.oneof(
    fc.constantFrom(
      'data: null',
      'data: []',
      'data: 5',
      'data: {}',
      'data: {"type":5}',
      'data: {"type":"a"',
      'data: {"error":1}',
      'data:',
      ': x',
    ),
    fc.json({ maxDepth: 3 }).map((json) => `data: ${json}`),
    fc.string(),
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(line).map((lines) => new TextEncoder().encode(lines.join('\n\n'))),
        fc.uint8Array({ maxLength: 300 }),
      ),
      (bytes) => {
        const reader = createEventReader();
        onlyOwnErrors(() => [...reader.push(bytes), ...reader.end()]);
      },
    ),
    { seed: 5108, numRuns: 2000 },
  );
});
