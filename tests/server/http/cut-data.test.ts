import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cutData, type CutBody } from '../../../lib/server/http/cut-data.ts';

const data = 'iVBORw0KGgo+/AAA'.repeat(5000); // 80 kB
const url = `data:image/png;base64,${data}`;

/** What goes out, as one text. */
const textOf = (sent: ReturnType<CutBody['paste']>): string => Buffer.concat(sent).toString();

/** How much of a body is left to parse, after a look at what would be sent: the same JSON again. */
function left(body: string): number {
  const { json, paste } = cutData(Buffer.from(body));
  const sent = paste(JSON.stringify(JSON.parse(json.toString())));
  assert.equal(textOf(sent), JSON.stringify(JSON.parse(body)));
  return json.length;
}

test('long data is left out of what is parsed, and stands in what is sent', () => {
  for (const body of [
    { url },
    [url, { a: [{ url }, 'text', `${url}=`] }, url],
    { a: 'naïve – 你好 👋🏽', b: url, c: 'naïve', ' data:': '"data:' },
    { [url]: url },
    { a: `say "${'x'.repeat(70_000)}"`, b: url },
  ]) {
    const json = JSON.stringify(body);
    assert.ok(left(json) < json.length - data.length + 100);
    assert.ok(left(JSON.stringify(body, null, 2)) < json.length - data.length + 1000, 'with blanks');
  }
});

test('what is not plain, long data of a string of its own stays where it is', () => {
  for (const text of [
    'data:image/png;base64,iVBORw0KGgo=',
    `data:text/plain,${data}`,
    `${url}\n`,
    `${url}é`,
    `${url} and more`,
    `${url}<think>`,
    `a\\"${url}`,
    `"${url}"`,
    JSON.stringify({ url }),
    JSON.stringify(JSON.stringify({ url })),
    `data:${'x'.repeat(300)};base64,${data}`,
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
    `{"a":\\"${url}"}`,
    `"${url}""${url}"`,
    `{"${url}"}`,
  ];
  for (const body of bodies) {
    assert.throws(() => JSON.parse(body) as unknown);
    assert.throws(() => JSON.parse(cutData(Buffer.from(body)).json.toString()) as unknown, body.slice(0, 30));
  }
});

test('data may be sent twice, elsewhere, or not at all', () => {
  const { json, paste } = cutData(Buffer.from(JSON.stringify([url, `${url}=`])));
  const [one, other] = JSON.parse(json.toString()) as [string, string];
  assert.equal(textOf(paste(JSON.stringify({ a: other, b: [one, one] }))), JSON.stringify({ a: `${url}=`, b: [url, url] }));
  assert.equal(textOf(paste('{}')), '{}');
  assert.equal(textOf(paste(JSON.stringify(JSON.stringify({ one })))), JSON.stringify(JSON.stringify({ one: url })));
});
