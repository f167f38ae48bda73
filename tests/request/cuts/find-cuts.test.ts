import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { budgets } from '../../../lib/budgets.ts';
import { findCuts } from '../../../lib/request/cuts/find-cuts.ts';
import { change, jsonText } from '../../json-text.ts';

const long = 'x'.repeat(600);
const veryLong = 'x'.repeat(64 * 1024);
const image = `data:image/png;base64,${'iVBORw0KGgo+/AAA'.repeat(5000)}`;

/** What is cut out of a request's JSON text, as its text. */
function cutOut(json: string): string[] | undefined {
  const bytes = Buffer.from(json);
  return findCuts(bytes)?.map(({ start, end }) => bytes.toString('utf8', start, end));
}

const schema = '{"b":{ "2":9223372036854775807,"1":1.0},"b":[]}';

test('schemas and grammars are cut out in all forms that clients send', () => {
  const cases: [form: string, cut: string][] = [
    [`{"tools":[{"type":"function","function":{"name":"f","parameters":${schema}}}]}`, schema],
    [`{"tools":[{"type":"function","name":"f","parameters":${schema}}]}`, schema],
    [`{"tools":[{"type":"namespace","tools":[{"type":"function","parameters":${schema}}]}]}`, schema],
    [`{"functions":[{"name":"f","parameters":${schema}}]}`, schema],
    [`{"response_format":{"type":"json_schema","json_schema":{"schema":${schema}}}}`, schema],
    [`{"response_format":{"type":"json_schema","schema":${schema}}}`, schema],
    [`{"text":{"format":{"type":"json_schema","schema":${schema}}}}`, schema],
    [`{"tools":[{"type":"custom","custom":{"format":{"type":"grammar","grammar":{"definition":"\\u0061"}}}}]}`, '"\\u0061"'],
    [`{"tools":[{"type":"custom","custom":{"format":{"definition":"\\/"}}}]}`, '"\\/"'],
    [`{"tools":[{"type":"custom","format":{"definition":"a"}}]}`, '"a"'],
    [`{"input":[{"type":"tool_search_output","tools":[{"parameters":${schema}}]}]}`, schema],
    [` { "t\\u006fols" : [ { "param\\u0065ters" : ${schema} } ] } `, schema],
  ];
  for (const [json, cut] of cases) assert.deepEqual(cutOut(json), [cut], json);
});

test('a schema is cut out with the long data in it', () => {
  const withData = JSON.stringify({ description: image, default: [image] });
  assert.deepEqual(cutOut(`{"tools":[{"parameters":${withData}}],"metadata":"${image}"}`), [withData, image.slice(256)]);
});

test('what is no schema, or stands elsewhere, is left where it is', () => {
  for (const json of [
    '{"tools":[{"function":{"parameters":null}}]}',
    '{"tools":[{"function":{"parameters":"{}"}}]}',
    '{"tools":[{"function":{"parameters":12}}]}',
    '{"tools":[{"custom":{"format":{"definition":""}}}]}',
    '{"tools":{"function":{"parameters":{}}}}',
    '{"parameters":{}}',
    '{"metadata":{"tools":[{"parameters":{}}]}}',
    `{"messages":[{"content":${JSON.stringify('{"tools":[{"parameters":{}}]}')}}]}`,
    `{"tools\\u0000":[{"parameters":{}}]}`,
    `{"${'tools'.repeat(100)}":[{"parameters":{}}]}`,
    `{"${'\\u0074'.repeat(100)}":[{"parameters":{}}]}`,
    '[{"tools":[{"parameters":{}}]}]',
  ])
    assert.deepEqual(cutOut(json), [], json);
});

test('what users say and long results of tools are cut out, and no text that something looks into', () => {
  const cases: [message: object, cuts: string[]][] = [
    [{ role: 'tool', content: long }, [long]],
    [{ content: long, role: 'tool' }, [long]],
    [{ role: 'function', content: long }, [long]],
    [
      {
        role: 'tool',
        content: [
          { type: 'text', text: long },
          { text: long, type: 'input_text' },
        ],
      },
      [long, long],
    ],
    [{ role: 'tool', content: 'x'.repeat(500) }, []],
    [{ role: 'user', content: long }, []],
    [{ role: 'user', content: veryLong }, [veryLong]],
    [{ content: veryLong, role: 'system' }, [veryLong]],
    [
      {
        role: 'developer',
        content: [
          { type: 'text', text: veryLong },
          { type: 'text', text: long },
        ],
      },
      [veryLong],
    ],
    [{ role: 'user', content: [{ type: 'text', text: long }, { type: 'image_url' }] }, []],
    [{ role: 'assistant', content: [{ type: 'text', text: long }] }, []],
    [{ content: long, role: 'assistant' }, []],
    [{ content: long }, []],
    [{ role: 'tool', name: long, tool_call_id: long }, []],
    [{ role: 'tool', content: { type: 'text', text: long } }, []],
    // goes out as JSON within a string
    [
      {
        role: 'tool',
        content: [
          { type: 'text', text: long },
          { id: 4, text: long },
        ],
      },
      [],
    ],
    [{ role: 'tool', content: [{ type: 'text', text: long }, long] }, []],
    [{ role: 'tool', content: [{ type: 'text', text: { text: long } }] }, []],
  ];
  for (const [message, cuts] of cases) assert.deepEqual(cutOut(JSON.stringify({ messages: [message] })), cuts, JSON.stringify(message));
  const output = { type: 'function_call_output', output: long };
  assert.deepEqual(cutOut(JSON.stringify({ input: [output, { ...output, type: 'message' }] })), [long]);
});

