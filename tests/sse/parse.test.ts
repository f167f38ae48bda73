import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSseParser, type ServerSentEvent, type SseParser } from '../../lib/index.ts';

const encoder = new TextEncoder();

function parsed(...pieces: (string | Uint8Array)[]): ServerSentEvent[] {
  const parser = createSseParser();
  const found = pieces.flatMap((piece) => parser.push(typeof piece === 'string' ? encoder.encode(piece) : piece));
  return [...found, ...parser.end()];
}

const data = (...lines: string[]): ServerSentEvent[] => lines.map((line) => ({ event: '', data: line }));

/** What a stream of these bytes holds, as the WHATWG HTML standard says. */
const oddities: [name: string, text: string, events: ServerSentEvent[]][] = [
  ['nothing', '', []],
  ['blank lines only', '\n\n\r\n\r\r', []],
  ['an event with its name', 'event: a\ndata: 1\n\n', [{ event: 'a', data: '1' }]],
  ['the name after the data', 'data: 1\nevent: a\n\n', [{ event: 'a', data: '1' }]],
  ['no blank after the colon', 'data:1\n\n', data('1')],
  ['only one blank is dropped', 'data:  1 \n\n', data(' 1 ')],
  ['several data lines', 'data: 1\ndata:\ndata: 2\n\n', data('1\n\n2')],
  ['an empty data line', 'data:\n\n', data('')],
  ['data without a colon', 'data\n\n', data('')],
  ['comments', ': hi\n:\ndata: 1\n: hi\n\n: hi\n\n', data('1')],
  ['a comment inside of an event', 'data: 1\n: keep-alive\ndata: 2\n\n', data('1\n2')],
  ['unknown fields', 'id: 7\nretry: 10\nfoo: bar\nDATA: x\ndata : y\ndata: 1\n\n', data('1')],
  ['an event without data', 'event: a\n\ndata: 1\n\n', data('1')],
  ['a missing last blank line', 'data: 1\n\ndata: 2', data('1', '2')],
  ['a missing last blank line after a line end', 'data: 1\n', data('1')],
  ['CR, LF and CRLF mixed', 'data: 1\r\rdata: 2\n\ndata: 3\r\n\r\ndata: 4\r\n\n', data('1', '2', '3', '4')],
  ['an event of several lines that end in CRLF', 'event: a\r\ndata: 1\r\ndata: 2\r\n\r\n', [{ event: 'a', data: '1\n2' }]],
  ['an event of several lines that end in CR', 'event: a\rdata: 1\rdata: 2\r\r', [{ event: 'a', data: '1\n2' }]],
  ['a byte order mark', '\ufeffdata: 1\n\n', data('1')],
  ['a byte order mark later', '\ufeffdata: 1\n\n\ufeffdata: 2\n\ndata: \ufeff\n\n', data('1', '\ufeff')],
  ['line separators of JSON', 'data: \u2028\u2029\u0085\n\n', data('\u2028\u2029\u0085')],
  ['[DONE] twice and data after it', 'data: [DONE]\n\ndata: [DONE]\n\ndata: 1\n\n', data('[DONE]', '[DONE]', '1')],
];

for (const [name, text, events] of oddities) {
  test(`an event stream with ${name} is read`, () => {
    assert.deepEqual(parsed(text), events);
    assert.deepEqual(parsed(...Array.from(encoder.encode(text), (byte) => Uint8Array.of(byte))), events, 'byte by byte');
  });
}

test('CRLF cut between its characters is one line end', () => {
  assert.deepEqual(parsed('data: 1\r', '\n\r', '\ndata: 2\r', '', '\n\r\n'), data('1', '2'));
  assert.deepEqual(parsed('data: 1\r', '\r', 'data: 2\r', '\n\r'), data('1', '2'));
});

test('characters of several bytes may be cut', () => {
  const bytes = encoder.encode('data: ü你👋🏽\n\n');
  for (let at = 0; at <= bytes.length; at += 1) assert.deepEqual(parsed(bytes.subarray(0, at), bytes.subarray(at)), data('ü你👋🏽'));
});

