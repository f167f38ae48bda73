import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { budgets } from '../../../lib/budgets.ts';
import { cutData, parseCut, type CutBody } from '../../../lib/server/http/cut-data.ts';
import { BodyBudget } from '../../../lib/server/http/held-bytes.ts';
import { change, jsonText } from '../../json-text.ts';

const data = 'iVBORw0KGgo+/AAA'.repeat(5000); // 80 kB
const url = `data:image/png;base64,${data}`;

/** What goes out, as one text. */
const textOf = (sent: ReturnType<CutBody['paste']>): string => Buffer.concat(sent).toString();

/** How much of a body is left to parse, after a look at what would be sent: the same JSON again. */
function left(body: string): number {
  const { json, paste } = cutData(Buffer.from(body));
  assert.equal(textOf(paste(json)), body);
  const sent = paste(Buffer.from(JSON.stringify(JSON.parse(json.toString()))));
  assert.equal(JSON.stringify(JSON.parse(textOf(sent))), JSON.stringify(JSON.parse(body)));
  return json.length;
}

test('long data is left out of what is parsed, and stands in what is sent', () => {
  for (const body of [
    { url },
    [url, { a: [{ url }, 'text', `${url}=`] }, url],
    { a: 'naïve – 你好 👋🏽', b: url, c: 'naïve', ' data:': '"data:' },
    { [url.slice(0, 300)]: url },
    { a: `say "${'x'.repeat(70_000)}"`, b: url },
  ]) {
    const json = JSON.stringify(body);
    assert.ok(left(json) < json.length - data.length + 1000);
    assert.ok(left(JSON.stringify(body, null, 2)) < json.length - data.length + 1500, 'with blanks');
  }
});

test('what is not plain, long data of a string of its own stays where it is', () => {
  for (const text of [
    'data:image/png;base64,iVBORw0KGgo=',
    `${url}\n`,
    `${url} and more`,
    `${url}<think>`,
    `a\\"${url}`,
    `"${url}"`,
    JSON.stringify({ url }),
    JSON.stringify(JSON.stringify({ url })),
    `x${url}`,
  ]) {
    const json = JSON.stringify([text]);
    assert.equal(left(json), Buffer.byteLength(json), text.slice(-100));
  }
});

test('a body that is no JSON does not become JSON', () => {
  const bodies = [
    `{"a":"${url}`,
    `{"a":"b"data:image/png;base64,${data}"}`,
    `{"a":"${url}\t"}`,
    `{"a":"${url}\u0001"}`,
    `{"a":\\"${url}"}`,
    `"${url}""${url}"`,
    `{"${url}"}`,
    '{"tools":[{"parameters":{"a":1,}}]}',
    '{"tools":[{"parameters":{"a":01}}]}',
    '{"tools":[{"parameters":{"a":"\\x"}}]}',
    '{"tools":[{"parameters":{"a":"\n"}}]}',
    '{"tools":[{"parameters":{]}}]}',
    '{"tools":[{"parameters":{}}}',
    `{"messages":[{"role":"tool","content":"${'x'.repeat(2000)}\\u12"}]}`,
  ];
  for (const body of bodies) {
    assert.throws(() => JSON.parse(body) as unknown);
    assert.throws(() => JSON.parse(cutData(Buffer.from(body)).json.toString()) as unknown, body.slice(0, 30));
  }
});

test('beyond 32 MiB the rest is refused, and what passes as it is does not count', async () => {
  const exchange = { signal: new AbortController().signal, held: new BodyBudget(Infinity).open() };
  const text = 'x'.repeat(budgets.parsed);
  const body = (chat: object): Buffer => Buffer.from(JSON.stringify(chat));
  await assert.rejects(parseCut(body({ user: text }), exchange), { status: 413, code: 'request_too_large' });
  await assert.rejects(parseCut(Buffer.from(`${text},`), exchange), { status: 400, code: 'invalid_json' });
  await assert.rejects(parseCut(Buffer.alloc(budgets.parsed + 1, 0xff), exchange), { status: 400, code: 'invalid_json' });
  const { parsed, paste } = await parseCut(body({ messages: [{ role: 'user', content: text }] }), exchange);
  const pieces = paste(Buffer.from(JSON.stringify(parsed)));
  assert.equal(Buffer.concat(pieces).toString(), JSON.stringify({ messages: [{ role: 'user', content: text }] }));
});

test('nothing is cut out of what is not UTF-8', () => {
  const body = Buffer.from('{"tools":[{"parameters":{"a":"\xff"}}]}', 'latin1');
  assert.equal(cutData(body).json, body);
});

test('data may be sent twice, elsewhere, or not at all', () => {
  const { json, paste } = cutData(Buffer.from(JSON.stringify([url, `${url}=`])));
  const [one, other] = JSON.parse(json.toString()) as [string, string];
  assert.equal(textOf(paste(Buffer.from(JSON.stringify({ a: other, b: [one, one] })))), JSON.stringify({ a: `${url}=`, b: [url, url] }));
  assert.equal(textOf(paste(Buffer.from('{}'))), '{}');
  assert.equal(textOf(paste(Buffer.from(JSON.stringify(JSON.stringify({ one }))))), JSON.stringify(JSON.stringify({ one: url })));
});

test('the names of what was cut out cannot be guessed', () => {
  const body = Buffer.from(`{"tools":[{"parameters":{}}]}`);
  const name = /"([^"]+)"}/.exec(cutData(body).json.toString())![1]!;
  const forged = JSON.stringify({ tools: [{ parameters: { a: 1 } }], messages: [{ role: 'user', content: name }] });
  assert.ok(left(forged) > 0);
  assert.notEqual(cutData(body).json.toString(), cutData(body).json.toString());
});

const names =
  'tools function custom parameters format grammar definition schema json_schema response_format text messages input role tool user content type output file file_data data functions'.split(
    ' ',
  );

test('put back, it is the same body; parsed, it says the same', () => {
  const members = fc.array(fc.tuple(fc.constantFrom(...names), jsonText(names, 2000)), { maxLength: 4 });
  const call = fc.tuple(jsonText(names), jsonText(names, 2000));
  const results = fc.array(fc.tuple(fc.constantFrom('tool', 'user', 'function'), jsonText(names, 3000)), { maxLength: 3 });
  fc.assert(
    fc.property(members, call, results, ([...all], [own, flat], messages) => {
      const tools = `"tools":[{"function":{"parameters":${own}}},{"parameters":${flat}}]`;
      const said = messages.map(([role, content]) => `{"role":"${role}","content":${content}}`).join();
      const text = `{${[...all.map(([name, value]) => `"${name}":${value}`), tools, `"messages":[${said}]`].join()}}`;
      left(Buffer.from(text).toString());
    }),
    { numRuns: 500 },
  );
});

test('a body that was changed is JSON, or not, with or without its parts', () => {
  fc.assert(
    fc.property(jsonText(names, 1000), fc.array(change, { minLength: 1, maxLength: 3 }), (value, changes) => {
      const valid = `{"tools":[{"function":{"parameters":${value}}}],"messages":[{"role":"tool","content":"${'x'.repeat(600)}"}]}`;
      const body = Buffer.from(changes.reduce((text, apply) => apply(text), valid)).toString();
      assert.equal(isJson(cutData(Buffer.from(body)).json.toString()), isJson(body), body);
    }),
    { numRuns: 1000 },
  );
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