test('of two members with one name the last counts, as in JSON.parse', () => {
  assert.deepEqual(cutOut(`{"messages":[{"role":"tool","content":"${long}","role":"assistant"}]}`), []);
  assert.deepEqual(cutOut(`{"messages":[{"role":"assistant","content":"${long}","role":"tool"}]}`), [long]);
});

test('long data is cut out behind its beginning, which shows what it is', () => {
  const base64 = image.slice('data:image/png;base64,'.length);
  const cases: [value: unknown, data: string | undefined][] = [
    [{ anything: [image] }, image],
    [{ messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: image } }] }] }, image],
    [{ messages: [{ role: 'user', content: [{ type: 'file', file: { file_data: base64 } }] }] }, base64],
    [{ input: [{ role: 'user', content: [{ type: 'input_file', file_data: base64 }] }] }, base64],
    [{ messages: [{ role: 'assistant', content: base64 }] }, undefined],
    [{ messages: [{ role: 'tool', tool_call_id: base64 }] }, undefined],
    [[`${image} and more`], undefined],
    [[`${image}<think>`], undefined],
    [[`${image}\n`], undefined],
    [[`data:${'é'.repeat(40_000)}`], undefined],
    [[image.slice(0, 60_000)], undefined],
    [{ [image]: 1 }, undefined],
  ];
  for (const [value, data] of cases) assert.deepEqual(cutOut(JSON.stringify(value)), data === undefined ? [] : [data.slice(256)]);
});

test('a body with more parts than any real one is cut as far as that', () => {
  const json = `{"tools":[${Array.from({ length: 20_000 }, () => '{"parameters":{}}').join()}]}`;
  assert.equal(cutOut(json)?.length, 10_000);
});

test('names of members may be as many as any real request has', () => {
  const { names } = budgets;
  const members = (count: number, name: (at: number) => string): string =>
    `{${Array.from({ length: count }, (_, at) => `"${name(at)}":1`).join()}}`;
  const lists = (...objects: string[]): string => `[${objects.join()}]`;
  const different = members(names, (at) => `name${at}`);
  // those that come first are not looked at
  assert.deepEqual(
    cutOut(
      lists(
        different,
        members(names, (at) => `other${at}`),
      ),
    ),
    [],
  );
  assert.deepEqual(cutOut(lists(different, ...Array<string>(5).fill(different))), []);
  const more = lists(
    different,
    members(names + 1, (at) => `other${at}`),
  );
  assert.throws(() => cutOut(more), /more than 10000 different names/);
  const repeated = 'x'.repeat(65);
  assert.deepEqual(
    cutOut(
      lists(
        different,
        members(names, () => repeated),
      ),
    ),
    [],
  );
  assert.throws(
    () =>
      cutOut(
        lists(
          different,
          members(names + 1, () => repeated),
        ),
      ),
    /different names/,
  );
});