test('bytes that are not UTF-8 are replaced', () => {
  assert.deepEqual(parsed('data: ', Uint8Array.of(0xff, 0xc3), '\n\n'), data('\ufffd\ufffd'));
});

test('an event is complete as soon as its blank line is there', () => {
  const parser = createSseParser();
  assert.deepEqual(parser.push(encoder.encode('data: 1\n')), []);
  assert.deepEqual(parser.push(encoder.encode('\n')), data('1'));
  assert.deepEqual(parser.push(encoder.encode('data: 2\r\r')), data('2'), 'a line feed may still follow');
  assert.deepEqual(parser.push(encoder.encode('\n')), []);
});

test('an event that never ends is given up at the limit, however it comes', () => {
  for (const piece of ['x'.repeat(100), 'data: xxxxxxxxxx\n', 'event: xxxxxxxxx\n']) {
    const parser = createSseParser(1000);
    assert.throws(() => {
      for (let sent = 0; sent < 3000; sent += piece.length) parser.push(encoder.encode(piece));
    }, RangeError);
  }
});

test('an event may be as long as the limit, not longer', () => {
  for (const [limit, push] of [
    [10, (parser) => parser.push(encoder.encode('data: 1234\n\n'))],
    [10, (parser) => parser.push(encoder.encode('data: 1234'))],
    [20, (parser) => parser.push(encoder.encode('data: 1234\ndata: 5678\n\n'))],
  ] satisfies [number, (parser: SseParser) => unknown][]) {
    assert.doesNotThrow(() => push(createSseParser(limit)));
    assert.throws(() => push(createSseParser(limit - 1)), new RegExp(`RangeError: .*${limit - 1} bytes`));
  }
});

test('a line of some megabytes is the same wherever it was cut', () => {
  const text = `x${'é語😀'.repeat(250_000)}`;
  const invalid = Uint8Array.of(0xff, 0xe2, 0x82);
  const bytes = Buffer.concat([Buffer.from(`data: 1\n\ndata: ${text}`), invalid, Buffer.from('\ndata: 2\r\n\r\n')]);
  const expected = data('1', `${text}\ufffd\ufffd\n2`);
  for (const size of [bytes.length, 1_048_576, 65_537, 4099]) {
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) => bytes.subarray(n * size, (n + 1) * size));
    const found = parsed(...pieces);
    assert.equal(found.length, 2);
    assert.ok(found[1]?.data === expected[1]?.data, String(size));
    assert.deepEqual(parsed(...pieces.slice(0, -1), bytes.subarray((pieces.length - 1) * size, -4)).length, 2, 'without its end');
  }
});

test('the limit is one of events, not of streams', () => {
  const parser = createSseParser(1000);
  for (let sent = 0; sent < 100; sent += 1)
    assert.equal(parser.push(encoder.encode(`data: ${'x'.repeat(500)}\n\n: ${'x'.repeat(300)}\n`)).length, 1);
});

test('the limit is one of events, also where the end of one comes with many more', () => {
  const parser = createSseParser(1000);
  const event = `data: ${'x'.repeat(900)}\n\n`;
  assert.equal(parser.push(encoder.encode(event.slice(0, 800))).length, 0);
  assert.equal(parser.push(encoder.encode(event.slice(800) + event.repeat(5))).length, 6);
});

test('a big event in many pieces takes linear time', () => {
  const parser = createSseParser();
  const piece = encoder.encode('x'.repeat(256));
  const started = performance.now();
  parser.push(encoder.encode('data: '));
  for (let sent = 0; sent < 10 * 1024 * 1024; sent += piece.length) parser.push(piece);
  const [event] = parser.push(encoder.encode('\n\n'));
  assert.equal(event?.data.length, 10 * 1024 * 1024);
  // a parser that looks at the whole of it for every piece takes minutes
  assert.ok(performance.now() - started < 10_000);
});

test('many lines in one piece take linear time, whether a CR comes after them or none', () => {
  const lines = 'data:\n\n'.repeat(400_000);
  const started = performance.now();
  for (const text of [lines, `${lines}data:\r`]) assert.equal(createSseParser().push(encoder.encode(text)).length, 400_000);
  // a parser that looks for a CR behind every line takes minutes
  assert.ok(performance.now() - started < 10_000);
});
