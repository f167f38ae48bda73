import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytePieces, bytesOf } from '../../lib/server/byte-text.ts';

const textOfBytes = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8');

const text = 'naïve – 你好 👋🏽\u0000\u007f\ufeff\u{10ffff} end';

test('a text has one character for each byte, and comes back', () => {
  assert.equal(bytesOf(text).length, Buffer.byteLength(text));
  for (const given of [text, Buffer.from(text), new Uint8Array(Buffer.from(text))]) assert.equal(textOfBytes(bytesOf(given)), text);
  assert.equal(bytesOf('plain ASCII'), 'plain ASCII');
});

test('what is no UTF-8 is replaced', () => {
  for (const bytes of [[0xff], [0x61, 0xc3], [0xe2, 0x80, 0x61], [0xed, 0xa0, 0x80]]) {
    assert.equal(textOfBytes(bytesOf(Uint8Array.from(bytes))), Buffer.from(bytes).toString());
  }
  assert.equal(textOfBytes(bytesOf('\ud800')), '\ufffd');
});

test('pieces are whole characters, wherever they were cut', () => {
  const bytes = Buffer.from(text);
  for (let one = 0; one <= bytes.length; one += 1) {
    for (let other = one; other <= bytes.length; other += 1) {
      const pieces = bytePieces();
      const texts = [bytes.subarray(0, one), bytes.subarray(one, other), bytes.subarray(other)].map((piece) => pieces.push(piece));
      assert.equal([...texts, pieces.end()].map(textOfBytes).join(''), text);
    }
  }
});

test('the rest of a character that never comes is replaced', () => {
  for (const cut of [
    [0x61, 0xe2, 0x80],
    [0xf0, 0x9f, 0x91],
    [0x61, 0xc3],
    [0x80, 0x80, 0x80, 0x80],
  ]) {
    const pieces = bytePieces();
    const texts = pieces.push(Uint8Array.from(cut)) + pieces.end();
    assert.match(textOfBytes(texts), /^a?\ufffd+$/);
    assert.equal(pieces.end(), '');
  }
});
