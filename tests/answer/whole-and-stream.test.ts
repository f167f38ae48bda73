import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { AnswerContext, ChatCompletion, ReasoningStyle, Response, SentEvent } from '../../lib/index.ts';
import { createEventReader, createSseParser, ProxyError } from '../../lib/index.ts';
import { eventsOf, written } from './events.ts';
import { derivedFiles, fixtures } from './fixtures.ts';
import { folded, outcomeOf, type Outcome } from './fold.ts';
import { anyContext, anyOrder, anyResponse } from './generated.ts';
import { chunksIn, chunksOf, message, textOf, wholeOf } from './support.ts';

const styles: ReasoningStyle[] = ['field', 'quote', 'think', 'off'];
const runs = { seed: 5101, numRuns: 1000 };

/** Where the upstream is not read on after a stop sequence, what it says later is not there: the tier, and citations of the text before. */
function comparable(outcome: Outcome, { stop, includeUsage }: AnswerContext): Partial<Outcome> {
  if (stop.length === 0 || includeUsage) return outcome;
  const { service_tier: _, moderation: __, message: said, ...rest } = outcome;
  return { ...rest, message: { ...said, annotations: [] } };
}

/** The events give, as chunks and as text, what the Response gives as a whole. */
function assertEqual(response: Response, events: readonly SentEvent[], context: AnswerContext): void {
  const { includeUsage } = context;
  let completion: ChatCompletion;
  try {
    completion = wholeOf(response.output ?? [], context, response);
  } catch (error) {
    assert.ok(error instanceof ProxyError);
    assert.throws(() => chunksOf(events, context), { message: error.message });
    return;
  }
  const whole = comparable(outcomeOf(completion, includeUsage), context);
  const chunks = chunksOf(events, context);
  assert.deepEqual(comparable(folded(chunks, includeUsage), context), whole);
  assert.deepEqual(chunksIn(textOf(events, context)), chunks);
}

for (const fixture of fixtures) {
  test(`the files that follow from ${fixture.name} are up to date`, () => {
    for (const [file, text] of derivedFiles(fixture)) {
      assert.equal(readFileSync(`fixtures/${file}`, 'utf8'), text, `fixtures/${file}: run npm run fixtures, and look at what has changed`);
    }
  });

  test(`the stream of ${fixture.name} adds up to the whole answer, whatever was asked for`, () => {
    const { response, translated } = fixture;
    const events = eventsOf(response);
    for (const reasoning of styles)
      for (const stop of [[], ['e'], ['. ', 'ing', '好'], ['\n\n', '"']])
        for (const json of [false, true])
          for (const includeUsage of [false, true])
            for (const logprobs of [false, true])
              for (const legacyFunctions of [false, true])
                assertEqual(response, events, { ...translated.context, reasoning, stop, json, includeUsage, logprobs, legacyFunctions });
  });
}

// bytes

const encoder = new TextEncoder();
const bom = Uint8Array.of(0xef, 0xbb, 0xbf);
const streams = fixtures.map(({ name, translated }) => ({
  name,
  context: translated.context,
  text: readFileSync(`fixtures/${name}.response.sse`, 'utf8'),
  chunks: readFileSync(`fixtures/${name}.chunks.sse`, 'utf8'),
}));

function* pieces(bytes: Uint8Array, ends: readonly number[]): Generator<Uint8Array> {
  let start = 0;
  for (const end of [...ends].toSorted((a, b) => a - b)) {
    yield bytes.subarray(start, end);
    start = end;
  }
  yield bytes.subarray(start);
}

function answerTo(all: Iterable<Uint8Array>, context: AnswerContext): string {
  const reader = createEventReader();
  const events = [...all].flatMap((piece) => reader.push(piece));
  return textOf([...events, ...reader.end()], context);
}

test('an event stream may be cut in two at every byte', () => {
  const short = streams.map(({ text }) => encoder.encode(text)).filter(({ length }) => length < 7000);
  assert.ok(short.length > 10);
  for (const bytes of short) {
    const whole = dataIn(bytes);
    for (let at = 0; at <= bytes.length; at += 1) {
      if (dataIn(bytes.subarray(0, at), bytes.subarray(at)) !== whole) assert.fail(`other events when cut at ${at}`);
    }
  }
});

function dataIn(...cut: Uint8Array[]): string {
  const parser = createSseParser();
  return cut.flatMap((piece) => parser.push(piece).map(({ event, data }) => event + data)).join('\n');
}

test('an event stream may be cut anywhere, its lines may end in any way, and the chunks are the same', () => {
  for (const { name, context, text, chunks } of streams) {
    for (const newline of ['\n', '\r\n', '\r']) {
      const bytes = encoder.encode(text.replaceAll('\n', newline));
      assert.equal(answerTo([bytes], context), chunks, name);
      assert.equal(answerTo([bom, bytes], context), chunks, name);
      assert.equal(
        answerTo(
          Array.from(bytes, (byte) => Uint8Array.of(byte)),
          context,
        ),
        chunks,
        `${name}, byte by byte`,
      );
      fc.assert(
        fc.property(fc.array(fc.nat(bytes.length), { maxLength: 20 }), (ends) => {
          assert.equal(answerTo(pieces(bytes, ends), context), chunks, name);
        }),
        { seed: 5102, numRuns: 10 },
      );
    }
  }
});

// generated answers

test('the stream of any Response adds up to the whole answer', () => {
  fc.assert(
    fc.property(anyResponse, anyContext, (response, context) => assertEqual(response, eventsOf(response), context)),
    runs,
  );
});

test('so it does in every other legal order of the events', () => {
  fc.assert(
    fc.property(anyResponse, anyContext, anyOrder, (response, context, order) => assertEqual(response, order(response), context)),
    runs,
  );
});

test('bytes, events and chunks of any Response agree', () => {
  fc.assert(
    fc.property(anyResponse, anyContext, fc.array(fc.nat(5000), { maxLength: 10 }), (response, context, ends) => {
      const events = eventsOf({ ...response, output: [...(response.output ?? []), message('')] });
      assert.equal(answerTo(pieces(encoder.encode(written(events)), ends), context), textOf(events, context));
    }),
    { ...runs, numRuns: 300 },
  );
});
