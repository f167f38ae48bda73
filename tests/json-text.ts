import * as fc from 'fast-check';

const blank = fc.stringMatching(/^[ \t\n\r]{0,2}$/);

/** What may stand between the quotes of a string: also escapes that need not be, and surrogates alone. */
const written = fc.oneof(
  fc.string({ unit: 'grapheme' }).map((text) => JSON.stringify(text).slice(1, -1)),
  fc.array(fc.stringMatching(/^(?:\\u[0-9a-fA-F]{4}|\\["\\/bfnrt]|[ -!#-[\]-~])$/), { maxLength: 5 }).map((pieces) => pieces.join('')),
);

const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  fc.stringMatching(/^-?(?:0|[1-9]\d{0,20})(?:\.\d{1,5})?(?:[eE][+-]?\d{1,3})?$/),
);

/**
 * JSON texts with blanks, escapes, numbers and repeated keys as a client may write them.
 *
 * @param names   Some of the keys and strings.
 * @param longest Of a string, about, in characters.
 */
export function jsonText(names: readonly string[] = [], longest = 20): fc.Arbitrary<string> {
  const long = fc.tuple(written, fc.nat({ max: Math.ceil(longest / 10) })).map(([text, times]) => text.repeat(times));
  const named = names.length > 0 ? [fc.constantFrom(...names)] : [];
  const string = fc.oneof(...named, written, long).map((text) => `"${text}"`);
  const key = fc.oneof(...named, written).map((text) => `"${text}"`);
  return fc.letrec<{ value: string }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 6, depthSize: 'medium' },
      fc.constantFrom('true', 'false', 'null'),
      string,
      number,
      fc
        .tuple(blank, fc.array(fc.tuple(blank, tie('value'), blank), { maxLength: 4 }))
        .map(([empty, items]) => `[${empty}${items.map((item) => item.join('')).join()}]`),
      fc
        .tuple(blank, fc.array(fc.tuple(blank, key, blank, blank, tie('value'), blank), { maxLength: 4 }))
        .map(([empty, members]) => `{${empty}${members.map(([a, name, b, c, value, d]) => `${a}${name}${b}:${c}${value}${d}`).join()}}`),
    ),
  })).value;
}

/** Changes to a JSON text of which most are no JSON. */
export const change: fc.Arbitrary<(text: string) => string> = fc
  .record({
    at: fc.nat(),
    length: fc.nat({ max: 2 }),
    by: fc.constantFrom(...'"\\-.+,:{}[]\n\0\x1f\x7ft0eé'.split(''), '', ' ', '\\u', 'u00e4', '\u2028', 'null'),
  })
  .map(({ at, length, by }) => (text: string) => {
    const start = at % (text.length + 1);
    return text.slice(0, start) + by + text.slice(start + length);
  });
