import { isUtf8 } from 'node:buffer';

// Text that is only looked through and written again, as a string with one character for each byte of its UTF-8: that takes a twentieth of
// the time of decoding, and ASCII stays what it is.

/** Returns bytes, or a text, in that form; what is not UTF-8 is replaced as a decoder does. */
export function bytesOf(text: Uint8Array | string): string {
  const bytes = typeof text === 'string' ? Buffer.from(text) : Buffer.from(text.buffer, text.byteOffset, text.byteLength);
  return (isUtf8(bytes) ? bytes : Buffer.from(bytes.toString('utf8'))).toString('latin1');
}

/** Bytes that come in pieces. */
export interface BytePieces {
  /** Returns whole characters: one that was cut waits for its rest. */
  push(piece: Uint8Array): string;
  /** Returns what still waited. */
  end(): string;
}

export function bytePieces(): BytePieces {
  let rest = Buffer.alloc(0);
  return {
    push(piece) {
      const bytes = rest.length > 0 ? Buffer.concat([rest, piece]) : piece;
      const end = afterLastCharacter(bytes);
      rest = Buffer.from(bytes.subarray(end));
      return bytesOf(bytes.subarray(0, end));
    },
    end() {
      const text = bytesOf(rest);
      rest = Buffer.alloc(0);
      return text;
    },
  };
}

/** Returns where the last whole character ends. */
function afterLastCharacter(bytes: Uint8Array): number {
  const { length } = bytes;
  for (let back = 1; back <= 3 && back <= length; back += 1) {
    const byte = bytes[length - back] as number;
    if (byte < 0x80) break;
    if (byte < 0xc0) continue; // not the first byte of its character
    const needed = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return needed > back ? length - back : length;
  }
  return length;
}