test('JSON is nested at most 256 deep, within what is cut out too', () => {
  const nested = (levels: number): string => `{"tools":[{"parameters":${'['.repeat(levels)}${']'.repeat(levels)}}]}`;
  assert.equal(cutOut(nested(253))?.length, 1);
  assert.throws(() => cutOut(nested(254)), /deeper than 256/);
  assert.throws(() => findCuts(Buffer.alloc(1_000_000, '[')), /deeper than 256/);
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

test('JSON is what JSON.parse takes for it, whatever was changed in it', () => {
  fc.assert(
    fc.property(jsonText(), fc.array(change, { maxLength: 2 }), (value, changes) => {
      // half a surrogate pair cannot be written in UTF-8
      const text = Buffer.from(changes.reduce((changed, apply) => apply(changed), value)).toString();
      for (const body of [text, `{"tools":[{"parameters":${text}}]}`])
        assert.equal(findCuts(Buffer.from(body)) !== undefined, isJson(body), body);
    }),
    { numRuns: 2000 },
  );
});

test('JSON is told from what is not', () => {
  const valid = [
    '0',
    '-0',
    '10',
    '-12.50',
    '1e5',
    '1E5',
    '1e+05',
    '1E-5',
    '1.0e10',
    ' 1 ',
    'true',
    'false',
    'null',
    '\t[\n]\r',
    '{ }',
    '[1 , 2]',
    '{"a" : 1 , "b" : []}',
    '""',
    '"a"',
    '"\\""',
    '"\\\\"',
    '"\\/\\b\\f\\n\\r\\t"',
    '"\\u00aF"',
    '"\\uABCD"',
    '"1234567"',
    '"12345678"',
    '"123456789"',
    '"1234567\\n"',
    '"\u007f~ !#[]é"',
    '{"":""}',
    '[[],{},"",0,null]',
    '[-1]',
    '[0.5]',
    '[1e1]',
  ];
  const invalid = [
    '',
    ' ',
    '01',
    '-',
    '-01',
    '+1',
    '.5',
    '1.',
    '1.e5',
    '1e',
    '1e+',
    '1E-',
    '1ee5',
    '1e5.',
    '--1',
    '0x1',
    '1 2',
    '00',
    'tru',
    'trux',
    'nul',
    'nulL',
    'falsy',
    'truee',
    'True',
    'x',
    '[',
    ']',
    '[1',
    '[1,',
    '[1,]',
    '[,1]',
    '[1 2]',
    '[1,,2]',
    '[1}',
    '[tru]',
    '[-]',
    '[[]',
    '[]]',
    '{',
    '}',
    '{"a"',
    '{"a":',
    '{"a":1',
    '{"a":1,',
    '{"a":1,}',
    '{,}',
    '{"a" 1}',
    '{"a",1}',
    '{a:1}',
    '{1:1}',
    '{"a":1]',
    '{"a":1 "b":2}',
    '{"a":x}',
    '{"a":1}}',
    '{x":1}',
    '{"a"x1}',
    '{"a\n":1}',
    '"',
    '"a',
    '"1234567',
    '"12345678',
    '"\\',
    '"\\"',
    '"\\x"',
    '"\\u"',
    '"\\u12"',
    '"\\u123"',
    '"\\u12"34"',
    '"\\u12g4"',
    '"\\ug234"',
    '"\\u123g"',
    '"\\U1234"',
    '"\\a0000"',
    '"\\u123',
    '"\\u1234',
    '"\n"',
    '"a\tb"',
    '"1234567\u0000"',
    '"\u001f"',
    '"12345678\u0001"',
    "'a'",
    '"a" "b"',
    '[1]x',
  ];
  for (const json of valid) assert.deepEqual(cutOut(json), [], json);
  for (const json of invalid) assert.equal(cutOut(json), undefined, json);
  for (const json of valid.filter((one) => one.trim() === one))
    assert.deepEqual(cutOut(`{"tools":[{"parameters":{"a":${json}}}]}`), [`{"a":${json}}`]);
  for (const json of invalid.filter((one) => !/^(?:\]|\[1\]x|1 2|\[\]\])/.test(one))) assert.equal(cutOut(`[${json}`), undefined, json);
});

test('the lengths from which text and data are cut out', () => {
  const result = (length: number): string => JSON.stringify({ messages: [{ role: 'tool', content: 'x'.repeat(length) }] });
  assert.deepEqual(
    [511, 512].map((length) => cutOut(result(length))?.length),
    [0, 1],
  );
  const data = (length: number): string => JSON.stringify([`data:${'x'.repeat(length - 5)}`]);
  assert.deepEqual(
    [65_535, 65_536].map((length) => cutOut(data(length))?.length),
    [0, 1],
  );
  const begins = (beginning: string): string => JSON.stringify([beginning + 'x'.repeat(70_000)]);
  assert.deepEqual(
    ['data:', 'date:', 'dat', 'xata:', 'xdata:'].map((one) => cutOut(begins(one))?.length),
    [1, 0, 0, 0, 0],
  );
  const other = (char: string, at: number): string => JSON.stringify([`data:${'x'.repeat(at - 5)}${char}${'x'.repeat(70_000)}`]);
  assert.deepEqual(
    [' ', '\\', '<', '>', '\n'].map((char) => cutOut(other(char, 1000))?.length),
    [0, 0, 0, 0, 0],
  );
  assert.deepEqual(
    [255, 256].map((at) => cutOut(other('\u0080', at))?.length),
    [0, 0],
    'not within a character',
  );
  assert.equal(cutOut(other('\u0080', 1000))?.length, 1);
});
